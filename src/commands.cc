#include "commands.h"

#include <cstdio>

#include "analysis/analyzer.h"
#include "filter/fields_text.h"
#include "filter/filtered_sink.h"
#include "options.h"
#include "output/formats.h"
#include "output/message_printer.h"
#include "output/output.h"
#include "output/rules_text.h"
#include "output/scl_output.h"
#include "pipeline.h"
#include "progress.h"
#include "text/text.h"

namespace mmsa {
namespace {

constexpr std::size_t kDefaultWidth = 100;

bool fails(const Options& options, const Result& report) {
  if (!options.fail_on) return false;
  for (const Finding& finding : report.findings) {
    if (finding.severity >= *options.fail_on) return true;
  }
  return false;
}

// That keep the capture from showing that all is well: told, and the exit status 1 where asked for.
bool is_incomplete(const Options& options, const Result& report) {
  const std::vector<std::string_view>& missing = report.verdict.unproven_by;
  if (!options.fail_on_incomplete || missing.empty()) return false;
  std::string rules;
  for (const std::string_view rule : missing) {
    if (!rules.empty()) rules += ", ";
    rules += rule;
  }
  std::fprintf(stderr, "mmsanalyze: --fail-on-incomplete: the capture can not prove health: %s\n",
               rules.c_str());
  return true;
}

// A misspelt address must not pass for health.
bool selects_nothing(const Options& options, const Result& report) {
  if (report.selection.empty() || !report.associations.empty()) return false;
  std::fprintf(stderr, "mmsanalyze: nothing in the capture is selected (%s)\n",
               text::printable(report.selection).c_str());
  return options.fail_on.has_value();
}

output::TextOptions text_options(const Options& options) {
  output::TextOptions text;
  // A file is read elsewhere: neither COLUMNS nor the terminal count for it.
  const std::size_t here = options.width != 0 ? options.width : terminal_width();
  const bool fixed = !options.width_given && !options.output.empty();
  text.width = fixed || here == 0 ? kDefaultWidth : here;
  text.color = options.color;
  text.time = options.time;
  text.verbose = options.verbose;
  text.quiet = options.quiet;
  return text;
}

int run_report(const Options& options) {
  output::Output output(options.output);
  // What was learnt goes with the process: taking it apart would be a tenth of the whole time.
  static iec61850::ServerModels& models = *new iec61850::ServerModels;
  static analysis::Analyzer& analyzer = *new analysis::Analyzer(options.settings, models);
  iec61850::Meaning meaning(models, {&analyzer});
  const TraceFacts facts = run_pipeline(options.pipeline, meaning, progress_for_terminal());
  end_progress();
  static const Result& report = *new Result(analyzer.finish(facts, options.selection));
  output::find_report_format(options.format)
      ->write(report, text_options(options), output.buffer(),
              [&output] { output.flush_if_full(); });
  output.finish();
  const bool incomplete = is_incomplete(options, report);
  const bool nothing = selects_nothing(options, report);
  return fails(options, report) || incomplete || nothing ? kFindings : kOk;
}

// What a filter could not judge.
void tell_filter_limits(const filter::Filter& filter, const filter::FrameLog& frames) {
  if (filter.given_up() > 0) {
    std::fprintf(stderr,
                 "mmsanalyze: --filter: a regular expression was given up %llu times, being too "
                 "much work; it counts as not matching there\n",
                 static_cast<unsigned long long>(filter.given_up()));
  }
  if (frames.forgotten() > 0) {
    std::fprintf(stderr,
                 "mmsanalyze: --filter: frame.time_delta and frame.len of %llu messages were not "
                 "known any more\n",
                 static_cast<unsigned long long>(frames.forgotten()));
  }
}

int run_messages(const Options& options) {
  output::Output output(options.output);
  output::MessageOptions message_options;
  message_options.time = options.time;
  // Lines for a pipe stay whole, whatever COLUMNS says of the terminal behind it.
  const bool wraps = options.width_given || (options.output.empty() && terminal_width() != 0);
  message_options.width = !wraps ? 0 : options.width != 0 ? options.width : terminal_width();
  message_options.verbose = options.verbose;
  message_options.color = options.color;
  message_options.one_stream = options.selection.streams.size() == 1;
  message_options.names = options.settings.names;
  const auto printer = output::find_message_format(options.format)->make(output, message_options);
  static iec61850::ServerModels& models = *new iec61850::ServerModels;
  filter::FrameLog frames;
  std::optional<filter::FilteredSink> filtered;
  if (options.filter != nullptr) filtered.emplace(*printer, *options.filter, &frames);
  iec61850::ExchangeSink* sink =
      filtered ? static_cast<iec61850::ExchangeSink*>(&*filtered) : printer.get();
  filter::Selection selection = options.selection;
  filter::SelectedSink selected(*sink, selection);
  if (!selection.empty()) sink = &selected;
  iec61850::Meaning meaning(models, {sink});
  PipelineOptions pipeline = options.pipeline;
  const bool needs_frames = filtered && options.filter->needs_frames();
  if (needs_frames || selection.from || selection.to) {
    pipeline.on_packet = [&, begun = false](const Packet& packet) mutable {
      // Before the first message is told, be it by another thread.
      if (!begun) selection.begin(packet.frame.time);
      begun = true;
      if (needs_frames) frames.on_packet(packet);
    };
  }
  const TraceFacts facts = run_pipeline(pipeline, meaning, progress_for_terminal());
  end_progress();
  printer->finish();
  output.finish();
  for (const CaptureFileResult& file : facts.capture.files) {
    if (file.cut_short || !file.damage.empty()) {
      std::fprintf(stderr, "mmsanalyze: %s: %s\n", text::printable(file.path).c_str(),
                   file.damage.empty() ? "the file ends inside a packet" : file.damage.c_str());
    }
    if (!file.filter_error.empty()) {
      std::fprintf(stderr, "mmsanalyze: %s: frames left out that the filter can not judge: %s\n",
                   text::printable(file.path).c_str(), file.filter_error.c_str());
    }
  }
  if (filtered) tell_filter_limits(*options.filter, frames);
  return kOk;
}

int run_fields(const Options& options) {
  output::Output output(options.output);
  if (filter::write_fields(output.buffer(), options.pattern) == 0) {
    std::fprintf(stderr, "mmsanalyze: no field has %s in its name\n",
                 text::printable(options.pattern).c_str());
    return kFailed;
  }
  output.finish();
  return kOk;
}

bool fails(const Options& options, const std::vector<scl::Reading>& readings) {
  if (!options.fail_on) return false;
  for (const scl::Reading& reading : readings) {
    for (const scl::Problem& problem : reading.problems.list()) {
      if (scl::row(problem.kind).severity >= *options.fail_on) return true;
    }
  }
  return false;
}

int run_scl(const Options& options) {
  output::Output output(options.output);
  // Freed with the process, like what captures teach.
  static std::vector<scl::Reading>& readings = *new std::vector<scl::Reading>;
  for (const std::string& file : options.scl_files) readings.emplace_back(file);
  output::find_scl_format(options.format)
      ->write(readings, text_options(options), output.buffer(),
              [&output] { output.flush_if_full(); });
  output.finish();
  return fails(options, readings) ? kFindings : kOk;
}

int columns() {
  const std::size_t width = terminal_width();
  return static_cast<int>(width == 0 ? kDefaultWidth : width);
}

int run_rules(const Options& options) {
  output::Output output(options.output);
  output::write_rules(output.buffer(), columns());
  output.finish();
  return kOk;
}

int run_explain(const Options& options) {
  output::Output output(options.output);
  output::write_rule(options.rule, output.buffer(), columns());
  output.finish();
  return kOk;
}

constexpr Formats kReportFormats{
    .what = "Report",
    .none = "no such report format",
    .names = output::report_format_names,
    .has = [](std::string_view name) { return output::find_report_format(name) != nullptr; }};

constexpr Formats kMessageFormats{
    .what = "Messages",
    .none = "no such format of messages",
    .names = output::message_format_names,
    .has = [](std::string_view name) { return output::find_message_format(name) != nullptr; }};

constexpr Formats kSclFormats{
    .what = "SCL",
    .none = "no such format of SCL files",
    .names = output::scl_format_names,
    .has = [](std::string_view name) { return output::find_scl_format(name) != nullptr; }};

constexpr Command kCommands[] = {
    {.name = "",
     .arguments = "CAPTURE...",
     .help = "The report: associations, findings, statistics",
     .options = kCaptureOptions | kFormatOption | kRuleOptions | kSelectOptions,
     .formats = &kReportFormats,
     .run = run_report},
    {.name = "messages",
     .arguments = "CAPTURE...",
     .help = "One record for every MMS message",
     .options = kCaptureOptions | kFormatOption | kFilterOption | kSelectOptions,
     .formats = &kMessageFormats,
     .run = run_messages},
    {.name = "scl",
     .arguments = "FILE...",
     .help = "What SCL files say about MMS, and what contradicts itself",
     .options = kSclOptions | kFormatOption,
     .formats = &kSclFormats,
     .run = run_scl},
    {.name = "rules",
     .arguments = "",
     .help = "The rules that findings come from",
     .options = 0,
     .formats = nullptr,
     .run = run_rules},
    {.name = "explain",
     .arguments = "RULE",
     .help = "One rule in full",
     .options = kRuleArgument,
     .formats = nullptr,
     .run = run_explain},
    {.name = "fields",
     .arguments = "[PATTERN]",
     .help = "The fields that filters name",
     .options = kPatternArgument,
     .formats = nullptr,
     .run = run_fields},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace mmsa
