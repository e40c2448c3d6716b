// The time by which holes and closed connections expire: capture time that never runs backwards.
#pragma once

#include <algorithm>

#include "mmsanalyze/packet.h"

namespace mmsa::tcp {

// Times of hostile files are any 64-bit number, so their differences are limited to 52 days: even
// many of them added up can not overflow. 0 where `to` is the earlier one.
inline TimeNs elapsed(TimeNs from, TimeNs to) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 52;
  if (to <= from) return 0;
  const auto difference = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  return static_cast<TimeNs>(std::min(difference, kMost));
}

// Packets of a capture are a little out of order, so the clock is the greatest time seen. A step
// back beyond kMaxDisorder is not disorder but a clock that was set, or one frame with a wild time;
// the clock then goes on from where it stood, or no deadline would ever be reached again.
class CaptureClock {
 public:
  void see(TimeNs time) {
    if (!started_) {
      started_ = true;
      newest_ = time;
      now_ = 0;
    } else if (time >= newest_) {
      now_ += elapsed(newest_, time);
      newest_ = time;
    } else if (elapsed(time, newest_) > kMaxDisorder) {
      newest_ = time;
    }
  }

  // Nanoseconds since the first packet.
  TimeNs now() const { return now_; }

 private:
  static constexpr TimeNs kMaxDisorder = 10 * kNsPerSecond;

  bool started_ = false;
  TimeNs newest_ = 0;
  TimeNs now_ = 0;
};

}  // namespace mmsa::tcp
