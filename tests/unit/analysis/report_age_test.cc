#include "analysis/reports/report_age.h"

#include <catch2/catch.hpp>

namespace mmsa::analysis {
namespace {

constexpr TimeNs kNow = 1'708'509'600 * kNsPerSecond;
constexpr TimeNs kStale = 60 * kNsPerSecond;

// A report that passes `at` seconds after the first, with an entry of this age.
struct Ages {
  ReportAge age;
  ServerClock clock;
  std::uint64_t frame = 0;

  void add(double at, double old, bool buffered = false) {
    const auto since = static_cast<TimeNs>(at * 1e9);
    const FrameRef passed{++frame, kNow + since, since};
    const TimeNs entry = passed.time - static_cast<TimeNs>(old * 1e9);
    age.add(entry, passed, buffered);
    clock.add_entry(entry, passed, buffered);
  }
  std::vector<ReportAge::Old> old() const { return age.old(clock, kStale); }
};

TEST_CASE("fresh entries are not old") {
  Ages ages;
  for (int i = 0; i < 5; ++i) ages.add(i, 0.02);
  CHECK(ages.old().empty());
}

TEST_CASE("an entry is old beyond the threshold, not at it") {
  Ages ages;
  ages.add(0, 60);
  CHECK(ages.old().empty());
  ages.add(1, 60.001);
  REQUIRE(ages.old().size() == 1);
  CHECK(ages.old()[0].frame.number == 2);
  CHECK(ages.old()[0].age == 60'001 * kNsPerMs);
}

TEST_CASE("the oldest are kept of very many, in the order of the capture") {
  Ages ages;
  for (int i = 0; i < 1000; ++i) ages.add(i, 100 + 3 * i);
  const auto old = ages.old();
  REQUIRE(old.size() == ReportAge::kMostOld);
  CHECK(old.front().frame.number == 1001 - ReportAge::kMostOld);
  CHECK(old.back().frame.number == 1000);
}

TEST_CASE("a buffer that is replayed after an enable is rightly old") {
  Ages ages;
  ages.age.begin_replay();
  ages.add(0, 600, true);
  ages.add(0.01, 500, true);
  ages.add(0.02, 0.1, true);
  CHECK(ages.old().empty());
}

TEST_CASE("entries that are old again after the replay are stale") {
  Ages ages;
  ages.age.begin_replay();
  ages.add(0, 600, true);
  ages.add(1, 0.1, true);
  ages.add(2, 120, true);
  REQUIRE(ages.old().size() == 1);
  CHECK(ages.old()[0].frame.number == 3);
}

TEST_CASE("an unbuffered block replays nothing") {
  Ages ages;
  ages.age.begin_replay();
  ages.add(0, 600, false);
  CHECK(ages.old().size() == 1);
}

TEST_CASE("what a clock that is behind makes look old is not stale") {
  Ages ages;
  for (int i = 0; i < 5; ++i) ages.add(i, 3600);
  CHECK(ages.old().empty());
}

TEST_CASE("what is old beyond the offset of the clock is stale, by that much") {
  const double sign = GENERATE(1, -1);
  Ages ages;
  ages.add(0, sign * 3600 + 300);
  for (int i = 1; i < 6; ++i) ages.add(i, sign * 3600);
  REQUIRE(ages.old().size() == 1);
  CHECK(ages.old()[0].frame.number == 1);
  CHECK(ages.old()[0].age == 300 * kNsPerSecond);
}

TEST_CASE("a buffer is replayed by a server whose clock is behind") {
  Ages ages;
  ages.age.begin_replay();
  for (int i = 0; i < 5; ++i) ages.add(0.01 * i, 3600 + 500 - 100 * i, true);
  for (int i = 1; i < 6; ++i) ages.add(i, 3600, true);
  CHECK(ages.old().empty());
}

TEST_CASE("what passed before the clock was set is not stale") {
  Ages ages;
  for (int i = 0; i < 5; ++i) ages.add(i, 86'400 * 900);
  for (int i = 5; i < 9; ++i) ages.add(i, 0.1);
  CHECK(ages.old().empty());
}

TEST_CASE("a TimeOfEntry that stands still while the values go on") {
  constexpr TimeNs kSecond = kNsPerSecond;
  EntryTimeWatch watch;
  const auto see = [&](TimeNs entry, TimeNs at, TimeNs value) {
    const FrameRef frame{static_cast<std::uint64_t>(at / kSecond), at, at};
    return watch.stands_still(entry, frame, [&] { return value; });
  };
  CHECK_FALSE(see(10 * kSecond, 10 * kSecond, 10 * kSecond));
  CHECK_FALSE(see(10 * kSecond, 11 * kSecond, 11 * kSecond));
  CHECK(see(10 * kSecond, 13 * kSecond, 13 * kSecond));
  CHECK(watch.first().number == 10);
  CHECK(watch.advance() == 2 * kSecond);
  CHECK_FALSE(see(14 * kSecond, 14 * kSecond, 14 * kSecond));
  // Entries of one moment, sent one after the other.
  CHECK_FALSE(see(14 * kSecond, 16 * kSecond, 14 * kSecond));
  CHECK_FALSE(see(14 * kSecond, 18 * kSecond, 14 * kSecond));
}

}  // namespace
}  // namespace mmsa::analysis
