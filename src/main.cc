// The program: parses the command line, runs the pipeline into what was asked for, and is the only
// place that catches.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "analysis/analyzer.h"
#include "options.h"
#include "pipeline.h"
#include "report/formats.h"
#include "report/message_printer.h"
#include "report/output.h"
#include "report/rules_text.h"
#include "text/text.h"

namespace mmsa {
namespace {

constexpr int kOk = 0;
constexpr int kFindings = 1;
constexpr int kFailed = 2;
constexpr std::size_t kDefaultWidth = 100;

// One line on a terminal's standard error, once the work has taken longer than a second.
void show_progress(std::uint64_t done, std::uint64_t total) {
  using Clock = std::chrono::steady_clock;
  static const Clock::time_point started = Clock::now();
  static Clock::time_point shown = started;
  const Clock::time_point now = Clock::now();
  if (now - started < std::chrono::seconds(1) || now - shown < std::chrono::milliseconds(200)) {
    return;
  }
  shown = now;
  if (total > 0) {
    std::fprintf(stderr, "\r%3d %%", static_cast<int>(done * 100 / total));
  } else {
    std::fprintf(stderr, "\r%llu MB", static_cast<unsigned long long>(done >> 20));
  }
}

Progress progress_for_terminal() { return ::isatty(STDERR_FILENO) == 1 ? show_progress : nullptr; }

void end_progress() {
  if (::isatty(STDERR_FILENO) == 1) std::fputs("\r\033[K", stderr);
}

bool fails(const Options& options, const Report& report) {
  if (!options.fail_on) return false;
  for (const Finding& finding : report.findings) {
    if (finding.severity >= *options.fail_on) return true;
  }
  return false;
}

int run_report(const Options& options) {
  report::Output output(options.output);
  // What was learnt goes with the process: taking it apart would be a tenth of the whole time.
  static iec61850::ServerModels& models = *new iec61850::ServerModels;
  static analysis::Analyzer& analyzer = *new analysis::Analyzer(options.settings, models);
  iec61850::Meaning meaning(models, {&analyzer});
  const TraceFacts facts = run_pipeline(options.pipeline, meaning, progress_for_terminal());
  end_progress();
  static const Report& report = *new Report(analyzer.finish(facts));
  report::TextOptions text;
  const std::size_t width = terminal_width();
  text.width = width == 0 || !options.output.empty() ? kDefaultWidth : width;
  text.color = options.color;
  text.time = options.time;
  text.verbose = options.verbose;
  text.quiet = options.quiet;
  report::find_report_format(options.format)->write(report, text, output.buffer(), [&output] {
    output.flush_if_full();
  });
  output.finish();
  return fails(options, report) ? kFindings : kOk;
}

int run_messages(const Options& options) {
  report::Output output(options.output);
  report::MessageOptions message_options;
  message_options.time = options.time;
  message_options.width = options.output.empty() ? terminal_width() : 0;
  const auto printer = report::find_message_format(options.format)->make(output, message_options);
  static iec61850::ServerModels& models = *new iec61850::ServerModels;
  iec61850::Meaning meaning(models, {printer.get()});
  const TraceFacts facts = run_pipeline(options.pipeline, meaning, progress_for_terminal());
  end_progress();
  printer->finish();
  output.finish();
  for (const CaptureFileReport& file : facts.capture.files) {
    if (file.cut_short || !file.damage.empty()) {
      std::fprintf(stderr, "mmsanalyze: %s: %s\n", text::printable(file.path).c_str(),
                   file.damage.empty() ? "the file ends inside a packet" : file.damage.c_str());
    }
    if (!file.filter_error.empty()) {
      std::fprintf(stderr, "mmsanalyze: %s: frames left out that the filter can not judge: %s\n",
                   text::printable(file.path).c_str(), file.filter_error.c_str());
    }
  }
  return kOk;
}

int run_text(const Options& options) {
  report::Output output(options.output);
  const std::size_t width = terminal_width();
  const int columns = static_cast<int>(width == 0 ? kDefaultWidth : width);
  if (options.command == Command::rules) {
    report::write_rules(output.buffer(), columns);
  } else {
    report::write_rule(options.rule, output.buffer(), columns);
  }
  output.finish();
  return kOk;
}

int run(const Options& options) {
  switch (options.command) {
    case Command::report:
      return run_report(options);
    case Command::messages:
      return run_messages(options);
    case Command::rules:
    case Command::explain:
      return run_text(options);
  }
  return kFailed;
}

int fail(const char* what) {
  end_progress();
  // Names of files and the like may hold what steers a terminal.
  std::fprintf(stderr, "mmsanalyze: %s\n", text::printable(what).c_str());
  return kFailed;
}

}  // namespace
}  // namespace mmsa

int main(int argc, char** argv) {
  // write() tells it instead: a reader that has gone, a file of the size that ulimit allows.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    mmsa::Options options;
    if (const auto status = mmsa::parse_options(argc, argv, options)) return *status;
    return mmsa::run(options);
  } catch (const mmsa::report::OutputClosed&) {
    return mmsa::kOk;  // `| head` has seen enough
  } catch (const std::bad_alloc&) {
    return mmsa::fail("out of memory");
  } catch (const std::exception& error) {
    return mmsa::fail(error.what());
  }
}
