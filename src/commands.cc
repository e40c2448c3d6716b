#include "commands.h"

#include <cstdio>

#include "analysis/analyzer.h"
#include "files/transfers.h"
#include "filter/fields_text.h"
#include "filter/filtered_sink.h"
#include "options.h"
#include "output/files_output.h"
#include "output/formats.h"
#include "output/message_printer.h"
#include "output/output.h"
#include "output/rules_text.h"
#include "output/scl_output.h"
#include "output/signals_output.h"
#include "pipeline.h"
#include "progress.h"
#include "signals/reader.h"
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

output::TextOptions text_options(const Options& options) {
  output::TextOptions text;
  const std::size_t width = terminal_width();
  text.width = width == 0 || !options.output.empty() ? kDefaultWidth : width;
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
  static const Result& report = *new Result(analyzer.finish(facts));
  output::find_report_format(options.format)
      ->write(report, text_options(options), output.buffer(),
              [&output] { output.flush_if_full(); });
  output.finish();
  return fails(options, report) ? kFindings : kOk;
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

// What the capture lost that the result itself does not say.
void tell_damage(const TraceFacts& facts) {
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
}

// Reads the captures; `sink` is given what --filter selects, `others` everything.
void read_filtered(const Options& options, iec61850::ExchangeSink& sink,
                   std::vector<iec61850::ExchangeSink*> others) {
  static iec61850::ServerModels& models = *new iec61850::ServerModels;
  filter::FrameLog frames;
  std::optional<filter::FilteredSink> filtered;
  if (options.filter != nullptr) filtered.emplace(sink, *options.filter, &frames);
  others.push_back(filtered ? static_cast<iec61850::ExchangeSink*>(&*filtered) : &sink);
  iec61850::Meaning meaning(models, std::move(others));
  PipelineOptions pipeline = options.pipeline;
  if (filtered && options.filter->needs_frames()) {
    pipeline.on_packet = [&frames](const Packet& packet) { frames.on_packet(packet); };
  }
  const TraceFacts facts = run_pipeline(pipeline, meaning, progress_for_terminal());
  end_progress();
  tell_damage(facts);
  if (filtered) tell_filter_limits(*options.filter, frames);
}

int run_messages(const Options& options) {
  output::Output output(options.output);
  output::MessageOptions message_options;
  message_options.time = options.time;
  message_options.width = options.output.empty() ? terminal_width() : 0;
  const auto printer = output::find_message_format(options.format)->make(output, message_options);
  read_filtered(options, *printer, {});
  printer->finish();
  output.finish();
  return kOk;
}

int run_signals(const Options& options) {
  output::Output output(options.output);
  const auto printer =
      output::find_signal_format(options.format)
          ->make(output, {.text = text_options(options),
                          .terminal = options.output.empty() && terminal_width() > 0,
                          .object = options.object,
                          .changes_only = options.changes_only});
  signals::Reader reader(*printer);
  signals::Clocks clocks;
  // The clock of a server is known by all of its reports, whichever are selected.
  read_filtered(options, reader, {&clocks});
  printer->finish(clocks, reader.unnamed());
  output.finish();
  return kOk;
}

int run_files(const Options& options) {
  output::Output output(options.output);
  std::optional<files::Extractor> extractor;
  if (!options.extract.empty()) extractor.emplace(options.extract);
  files::Transfers transfers(extractor ? &*extractor : nullptr);
  read_filtered(options, transfers, {});
  output::find_file_format(options.format)
      ->write(transfers, text_options(options), output.buffer(),
              [&output] { output.flush_if_full(); });
  output.finish();
  if (extractor && extractor->left_out() > 0) {
    std::fprintf(stderr, "mmsanalyze: --extract: %llu files were not written: there are too many\n",
                 static_cast<unsigned long long>(extractor->left_out()));
  }
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

constexpr Formats kSignalFormats{
    .what = "Signals",
    .none = "no such format of signals",
    .names = output::signal_format_names,
    .has = [](std::string_view name) { return output::find_signal_format(name) != nullptr; }};

constexpr Formats kFileFormats{
    .what = "Files",
    .none = "no such format of files",
    .names = output::file_format_names,
    .has = [](std::string_view name) { return output::find_file_format(name) != nullptr; }};

constexpr Formats kSclFormats{
    .what = "SCL",
    .none = "no such format of SCL files",
    .names = output::scl_format_names,
    .has = [](std::string_view name) { return output::find_scl_format(name) != nullptr; }};

constexpr Command kCommands[] = {
    {.name = "",
     .arguments = "CAPTURE...",
     .help = "The report: associations, findings, statistics",
     .options = kCaptureOptions | kFormatOption | kRuleOptions,
     .formats = &kReportFormats,
     .run = run_report},
    {.name = "messages",
     .arguments = "CAPTURE...",
     .help = "One record for every MMS message",
     .options = kCaptureOptions | kFormatOption | kFilterOption,
     .formats = &kMessageFormats,
     .run = run_messages},
    {.name = "signals",
     .arguments = "CAPTURE...",
     .help = "Every value of every attribute, in time",
     .options = kCaptureOptions | kFormatOption | kFilterOption | kSignalOptions,
     .formats = &kSignalFormats,
     .run = run_signals},
    {.name = "files",
     .arguments = "CAPTURE...",
     .help = "File transfers and directories; --extract writes them",
     .options = kCaptureOptions | kFormatOption | kFilterOption | kFileOptions,
     .formats = &kFileFormats,
     .run = run_files},
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
