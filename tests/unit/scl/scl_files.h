// The files of testdata/scl, whole or changed.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "scl/overview.h"
#include "scl/reader.h"

namespace mmsa::scl::test {

inline std::string text_at(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string file_text(const std::string& name) {
  return text_at(std::string(MMSA_SCL) + "/" + name);
}

inline Reading reading_of(const std::string& text) {
  return {"test.scd", std::vector<char>(text.begin(), text.end())};
}

inline std::size_t line_of(const std::string& text, std::size_t at) {
  return 1 + static_cast<std::size_t>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// "rule:line", in order.
inline std::vector<std::string> problems_of(const Reading& reading) {
  std::vector<std::string> list;
  for (const Problem& problem : reading.problems.list()) {
    list.push_back(std::string(row(problem.kind).id) + ":" + std::to_string(problem.line));
  }
  return list;
}

}  // namespace mmsa::scl::test
