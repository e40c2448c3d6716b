#include "analysis/time/server_clock.h"

#include <catch2/catch.hpp>

namespace mmsa::analysis {
namespace {

constexpr TimeNs kNow = 1'708'509'600 * kNsPerSecond;
constexpr double kYear = 365.25 * 86'400;

TimeNs ns(double seconds) { return static_cast<TimeNs>(seconds * 1e9); }

// What passes `at` seconds after the first, and is this old by its own time.
struct Clock {
  ServerClock clock;
  std::uint64_t frame = 0;

  FrameRef at(double seconds) { return {++frame, kNow + ns(seconds), ns(seconds)}; }
  void entry(double seconds, double age, bool buffered = false) {
    const FrameRef passed = at(seconds);
    clock.add_entry(passed.time - ns(age), passed, buffered);
  }
  void value(double seconds, double age) {
    const FrameRef passed = at(seconds);
    clock.add_value(passed.time - ns(age), passed);
  }
};

TEST_CASE("a clock that is right has no offset to speak of") {
  Clock c;
  for (int i = 0; i < 5; ++i) c.entry(i, 0.02 * i);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == 0);
  CHECK(c.clock.least_age() == 0);
}

TEST_CASE("two samples prove no offset") {
  Clock c;
  c.entry(0, 3600);
  c.entry(10, 3600);
  CHECK_FALSE(c.clock.offset());
  c.entry(20, 3600.5);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(3600));
  CHECK(c.clock.offset()->samples == 3);
  CHECK(c.clock.offset()->first.number == 1);
  CHECK(c.clock.offset()->shown == kNow - ns(3600));
}

TEST_CASE("a block that collects changes for ten seconds shows no offset of the clock") {
  Clock c;
  const auto report = [&](int at, double age) {
    const FrameRef passed = c.at(at);
    c.clock.add_entry(passed.time - ns(age), passed, false, ns(10));
  };
  for (int i = 0; i < 9; ++i) report(10 * i, 10.01);
  CHECK_FALSE(c.clock.offset());
  // Beyond BufTm it is the clock.
  for (int i = 0; i < 9; ++i) report(100 + 10 * i, 3600);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(3600));
}

TEST_CASE("a clock that is ahead has a negative offset") {
  Clock c;
  for (int i = 0; i < 4; ++i) c.entry(i, -5 + 0.01 * i);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(-5));
}

TEST_CASE("ages that vary are no clock offset") {
  Clock c;
  for (int i = 0; i < 9; ++i) c.entry(i, 100.0 * i);
  CHECK_FALSE(c.clock.offset());
}

TEST_CASE("some late reports do not move the clock") {
  Clock c;
  for (int i = 0; i < 5; ++i) c.entry(i, 0.1);
  c.entry(6, 300);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(0.1));
  CHECK_FALSE(c.clock.explains(ns(300), kNow + ns(6)));
}

TEST_CASE("reports that were held up and came at once are no clock offset") {
  Clock c;
  c.entry(0, 0.1);
  for (int i = 0; i < 4; ++i) c.entry(5, 3 - 0.1 * i);
  CHECK_FALSE(c.clock.offset());
}

TEST_CASE("a replay of entries that lie close together is no clock offset") {
  Clock c;
  for (int i = 0; i < 10; ++i) c.entry(0.01 * i, 90 + 0.1 * i, true);
  CHECK_FALSE(c.clock.offset());
}

TEST_CASE("a buffered block that reports for a while shows the clock") {
  Clock c;
  for (int i = 0; i < 5; ++i) c.entry(0.01 * i, 3690 - 20.0 * i, true);
  for (int i = 1; i < 5; ++i) c.entry(i, 3600, true);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(3600));
}

TEST_CASE("a long replay leaves room for what is live") {
  Clock c;
  for (int i = 0; i < 1000; ++i) c.entry(0.001 * i, 5000.0 - 3 * i, true);
  for (int i = 1; i < 6; ++i) c.entry(i, 0.1, true);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(0.1));
}

TEST_CASE("a clock that was set in the meantime is told with what it showed before") {
  Clock c;
  for (int i = 0; i < 5; ++i) c.entry(i, 26 * kYear);
  for (int i = 5; i < 30; ++i) c.entry(i, 0.1);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(26 * kYear));
  CHECK(c.clock.offset()->changed);
  CHECK(c.clock.offset()->last.number == 5);
  CHECK(c.clock.explains(ns(26 * kYear), kNow + ns(3)));
  CHECK_FALSE(c.clock.explains(ns(26 * kYear), kNow + ns(20)));
}

TEST_CASE("values that changed show the clock where reports have no TimeOfEntry") {
  Clock c;
  for (int i = 0; i < 4; ++i) c.value(i, 7200);
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(7200));
}

TEST_CASE("TimeOfEntry counts more than the stamps of values, which may be of another device") {
  Clock c;
  for (int i = 0; i < 4; ++i) {
    c.value(i, 7200);
    c.entry(i, 0.1);
  }
  REQUIRE(c.clock.offset());
  CHECK(c.clock.offset()->behind == ns(0.1));
}

}  // namespace
}  // namespace mmsa::analysis
