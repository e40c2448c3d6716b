// The text of `mmsanalyze diff`.
#include <fmt/format.h>

#include "output/diff_output.h"
#include "output/text_page.h"
#include "output/text_sections.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

using diff::Comparison;
using diff::Difference;

// Of a list, unless -v asks for all of it.
constexpr std::size_t kShown = 20;

// How a pair was found, where it was not by the address.
std::string_view pairing_text(diff::PairedBy by) {
  switch (by) {
    case diff::PairedBy::map:
      return "as --map says";
    case diff::PairedBy::logical_devices:
      return "they have the same logical devices";
    case diff::PairedBy::only_one:
      return "each is the only one";
    case diff::PairedBy::order:
      return "a guess by the order of appearance; --map says it for certain";
    case diff::PairedBy::address:
      break;
  }
  return "the same address";
}

class DiffText {
 public:
  DiffText(const DiffResult& result, const TextOptions& options, std::string& out)
      : result_(result),
        comparison_(result.comparison),
        options_(options),
        page_(options.width, options.color, out) {}

  void write() {
    put_verdict();
    put_inputs();
    if (!comparison_.differences.empty()) put_differences();
    if (options_.quiet) return;
    put_not_seen();
    put_servers();
  }

 private:
  void put_verdict() {
    if (comparison_.alike()) {
      page_.tagged_line(
          0, Style::good, "Alike:",
          fmt::format("{} of {} compared, no difference in meaning{}",
                      text::counted(comparison_.alike_steps, "step"),
                      text::counted(comparison_.pairs, "association"),
                      comparison_.not_seen_total == 0 ? "." : ", as far as both captures show it."),
          2);
      return;
    }
    page_.tagged_line(0, Style::error, "Different:",
                      fmt::format("{}; the first: {}.",
                                  text::counted(comparison_.differences_total, "difference"),
                                  comparison_.differences.front().subject),
                      2);
  }

  void put_input(std::string_view name, const DiffInput& input) {
    std::string text = fmt::format("{}  {}: {}, {}", name, input.path,
                                   text::counted(input.associations, "association"),
                                   text::counted(input.messages, "message"));
    for (const CaptureFileResult& file : input.capture.files) {
      if (file.cut_short) text += fmt::format("; {} ends inside a packet", file.path);
      if (!file.damage.empty()) text += fmt::format("; {}: {}", file.path, file.damage);
      if (file.dropped > 0) {
        text += fmt::format("; {}: the recorder dropped {}", file.path,
                            text::counted(file.dropped, "packet"));
      }
    }
    if (input.left_out > 0) {
      text += fmt::format("; {} more were not compared", text::counted(input.left_out, "step"));
    }
    page_.line(0, text, 3);
  }
  void put_inputs() {
    if (options_.quiet) return;
    put_input("A", result_.a);
    put_input("B", result_.b);
  }

  void put_differences() {
    page_.heading("FIRST DIFFERENCE");
    put_difference(comparison_.differences.front(), true);
    if (options_.quiet || comparison_.differences.size() == 1) return;
    page_.heading("AND THEN");
    const std::size_t shown = options_.verbose ? comparison_.differences.size()
                                               : std::min(comparison_.differences.size(), kShown);
    for (std::size_t i = 1; i < shown; ++i) put_difference(comparison_.differences[i], false);
    if (comparison_.differences_total > shown) {
      page_.line(2, fmt::format("... and {} more{}", comparison_.differences_total - shown,
                                options_.verbose ? "" : " (-v shows more)"));
    }
  }

  void put_difference(const Difference& difference, bool with_association) {
    std::string title =
        fmt::format("{} [{}]", difference.subject, diff::kind_name(difference.kind));
    if (difference.count > 1) title += fmt::format(", {} times", difference.count);
    page_.line(2, title, 2);
    put_side("A", difference.a, difference.a_frames);
    put_side("B", difference.b, difference.b_frames);
    if (!with_association) return;
    put_who("A", difference.a_who);
    put_who("B", difference.b_who);
  }
  void put_side(std::string_view name, const std::string& says,
                const std::vector<std::uint64_t>& frames) {
    const std::string where = frames.empty() ? "" : fmt::format(" ({})", frames_text(frames, true));
    page_.line(4, fmt::format("{}  {}{}", name, says, where), 3);
  }
  void put_who(std::string_view name, const std::optional<diff::Who>& who) {
    if (!who) return;
    page_.line(
        4, fmt::format("{} is stream {}: {} with {}", name, who->stream, who->client, who->server),
        3);
  }

  void put_not_seen() {
    if (comparison_.not_seen_total == 0) return;
    page_.heading("NOT SEEN");
    page_.line(2, "One capture shows these, the other could not: no difference is claimed.", 2);
    const std::size_t shown = options_.verbose ? comparison_.not_seen.size()
                                               : std::min(comparison_.not_seen.size(), kShown / 4);
    for (std::size_t i = 0; i < shown; ++i) {
      const diff::NotSeen& step = comparison_.not_seen[i];
      page_.line(2,
                 fmt::format("{} (frame {} of {}): in {} {}", step.subject, step.frame,
                             step.in_b ? "A" : "B", step.in_b ? "B" : "A", step.reason),
                 2);
    }
    if (comparison_.not_seen_total > shown) {
      page_.line(2, fmt::format("... and {} more", comparison_.not_seen_total - shown));
    }
  }

  // Pairs of one address need no words.
  void put_servers() {
    bool first = true;
    for (const diff::ServerPair& pair : comparison_.servers) {
      if (pair.by == diff::PairedBy::address && !options_.verbose) continue;
      if (first) page_.heading("COMPARED SERVERS");
      first = false;
      page_.line(2,
                 fmt::format("{} of A with {} of B: {}", text::endpoint(pair.a),
                             text::endpoint(pair.b), pairing_text(pair.by)),
                 2);
    }
  }

  const DiffResult& result_;
  const Comparison& comparison_;
  const TextOptions& options_;
  TextPage page_;
};

}  // namespace

void write_diff_text(const DiffResult& result, const TextOptions& options, std::string& out) {
  DiffText(result, options, out).write();
}

}  // namespace mmsa::output
