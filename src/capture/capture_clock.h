// The time by which everything is measured: capture time that never runs backwards.
#pragma once

#include <algorithm>

#include "mmsanalyze/packet.h"

namespace mmsa::capture {

// Packets of a capture are a little out of order, so the clock is the greatest time seen. A step
// back beyond kMaxDisorder is not disorder but a clock that was set, or one frame with a wild time;
// the clock then goes on from where it stood, or no deadline would ever be reached again.
class CaptureClock {
 public:
  // Sets frame.clock.
  void stamp(FrameRef& frame) {
    see(frame.time);
    frame.clock = now_;
  }

 private:
  static constexpr TimeNs kMaxDisorder = 10 * kNsPerSecond;

  void see(TimeNs time) {
    if (!started_) {
      started_ = true;
      newest_ = time;
    } else if (time >= newest_) {
      now_ += difference(newest_, time);
      newest_ = time;
    } else if (difference(time, newest_) > kMaxDisorder) {
      newest_ = time;
    }
  }

  // Times of hostile files are any 64-bit number, so their differences are limited to 52 days: even
  // many of them added up can not overflow.
  static TimeNs difference(TimeNs from, TimeNs to) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 52;
    const auto ticks = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
    return static_cast<TimeNs>(std::min(ticks, kMost));
  }

  bool started_ = false;
  TimeNs newest_ = 0;
  TimeNs now_ = 0;  // nanoseconds since the first packet
};

}  // namespace mmsa::capture
