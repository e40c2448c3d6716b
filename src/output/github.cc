// Workflow commands of GitHub Actions, which shows ten annotations of a step, and a summary in
// Markdown for the rest.
#include <fmt/format.h>

#include "output/ci_formats.h"
#include "output/facts.h"
#include "output/text_sections.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

constexpr std::size_t kMaxAnnotations = 10;

std::string_view command_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "notice";
}

// What steers the runner is written as %XX; properties end at a comma or a colon besides.
std::string escaped(std::string_view wire, bool property) {
  std::string out;
  for (const char c : text::printable(wire)) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// A cell of a table: no markup of the wire's reaches the page.
std::string cell(std::string_view wire) {
  std::string out;
  for (const char c : text::printable(wire)) {
    const bool markup = std::string_view("\\`*_{}[]<>()#+-!|~&").find(c) != std::string_view::npos;
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (markup) out += '\\';
      out += c;
    }
  }
  return out;
}

bool is_shown(const Finding& finding) {
  return finding.severity != Severity::note && finding.baseline != BaselineState::known;
}

}  // namespace

void write_markdown_summary(const Result& report, const TextOptions&, std::string& out) {
  const FindingCounts counts = count_findings(report);
  out += fmt::format("### mmsanalyze: {}\n\n{}\n\n{}, {}, {} in {} messages.\n",
                     cell(capture_path(report)), cell(report.verdict.sentence),
                     counted(counts.errors, "error"), counted(counts.warnings, "warning"),
                     counted(counts.notes, "note"), report.messages);
  if (report.baseline) {
    out += fmt::format("\nBaseline: {}.\n", baseline_sentence(*report.baseline));
  }
  if (report.causes.empty()) return;
  out += "\n| | rule | findings | servers | example |\n|---|---|--:|--:|---|\n";
  for (const Cause& cause : report.causes) {
    const Finding& example = report.findings[cause.findings.front()];
    out += fmt::format("| {} | {} | {} | {} | {} ({}) |\n", severity_name(cause.severity),
                       cause.rule, cause.findings.size(), cause.servers.distinct,
                       cell(example.message), frames_text(example.frames, false));
  }
}

void write_github(const Result& report, const TextOptions& options, std::string& out) {
  std::size_t annotations = 0;
  std::size_t rest = 0;
  for (const Finding& finding : report.findings) {
    if (!is_shown(finding)) continue;
    if (annotations == kMaxAnnotations) {
      ++rest;
      continue;
    }
    ++annotations;
    std::string text = finding.message;
    if (!finding.frames.empty()) text += " (" + frames_text(finding.frames, false) + ")";
    if (!finding.next_step.empty()) text += " Next: " + finding.next_step;
    out += fmt::format("::{} file={},title={}::{}\n", command_of(finding.severity),
                       escaped(capture_path(report), true), escaped(finding.rule, true),
                       escaped(text, false));
  }
  if (rest > 0) {
    out += fmt::format("{} more findings stand in the summary.\n", rest);
  }
  if (!options.summary_elsewhere) {
    out += '\n';
    write_markdown_summary(report, options, out);
  }
}

}  // namespace mmsa::output
