#include "output/formats.h"

#include <catch2/catch.hpp>
#include <set>

#include "unit/output/sample_results.h"

namespace mmsa::output {
namespace {

TEST_CASE("formats are found by their exact name") {
  REQUIRE(find_report_format("json") != nullptr);
  CHECK(find_report_format("json")->name == "json");
  CHECK(find_report_format("JSON") == nullptr);
  CHECK(find_report_format("") == nullptr);
  CHECK(find_report_format("xml") == nullptr);
  CHECK(report_format_names() == "text, json, junit, sarif, github, gitlab");
}

TEST_CASE("every row has its own name, a help text and a writer that writes") {
  std::set<std::string_view> names;
  for (const ReportFormat& row : report_formats()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    CHECK_FALSE(row.help.empty());
    CHECK(row.help.find('\n') == std::string_view::npos);
    std::string out;
    row.write(samples::faulty(), {}, out, [] {});
    CHECK_FALSE(out.empty());
  }
}

TEST_CASE("json does not depend on the options for text") {
  TextOptions options;
  options.color = options.verbose = true;
  options.time = TimeMode::relative;
  std::string one;
  std::string other;
  find_report_format("json")->write(samples::faulty(), {}, one, [] {});
  find_report_format("json")->write(samples::faulty(), options, other, [] {});
  CHECK(one == other);
}

}  // namespace
}  // namespace mmsa::output
