#include "filter/literal.h"

#include <catch2/catch.hpp>

namespace mmsa::filter {
namespace {

TEST_CASE("integers are decimal, hexadecimal, binary or octal") {
  CHECK(read_integer("42") == 42);
  CHECK(read_integer("-1") == -1);
  CHECK(read_integer("0x1F") == 31);
  CHECK(read_integer("0b101") == 5);
  CHECK(read_integer("010") == 8);
  CHECK(read_integer("0") == 0);
  for (const char* text : {"", "-", "08", "0x", "1.5", "--1", "9223372036854775808", "a"}) {
    INFO(text);
    CHECK_FALSE(read_integer(text));
  }
}

TEST_CASE("durations are seconds") {
  CHECK(read_duration("2") == 2 * kNsPerSecond);
  CHECK(read_duration("0.5") == kNsPerSecond / 2);
  CHECK(read_duration(".25") == kNsPerSecond / 4);
  CHECK(read_duration("-1.000000001") == -kNsPerSecond - 1);
  for (const char* text : {"", ".", "1s", "1.", "99999999999", "1e3", "-"}) {
    INFO(text);
    CHECK_FALSE(read_duration(text));
  }
}

TEST_CASE("times are dates in either spelling, or seconds since 1970") {
  constexpr TimeNs kTime = 1'795'337'065 * kNsPerSecond;  // 2026-11-22 08:44:25 UTC
  CHECK(read_time("2026-11-22 08:44:25Z") == kTime);
  CHECK(read_time("2026-11-22T08:44:25.5Z") == kTime + kNsPerSecond / 2);
  CHECK(read_time("Nov 22, 2026 08:44:25.000000000 UTC") == kTime);
  CHECK(read_time("1795337065") == kTime);
  for (const char* text : {"", "2026-13-01", "2026-11-22 25:00:00Z", "yesterday", "Nov 22 2026"}) {
    INFO(text);
    CHECK_FALSE(read_time(text));
  }
}

TEST_CASE("octets are hex with separators of one kind, or without") {
  CHECK(read_octets("4c:4c") == "LL");
  CHECK(read_octets("4c-4c") == "LL");
  CHECK(read_octets("4c.4C") == "LL");
  CHECK(read_octets("4c4c") == "LL");
  CHECK(read_octets("0x4c") == "L");
  CHECK(read_octets("8") == "\x08");
  for (const char* text : {"", "4c:4c-4c", "LL", "4:c:zz", "0x"}) {
    INFO(text);
    CHECK_FALSE(read_octets(text));
  }
}

TEST_CASE("addresses have the prefix of their family") {
  CHECK(read_network("10.0.0.1")->prefix == 32);
  CHECK(read_network("10.0.0.0/8")->prefix == 8);
  CHECK(read_network("fe80::1/10")->prefix == 10);
  CHECK(read_network("fe80::1")->address.is_v6);
  for (const char* text : {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "fe80::/129", "host"}) {
    INFO(text);
    CHECK_FALSE(read_network(text));
  }
}

TEST_CASE("networks are compared by their first bits") {
  const IpAddress a = read_network("10.1.2.3")->address;
  CHECK(same_network(a, read_network("10.1.0.0")->address, 16));
  CHECK_FALSE(same_network(a, read_network("10.2.0.0")->address, 16));
  CHECK(same_network(a, read_network("10.1.2.2")->address, 31));
  CHECK(same_network(a, read_network("1.1.1.1")->address, 0));
  CHECK_FALSE(same_network(a, read_network("::1")->address, 0));
}

TEST_CASE("GeneralizedTime with a fraction and an offset") {
  TimeNs time = 0;
  CHECK(read_generalized_time("20261122084425.500Z", time));
  CHECK(time == 1'795'337'065 * kNsPerSecond + kNsPerSecond / 2);
  CHECK(read_generalized_time("202611220944+0100", time));
  CHECK(time == 1'795'337'040 * kNsPerSecond);
  CHECK_FALSE(read_generalized_time("", time));
  CHECK_FALSE(read_generalized_time("today", time));
}

}  // namespace
}  // namespace mmsa::filter
