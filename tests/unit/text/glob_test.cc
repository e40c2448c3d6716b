#include "text/glob.h"

#include <catch2/catch.hpp>
#include <string>

namespace mmsa::text {
namespace {

TEST_CASE("a pattern is that of the whole text") {
  CHECK(matches_glob("abc", "abc"));
  CHECK_FALSE(matches_glob("abc", "abcd"));
  CHECK_FALSE(matches_glob("abc", "ab"));
  CHECK(matches_glob("*", ""));
  CHECK(matches_glob("*XCBR?$ST$Pos*", "LD/Q0XCBR1$ST$Pos$stVal"));
  CHECK_FALSE(matches_glob("*XCBR?$ST$Pos", "LD/Q0XCBR1$ST$Pos$stVal"));
  CHECK(matches_glob("a*b*c", "a-b-b-c"));
  CHECK_FALSE(matches_glob("a?c", "ac"));
}

TEST_CASE("stars do not multiply the work") {
  const std::string text(20'000, 'a');
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "a*";
  CHECK_FALSE(matches_glob(pattern + "b", text));
}

}  // namespace
}  // namespace mmsa::text
