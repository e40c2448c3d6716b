// Findings, worst first, those of one association together.
#include <fmt/format.h>

#include <map>
#include <optional>

#include "report/facts.h"
#include "report/text_sections.h"
#include "text/text.h"

namespace mmsa::report {
namespace {

Style severity_style(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Style::error;
    case Severity::warning:
      return Style::warning;
    case Severity::note:
      break;
  }
  return Style::note;
}

std::string_view severity_tag(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "ERROR";
    case Severity::warning:
      return "WARNING";
    case Severity::note:
      break;
  }
  return "NOTE";
}

std::string evidence_text(const EvidenceValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{:.6g}", *number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  const std::string& wire = std::get<std::string>(value);
  const bool needs_quotes = wire.empty() || wire.find_first_of(" =,\"") != std::string::npos;
  return needs_quotes ? "\"" + wire + "\"" : wire;
}

std::string evidence_text(const Evidence& evidence) {
  std::string out;
  for (const auto& [key, value] : evidence) {
    if (!out.empty()) out += ", ";
    out += key;
    out += "=" + evidence_text(value);
  }
  return out;
}

// "frames 12, 14  10:00:01.123 (17 times, 10:00:01.123 to 10:02:33.456)"
std::string occurrences(const TextWriter& writer, const Finding& finding) {
  std::string out = frames_text(finding.frames, writer.options.verbose);
  if (finding.count > 1) {
    if (!out.empty()) out += "  ";
    out += fmt::format("({} times, {} to {})", finding.count, writer.times.time(finding.time),
                       writer.times.time(finding.last_time));
  } else if (!out.empty()) {
    out += "  " + writer.times.time(finding.time);
  }
  return out;
}

void put_finding(TextWriter& writer, const Finding& finding) {
  TextPage& page = writer.page;
  std::string subject(finding.rule);
  if (!finding.object.empty()) subject += "  " + finding.object;
  page.tagged_line(2, severity_style(finding.severity), severity_tag(finding.severity), subject, 4);
  page.line(4, finding.message);
  const std::string where = occurrences(writer, finding);
  if (!where.empty()) page.line(4, where, 2);
  if (!finding.evidence.empty()) page.line(4, "evidence: " + evidence_text(finding.evidence), 2);
  if (!finding.cause.empty()) page.line(4, "cause: " + finding.cause, 2);
  if (!finding.next_step.empty()) page.line(4, "next: " + finding.next_step, 2);
}

using StreamKey = std::optional<std::uint32_t>;

struct Group {
  const Finding* first;
  std::vector<const Finding*> findings;
};

// In the order of each group's first, so its worst, finding.
std::vector<Group> grouped(std::span<const Finding* const> findings) {
  std::vector<Group> groups;
  std::map<StreamKey, std::size_t> group_of;
  for (const Finding* finding : findings) {
    const StreamKey key = finding->has_stream ? StreamKey(finding->stream) : std::nullopt;
    const auto [place, is_new] = group_of.emplace(key, groups.size());
    if (is_new) groups.push_back({finding, {}});
    groups[place->second].findings.push_back(finding);
  }
  return groups;
}

void put_groups(TextWriter& writer, std::span<const Finding* const> findings) {
  bool first = true;
  for (const Group& group : grouped(findings)) {
    if (!first) writer.page.blank();
    first = false;
    const Finding& finding = *group.first;
    writer.page.line(0,
                     finding.has_stream ? fmt::format("stream {}: {} -> {}", finding.stream,
                                                      finding.client, finding.server)
                                        : std::string("the capture"),
                     2);
    for (const Finding* each : group.findings) put_finding(writer, *each);
  }
}

void put_verdict(TextWriter& writer) {
  const FindingCounts counts = count_findings(writer.report);
  if (counts.errors + counts.warnings > 0) return;
  // Where nothing was understood nothing can be said to be well.
  if (writer.report.messages > 0) {
    writer.page.tagged_line(0, Style::good, "No problems found.", "");
  } else {
    writer.page.tagged_line(0, Style::warning, "No MMS messages were found.", "");
  }
}

}  // namespace

void put_findings(TextWriter& writer) {
  std::vector<const Finding*> findings;
  for (const Finding& finding : writer.report.findings) {
    if (!writer.options.quiet || finding.severity != Severity::note) findings.push_back(&finding);
  }
  if (writer.options.quiet && findings.empty()) return;
  const std::size_t shown =
      writer.options.verbose ? findings.size() : std::min(findings.size(), kShownFindings);
  writer.page.heading("FINDINGS");
  put_verdict(writer);
  put_groups(writer, std::span(findings).first(shown));
  put_rest(writer, 0, findings.size() - shown);
}

}  // namespace mmsa::report
