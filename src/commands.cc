#include "commands.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/analyzer.h"
#include "baseline/baseline.h"
#include "diff/report_steps.h"
#include "diff/step_recorder.h"
#include "evidence/annotate.h"
#include "evidence/evidence.h"
#include "files/transfers.h"
#include "filter/fields_text.h"
#include "filter/filtered_sink.h"
#include "options.h"
#include "output/ci_formats.h"
#include "output/diff_output.h"
#include "output/files_output.h"
#include "output/formats.h"
#include "output/message_printer.h"
#include "output/output.h"
#include "output/report_json.h"
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
  if (options.strict_baseline && report.baseline->gone_findings > 0) return true;
  if (!options.fail_on) return false;
  for (const Finding& finding : report.findings) {
    const bool counts = finding.baseline != BaselineState::known;
    if (counts && finding.severity >= *options.fail_on) return true;
  }
  return false;
}

// Whether there is a file to be written again.
bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

void write_baseline(const Options& options, const Result& report) {
  std::optional<baseline::Baseline> before;
  if (exists(options.write_baseline)) before = baseline::read(options.write_baseline);
  const baseline::Accepted accepted = baseline::accept(report, before, options.accept_new);
  output::Output file(options.write_baseline);
  file.buffer() = baseline::text_of(accepted.entries);
  file.finish();
  if (accepted.left_out > 0) {
    std::fprintf(stderr,
                 "mmsanalyze: %s: %llu new findings are not accepted (--accept-new adds them)\n",
                 text::printable(options.write_baseline).c_str(),
                 static_cast<unsigned long long>(accepted.left_out));
  }
  if (before && !proves_health(report)) {
    std::fprintf(stderr, "mmsanalyze: %s: the capture is not complete, so nothing was taken out\n",
                 text::printable(options.write_baseline).c_str());
  }
}

// The file for the summary of a step of GitHub Actions; empty elsewhere.
std::string step_summary() {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  return path == nullptr ? "" : path;
}

// GitHub's steps add to one file.
void add_step_summary(const Result& report, const output::TextOptions& text) {
  std::string summary;
  output::write_markdown_summary(report, text, summary);
  std::ofstream file(step_summary(), std::ios::app | std::ios::binary);
  file << summary << '\n';
  if (!file.flush()) throw output::OutputError(step_summary() + ": the summary can not be written");
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
  text.fail_on = options.fail_on;
  text.disabled = options.settings.disabled;
  text.summary_elsewhere = !step_summary().empty();
  return text;
}

int run_report(const Options& options) {
  // Before the work: what is wrong with the file is to be known at once.
  std::optional<baseline::Baseline> accepted;
  if (!options.baseline.empty()) accepted = baseline::read(options.baseline);
  output::Output output(options.output);
  // What was learnt goes with the process: taking it apart would be a tenth of the whole time.
  static iec61850::ServerModels& models = *new iec61850::ServerModels;
  static analysis::Analyzer& analyzer = *new analysis::Analyzer(options.settings, models);
  iec61850::Meaning meaning(models, {&analyzer});
  const TraceFacts facts = run_pipeline(options.pipeline, meaning, progress_for_terminal());
  end_progress();
  static Result& report = *new Result(analyzer.finish(facts, options.selection));
  if (accepted) baseline::compare(report, *accepted, baseline::today());
  output::find_report_format(options.format)
      ->write(report, text_options(options), output.buffer(),
              [&output] { output.flush_if_full(); });
  output.finish();
  if (options.format == "github" && !step_summary().empty()) {
    add_step_summary(report, text_options(options));
  }
  if (!options.evidence.empty()) {
    evidence::write_evidence(options.pipeline.captures, report, options.evidence);
  }
  if (!options.annotate.empty()) {
    evidence::annotate(options.pipeline.captures, report, options.annotate);
  }
  if (!options.write_baseline.empty()) write_baseline(options, report);
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
  iec61850::ExchangeSink* first =
      filtered ? static_cast<iec61850::ExchangeSink*>(&*filtered) : &sink;
  filter::Selection selection = options.selection;
  filter::SelectedSink selected(*first, selection);
  if (!selection.empty()) first = &selected;
  others.push_back(first);
  iec61850::Meaning meaning(models, std::move(others));
  PipelineOptions pipeline = options.pipeline;
  const bool needs_frames = filtered && options.filter->needs_frames();
  if (needs_frames || selection.from || selection.to) {
    pipeline.on_packet = [&, begun = false](const Packet& packet) mutable {
      // Before the first message is passed on, be it by another thread.
      if (!begun) selection.begin(packet.frame.time);
      begun = true;
      if (needs_frames) frames.on_packet(packet);
    };
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
  message_options.keys = options.keys;
  // Lines for a pipe stay whole, whatever COLUMNS says of the terminal behind it.
  const bool wraps = options.width_given || (options.output.empty() && terminal_width() != 0);
  message_options.width = !wraps ? 0 : options.width != 0 ? options.width : terminal_width();
  message_options.verbose = options.verbose;
  message_options.color = options.color;
  message_options.one_stream = options.selection.streams.size() == 1;
  message_options.names = options.settings.names;
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

// Of a file itself; of a folder, all that is in it: the files of a ring buffer.
std::vector<std::string> captures_of(const std::string& path) {
  namespace fs = std::filesystem;
  if (std::error_code error; !fs::is_directory(path, error)) return {path};
  std::vector<std::string> captures;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name.front() != '.') captures.push_back(entry.path().string());
  }
  if (captures.empty()) throw std::runtime_error(path + ": the folder has no files");
  std::sort(captures.begin(), captures.end());
  return captures;
}

