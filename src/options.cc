#include "options.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "analysis/rules.h"
#include "report/formats.h"
#include "report/message_printer.h"
#include "report/output.h"
#include "report/version.h"
#include "text/text.h"

namespace mmsa {
namespace {

constexpr char kDescription[] =
    "Reads captures of IEC 61850 MMS traffic and says what is wrong in them.\n\n"
    "mmsanalyze CAPTURE...            the report: associations, findings, statistics\n"
    "mmsanalyze messages CAPTURE...   one record for every MMS message\n"
    "mmsanalyze rules                 the rules that findings come from\n"
    "mmsanalyze explain RULE          one rule in full";

constexpr char kFooter[] =
    "Exit status: 0 analysed, nothing at or above --fail-on; 1 findings at or above it;\n"
    "2 usage or file error.";

// What the flags say, as they are typed; turned into Options after parsing.
struct RawOptions {
  std::vector<std::string> contexts;
  std::string fail_on = "error";
  std::string time = "utc";
  std::string color = "auto";
  std::vector<std::string> disabled;
  std::vector<std::string> severities;
  double slow = 2;
  double stale = 60;
  double idle = 60;
  double no_response = 10;
  double command_timeout = 10;
};

[[noreturn]] void usage_error(const std::string& text) { throw CLI::ValidationError(text); }

std::optional<Severity> severity_of(const std::string& name) {
  for (const Severity severity : {Severity::note, Severity::warning, Severity::error}) {
    if (severity_name(severity) == name) return severity;
  }
  return std::nullopt;
}

bool is_oid(const std::string& text) {
  bool digit = false;
  bool dot = false;
  for (const char c : text) {
    if (c == '.' && digit) {
      digit = false;
      dot = true;
    } else if (c >= '0' && c <= '9') {
      digit = true;
    } else {
      return false;
    }
  }
  return digit && dot;
}

// ID[=OID], like Wireshark's PRES users context list.
osi::StackOptions::UserContext user_context(const std::string& text) {
  osi::StackOptions::UserContext context;
  const std::size_t equals = text.find('=');
  const char* const end = text.data() + std::min(equals, text.size());
  const auto result = std::from_chars(text.data(), end, context.id);
  if (result.ec != std::errc() || result.ptr != end || context.id < 0) {
    usage_error("--pres-context: not a context id: " + text);
  }
  if (equals != std::string::npos) {
    context.abstract_syntax = text.substr(equals + 1);
    if (!is_oid(context.abstract_syntax)) {
      usage_error("--pres-context: not an object identifier: " + text);
    }
  }
  return context;
}

TimeNs seconds(const char* option, double value) {
  // CLI::Range lets it pass.
  if (std::isnan(value)) usage_error(std::string(option) + ": not a number of seconds");
  return static_cast<TimeNs>(std::llround(value * 1e9));
}

void check_rule(const std::string& option, const std::string& rule) {
  if (analysis::find_rule(rule) == nullptr) {
    usage_error(option + ": no such rule: " + rule + " (see mmsanalyze rules)");
  }
}

bool wants_color(const std::string& when) {
  if (when == "always") return true;
  if (when == "never") return false;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

report::TimeMode time_mode(const std::string& name) {
  if (name == "local") return report::TimeMode::local;
  if (name == "relative") return report::TimeMode::relative;
  if (name == "delta") return report::TimeMode::delta;
  return report::TimeMode::utc;
}

void apply(const RawOptions& raw, Options& options) {
  for (const std::string& context : raw.contexts) {
    options.pipeline.stack.contexts.push_back(user_context(context));
  }
  if (raw.fail_on == "never") {
    options.fail_on.reset();
  } else {
    options.fail_on = severity_of(raw.fail_on);
  }
  options.time = time_mode(raw.time);
  options.color = options.output.empty() && wants_color(raw.color);
  if (raw.color == "always") options.color = true;
  for (const std::string& rule : raw.disabled) {
    check_rule("--disable", rule);
    options.settings.disabled.insert(rule);
  }
  for (const std::string& text : raw.severities) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) usage_error("--severity: not RULE=LEVEL: " + text);
    const std::string rule = text.substr(0, equals);
    check_rule("--severity", rule);
    const auto severity = severity_of(text.substr(equals + 1));
    if (!severity) usage_error("--severity: not error, warning or note: " + text);
    options.settings.severities[rule] = *severity;
  }
  options.settings.slow = seconds("--slow", raw.slow);
  options.settings.stale = seconds("--stale", raw.stale);
  options.settings.idle = seconds("--idle", raw.idle);
  options.settings.no_response = seconds("--no-response", raw.no_response);
  options.settings.command_timeout = seconds("--command-timeout", raw.command_timeout);
}

void check_format(const Options& options) {
  if (options.command == Command::report && report::find_report_format(options.format) == nullptr) {
    usage_error("--format: no such report format: " + options.format + " (there are " +
                report::report_format_names() + ")");
  }
  if (options.command == Command::messages &&
      report::find_message_format(options.format) == nullptr) {
    usage_error("--format: no such format of messages: " + options.format + " (there are " +
                report::message_format_names() + ")");
  }
}

// Whatever names they have: one may be a link to the other.
void check_output(const Options& options) {
  struct stat output {};
  if (options.output.empty() || options.output == "-") return;
  if (::stat(options.output.c_str(), &output) != 0 || !S_ISREG(output.st_mode)) return;
  for (const std::string& capture : options.pipeline.captures) {
    struct stat input {};
    const int told =
        capture == "-" ? ::fstat(STDIN_FILENO, &input) : ::stat(capture.c_str(), &input);
    if (told == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino) {
      usage_error("--output: " + options.output + " is a capture that is to be read (" + capture +
                  "); it would be overwritten");
    }
  }
}

void add_reading_options(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("-f,--capture-filter", options.pipeline.reader.filter,
                 "Read only packets that match this libpcap filter")
      ->type_name("BPF");
  app.add_option("--port", options.pipeline.stack.ports,
                 "Treat this TCP port as ISO-on-TCP too (repeatable); other streams are recognised "
                 "by their structure")
      ->type_name("N")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--pres-context", raw.contexts,
                 "Presentation context to decode where the association's start is missing "
                 "(repeatable)")
      ->type_name("ID[=OID]")
      ->allow_extra_args(false)
      ->take_all();
}

