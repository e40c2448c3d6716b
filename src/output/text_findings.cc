// Findings, each cause once, worst first; what is of one association stands together. Verbose lists
// every finding.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "output/facts.h"
#include "output/text_sections.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

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
  if (finding.baseline != BaselineState::none) {
    subject += fmt::format("  [{}]", baseline_state_name(finding.baseline));
  }
  page.tagged_line(2, severity_style(finding.severity), severity_tag(finding.severity), subject, 4);
  page.line(4, finding.message);
  const std::string where = occurrences(writer, finding);
  if (!where.empty()) page.line(4, where, 2);
  if (!finding.evidence.empty()) page.line(4, "evidence: " + evidence_text(finding.evidence), 2);
  if (!finding.cause.empty()) page.line(4, "cause: " + finding.cause, 2);
  if (!finding.next_step.empty()) page.line(4, "next: " + finding.next_step, 2);
}

// "10.0.0.2:102 (3), 10.0.0.5:102 and 4 more": a number where it is not 1.
std::string names_text(const CountedNames& names, std::size_t most) {
  std::string out;
  const std::size_t shown = std::min(most, names.names.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [name, count] = names.names[i];
    if (i > 0) out += ", ";
    out += name;
    if (count > 1) out += fmt::format(" ({})", count);
  }
  if (names.distinct > shown) out += fmt::format(" and {} more", names.distinct - shown);
  return out;
}

std::string where(const Finding& finding) {
  if (!finding.has_stream) return "the capture";
  return fmt::format("stream {}: {} -> {}", finding.stream, finding.client, finding.server);
}

// What tells the cause from others of its rule, in few words.
std::string distinction(const TextWriter& writer, const Cause& cause) {
  const Evidence& example = writer.report.findings[cause.findings.front()].evidence;
  std::string out;
  for (const auto& [key, value] : cause.evidence) {
    const EvidenceValue* name = example.find(std::string(key) + "_name");
    const EvidenceValue& told = name != nullptr ? *name : value;
    const bool flag = std::holds_alternative<bool>(told);
    if (flag && !std::get<bool>(told)) continue;
    if (!out.empty()) out += ", ";
    out += flag ? std::string(key) : evidence_text(told);
    if (name != nullptr) break;  // the cause says more than the error that came with it
  }
  return out;
}

// Several findings of one cause: the first stands for all of them. `here`: all are of the
// association in the heading.
void put_cause(TextWriter& writer, const Cause& cause, bool here) {
  constexpr std::size_t kEach = 6;  // so few are listed one by one
  constexpr std::size_t kNames = 6;
  TextPage& page = writer.page;
  const Finding& example = writer.report.findings[cause.findings.front()];
  std::string subject = fmt::format("{}  {} findings", cause.rule, cause.findings.size());
  if (cause.servers.distinct > 1) subject += fmt::format(" on {} servers", cause.servers.distinct);
  if (cause.objects.distinct > 1) subject += fmt::format(", {} objects", cause.objects.distinct);
  page.tagged_line(2, severity_style(cause.severity), severity_tag(cause.severity), subject, 4);
  page.line(4, example.message);
  if (cause.findings.size() <= kEach) {
    for (const std::size_t i : cause.findings) {
      const Finding& finding = writer.report.findings[i];
      std::string line = finding.object;
      if (!here) line += (line.empty() ? "" : ", ") + where(finding);
      if (!line.empty()) line += ": ";
      page.line(4, line + occurrences(writer, finding), 2);
    }
  } else {
    page.line(4, "example: " + (here ? "" : where(example) + ", ") + occurrences(writer, example),
              2);
    if (cause.servers.distinct > 1)
      page.line(4, "servers: " + names_text(cause.servers, kNames), 2);
    if (cause.objects.distinct > 0)
      page.line(4, "objects: " + names_text(cause.objects, kNames), 2);
  }
  if (!cause.evidence.empty()) page.line(4, "evidence: " + evidence_text(cause.evidence), 2);
  // Advice that names an object or a frame is that of the example.
  const bool same = std::all_of(cause.findings.begin(), cause.findings.end(), [&](std::size_t i) {
    const Finding& finding = writer.report.findings[i];
    return finding.cause == example.cause && finding.next_step == example.next_step;
  });
  const std::string_view of = same ? "" : " (of the first)";
  if (!example.cause.empty()) page.line(4, fmt::format("cause{}: {}", of, example.cause), 2);
  if (!example.next_step.empty()) page.line(4, fmt::format("next{}: {}", of, example.next_step), 2);
}

