#include "output/time_text.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <string>

#include "unit/output/sample_results.h"

namespace mmsa::output {
namespace {

constexpr TimeNs kStart = samples::kStart;

// TZ of this process for the life of the object.
class TimeZone {
 public:
  explicit TimeZone(const char* zone) {
    if (const char* before = std::getenv("TZ")) before_ = before, was_set_ = true;
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~TimeZone() {
    was_set_ ? ::setenv("TZ", before_.c_str(), 1) : ::unsetenv("TZ");
    ::tzset();
  }

 private:
  std::string before_;
  bool was_set_ = false;
};

TEST_CASE("times within a day have no date") {
  const TimeText times(TimeMode::utc, kStart, kStart + kNsPerSecond);
  CHECK(times.time(kStart + 123'999'999) == "10:00:00.123");
  CHECK(times.date_and_time(kStart) == "2024-02-21 10:00:00.000 UTC");
}

TEST_CASE("times over midnight have one") {
  const TimeText times(TimeMode::utc, kStart, kStart + 20 * 3600 * kNsPerSecond);
  CHECK(times.time(kStart) == "2024-02-21 10:00:00.000");
}

TEST_CASE("local times follow TZ and name their offset") {
  const TimeZone zone("XYZ-5:30");
  const TimeText times(TimeMode::local, kStart, kStart);
  CHECK(times.time(kStart) == "15:30:00.000");
  CHECK(times.date_and_time(kStart) == "2024-02-21 15:30:00.000 +05:30");
}

TEST_CASE("local times west of Greenwich") {
  const TimeZone zone("XYZ3");
  const TimeText times(TimeMode::local, kStart, kStart);
  CHECK(times.date_and_time(kStart) == "2024-02-21 07:00:00.000 -03:00");
}

TEST_CASE("the clock has microseconds and no date") {
  const TimeZone zone("XYZ-5:30");
  CHECK(clock_text(TimeMode::utc, kStart + 123'456'789) == "10:00:00.123456");
  CHECK(clock_text(TimeMode::local, kStart) == "15:30:00.000000");
}

TEST_CASE("relative times may be negative") {
  const TimeText times(TimeMode::relative, kStart, kStart + kNsPerSecond);
  CHECK(times.time(kStart + 61'500 * kNsPerMs) == "61.500 s");
  CHECK(times.time(kStart - 5 * kNsPerMs) == "-0.005 s");
}

TEST_CASE("any timestamp of a file can be told") {
  constexpr TimeNs kLast = std::numeric_limits<TimeNs>::max();
  constexpr TimeNs kFirst = std::numeric_limits<TimeNs>::min();
  CHECK(time_between(kFirst, kLast) == kLast);
  CHECK(time_between(kLast, kFirst) == kFirst);
  CHECK(time_between(kStart, kStart + 5) == 5);
  const TimeZone zone("XYZ-5:30");
  for (const TimeMode mode : {TimeMode::utc, TimeMode::local, TimeMode::relative}) {
    const TimeText times(mode, kFirst, kLast);
    CHECK_FALSE(times.time(kLast).empty());
    CHECK_FALSE(times.date_and_time(kLast).empty());
  }
  CHECK(TimeText(TimeMode::relative, kFirst, kLast).time(kLast) == "9223372036.854 s");
  CHECK(duration_text(kLast) == "2562047 h 47 min");
}

TEST_CASE("durations have about three digits") {
  CHECK(duration_text(0) == "0.000 ms");
  CHECK(duration_text(999'960) == "1.000 ms");
  CHECK(duration_text(12'345'678) == "12.3 ms");
  CHECK(duration_text(12'345 * kNsPerMs) == "12.3 s");
  CHECK(duration_text(303 * kNsPerSecond) == "5 min 3 s");
  CHECK(duration_text(7'500 * kNsPerSecond) == "2 h 5 min");
}

TEST_CASE("milliseconds are not rounded into one digit more than the next size has") {
  CHECK(milliseconds_text(9'999'400) == "9.999");
  CHECK(milliseconds_text(9'999'600) == "10.0");
  CHECK(milliseconds_text(999'940'000) == "999.9");
  CHECK(milliseconds_text(999'960'000) == "1000");
}

}  // namespace
}  // namespace mmsa::output