void add_output_options(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("-o,--output", options.output, "Write to this file")->type_name("FILE");
  app.add_option("--time", raw.time, "Times in text: utc, local, relative, delta")
      ->check(CLI::IsMember({"utc", "local", "relative", "delta"}))
      ->type_name("MODE");
  app.add_option("--color", raw.color, "Colours: auto, always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", options.quiet, "The summary line, errors and warnings only");
  app.add_flag("-v,--verbose", options.verbose, "Shorten nothing; print what was negotiated");
}

void add_rule_options(CLI::App& app, RawOptions& raw) {
  const auto threshold = [&](const char* name, double& value, const char* help) {
    app.add_option(name, value, help)
        ->check(CLI::Range(0.0, 1e9).description(""))
        ->type_name("S")
        ->capture_default_str();
  };
  threshold("--slow", raw.slow, "A response is slow beyond this many seconds");
  threshold("--stale", raw.stale, "A report is stale if its entry is older than this");
  threshold("--idle", raw.idle, "A connection is idle beyond this");
  threshold("--no-response", raw.no_response, "A request is unanswered beyond this");
  threshold("--command-timeout", raw.command_timeout, "A command is not terminated beyond this");
  app.add_option("--disable", raw.disabled, "Switch a rule off (repeatable)")
      ->type_name("RULE")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--severity", raw.severities, "Change a rule's severity (repeatable)")
      ->type_name("RULE=LEVEL")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--fail-on", raw.fail_on,
                 "Least severity that makes the exit status 1: error, warning, note, never")
      ->check(CLI::IsMember({"error", "warning", "note", "never"}))
      ->type_name("LEVEL");
  app.set_config("--config", "", "Read options from this file (TOML or INI)");
  // A misspelt line must not be passed over.
  app.allow_config_extras(CLI::config_extras_mode::error);
}

}  // namespace

std::optional<int> parse_options(int argc, char** argv, Options& options) {
  RawOptions raw;
  CLI::App app(kDescription, "mmsanalyze");
  app.footer(kFooter);
  app.set_version_flag("--version",
                       std::string("mmsanalyze ") + std::string(report::tool_version()));
  app.get_formatter()->column_width(36);

  CLI::App* messages = app.add_subcommand("messages", "One record for every MMS message");
  CLI::App* rules = app.add_subcommand("rules", "The rules that findings come from");
  CLI::App* explain = app.add_subcommand("explain", "One rule in full");
  app.require_subcommand(0, 1);

  for (CLI::App* command : {&app, messages}) {
    command->add_option("CAPTURE", options.pipeline.captures,
                        "pcap or pcapng files, also .gz or .zst; - is standard input; several are "
                        "one trace");
    add_reading_options(*command, options, raw);
    add_output_options(*command, options, raw);
  }
  app.add_option("--format", options.format, "Report: " + report::report_format_names())
      ->type_name("FORMAT");
  messages->add_option("--format", options.format, "Messages: " + report::message_format_names())
      ->type_name("FORMAT");
  add_rule_options(app, raw);
  explain->add_option("RULE", options.rule, "Id of a rule")->required();

  try {
    app.parse(argc, argv);
    if (messages->parsed()) options.command = Command::messages;
    if (rules->parsed()) options.command = Command::rules;
    if (explain->parsed()) options.command = Command::explain;
    const bool reads = options.command == Command::report || options.command == Command::messages;
    if (reads && options.pipeline.captures.empty()) {
      usage_error("no capture given (try mmsanalyze --help)");
    }
    check_format(options);
    if (options.command == Command::explain) check_rule("explain", options.rule);
    apply(raw, options);
    if (reads) check_output(options);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      std::ostringstream text;
      const int status = app.exit(error, text, text);
      // Like all results: a full disk is told.
      report::Output output("-");
      output.buffer() = text.str();
      output.finish();
      return status;
    }
    std::fprintf(stderr, "mmsanalyze: %s\n", text::printable(error.what()).c_str());
    return 2;
  }
  return std::nullopt;
}

std::size_t terminal_width() {
  struct winsize size {};
  if (::isatty(STDOUT_FILENO) != 1) return 0;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace mmsa
