// The commands of the program: one row each. The command line, its help and its checks are made
// from the table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mmsa {

struct Options;

// Options that commands share, as bits of Command::options.
enum OptionGroup : std::uint16_t {
  kCaptureOptions = 1,    // CAPTURE..., how they are read, and how the result is written
  kFormatOption = 2,      // --format: Command::formats
  kRuleOptions = 4,       // thresholds, --disable, --severity, --fail-on, --config
  kRuleArgument = 8,      // RULE
  kSclOptions = 16,       // FILE..., how the result is written, --fail-on
  kFilterOption = 32,     // --filter
  kPatternArgument = 64,  // [PATTERN]
  kFieldsOption = 128,    // --fields
  kDiffOptions = 256,     // A B, --map, how they are read, and how the result is written
  kSignalOptions = 512,   // --object, --changes-only
  kSelectOptions = 1024,  // --server, --client, --stream, --object, --from, --to, --name
  kFileOptions = 2048,    // --extract
};

// What --format may be.
struct Formats {
  std::string_view what;  // in the help
  std::string_view none;  // begins the error message
  std::string (*names)();
  bool (*has)(std::string_view name);
};

struct Command {
  std::string_view name;       // empty: what the program does without a command
  std::string_view arguments;  // in the help
  std::string_view help;       // one line
  std::uint16_t options;       // of OptionGroup
  const Formats* formats;      // null without kFormatOption
  int (*run)(const Options&);  // the exit status; throws what main catches
};

// The first one is without a name.
std::span<const Command> commands();

// Exit status.
constexpr int kOk = 0;
constexpr int kFindings = 1;
constexpr int kFailed = 2;

}  // namespace mmsa
