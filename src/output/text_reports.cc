// Report control blocks: a table, and what happened to each in order.
#include <fmt/format.h>

#include <algorithm>

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

// "0..10, 0..1": the numbers of each interval in which the block was enabled.
std::string sq_num_ranges(const TextWriter& writer, const RcbResult& rcb) {
  constexpr std::size_t kShown = 4;
  if (rcb.sq_nums.empty()) return "-";
  const std::size_t all = std::min(rcb.sq_nums.size(), kMaxSqNumIntervals);
  const std::size_t shown = writer.options.verbose ? all : std::min(all, kShown);
  std::string out;
  for (const SqNumInterval& interval : std::span(rcb.sq_nums).first(shown)) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{}..{}", interval.first, interval.last);
  }
  if (shown < rcb.sq_nums.size()) {
    out += all < rcb.sq_nums.size() ? " and more" : fmt::format(" and {} more", all - shown);
  }
  return out;
}

// Who holds the block when the capture ends: nobody whose association has ended, or who disabled or
// released it.
std::string holder_at_end(const AssociationResult& association, const RcbResult& rcb) {
  bool held = !rcb.holder.empty() && association.closed_how == "open at the end";
  for (const RcbStep& step : rcb.story) {
    if (step.ok && (step.what == "disable" || step.what == "release")) held = false;
    if (step.ok && (step.what == "enable" || step.what == "reserve")) held = !rcb.holder.empty();
  }
  if (association.closed_how != "open at the end") held = false;
  return held ? rcb.holder : "-";
}

Table block_table(const TextWriter& writer, const AssociationResult& association,
                  std::span<const RcbResult> rcbs) {
  Table table({{"block"},
               {"type", Align::left, Fit::drops},
               {"reports", Align::right},
               {"missing", Align::right},
               {"BufOvfl", Align::right},
               {"GI", Align::right, Fit::drops},
               {"integrity", Align::right, Fit::drops},
               {"held by", Align::left, Fit::drops},
               {"SqNum", Align::left, Fit::wraps}});
  for (const RcbResult& rcb : rcbs) {
    table.add_row({block_name(rcb), std::string(block_type(rcb)), std::to_string(rcb.reports),
                   std::to_string(rcb.missing), std::to_string(rcb.overflows),
                   std::to_string(rcb.general_interrogations),
                   std::to_string(rcb.integrity_reports), holder_at_end(association, rcb),
                   sq_num_ranges(writer, rcb)});
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
            [&](const AssociationResult& association, std::span<const RcbResult> rcbs) {
              writer.page.table(2, block_table(writer, association, rcbs));
              for (const RcbResult& rcb : rcbs) put_story(writer, rcb);
            });
}

}  // namespace mmsa::output
