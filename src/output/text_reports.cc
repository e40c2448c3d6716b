// Report control blocks: a table, and what happened to each in order.
#include <fmt/format.h>

#include "output/text_sections.h"

namespace mmsa::output {
namespace {

using Align = Table::Align;
using Fit = Table::Fit;

std::string block_name(const RcbResult& rcb) {
  if (!rcb.reference.empty()) return rcb.reference;
  return rcb.rpt_id.empty() ? "(no name)" : "RptID " + rcb.rpt_id;
}

std::string_view block_type(const RcbResult& rcb) {
  if (!rcb.buffered) return "?";
  return *rcb.buffered ? "BR" : "RP";
}

std::string sq_num_range(const RcbResult& rcb) {
  if (!rcb.first_sq_num || !rcb.last_sq_num) return "-";
  return fmt::format("{}..{}", *rcb.first_sq_num, *rcb.last_sq_num);
}

Table block_table(std::span<const RcbResult> rcbs) {
  Table table({{"block"},
               {"type", Align::left, Fit::drops},
               {"reports", Align::right},
               {"SqNum", Align::right},
               {"missing", Align::right},
               {"BufOvfl", Align::right},
               {"GI", Align::right, Fit::drops},
               {"integrity", Align::right, Fit::drops},
               {"held by"}});
  for (const RcbResult& rcb : rcbs) {
    table.add_row({block_name(rcb), std::string(block_type(rcb)), std::to_string(rcb.reports),
                   sq_num_range(rcb), std::to_string(rcb.missing), std::to_string(rcb.overflows),
                   std::to_string(rcb.general_interrogations),
                   std::to_string(rcb.integrity_reports), rcb.holder.empty() ? "-" : rcb.holder});
  }
  return table;
}

std::string step_text(const TextWriter& writer, const RcbStep& step) {
  std::string out =
      frame_text(step.frame) + "  " + writer.times.time(step.frame.time) + "  " + step.what;
  if (!step.detail.empty()) out += "  " + step.detail;
  if (!step.ok) out += step.error.empty() ? "  refused" : "  refused: " + step.error;
  return out;
}

void put_story(TextWriter& writer, const RcbResult& rcb) {
  if (rcb.story.empty() && rcb.reports == 0) return;
  std::string title = block_name(rcb);
  if (!rcb.data_set.empty()) title += ", data set " + rcb.data_set;
  if (!rcb.reference.empty() && !rcb.rpt_id.empty()) title += ", RptID " + rcb.rpt_id;
  writer.page.line(2, title, 2);
  const std::size_t shown =
      writer.options.verbose ? rcb.story.size() : std::min(rcb.story.size(), kShownRows);
  for (const RcbStep& step : std::span(rcb.story).first(shown)) {
    writer.page.line(4, step_text(writer, step), 4);
  }
  put_rest(writer, 4, rcb.story.size() - shown);
  if (rcb.steps > rcb.story.size()) {
    writer.page.line(
        4, fmt::format("{} steps in all, the first {} were kept", rcb.steps, rcb.story.size()));
  }
  if (rcb.reports > 0) {
    std::string line = counted(rcb.reports, "report");
    if (rcb.segments > rcb.reports) line += fmt::format(" in {} segments", rcb.segments);
    line +=
        ", first in " + frame_text(rcb.first_report) + ", last in " + frame_text(rcb.last_report);
    writer.page.line(4, line, 4);
  }
}

}  // namespace

void put_report_control_blocks(TextWriter& writer) {
  put_lists(writer, "REPORT CONTROL BLOCKS", &AssociationResult::report_control_blocks,
            [&](const AssociationResult&, std::span<const RcbResult> rcbs) {
              writer.page.table(2, block_table(rcbs));
              for (const RcbResult& rcb : rcbs) put_story(writer, rcb);
            });
}

}  // namespace mmsa::output
