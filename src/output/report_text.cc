#include "output/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "output/facts.h"
#include "output/text_sections.h"

namespace mmsa::output {
namespace {

std::string capture_names(const CaptureResult& capture) {
  if (capture.files.empty()) return "no capture";
  std::string name = capture.files.front().path;
  name.erase(0, name.rfind('/') + 1);
  if (name.empty() || name == "-") name = "standard input";
  if (capture.files.size() > 1) name += fmt::format(" and {} more", capture.files.size() - 1);
  return name;
}

TimeNs time_span(const CaptureResult& capture) {
  return std::max<TimeNs>(time_between(capture.first, capture.last), 0);
}

Style verdict_style(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::errors:
      return Style::error;
    case Verdict::Kind::warnings:
    case Verdict::Kind::unproven:
    case Verdict::Kind::no_mms:
      return Style::warning;
    case Verdict::Kind::healthy:
      break;
  }
  return Style::good;
}

void put_summary(TextWriter& writer) {
  const Result& report = writer.report;
  writer.page.tagged_line(0, verdict_style(report.verdict.kind), report.verdict.sentence, "", 2);
  const FindingCounts counts = count_findings(report);
  std::string text = counted(counts.errors, "error") + ", " + counted(counts.warnings, "warning");
  if (counts.notes > 0) text += ", " + counted(counts.notes, "note");
  writer.page.line(
      0,
      fmt::format(
          "{} in {}: {}, {}, {}", text, counted(report.associations.size(), "association"),
          counted(report.messages, "message"),
          report.capture.packets == 0 ? "no packets" : duration_text(time_span(report.capture)),
          capture_names(report.capture)),
      2);
  if (!report.selection.empty()) {
    writer.page.line(0, "selected: " + report.selection + "; the rest of the capture is left out",
                     2);
  }
}

void put_undecoded(TextWriter& writer) {
  Table table({{"count", Table::Align::right}, {"what was passed over"}});
  for (std::size_t i = 0; i < kUndecodedTable.size(); ++i) {
    const std::uint64_t count = writer.report.undecoded[static_cast<Undecoded>(i)];
    if (count > 0) table.add_row({std::to_string(count), std::string(kUndecodedTable[i].text)});
  }
  if (table.empty()) return;
  writer.page.heading("NOT DECODED");
  writer.page.table(2, table);
}

void put_capture_file(TextWriter& writer, const CaptureFileResult& file) {
  std::string facts = file.path;
  if (!file.format.empty()) facts += " (" + file.format + ")";
  facts += ": " + counted(file.packets, "packet");
  if (file.dropped > 0) facts += fmt::format(", {} dropped while capturing", file.dropped);
  if (file.cut_short) facts += ", ends inside a packet";
  if (!file.damage.empty()) facts += ", " + file.damage;
  if (!file.filter_error.empty()) {
    facts += ", frames left out that the filter can not judge: " + file.filter_error;
  }
  writer.page.line(2, facts, 2);
}

void put_capture(TextWriter& writer) {
  const CaptureResult& capture = writer.report.capture;
  if (capture.files.empty()) return;
  writer.page.heading("CAPTURE");
  const std::size_t shown =
      writer.options.verbose ? capture.files.size() : std::min(capture.files.size(), kShownRows);
  for (const CaptureFileResult& file : std::span(capture.files).first(shown)) {
    put_capture_file(writer, file);
  }
  put_rest(writer, 2, capture.files.size() - shown);
  if (capture.packets == 0) return;
  writer.page.line(
      2, fmt::format("{} to {}, {}", writer.times.date_and_time(capture.first),
                     writer.times.date_and_time(capture.last), duration_text(time_span(capture))));
  writer.page.line(
      2, fmt::format("{}, {} octets, {}", counted(capture.packets, "packet"), capture.octets,
                     counted(writer.report.connections, "TCP connection")));
}

}  // namespace

std::string frame_text(FrameRef frame) { return fmt::format("frame {}", frame.number); }

