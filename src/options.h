// The command line as one validated value.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/settings.h"
#include "commands.h"
#include "filter/filter.h"
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
  bool quiet = false;
  bool verbose = false;
  std::string rule;                        // of explain
  std::vector<std::string> scl_files;      // of scl
  std::string pattern;                     // of fields
  std::shared_ptr<filter::Filter> filter;  // null: every message
  std::string object;                      // glob of references; empty: all
  bool changes_only = false;               // of signals
  std::string extract;                     // directory, of files; empty: nothing is written
};

// Parses the arguments. Returns the exit status where the program is done already: --help, or a
// usage error, which has been told on standard error. Otherwise `options` is valid.
std::optional<int> parse_options(int argc, char** argv, Options& options);

// Columns of the terminal that standard output is, or 0 where it is none.
std::size_t terminal_width();

}  // namespace mmsa
