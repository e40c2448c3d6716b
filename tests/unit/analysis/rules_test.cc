#include "analysis/rules.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

namespace mmsa::analysis {
namespace {

TEST_CASE("every rule is found by its own id, which is unique and in kebab case") {
  std::set<std::string_view> ids;
  for (const Rule& row : rules()) {
    CAPTURE(row.id);
    CHECK(ids.insert(row.id).second);
    CHECK(find_rule(row.id) == &row);
    CHECK(row.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string_view::npos);
  }
  CHECK(ids.size() > 40);
}

TEST_CASE("no rule is found by half an id") {
  CHECK(find_rule("") == nullptr);
  CHECK(find_rule("capture") == nullptr);
  CHECK(find_rule("capture-losses") == nullptr);
}

}  // namespace
}  // namespace mmsa::analysis