bool is_report(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::ifstream file(path, std::ios::binary);
  char first = 0;
  file >> first;
  return first == '{';
}

// A report in JSON says less than its capture: both are compared by what reports say.
diff::CaptureSteps steps_of_report(const std::string& path, const std::string& text,
                                   diff::Vocabulary& vocabulary) {
  const auto report = nlohmann::json::parse(text, nullptr, false);
  constexpr std::string_view kSchema = "mmsanalyze-report/";
  if (!report.is_object() || !report.contains("schema") || !report["schema"].is_string() ||
      !report["schema"].get<std::string>().starts_with(kSchema)) {
    throw std::runtime_error(path + ": no report that mmsanalyze --format json wrote");
  }
  return diff::steps_of_report(report, vocabulary);
}

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!file) throw std::runtime_error(path + ": can not be read");
  return text;
}

diff::CaptureSteps steps_of_capture(const Options& options, const std::string& path, bool as_report,
                                    diff::Vocabulary& vocabulary, output::DiffInput& input) {
  // Freed with the process, like what captures teach.
  iec61850::ServerModels& models = *new iec61850::ServerModels;
  diff::StepRecorder recorder(vocabulary, models);
  analysis::Analyzer& analyzer = *new analysis::Analyzer(options.settings, models);
  iec61850::ExchangeSink* const sink =
      as_report ? static_cast<iec61850::ExchangeSink*>(&analyzer) : &recorder;
  iec61850::Meaning meaning(models, {sink});
  PipelineOptions pipeline = options.pipeline;
  pipeline.captures = captures_of(path);
  const TraceFacts facts = run_pipeline(pipeline, meaning, progress_for_terminal());
  end_progress();
  input.capture = facts.capture;
  if (!as_report) return recorder.finish();
  std::string text;
  output::write_report_json(analyzer.finish(facts), text);
  return steps_of_report(path, text, vocabulary);
}

diff::CaptureSteps steps_of(const Options& options, const std::string& path, bool as_report,
                            diff::Vocabulary& vocabulary, output::DiffInput& input) {
  input.path = path;
  input.is_report = is_report(path);
  diff::CaptureSteps steps = input.is_report
                                 ? steps_of_report(path, text_of_file(path), vocabulary)
                                 : steps_of_capture(options, path, as_report, vocabulary, input);
  input.associations = steps.associations.size();
  input.messages = steps.messages;
  input.left_out = steps.left_out;
  return steps;
}

int run_diff(const Options& options) {
  output::Output output(options.output);
  diff::Vocabulary vocabulary;
  output::DiffResult result;
  const bool as_report = is_report(options.diff_a) || is_report(options.diff_b);
  const diff::CaptureSteps a = steps_of(options, options.diff_a, as_report, vocabulary, result.a);
  const diff::CaptureSteps b = steps_of(options, options.diff_b, as_report, vocabulary, result.b);
  if (a.associations.empty() && b.associations.empty()) {
    throw std::runtime_error("neither " + options.diff_a + " nor " + options.diff_b +
                             " has ISO-on-TCP traffic: there is nothing to compare");
  }
  result.comparison = diff::compare(a, b, vocabulary, options.address_map);
  output::find_diff_format(options.format)->write(result, text_options(options), output.buffer());
  output.finish();
  return result.comparison.alike() ? kOk : kFindings;
}

int columns() {
  const std::size_t width = terminal_width();
  return static_cast<int>(width == 0 ? kDefaultWidth : width);
}

int run_rules(const Options& options) {
  output::Output output(options.output);
  if (options.format == "json") {
    output::write_rules_json(output.buffer());
  } else {
    output::write_rules(output.buffer(), columns());
  }
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

constexpr Formats kRulesFormats{
    .what = "Rules",
    .none = "no such format of rules",
    .names = [] { return std::string("text, json"); },
    .has = [](std::string_view name) { return name == "text" || name == "json"; }};

constexpr Formats kDiffFormats{
    .what = "Comparison",
    .none = "no such format of comparisons",
    .names = output::diff_format_names,
    .has = [](std::string_view name) { return output::find_diff_format(name) != nullptr; }};

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
     .options = kCaptureOptions | kFormatOption | kFilterOption | kFieldsOption | kSelectOptions,
     .formats = &kMessageFormats,
     .run = run_messages},
    {.name = "diff",
     .arguments = "A B",
     .help = "In what two captures differ in meaning, and where first",
     .options = kDiffOptions | kFormatOption,
     .formats = &kDiffFormats,
     .run = run_diff},
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
     .options = kFormatOption,
     .formats = &kRulesFormats,
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
