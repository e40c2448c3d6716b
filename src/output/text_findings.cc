// Findings, each cause once, worst first; what is of one association stands together. Verbose lists
// every finding.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

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
std::string names_text(const TextWriter& writer, const CountedNames& names, std::size_t most) {
  std::string out;
  const std::size_t shown = std::min(most, names.names.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [name, count] = names.names[i];
    if (i > 0) out += ", ";
    out += named(writer, name);
    if (count > 1) out += fmt::format(" ({})", count);
  }
  if (names.distinct > shown) out += fmt::format(" and {} more", names.distinct - shown);
  return out;
}

std::string where(const TextWriter& writer, const Finding& finding) {
  if (!finding.has_stream) return "the capture";
  return fmt::format("stream {}: {} -> {}", finding.stream, named(writer, finding.client),
                     named(writer, finding.server));
}

// The keys that say most of what tells causes apart, and those that say of what it is; where none
// of the first is there, all keys are told.
constexpr std::string_view kTelling[] = {"add_cause", "error_code", "error", "problem", "reason"};
constexpr std::string_view kOfWhat[] = {"service", "step", "layer", "field"};

bool is_one_of(std::span<const std::string_view> keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// What tells the cause from others of its rule, in few words.
std::string distinction(const TextWriter& writer, const Cause& cause) {
  const Evidence& example = writer.report.findings[cause.findings.front()].evidence;
  const bool telling =
      std::any_of(cause.evidence.begin(), cause.evidence.end(),
                  [](const Evidence::Entry& entry) { return is_one_of(kTelling, entry.first); });
  std::string out;
  for (const auto& [key, value] : cause.evidence) {
    if (telling && !is_one_of(kTelling, key) && !is_one_of(kOfWhat, key)) continue;
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
      if (!here) line += (line.empty() ? "" : ", ") + where(writer, finding);
      if (!line.empty()) line += ": ";
      page.line(4, line + occurrences(writer, finding), 2);
    }
  } else {
    page.line(
        4, "example: " + (here ? "" : where(writer, example) + ", ") + occurrences(writer, example),
        2);
    if (cause.servers.distinct > 1)
      page.line(4, "servers: " + names_text(writer, cause.servers, kNames), 2);
    if (cause.objects.distinct > 0)
      page.line(4, "objects: " + names_text(writer, cause.objects, kNames), 2);
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
std::vector<Group> grouped(const TextWriter& writer, std::span<const Cause* const> causes) {
  const Result& report = writer.report;
  std::vector<Group> groups;
  std::map<std::optional<StreamKey>, std::size_t> group_of;
  for (const Cause* cause : causes) {
    const std::optional<StreamKey> key = only_stream(report, *cause);
    const auto [place, is_new] = group_of.emplace(key, groups.size());
    if (is_new) {
      const Finding& example = report.findings[cause->findings.front()];
      groups.push_back(
          {key ? where(writer, example) : "several associations", key.has_value(), {}});
    }
    groups[place->second].causes.push_back(cause);
  }
  return groups;
}

// In full, as far as the page has room; puts those for which it has none into `left`.
void put_groups(TextWriter& writer, std::span<const Cause* const> causes,
                std::vector<const Cause*>& left) {
  const bool all = writer.options.verbose;
  bool first = true;
  for (const Group& group : grouped(writer, causes)) {
    bool headed = false;
    for (const Cause* cause : group.causes) {
      if (!all && writer.page.lines() >= kLinesUpToFindings) {
        left.push_back(cause);
        continue;
      }
      if (!headed && !first) writer.page.blank();
      if (!headed) writer.page.line(0, group.heading, 2);
      headed = true;
      first = false;
      const bool each = all || cause->findings.size() == 1;
      if (!each) put_cause(writer, *cause, group.one);
      for (const std::size_t i : cause->findings) {
        if (each) put_finding(writer, writer.report.findings[i]);
      }
    }
  }
}

// What one line of the table stands for: a cause, or several of one rule.
struct Line {
  const Cause* example = nullptr;
  std::size_t causes = 0;
  std::size_t findings = 0;
  std::set<std::string_view> servers;
  std::uint64_t servers_total = 0;  // where not all names were kept

  void add(const Cause& cause) {
    if (example == nullptr) example = &cause;
    ++causes;
    findings += cause.findings.size();
    servers_total = std::max(servers_total, cause.servers.distinct);
    for (const auto& [name, count] : cause.servers.names) servers.insert(name);
  }
};

// Each cause above note, unless there are too many; else, and of notes, one line for each rule.
std::vector<Line> lines_of(std::span<const Cause* const> causes, std::size_t most_single) {
  const auto serious =
      static_cast<std::size_t>(std::count_if(causes.begin(), causes.end(), [](const Cause* cause) {
        return cause->severity != Severity::note;
      }));
  const bool each = serious <= most_single;
  std::vector<Line> lines;
  std::map<std::pair<Severity, std::string_view>, std::size_t> by_rule;
  for (const Cause* cause : causes) {
    if (each && cause->severity != Severity::note) {
      lines.emplace_back().add(*cause);
      continue;
    }
    const auto [place, is_new] = by_rule.try_emplace({cause->severity, cause->rule}, lines.size());
    if (is_new) lines.emplace_back();
    lines[place->second].add(*cause);
  }
  return lines;
}

void put_cause_table(TextWriter& writer, std::span<const Cause* const> causes) {
  using Align = Table::Align;
  using Fit = Table::Fit;
  Table table({{""},
               {"rule"},
               {"findings", Align::right},
               {"servers", Align::right},
               {"fault of", Align::left, Fit::drops},
               {"which", Align::left, Fit::wraps}});
  constexpr std::size_t kLinesOfScreen = 40;
  for (const Line& line : lines_of(causes, kLinesOfScreen)) {
    const Cause& cause = *line.example;
    const std::uint64_t servers = std::max<std::uint64_t>(line.servers.size(), line.servers_total);
    table.add_row(
        {std::string(severity_tag(cause.severity)), std::string(cause.rule),
         std::to_string(line.findings), std::to_string(servers),
         line.causes == 1 ? std::string(party_name(cause.party)) : "-",
         line.causes == 1 ? distinction(writer, cause) : fmt::format("{} causes", line.causes)});
  }
  writer.page.heading("CAUSES");
  writer.page.table(0, table);
}

// What is left for -v, by rule and with the number of its servers.
void put_causes_left(TextWriter& writer, std::span<const Cause* const> causes) {
  if (causes.empty()) return;
  std::string text =
      fmt::format("... and {} not told in full (-v shows all):", counted(causes.size(), "cause"));
  bool first = true;
  for (const Line& line : lines_of(causes, 0)) {
    const std::uint64_t servers = std::max<std::uint64_t>(line.servers.size(), line.servers_total);
    text += fmt::format("{} {} {} on {}", first ? "" : ",", line.findings, line.example->rule,
                        counted(servers, "server"));
    first = false;
  }
  writer.page.line(0, text, 4);
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
  std::vector<const Cause*> listed;  // one line each
  std::vector<const Cause*> serious;
  for (const Cause& cause : report.causes) {
    const bool note = cause.severity == Severity::note;
    if (note && writer.options.quiet) continue;
    listed.push_back(&cause);
    if (!note) serious.push_back(&cause);
  }
  if (listed.empty()) return;
  const bool crowded =
      !writer.options.verbose && (is_station(writer) || listed.size() > kCausesAtOnce);
  if (crowded) put_cause_table(writer, listed);
  // Of a station, notes have their line in the table; of much else they come last.
  if (is_station(writer)) listed = serious;
  if (listed.empty()) return;
  writer.page.heading("FINDINGS");
  std::vector<const Cause*> left;
  if (!crowded) {
    put_groups(writer, listed, left);
  } else {
    // The first of each rule before others of it: what is told in full shows all that is wrong.
    std::set<std::string_view> rules;
    std::vector<const Cause*> others;
    std::vector<const Cause*> first;
    for (const Cause* cause : serious) {
      (rules.insert(cause->rule).second ? first : others).push_back(cause);
    }
    put_groups(writer, first, left);
    if (!others.empty() && left.empty()) writer.page.blank();
    put_groups(writer, others, left);
    const auto notes = std::span(listed).subspan(serious.size());
    if (!notes.empty() && left.empty() && !serious.empty()) writer.page.blank();
    put_groups(writer, notes, left);
  }
  std::sort(left.begin(), left.end());  // as they stand in the report: worst first
  put_causes_left(writer, left);
}

}  // namespace mmsa::output
