#include "options.h"

#include <arpa/inet.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "analysis/rules.h"
#include "iec61850/near_name.h"
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
  std::string fields;
  bool filtered = false;
  std::vector<std::string> contexts;
  std::vector<std::string> address_map;
  std::string fail_on = "error";
  std::string time = "utc";
  std::string color = "auto";
  std::vector<std::string> disabled;
  std::vector<std::string> severities;
  std::vector<std::string> names;
  std::vector<std::string> servers;
  std::vector<std::string> clients;
  std::string from;
  std::string to;
  double slow = 2;
  double stale = 60;
  double idle = 60;
  double no_response = 10;
  double command_timeout = 10;
};

[[noreturn]] void usage_error(const std::string& text) { throw CLI::ValidationError(text); }

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

// The address as all outputs write it, with its port where it has one; empty where it is none.
std::string address_of(const std::string& text) {
  const bool bracketed = text.starts_with('[') && text.find(']') != std::string::npos;
  const std::string host(host_of(text));
  std::string port =
      bracketed ? text.substr(text.find(']') + 1) : text.substr(std::min(host.size(), text.size()));
  if (!port.empty()) {
    std::uint16_t number = 0;
    const char* const end = port.data() + port.size();
    const auto result = std::from_chars(port.data() + 1, end, number);
    if (port[0] != ':' || result.ec != std::errc() || result.ptr != end) return {};
    port = ":" + std::to_string(number);
  }
  char octets[sizeof(in6_addr)];
  char canonical[INET6_ADDRSTRLEN];
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, host.c_str(), octets) != 1) continue;
    if (::inet_ntop(family, octets, canonical, sizeof canonical) == nullptr) continue;
    const bool is_v6 = family == AF_INET6;
    if (is_v6 && !port.empty()) return "[" + std::string(canonical) + "]" + port;
    return canonical + port;
  }
  return {};
}

void apply_names(const RawOptions& raw, Options& options) {
  for (const std::string& text : raw.names) {
    const std::size_t equals = text.find('=');
    const std::string address =
        equals == std::string::npos ? std::string() : address_of(text.substr(0, equals));
    if (address.empty() || equals + 1 == text.size()) {
      usage_error("--name: not ADDRESS=NAME: " + text);
    }
    options.settings.names[address] = text.substr(equals + 1);
  }
}

// Addresses, or names that were given to addresses.
std::vector<std::string> addresses(const char* option, const std::vector<std::string>& texts,
                                   const Options& options) {
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    const std::string address = address_of(text);
    const std::size_t before = out.size();
    if (!address.empty()) out.push_back(address);
    for (const auto& [named, name] : options.settings.names) {
      if (name == text) out.push_back(named);
    }
    if (out.size() == before) {
      usage_error(std::string(option) + ": not an address, and no name given by --name: " + text);
    }
  }
  return out;
}

std::optional<filter::Moment> moment(const char* option, const std::string& text, bool local) {
  if (text.empty()) return std::nullopt;
  const auto moment = filter::Moment::parse(text, local);
  if (!moment) {
    usage_error(std::string(option) + ": no time: " + text +
                " (there are 2024-02-21T20:46:31.8Z, 20:46:31, and +12.5 seconds after the first "
                "packet)");
  }
  return moment;
}

void apply_selection(const RawOptions& raw, Options& options) {
  filter::Selection& selection = options.selection;
  selection.servers = addresses("--server", raw.servers, options);
  selection.clients = addresses("--client", raw.clients, options);
  const bool local = options.time == output::TimeMode::local;
  selection.from = moment("--from", raw.from, local);
  selection.to = moment("--to", raw.to, local);
  const auto tell = [&](std::string_view what, const std::string& value) {
    if (!selection.text.empty()) selection.text += ", ";
    selection.text.append(what).append(" ").append(value);
  };
  for (const std::string& text : raw.servers) tell("server", text);
  for (const std::string& text : raw.clients) tell("client", text);
  for (const std::uint32_t stream : selection.streams) tell("stream", std::to_string(stream));
  for (const std::string& text : selection.objects) tell("object", text);
  if (!raw.from.empty()) tell("from", raw.from);
  if (!raw.to.empty()) tell("to", raw.to);
}

// --width, else what the shell says of its terminal.
void apply_width(Options& options) {
  options.width_given = options.width != 0;
  const char* columns = std::getenv("COLUMNS");
  if (options.width_given || columns == nullptr) return;
  std::size_t width = 0;
  const char* const end = columns + std::strlen(columns);
  const auto result = std::from_chars(columns, end, width);
  if (result.ec == std::errc() && result.ptr == end) options.width = width;
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
    options.fail_on = analysis::severity_of(raw.fail_on);
  }
  options.time = time_mode(raw.time);
  options.color = options.output.empty() && wants_color(raw.color);
  if (raw.color == "always") options.color = true;
  for (const std::string& rule : raw.disabled) {
    check_rule("--disable", rule);
    options.settings.disabled.insert(rule);
  }
  for (const std::string& text : raw.severities) {
    const std::string problem = options.settings.severities.add(text);
    if (!problem.empty()) usage_error("--severity: " + problem);
  }
  apply_names(raw, options);
  apply_selection(raw, options);
  apply_width(options);
  options.settings.slow = seconds("--slow", raw.slow);
  options.settings.stale = seconds("--stale", raw.stale);
  options.settings.idle = seconds("--idle", raw.idle);
  options.settings.no_response = seconds("--no-response", raw.no_response);
  options.settings.command_timeout = seconds("--command-timeout", raw.command_timeout);
}

