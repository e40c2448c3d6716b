// The report for people: what is wrong, whose fault it is, in which frames, what to do next.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "mmsanalyze/result.h"
#include "output/time_text.h"

namespace mmsa::output {

struct TextOptions {
  std::size_t width = 100;  // columns; at least 72 are used
  bool color = false;       // ANSI colours
  TimeMode time = TimeMode::utc;
  bool verbose = false;  // nothing is left out or shortened
  bool quiet = false;    // the summary line, errors and warnings only
  // Of the formats for CI servers.
  std::optional<Severity> fail_on = Severity::error;  // what a failed test is
  std::set<std::string, std::less<>> disabled;        // rules
  bool summary_elsewhere = false;                     // the summary goes to a file of its own
};

// Appends the report. Printable characters and newlines only, and colours where asked for.
void write_report_text(const Result& report, const TextOptions& options, std::string& out);

}  // namespace mmsa::output