std::string frames_text(const std::vector<std::uint64_t>& frames, bool all) {
  constexpr std::size_t kShown = 12;
  if (frames.empty()) return "";
  const std::size_t shown = all ? frames.size() : std::min(frames.size(), kShown);
  std::string out = frames.size() == 1 ? "frame " : "frames ";
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += ", ";
    out += std::to_string(frames[i]);
  }
  if (shown < frames.size()) out += fmt::format(" and {} more", frames.size() - shown);
  return out;
}

std::string named(const TextWriter& writer, std::string_view address) {
  std::string out(address);
  const std::string_view name = name_in(writer.report.names, address);
  if (!name.empty()) out.append(" (").append(name).append(")");
  return out;
}

std::string association_title(const TextWriter& writer, const AssociationResult& association) {
  return fmt::format("stream {}: {} -> {}", association.stream, named(writer, association.client),
                     named(writer, association.server));
}

void put_rest(TextWriter& writer, std::size_t indent, std::size_t rest) {
  if (rest == 0) return;
  writer.page.line(indent, fmt::format("... and {} more (-v or --format json shows all)", rest));
}

namespace {

// What is known of single associations, in this order.
constexpr void (*kDetails[])(TextWriter&) = {
    put_services,  put_report_control_blocks, put_controls, put_files,
    put_data_sets, put_setting_groups,        put_logs,     put_service_tracking,
};

struct Section {
  std::string text;
  std::size_t lines = 0;
  std::size_t shown = 0;
};

// The longest sections give way until all of them have room.
void share(std::vector<Section>& sections, std::size_t room) {
  constexpr std::size_t kLeast = 6;  // a heading, and enough to see what it is
  std::size_t total = 0;
  for (const Section& section : sections) total += section.shown;
  while (total > room) {
    const auto longest =
        std::max_element(sections.begin(), sections.end(),
                         [](const Section& a, const Section& b) { return a.shown < b.shown; });
    if (longest == sections.end() || longest->shown <= kLeast) return;
    --longest->shown;
    --total;
  }
}

void append_lines(std::string& out, const std::string& text, std::size_t lines) {
  std::size_t end = 0;
  while (lines-- > 0 && end < text.size()) end = text.find('\n', end) + 1;
  out.append(text, 0, end);
}

void put_details(TextWriter& writer, std::string& out, std::size_t room) {
  std::vector<Section> sections;
  for (const auto put : kDetails) {
    Section section;
    TextWriter own{
        writer.report, writer.options, writer.times,
        TextPage(writer.options.width, writer.options.color, section.text, writer.options.verbose)};
    put(own);
    section.lines = section.shown = own.page.lines();
    if (section.lines > 0) sections.push_back(std::move(section));
  }
  if (!writer.options.verbose) share(sections, room);
  for (const Section& section : sections) {
    writer.page.blank();
    append_lines(out, section.text, section.shown);
    if (section.shown < section.lines) {
      writer.page.line(
          0, fmt::format("... and {} more lines (-v shows all)", section.lines - section.shown));
    }
  }
}

}  // namespace

void write_report_text(const Result& report, const TextOptions& options, std::string& out) {
  constexpr std::size_t kLinesOfEnd = 25;  // what was not decoded, and the capture
  TextWriter writer{report, options,
                    TimeText(options.time, report.capture.first, report.capture.last),
                    TextPage(options.width, options.color, out, options.verbose)};
  put_summary(writer);
  put_baseline(writer);
  put_findings(writer);
  if (options.quiet) return;
  put_incidents(writer);
  put_servers(writer);
  put_associations(writer);
  if (!is_station(writer)) {
    const std::size_t used = writer.page.lines() + kLinesOfEnd;
    put_details(writer, out, kMostLines - std::min(kMostLines, used));
  }
  if (options.verbose) put_layers_text(writer);
  put_undecoded(writer);
  put_capture(writer);
}

}  // namespace mmsa::output