// One stream; none: the capture.
using StreamKey = std::optional<std::uint32_t>;

// What stands under one heading: the association that all of it is about, or "several".
struct Group {
  std::string heading;
  bool one = true;  // association, or the capture
  std::vector<const Cause*> causes;
};

std::optional<StreamKey> only_stream(const Result& report, const Cause& cause) {
  const auto key_of = [&](std::size_t i) {
    const Finding& finding = report.findings[i];
    return finding.has_stream ? StreamKey(finding.stream) : std::nullopt;
  };
  const StreamKey first = key_of(cause.findings.front());
  for (const std::size_t i : cause.findings) {
    if (key_of(i) != first) return std::nullopt;
  }
  return first;
}

// In the order of each group's first, so its worst, cause.
std::vector<Group> grouped(const Result& report, std::span<const Cause* const> causes) {
  std::vector<Group> groups;
  std::map<std::optional<StreamKey>, std::size_t> group_of;
  for (const Cause* cause : causes) {
    const std::optional<StreamKey> key = only_stream(report, *cause);
    const auto [place, is_new] = group_of.emplace(key, groups.size());
    if (is_new) {
      const Finding& example = report.findings[cause->findings.front()];
      groups.push_back({key ? where(example) : "several associations", key.has_value(), {}});
    }
    groups[place->second].causes.push_back(cause);
  }
  return groups;
}

void put_groups(TextWriter& writer, std::span<const Cause* const> causes) {
  bool first = true;
  for (const Group& group : grouped(writer.report, causes)) {
    if (!first) writer.page.blank();
    first = false;
    writer.page.line(0, group.heading, 2);
    for (const Cause* cause : group.causes) {
      const bool each = writer.options.verbose || cause->findings.size() == 1;
      if (!each) put_cause(writer, *cause, group.one);
      for (const std::size_t i : cause->findings) {
        if (each) put_finding(writer, writer.report.findings[i]);
      }
    }
  }
}

// One line for each: what a screen can hold of a station.
void put_cause_table(TextWriter& writer, std::span<const Cause* const> causes) {
  using Align = Table::Align;
  using Fit = Table::Fit;
  Table table({{""},
               {"rule"},
               {"findings", Align::right},
               {"servers", Align::right},
               {"fault of", Align::left, Fit::drops},
               {"which", Align::left, Fit::wraps}});
  for (const Cause* cause : causes) {
    table.add_row({std::string(severity_tag(cause->severity)), std::string(cause->rule),
                   std::to_string(cause->findings.size()), std::to_string(cause->servers.distinct),
                   std::string(party_name(cause->party)), distinction(writer, *cause)});
  }
  writer.page.heading("CAUSES");
  writer.page.table(0, table);
}

}  // namespace

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

void put_findings(TextWriter& writer) {
  const Result& report = writer.report;
  const bool station = is_station(writer);
  std::vector<const Cause*> listed;  // one line each
  std::vector<const Cause*> detailed;
  for (const Cause& cause : report.causes) {
    const bool note = cause.severity == Severity::note;
    if (note && writer.options.quiet) continue;
    listed.push_back(&cause);
    if (!note || !station) detailed.push_back(&cause);
  }
  if (listed.empty()) return;
  if (station && listed.size() > 1) put_cause_table(writer, listed);
  const std::size_t shown =
      writer.options.verbose ? detailed.size() : std::min(detailed.size(), kShownFindings);
  if (shown == 0) return;
  writer.page.heading("FINDINGS");
  put_groups(writer, std::span(detailed).first(shown));
  put_rest(writer, 0, detailed.size() - shown);
}

}  // namespace mmsa::output
