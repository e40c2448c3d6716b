// The command line as one validated value.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/settings.h"
#include "commands.h"
#include "diff/pairing.h"
#include "filter/filter.h"
#include "filter/selection.h"
#include "output/message_json.h"
#include "output/time_text.h"
#include "pipeline.h"

namespace mmsa {

struct Options {
  const Command* command = nullptr;
  PipelineOptions pipeline;
  analysis::Settings settings;
  std::string format = "text";
  std::string output;                                 // -o; empty: standard output
  std::optional<Severity> fail_on = Severity::error;  // none: --fail-on never
  output::TimeMode time = output::TimeMode::utc;
  bool color = false;
  bool fail_on_incomplete = false;
  std::size_t width = 0;  // --width, else COLUMNS; 0: that of the terminal, or the default
  bool width_given = false;
  bool quiet = false;
  bool verbose = false;
  std::string baseline;                    // --baseline; empty: none
  std::string write_baseline;              // --write-baseline; empty: not
  std::string evidence;                    // --evidence, a folder; empty: none
  std::string annotate;                    // --annotate; empty: not
  bool accept_new = false;
  bool strict_baseline = false;
  std::string rule;                        // of explain
  std::vector<std::string> scl_files;      // of scl
  std::string pattern;                     // of fields
  output::MessageKeys keys = output::MessageKeys::all();
  std::string diff_a;                      // of diff: files or folders
  std::string diff_b;
  std::vector<diff::AddressMap> address_map;
  std::shared_ptr<filter::Filter> filter;  // null: every message
  std::string object;                      // glob of references; empty: all
  bool changes_only = false;               // of signals
  filter::Selection selection;             // empty: everything
  std::string extract;                     // directory, of files; empty: nothing is written
};

// Parses the arguments. Returns the exit status where the program is done already: --help, or a
// usage error, which has been told on standard error. Otherwise `options` is valid.
std::optional<int> parse_options(int argc, char** argv, Options& options);

// Columns of the terminal that standard output is, or 0 where it is none.
std::size_t terminal_width();

}  // namespace mmsa
