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

}  // namespace mmsa::capture