std::string nearest_key(std::string_view name) {
  std::string near;
  std::size_t work = 0;
  std::size_t best = std::max<std::size_t>(name.size() / 2, 1) + 1;
  for (const std::string_view key : output::message_keys()) {
    const std::size_t distance = iec61850::edit_distance(name, key, best, work);
    if (distance >= best) continue;
    best = distance;
    near = key;
  }
  return near;
}

// "frame,items,ok"
output::MessageKeys message_keys(std::string_view list) {
  output::MessageKeys keys;
  const auto names = output::message_keys();
  for (;;) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string name(list.substr(0, comma));
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      const std::string near = nearest_key(name);
      usage_error(
          "--fields: messages have no key " + text::printable(name) +
          (near.empty() ? "; docs/messages.schema.json lists them" : "; the nearest is " + near));
    }
    keys.insert(static_cast<output::MessageKey>(found - names.begin()));
    if (comma == list.size()) return keys;
    list.remove_prefix(comma + 1);
  }
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
  app.add_option("--width", options.width,
                 "Columns of text; else COLUMNS, else those of the terminal, else 100")
      ->check(CLI::Range(40, 10'000).description(""))
      ->type_name("N");
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

void add_select_options(CLI::App& app, Options& options, RawOptions& raw) {
  const auto repeatable = [&](const char* name, auto& values, const char* help, const char* type) {
    app.add_option(name, values, help)->type_name(type)->allow_extra_args(false)->take_all();
  };
  repeatable("--server", raw.servers, "Only this server: address, or address:port (repeatable)",
             "ADDRESS");
  repeatable("--client", raw.clients, "Only this client (repeatable)", "ADDRESS");
  repeatable("--stream", options.selection.streams, "Only this TCP stream (repeatable)", "N");
  repeatable("--object", options.selection.objects,
             "Only what is about objects of this pattern, and what is below them: "
             "'IED1LD0/CSWI1$CO$Pos', '*brcb01*' (repeatable)",
             "GLOB");
  app.add_option("--from", raw.from,
                 "Only from this time on: RFC 3339, a time of day, or +seconds after the first "
                 "packet")
      ->type_name("T");
  app.add_option("--to", raw.to, "Only up to this time")->type_name("T");
  repeatable("--name", raw.names, "What to call the server or client at an address (repeatable)",
             "ADDRESS=NAME");
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
  app.add_option(
         "--severity", raw.severities,
         "Change the severity of a rule, or of its findings with this evidence (repeatable)")
      ->type_name("RULE[key=value]=LEVEL")
      ->allow_extra_args(false)
      ->take_all();
  add_fail_on_option(app, raw);
  add_baseline_options(app, options);
  add_evidence_options(app, options);
  app.add_flag("--fail-on-incomplete", options.fail_on_incomplete,
               "Exit status 1 also when the capture can not prove health: loss, one direction, "
               "cut, encrypted");
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

void add_signal_options(CLI::App& app, Options& options) {
  app.add_option("--object", options.object,
                 "Only these references: * and ? stand for any characters; LD/LN$FC$DO or LD/LN.DO")
      ->type_name("GLOB");
  app.add_flag("--changes-only", options.changes_only,
               "Only values that differ from the one before, or whose quality does");
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
  if ((command.options & kSelectOptions) != 0) add_select_options(app, options, raw);
  if ((command.options & kRuleArgument) != 0) {
    app.add_option("RULE", options.rule, "Id of a rule")->required();
  }
  if ((command.options & kFilterOption) != 0) add_filter_option(app, raw);
  if ((command.options & kFieldsOption) != 0) {
    app.add_option("--fields", raw.fields, "Only these keys of the records: frame,items,ok")
        ->type_name("KEYS");
  }
  if ((command.options & kSignalOptions) != 0) add_signal_options(app, options);
  if ((command.options & kFileOptions) != 0) {
    app.add_option("--extract", options.extract,
                   "Write the files into this directory; what is not whole as NAME.partial")
        ->type_name("DIR");
  }
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
  const std::uint16_t groups = options.command->options;
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
  if (!raw.fields.empty()) {
    if (options.format == "text") usage_error("--fields: text has no keys (--format ndjson has)");
    options.keys = message_keys(raw.fields);
  }
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
