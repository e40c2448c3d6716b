// What is new and what is gone since the findings were accepted.
#include <fmt/format.h>

#include "output/text_sections.h"

namespace mmsa::output {
namespace {

std::string gone_line(const BaselineEntry& entry) {
  std::string line = entry.rule;
  for (const std::string& text : {entry.object, entry.server}) {
    if (!text.empty()) line += "  " + text;
  }
  if (entry.count > 1) line += fmt::format("  ({} findings)", entry.count);
  if (!entry.reason.empty()) line += ": " + entry.reason;
  return line;
}

}  // namespace

std::string baseline_sentence(const BaselineResult& baseline) {
  return fmt::format("{} new, {} {}, {} known", baseline.is_new, baseline.gone_findings,
                     baseline.proves_fixed ? "fixed" : "not seen", baseline.known);
}

void put_baseline(TextWriter& writer) {
  if (!writer.report.baseline) return;
  const BaselineResult& baseline = *writer.report.baseline;
  TextPage& page = writer.page;
  page.heading("BASELINE");
  page.line(0, fmt::format("{}: {}", baseline.file, baseline_sentence(baseline)), 2);
  for (const Finding& finding : writer.report.findings) {
    if (finding.baseline != BaselineState::is_new) continue;
    std::string line(finding.rule);
    for (const std::string& text : {finding.object, finding.server}) {
      if (!text.empty()) line += "  " + text;
    }
    page.tagged_line(2, severity_style(finding.severity), "NEW",
                     line + ": " + frames_text(finding.frames, writer.options.verbose), 4);
  }
  for (const BaselineEntry& entry : baseline.gone) {
    page.tagged_line(2, Style::good, baseline.proves_fixed ? "FIXED" : "NOT SEEN", gone_line(entry),
                     4);
  }
  if (!baseline.gone.empty() && !baseline.proves_fixed) {
    page.line(2,
              "The capture is not complete (loss, one direction, cut or encrypted): what is not "
              "in it need not be fixed.");
  }
}

}  // namespace mmsa::output
