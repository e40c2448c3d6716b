// GitLab's code quality report (a subset of Code Climate's): fingerprints are unique in it.
#include <fmt/format.h>

#include <map>

#include "output/ci_formats.h"
#include "output/facts.h"
#include "output/json_values.h"
#include "output/text_sections.h"

namespace mmsa::output {
namespace {

std::string_view gitlab_severity(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "critical";
    case Severity::warning:
      return "minor";
    case Severity::note:
      break;
  }
  return "info";
}

}  // namespace

void write_gitlab(const Result& report, const TextOptions&, std::string& out) {
  std::map<std::string_view, unsigned> seen;
  Json list = Json::array();
  for (const Finding& finding : report.findings) {
    const unsigned number = ++seen[finding.fingerprint];
    std::string fingerprint = finding.fingerprint;
    if (number > 1) fingerprint += fmt::format("#{}", number);
    std::string description = finding.message;
    if (!finding.object.empty()) description += " [" + finding.object + "]";
    if (!finding.frames.empty()) description += " (" + frames_text(finding.frames, false) + ")";
    const std::uint64_t frame = finding.frames.empty() ? 1 : finding.frames.front();
    list.push_back(
        {{"description", json_text(description)},
         {"check_name", finding.rule},
         {"fingerprint", fingerprint},
         {"severity", gitlab_severity(finding.severity)},
         {"location", {{"path", json_text(capture_path(report))}, {"lines", {{"begin", frame}}}}}});
  }
  out += list.dump(1, ' ', true);
  out += '\n';
}

}  // namespace mmsa::output
