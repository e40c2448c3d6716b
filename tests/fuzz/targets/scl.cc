// An SCL file: read, checked, and written in every format.
#include <algorithm>
#include <string_view>
#include <vector>

#include "fuzz/properties.h"
#include "fuzz/targets.h"
#include "output/scl_output.h"
#include "scl/reader.h"

namespace mmsa::fuzz {
namespace {

constexpr std::size_t kMostKept = scl::Problems::kMaxOfKind;

void check_problems(const scl::Reading& reading, std::size_t lines) {
  for (const scl::Problem& problem : reading.problems.list()) {
    require(problem.line <= lines && problem.other_line <= lines, "a line is one of the file");
    require(problem.count >= 1, "a problem is somewhere");
  }
  require(reading.problems.list().size() <= kMostKept * scl::problem_rows().size(),
          "problems are bounded");
}

}  // namespace

void fuzz_scl(Bytes input) {
  const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n')) + 1;
  std::vector<scl::Reading> readings;
  try {
    readings.emplace_back("input.scd", std::vector<char>(input.begin(), input.end()));
  } catch (const scl::SclError& error) {
    require(std::string_view(error.what()).find('\n') == std::string_view::npos,
            "an error is one line");
    return;
  }
  check_problems(readings.front(), lines);
  output::TextOptions options;
  options.verbose = true;
  std::string text;
  output::write_scl_text(readings, options, text, [] {});
  require_printable(text);
  std::string json;
  output::write_scl_json(readings, options, json, [] {});
  require_json(json);
}

}  // namespace mmsa::fuzz
