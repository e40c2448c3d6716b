// How filters are written: what binds to what, and what is told about those that are wrong.
#include <catch2/catch.hpp>

#include "unit/filter/messages.h"

namespace mmsa::filter {
namespace {

struct Fault {
  std::string what;
  std::size_t column;
  std::size_t length;
  std::string marked;
};
Fault fault_of(std::string_view text) {
  try {
    const Filter filter(text);
  } catch (const FilterError& error) {
    return {error.what(), error.column, error.length, error.marked(text)};
  }
  return {"none", 0, 0, ""};
}

// The value of a formula of 1 (true: `mms`) and 0 (false: `ipv6`).
bool value(std::string formula) {
  test::Messages messages;
  messages.ask(wire::read({"LD/GGIO1$ST$Ind1"}));
  std::string text;
  for (const char c : formula) {
    if (c == '1') {
      text += "mms";
    } else if (c == '0') {
      text += "ipv6";
    } else {
      text += c;
    }
  }
  return messages.selects(text);
}

TEST_CASE("not binds closest, then and, then xor, then or") {
  CHECK(value("1 or 0 and 0"));
  CHECK(value("0 and 0 or 1"));
  CHECK_FALSE(value("(1 or 0) and 0"));
  CHECK(value("not 0 or 1"));
  CHECK_FALSE(value("not (0 or 1)"));
  CHECK_FALSE(value("not 1 and 0"));
  CHECK(value("1 or 1 xor 1"));
  CHECK_FALSE(value("(1 or 1) xor 1"));
  CHECK(value("1 xor 0 and 0"));
  CHECK_FALSE(value("1 xor 1"));
  CHECK(value("1 ^^ 1 ^^ 1"));
  CHECK(value("1&&!0||0"));
  CHECK(value("!!1"));
  CHECK(value("((1))"));
}

TEST_CASE("faults are told with their place") {
  struct Row {
    const char* filter;
    std::size_t column;
    std::size_t length;
    const char* says;
  };
  constexpr Row kRows[] = {
      {"", 0, 1, "empty"},
      {"mms.foo == 1", 0, 7, "no field 'mms.foo'"},
      {"mms && tcp.prot == 102", 7, 8, "near it: tcp.port"},
      {"mms.invokeID = 1", 13, 1, "'=='"},
      {"mms.invokeID ==", 15, 1, "a value is"},
      {"(mms", 0, 1, "not closed"},
      {"mms)", 3, 1, "not expected"},
      {"mms mms", 4, 3, "not expected"},
      {"mms.invokeID == \"3\"", 16, 3, "no integer"},
      {"mms.read_element == 1", 0, 16, "has no value"},
      {"mms.invokeID contains 1", 13, 8, "searches strings"},
      {"mms.itemId matches \"(\"", 19, 3, "regular expression"},
      {"mms.itemId matches abc", 19, 3, "double quotes"},
      {"mms.itemId == \"abc", 14, 4, "not ended"},
      {"mms.itemId == \"\\q\"", 15, 2, "escape"},
      {"mms.itemId[0:0] == \"\"", 10, 5, "not a slice"},
      {"mms.itemId[0", 10, 2, "not ended"},
      {"tcp.port[0] == 1", 8, 3, "sliced"},
      {"ip.addr == 10.0.0.0/40", 11, 11, "no address"},
      {"ip.addr == fe80::1", 11, 7, "no address"},
      {"mms.invokeID in {1 2}", 19, 1, "',' or '}'"},
      {"mms.invokeID in {}", 17, 1, "a value is"},
      {"mms.failure == nonsense", 15, 8, "it can be object-invalidated"},
      {"frame.time_delta > soon", 19, 4, "no duration"},
      {"any mms.invokeID", 16, 1, "need a comparison"},
      {"len(tcp.port) > 1", 4, 8, "strings and octets"},
      {"length(mms.itemId) > 1", 0, 6, "no such function"},
      {"mms.itemId == 'ab'", 14, 4, "one character"},
      {"1 < 2", 0, 1, "no field '1'"},
      {"mms.response_in", 0, 15, "mms.response_to"},
      {"mms.invokeID == mms.itemId", 13, 2, "can not be compared"},
      {"mms # comment", 4, 1, "means nothing"},
  };
  for (const Row& row : kRows) {
    INFO(row.filter);
    const Fault fault = fault_of(row.filter);
    INFO(fault.what);
    CHECK(fault.column == row.column);
    CHECK(fault.length == row.length);
    CHECK(fault.what.find(row.says) != std::string::npos);
  }
}

TEST_CASE("the place of a fault is marked beneath the filter") {
  CHECK(fault_of("mms && tcp.prot == 1").marked ==
        "mms && tcp.prot == 1\n"
        "       ^~~~~~~~");
  // What steers a terminal is shown as an escape, and the mark moves with it.
  CHECK(fault_of("\x1B").marked == "\\x1b\n^~~~");
}

TEST_CASE("what nests without end is refused, what is long is not") {
  CHECK(fault_of(std::string(5000, '(')).what.find("too many") != std::string::npos);
  CHECK(fault_of(std::string(5000, '!') + "mms").what.find("too many") != std::string::npos);
  std::string terms = "mms";
  for (int i = 0; i < 5000; ++i) terms += "||mms";
  CHECK(fault_of(terms).what == "none");
  CHECK(fault_of(std::string(100'000, ' ')).what.find("64 KiB") != std::string::npos);
}

}  // namespace
}  // namespace mmsa::filter
