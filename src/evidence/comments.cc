#include "evidence/comments.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/text.h"

namespace mmsa::evidence {

std::string comment_of(const Finding& finding) {
  std::string severity(severity_name(finding.severity));
  std::transform(severity.begin(), severity.end(), severity.begin(),
                 [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  std::string out = fmt::format("mmsanalyze {} {}", severity, finding.rule);
  if (!finding.object.empty()) out += " " + finding.object;
  out += ": " + finding.message;
  if (!finding.cause.empty()) out += " Likely cause: " + finding.cause;
  if (!finding.next_step.empty()) out += " Next: " + finding.next_step;
  return text::printable(out);
}

std::map<std::uint64_t, std::vector<const Finding*>> findings_of_frames(
    const std::vector<Finding>& findings) {
  std::map<std::uint64_t, std::vector<const Finding*>> out;
  const auto add = [&out](std::uint64_t frame, const Finding& finding) {
    std::vector<const Finding*>& list = out[frame];
    if (list.empty() || list.back() != &finding) list.push_back(&finding);
  };
  for (const Finding& finding : findings) {
    for (const std::uint64_t frame : finding.frames) add(frame, finding);
    for (const Occurrence& each : finding.occurrences) {
      for (const std::uint64_t frame : each.frames) add(frame, finding);
    }
  }
  return out;
}

}  // namespace mmsa::evidence
