#include "output/rules_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/rules.h"
#include "output/text_page.h"

namespace mmsa::output {
namespace {

// Narrower terminals get lines of this length all the same.
constexpr int kNarrow = 72;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The text with every run of spaces and newlines as one space, as if it had not been wrapped.
std::string unwrapped(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string word; in >> word;) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

std::size_t longest(const std::vector<std::string>& lines) {
  std::size_t length = 0;
  for (const std::string& line : lines) length = std::max(length, line.size());
  return length;
}

TEST_CASE("every rule has an id of its own and is found by it") {
  std::set<std::string_view> ids;
  for (const analysis::Rule& rule : analysis::rules()) {
    CHECK(ids.insert(rule.id).second);
    CHECK(analysis::find_rule(rule.id) == &rule);
  }
  CHECK(analysis::find_rule("report-ga") == nullptr);
  CHECK(analysis::find_rule("") == nullptr);
}

TEST_CASE("rules: one line for each, in the order of the table, on a terminal of 80 columns") {
  std::string out;
  write_rules(out, 80);
  const std::vector<std::string> lines = lines_of(out);
  REQUIRE(lines.size() == analysis::rules().size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const analysis::Rule& rule = analysis::rules()[i];
    INFO(lines[i]);
    std::string wanted(rule.id);
    wanted += ' ';
    wanted += severity_name(rule.severity);
    wanted += ' ';
    wanted += rule.title;
    CHECK(unwrapped(lines[i]) == wanted);
    CHECK(lines[i].find(rule.title) == lines[0].find(analysis::rules()[0].title));
  }
  CHECK(longest(lines) <= 80);
}

TEST_CASE("rules: on a narrow terminal a title continues on a line that begins with a space") {
  std::string wide;
  std::string narrow;
  write_rules(wide, 80);
  write_rules(narrow, kNarrow);
  const std::vector<std::string> lines = lines_of(narrow);
  CHECK(longest(lines) <= std::size_t{kNarrow});
  CHECK(lines.size() > analysis::rules().size());
  CHECK(static_cast<std::size_t>(std::count_if(
            lines.begin(), lines.end(), [](const std::string& line) { return line[0] != ' '; })) ==
        analysis::rules().size());
  CHECK(unwrapped(narrow) == unwrapped(wide));
}

TEST_CASE("explain: every text of the rule, wrapped to the width") {
  for (const int width : {kNarrow, 80, 120}) {
    for (const analysis::Rule& rule : analysis::rules()) {
      INFO(rule.id << " in " << width << " columns");
      std::string out;
      REQUIRE(write_rule(rule.id, out, width));
      CHECK(longest(lines_of(out)) <= static_cast<std::size_t>(width));
      const std::string text = unwrapped(out);
      for (const std::string_view part :
           {rule.id, severity_name(rule.severity), rule.title, rule.raised_when, rule.not_when,
            rule.cause, rule.next_step, rule.reference}) {
        CHECK(text.find(part) != std::string::npos);
      }
    }
  }
}

TEST_CASE("explain: nothing is written for a rule that does not exist") {
  std::string out = "before";
  CHECK_FALSE(write_rule("report-ga", out, 80));
  CHECK(out == "before");
}

TEST_CASE("explain: a width that makes no sense still gives a readable text") {
  for (const int width : {-1, 0, 1}) {
    std::string out;
    REQUIRE(write_rule("report-gap", out, width));
    CHECK(longest(lines_of(out)) <= std::size_t{kNarrow});
  }
}

}  // namespace
}  // namespace mmsa::output
