// The names of servers, and the table of their texts.
#include "iec61850/name_set.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <set>
#include <string>

#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {
namespace {

std::string name(int i) { return "LLN0$ST$Name" + std::to_string(i) + "$stVal"; }

TEST_CASE("a text has one number, whatever is put in between") {
  NameTable table;
  CHECK(table.find("LLN0") == NameTable::kNone);
  std::set<std::uint32_t> numbers;
  for (int i = 0; i < 5000; ++i) numbers.insert(table.put(name(i)));
  CHECK(numbers.size() == 5000);
  CHECK(numbers.count(NameTable::kNone) == 0);
  for (const int step : {1, 7, 4999}) {  // the order of before, and others
    for (int n = 0, i = 0; n < 5000; ++n, i = (i + step) % 5000) {
      const std::uint32_t number = table.put(name(i));
      REQUIRE(table.text(number) == name(i));
      REQUIRE(table.find(name(i)) == number);
    }
  }
  CHECK(table.put("another") == 5000);
  CHECK(table.find(name(5000)) == NameTable::kNone);
  CHECK(table.find("") == NameTable::kNone);
  CHECK(table.text(table.put("")) == "");
}

// 256 octets in 16 blocks that can each be exchanged without a change of the hash: a difference in
// the first half's top bit is taken back in the second half.
std::string colliding(unsigned choice) {
  std::string text;
  for (unsigned block = 0; block < 16; ++block) {
    std::uint64_t halves[2] = {0, 0};
    if ((choice >> block & 1) != 0) {
      halves[0] = std::uint64_t{1} << 63;
      halves[1] = std::uint64_t{1} << 63 | std::uint64_t{1} << 34;
    }
    text.append(reinterpret_cast<const char*>(halves), sizeof halves);
  }
  return text;
}

TEST_CASE("texts that are made to have the same hash are given up, not searched for long") {
  NameTable table;
  std::size_t kept = 0;
  for (unsigned i = 0; i < 65'536; ++i) {
    const std::uint32_t number = table.put(colliding(i));
    if (number == NameTable::kNone) continue;
    ++kept;
    REQUIRE(table.text(number) == colliding(i));
  }
  // Others still find their place.
  CHECK(table.text(table.put("LLN0$ST$Beh$stVal")) == "LLN0$ST$Beh$stVal");
  // Nearly none, or the texts do not collide and this tests nothing.
  CHECK(kept <= 256);
  CHECK(kept > 0);
}

TEST_CASE("a set knows the pairs that were put into it and no others of the table") {
  NameTable table;
  NameSet one(table);
  NameSet two(table);
  CHECK_FALSE(one.contains("IED1LD0", name(0)));
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(one.insert(i % 3 == 0 ? "IED1LD0" : "IED1CTRL", name(i)));
    REQUIRE(two.insert("IED2LD0", name(2 * i)));
  }
  CHECK(one.size() == 1000);
  CHECK(one.insert("IED1LD0", name(0)));
  CHECK(one.size() == 1000);
  for (int i = 0; i < 2000; ++i) {
    REQUIRE(one.contains("IED1LD0", name(i)) == (i < 1000 && i % 3 == 0));
    REQUIRE(one.contains("IED1CTRL", name(i)) == (i < 1000 && i % 3 != 0));
    REQUIRE_FALSE(one.contains("IED2LD0", name(i)));
    REQUIRE(two.contains("IED2LD0", name(i)) == (i % 2 == 0));
  }
  std::set<std::string> all;
  one.for_each([&](std::string_view domain, std::string_view item) {
    all.insert(std::string(domain) + "/" + std::string(item));
    return true;
  });
  CHECK(all.size() == 1000);
  CHECK(all.count("IED1LD0/" + name(999)) == 1);
  int seen = 0;
  one.for_each([&](std::string_view, std::string_view) { return ++seen < 10; });
  CHECK(seen == 10);
}

TEST_CASE("a full table says so, and knows what it has") {
  NameTable table;
  NameSet set(table);
  REQUIRE(set.insert("IED1LD0", "first"));
  // Long texts fill it sooner.
  const std::string tail(1u << 20, 'x');
  std::size_t texts = 0;
  while (set.insert("IED1LD0", std::to_string(texts) + tail)) ++texts;
  CHECK(texts == limits::kMaxNameText / (1u << 20) - 1);
  CHECK(set.contains("IED1LD0", "first"));
  CHECK(set.insert("IED1LD0", "first"));
  CHECK(set.size() == texts + 1);
}

}  // namespace
}  // namespace mmsa::iec61850
