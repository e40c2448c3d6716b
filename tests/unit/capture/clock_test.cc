#include <catch2/catch.hpp>

#include "capture/capture_clock.h"

namespace mmsa::capture {

TEST_CASE("the capture clock never runs backwards and never stands still") {
  CaptureClock clock;
  const auto at = [&clock](TimeNs time) {
    FrameRef frame{1, time};
    clock.stamp(frame);
    return frame.clock;
  };
  CHECK(at(1000) == 0);
  CHECK(at(1500) == 500);
  CHECK(at(1200) == 500);
  CHECK(at(1600) == 600);
  CHECK(at(1600 - 20 * kNsPerSecond) == 600);
  CHECK(at(1700 - 20 * kNsPerSecond) == 700);
  for (int i = 0; i < 1000; ++i) at(i % 2 == 0 ? INT64_MIN : INT64_MAX);
  CHECK(at(INT64_MAX) > 700);
}

// Times in seconds, one frame each.
ClockJumps jumps_of(std::initializer_list<double> times) {
  CaptureClock clock;
  std::uint64_t number = 0;
  for (const double time : times) {
    FrameRef frame{++number, static_cast<TimeNs>(time * 1e9), 0};
    clock.stamp(frame);
  }
  return clock.jumps();
}

TEST_CASE("a clock that steps back is told with the frame, and that it steps ahead again") {
  const ClockJumps once = jumps_of({100, 100.1, 97.2, 97.3, 105});
  CHECK(once.back == 1);
  CHECK(once.ahead == 0);
  CHECK(once.first.number == 3);
  CHECK(once.first_size == -2'900'000'000);
  const ClockJumps single = jumps_of({100, 100.1, 97.2, 100.3, 100.4, 97.5, 100.6});
  CHECK(single.back == 2);
  CHECK(single.ahead == 2);
}

TEST_CASE("a wild time ahead is told where the clock comes back") {
  const ClockJumps jumps = jumps_of({100, 100.1, 90'000, 100.3, 100.4});
  CHECK(jumps.ahead == 1);
  CHECK(jumps.back == 1);
  CHECK(jumps.first.number == 3);
  CHECK(jumps.first_size > 0);
}

TEST_CASE("disorder and silence are no jumps of the clock") {
  CHECK(jumps_of({100, 100.1, 99.5, 100.2, 7000, 7000.1}).first.number == 0);
  // Silence before a small step back does not make it a step ahead.
  CHECK(jumps_of({100, 102, 100.5}).ahead == 0);
}

}  // namespace mmsa::capture
