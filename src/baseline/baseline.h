// Findings that were accepted before: read from a JSON report or a baseline file, compared with the
// findings of a new capture, and written again.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/result.h"

namespace mmsa::baseline {

// The operator's mistake: a file that can not be read or is neither a report nor a baseline.
// what() is one line that names the file, the place in it and the reason.
class BaselineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a file accepts. Several findings of a report may have one fingerprint: they are one entry
// with their number.
struct Baseline {
  std::string path;
  std::vector<BaselineEntry> entries;  // in the order of the file
};

// Reads a file: "mmsanalyze-report/2" (all of its findings are accepted) or
// "mmsanalyze-baseline/1". Throws BaselineError.
Baseline read(const std::string& path);

// Sets Finding::baseline of every finding, and Result::baseline. Findings match by fingerprint, as
// a multiset: of three findings where two were accepted, the last is new. `today` is "2026-11-25"
// (UTC): entries that expired before it accept nothing.
void compare(Result& result, const Baseline& baseline, std::string_view today);

struct Accepted {
  std::vector<BaselineEntry> entries;  // by rule, server and object
  std::uint64_t left_out = 0;          // findings that are not in them
};

// The baseline that the findings make. With `before`, reasons and dates of expiry stay, and
// findings that it did not accept are left out unless `accept_new`. What is gone stays where the
// capture can not prove that it is fixed.
Accepted accept(const Result& result, const std::optional<Baseline>& before, bool accept_new);

// The file, as text.
std::string text_of(const std::vector<BaselineEntry>& entries);

// "2026-11-25", UTC; of SOURCE_DATE_EPOCH where that is set, so that outputs can be repeated.
std::string today();

}  // namespace mmsa::baseline
