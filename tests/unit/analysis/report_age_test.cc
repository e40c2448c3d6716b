#include "analysis/reports/report_age.h"

#include <catch2/catch.hpp>

namespace mmsa::analysis {
namespace {

constexpr TimeNs kNow = 1'708'509'600 * kNsPerSecond;
constexpr TimeNs kStale = 60 * kNsPerSecond;

// A report that passes `at` seconds after the first, with an entry of this age.
struct Ages {
  ReportAge age;
  std::uint64_t frame = 0;

  void add(double at, double old, bool buffered = false) {
    const TimeNs captured = kNow + static_cast<TimeNs>(at * 1e9);
    age.add(captured, captured - static_cast<TimeNs>(old * 1e9), {++frame, captured}, buffered,
            kStale);
  }
};

TEST_CASE("fresh entries are not old") {
  Ages ages;
  for (int i = 0; i < 5; ++i) ages.add(i, 0.02);
  CHECK(ages.age.old_count() == 0);
  CHECK(ages.age.samples() == 5);
  TimeNs offset = 0;
  CHECK_FALSE(ages.age.steady_offset(offset));
}

TEST_CASE("an entry is old beyond the threshold, not at it") {
  Ages ages;
  ages.add(0, 60);
  CHECK(ages.age.old_count() == 0);
  ages.add(1, 60.001);
  REQUIRE(ages.age.old_count() == 1);
  CHECK(ages.age.old()[0].frame.number == 2);
  CHECK(ages.age.worst() == 60'001 * kNsPerMs);
}

TEST_CASE("the worst age is kept of very many, the frames of the first") {
  Ages ages;
  for (int i = 0; i < 1000; ++i) ages.add(i, 100 + i);
  CHECK(ages.age.old_count() == 1000);
  CHECK(ages.age.old().size() < 100);
  CHECK(ages.age.old()[0].frame.number == 1);
  CHECK(ages.age.worst() == 1099 * kNsPerSecond);
}

TEST_CASE("a buffer that is replayed after an enable is rightly old") {
  Ages ages;
  ages.age.begin_replay();
  ages.add(0, 600, true);
  ages.add(0.01, 500, true);
  ages.add(0.02, 0.1, true);
  CHECK(ages.age.old_count() == 0);
  CHECK(ages.age.samples() == 1);
}

TEST_CASE("entries that are old again after the replay are stale") {
  Ages ages;
  ages.age.begin_replay();
  ages.add(0, 600, true);
  ages.add(1, 0.1, true);
  ages.add(2, 120, true);
  CHECK(ages.age.old_count() == 1);
}

TEST_CASE("an unbuffered block replays nothing") {
  Ages ages;
  ages.age.begin_replay();
  ages.add(0, 600, false);
  CHECK(ages.age.old_count() == 1);
}

TEST_CASE("a steady difference is the clock's") {
  const double sign = GENERATE(1, -1);
  Ages ages;
  ages.add(0, sign * 3600.0);
  ages.add(10, sign * 3600.5);
  TimeNs offset = 0;
  CHECK_FALSE(ages.age.steady_offset(offset));  // two prove nothing
  ages.add(20, sign * 3600.2);
  REQUIRE(ages.age.steady_offset(offset));
  CHECK(offset == Approx(sign * 3600.25e9));
}

TEST_CASE("a difference within a second is the network's") {
  Ages ages;
  for (int i = 0; i < 5; ++i) ages.add(i, 0.9);
  TimeNs offset = 0;
  CHECK_FALSE(ages.age.steady_offset(offset));
}

TEST_CASE("ages that vary are no clock offset") {
  Ages ages;
  for (int i = 0; i < 5; ++i) ages.add(i, 100.0 * i);
  TimeNs offset = 0;
  CHECK_FALSE(ages.age.steady_offset(offset));
}

}  // namespace
}  // namespace mmsa::analysis
