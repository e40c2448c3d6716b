// The sections of the text report, in their order, and what they share. Private to the text writer.
// A section without content prints nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/result.h"
#include "output/report_text.h"
#include "output/text_page.h"
#include "output/time_text.h"
#include "text/text.h"

namespace mmsa::output {

struct TextWriter {
  const Result& report;
  const TextOptions& options;
  TimeText times;
  TextPage page;
};

void put_baseline(TextWriter& writer);
void put_findings(TextWriter& writer);
void put_incidents(TextWriter& writer);
void put_servers(TextWriter& writer);
void put_associations(TextWriter& writer);
void put_services(TextWriter& writer);
void put_report_control_blocks(TextWriter& writer);
void put_controls(TextWriter& writer);
void put_files(TextWriter& writer);
void put_data_sets(TextWriter& writer);
void put_setting_groups(TextWriter& writer);
void put_logs(TextWriter& writer);
void put_service_tracking(TextWriter& writer);
void put_layers_text(TextWriter& writer);

// Rows of a list that are printed without -v.
inline constexpr std::size_t kShownRows = 20;
inline constexpr std::size_t kShownServers = 30;
inline constexpr std::size_t kShownIncidents = 6;
// Lines of the whole report without -v: what a person scrolls through. Findings in full are printed
// as long as there is room for the sections behind them; each cause has a line of its own before.
inline constexpr std::size_t kMostLines = 300;
inline constexpr std::size_t kLinesUpToFindings = 150;
// Causes that are told in full at once; of more, a table stands in front.
inline constexpr std::size_t kCausesAtOnce = 8;
// So many associations that what each of them did is no help any more: servers and causes are.
inline bool is_station(const TextWriter& writer) {
  return !writer.options.verbose && writer.report.associations.size() > kShownRows;
}

Style severity_style(Severity severity);
std::string baseline_sentence(const BaselineResult& baseline);  // "2 new, 1 fixed, 14 known"
using text::counted;
// Always "frame 12": what is looked for in Wireshark.
std::string frame_text(FrameRef frame);
std::string frames_text(const std::vector<std::uint64_t>& frames, bool all);
// "10.0.0.2:102 (IED1)", or the address alone.
std::string named(const TextWriter& writer, std::string_view address);
std::string association_title(const TextWriter& writer, const AssociationResult& association);
void put_rest(TextWriter& writer, std::size_t indent, std::size_t rest);

// A section with one list for each association that has any; put(association, rows) prints the
// first ones.
template <typename Row, typename Put>
void put_lists(TextWriter& writer, std::string_view title,
               std::vector<Row> AssociationResult::*rows, Put put) {
  std::size_t total = 0;
  for (const AssociationResult& association : writer.report.associations) {
    total += (association.*rows).size();
  }
  if (total == 0) return;
  writer.page.heading(title);
  std::size_t left = writer.options.verbose ? total : std::min(total, kShownRows);
  const std::size_t rest = total - left;
  for (const AssociationResult& association : writer.report.associations) {
    const std::vector<Row>& all = association.*rows;
    const std::size_t shown = std::min(left, all.size());
    if (shown == 0) continue;
    writer.page.line(0, association_title(writer, association), 2);
    put(association, std::span(all).first(shown));
    left -= shown;
  }
  put_rest(writer, 0, rest);
}

}  // namespace mmsa::output
