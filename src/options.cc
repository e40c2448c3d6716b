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
#include "output/formats.h"
#include "output/message_printer.h"
#include "output/output.h"
#include "output/version.h"
#include "text/text.h"

namespace mmsa {
namespace {

// Where the help of a command begins.
constexpr std::size_t kHelpColumn = 33;

constexpr char kFooter[] =
    "Exit status: 0 analysed, nothing at or above --fail-on; 1 findings at or above it;\n"
    "2 usage or file error.";

// What the flags say, as they are typed; turned into Options after parsing.
struct RawOptions {
  std::string filter;
  bool filtered = false;
  std::vector<std::string> contexts;
  std::vector<std::string> address_map;
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

output::TimeMode time_mode(const std::string& name) {
  if (name == "local") return output::TimeMode::local;
  if (name == "relative") return output::TimeMode::relative;
  if (name == "delta") return output::TimeMode::delta;
  return output::TimeMode::utc;
}

void apply(const RawOptions& raw, Options& options) {
  for (const std::string& context : raw.contexts) {
    options.pipeline.stack.contexts.push_back(user_context(context));
  }
  for (const std::string& text : raw.address_map) {
    const auto map = diff::read_address_map(text);
    if (!map) usage_error("--map: not ADDRESS=ADDRESS: " + text);
    options.address_map.push_back(*map);
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
  const Formats* formats = options.command->formats;
  if (formats != nullptr && !formats->has(options.format)) {
    usage_error("--format: " + std::string(formats->none) + ": " + options.format + " (there are " +
                formats->names() + ")");
  }
}

// Whatever names they have: one may be a link to the other.
void check_output(const Options& options, const std::string& path, const char* option) {
  struct stat output {};
  if (path.empty() || path == "-") return;
  if (::stat(path.c_str(), &output) != 0 || !S_ISREG(output.st_mode)) return;
  const auto check_input = [&](const std::string& read, const char* what) {
    struct stat input {};
    const int told = read == "-" ? ::fstat(STDIN_FILENO, &input) : ::stat(read.c_str(), &input);
    if (told == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino) {
      usage_error(std::string(option) + ": " + path + " is " + what + " that is to be read (" +
                  read + "); it would be overwritten");
    }
  };
  for (const std::string& capture : options.pipeline.captures) check_input(capture, "a capture");
  for (const std::string& file : options.scl_files) check_input(file, "an SCL file");
  for (const std::string& file : {options.diff_a, options.diff_b}) {
    if (!file.empty()) check_input(file, "a capture");
  }
  if (!options.baseline.empty()) check_input(options.baseline, "a baseline");
}

void check_outputs(const Options& options) {
  check_output(options, options.output, "--output");
  check_output(options, options.annotate, "--annotate");
  // A baseline may be compared with and written again in one run: it was read before.
  Options captures_only;
  captures_only.pipeline.captures = options.pipeline.captures;
  check_output(captures_only, options.write_baseline, "--write-baseline");
}

void add_capture_argument(CLI::App& app, Options& options) {
  app.add_option("CAPTURE", options.pipeline.captures,
                 "pcap or pcapng files, also .gz or .zst; - is standard input; several are one "
                 "trace");
}

void add_diff_arguments(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("A", options.diff_a,
                 "What worked: a capture, a folder of captures that are one trace, or a report in JSON")
      ->required();
  app.add_option("B", options.diff_b, "What is compared with it")->required();
  app.add_option("--map", raw.address_map,
                 "An address of A and what it is in B, where neither addresses nor logical devices "
                 "tell (repeatable)")
      ->type_name("ADDRESS=ADDRESS")
      ->allow_extra_args(false)
      ->take_all();
}

// How captures are read.
void add_capture_options(CLI::App& app, Options& options, RawOptions& raw) {
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

void add_scl_options(CLI::App& app, Options& options) {
  app.add_option("FILE", options.scl_files, "SCD, CID, ICD or IID files; - is standard input");
}

void add_time_option(CLI::App& app, RawOptions& raw) {
  app.add_option("--time", raw.time, "Times in text: utc, local, relative, delta")
      ->check(CLI::IsMember({"utc", "local", "relative", "delta"}))
      ->type_name("MODE");
}

void add_output_options(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("-o,--output", options.output, "Write to this file")->type_name("FILE");
  app.add_option("--color", raw.color, "Colours: auto, always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", options.quiet, "The summary line, errors and warnings only");
  app.add_flag("-v,--verbose", options.verbose, "Shorten nothing; print what was negotiated");
}

void add_fail_on_option(CLI::App& app, RawOptions& raw) {
  app.add_option("--fail-on", raw.fail_on,
                 "Least severity that makes the exit status 1: error, warning, note, never")
      ->check(CLI::IsMember({"error", "warning", "note", "never"}))
      ->type_name("LEVEL");
}

void add_evidence_options(CLI::App& app, Options& options) {
  app.add_option("--evidence", options.evidence,
                 "Write a small pcapng for each finding into this folder, and a manifest")
      ->type_name("DIR");
  app.add_option("--annotate", options.annotate,
                 "Write the capture as pcapng with the findings as packet comments")
      ->type_name("FILE");
}

void add_baseline_options(CLI::App& app, Options& options) {
  app.add_option("--baseline", options.baseline,
                 "Findings accepted before: a report in JSON, or what --write-baseline wrote; only "
                 "new ones count for --fail-on")
      ->type_name("FILE");
  app.add_flag("--strict-baseline", options.strict_baseline,
               "What the baseline has and the capture has not makes the exit status 1, too");
  app.add_option("--write-baseline", options.write_baseline,
                 "Write the accepted findings to this file; where it exists, only what is gone is "
                 "taken out")
      ->type_name("FILE");
  app.add_flag("--accept-new", options.accept_new,
               "Findings that the written baseline did not accept are added to it");
}

void add_rule_options(CLI::App& app, Options& options, RawOptions& raw) {
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
  add_fail_on_option(app, raw);
  add_baseline_options(app, options);
  add_evidence_options(app, options);
  app.set_config("--config", "", "Read options from this file (TOML or INI)");
  // A misspelt line must not be passed over.
  app.allow_config_extras(CLI::config_extras_mode::error);
}

// What there is, one line for each command.
std::string description() {
  std::string text = "Reads captures of IEC 61850 MMS traffic and says what is wrong in them.\n";
  for (const Command& command : commands()) {
    std::string line = "mmsanalyze";
    for (const std::string_view word : {command.name, command.arguments}) {
      if (!word.empty()) line.append(" ").append(word);
    }
    line.resize(std::max(line.size() + 1, kHelpColumn), ' ');
    text.append("\n").append(line).append(command.help);
  }
  return text;
}

void add_filter_option(CLI::App& app, RawOptions& raw) {
  app.add_option_function<std::string>(
         "-Y,--filter",
         [&raw](const std::string& text) {
           raw.filter = text;
           raw.filtered = true;
         },
         "Only messages that this display filter selects; syntax and fields are Wireshark's "
         "(see mmsanalyze fields)")
      ->type_name("EXPR");
}

void add_options(CLI::App& app, const Command& command, Options& options, RawOptions& raw) {
  if ((command.options & kDiffOptions) != 0) {
    add_diff_arguments(app, options, raw);
    add_capture_options(app, options, raw);
    add_output_options(app, options, raw);
  }
  if ((command.options & kCaptureOptions) != 0) {
    add_capture_argument(app, options);
    add_capture_options(app, options, raw);
    add_output_options(app, options, raw);
    add_time_option(app, raw);
  }
  if ((command.options & kSclOptions) != 0) {
    add_scl_options(app, options);
    add_output_options(app, options, raw);
    add_fail_on_option(app, raw);
  }
  if ((command.options & kFormatOption) != 0) {
    app.add_option("--format", options.format,
                   std::string(command.formats->what) + ": " + command.formats->names())
        ->type_name("FORMAT");
  }
  if ((command.options & kRuleOptions) != 0) add_rule_options(app, options, raw);
  if ((command.options & kRuleArgument) != 0) {
    app.add_option("RULE", options.rule, "Id of a rule")->required();
  }
  if ((command.options & kFilterOption) != 0) add_filter_option(app, raw);
  if ((command.options & kPatternArgument) != 0) {
    app.add_option("PATTERN", options.pattern, "A part of their names");
  }
}

const Command& find_command(const std::vector<CLI::App*>& parsed) {
  const std::string name = parsed.empty() ? "" : parsed.front()->get_name();
  for (const Command& command : commands()) {
    if (command.name == name) return command;
  }
  return commands().front();
}

// Of what was parsed; throws what is wrong with it.
void check(const RawOptions& raw, Options& options) {
  const std::uint8_t groups = options.command->options;
  if ((groups & kCaptureOptions) != 0 && options.pipeline.captures.empty()) {
    usage_error("no capture given (try mmsanalyze --help)");
  }
  if ((groups & kSclOptions) != 0 && options.scl_files.empty()) {
    usage_error("no SCL file given (try mmsanalyze scl --help)");
  }
  check_format(options);
  if ((groups & kRuleArgument) != 0) {
    check_rule(std::string(options.command->name), options.rule);
  }
  apply(raw, options);
  check_outputs(options);
  if (options.accept_new && options.write_baseline.empty()) {
    usage_error("--accept-new: needs --write-baseline FILE");
  }
  const auto& captures = options.pipeline.captures;
  const bool standard_input = std::find(captures.begin(), captures.end(), "-") != captures.end();
  if (standard_input && !(options.evidence.empty() && options.annotate.empty())) {
    usage_error("--evidence and --annotate read the capture twice: not from standard input");
  }
  if (options.strict_baseline && options.baseline.empty()) {
    usage_error("--strict-baseline: needs --baseline FILE");
  }
  if (raw.filtered) options.filter = std::make_shared<filter::Filter>(raw.filter);
}

}  // namespace

std::optional<int> parse_options(int argc, char** argv, Options& options) {
  RawOptions raw;
  CLI::App app(description(), "mmsanalyze");
  app.footer(kFooter);
  app.set_version_flag("--version",
                       std::string("mmsanalyze ") + std::string(output::tool_version()));
  app.get_formatter()->column_width(36);
  app.require_subcommand(0, 1);
  for (const Command& command : commands()) {
    CLI::App* const own = command.name.empty() ? &app
                                               : app.add_subcommand(std::string(command.name),
                                                                    std::string(command.help));
    add_options(*own, command, options, raw);
  }

  try {
    app.parse(argc, argv);
    options.command = &find_command(app.get_subcommands());
    check(raw, options);
  } catch (const filter::FilterError& error) {
    std::fprintf(stderr, "mmsanalyze: --filter, column %zu: %s\n%s\n", error.column + 1,
                 error.what(), error.marked(raw.filter).c_str());
    return kFailed;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      std::ostringstream text;
      const int status = app.exit(error, text, text);
      // Like all results: a full disk is told.
      output::Output output("-");
      output.buffer() = text.str();
      output.finish();
      return status;
    }
    std::fprintf(stderr, "mmsanalyze: %s\n", text::printable(error.what()).c_str());
    return kFailed;
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
