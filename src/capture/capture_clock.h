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
    if (started_) note_jump(frame);
    see(frame.time);
    frame.clock = now_;
    last_ = frame.time;
  }

  const ClockJumps& jumps() const { return jumps_; }

 private:
  // Packets of several queues or cards are less out of order than this.
  static constexpr TimeNs kLeastJump = kNsPerSecond;
  // A step ahead is believed where the clock steps back again by as much, and a step back is over
  // where it steps ahead again within so many frames: silence of that length would be chance.
  static constexpr TimeNs kLeastAhead = 60 * kNsPerSecond;
  static constexpr std::uint64_t kReturnWithin = 16;  // frames
  static constexpr TimeNs kSpread = kNsPerSecond;     // silence that is in a step, too

  static constexpr TimeNs kMaxDisorder = 10 * kNsPerSecond;

  // A frame behind which the time goes on from another place.
  struct Step {
    FrameRef frame;
    TimeNs size = 0;
  };

  void note_jump(const FrameRef& frame) {
    const TimeNs back = difference_if_later(frame.time, last_);
    const TimeNs ahead = difference_if_later(last_, frame.time);
    if (back > kLeastJump) {
      const bool returns = ahead_.size >= kLeastAhead && back <= ahead_.size + kSpread &&
                           ahead_.size <= back + kSpread;
      if (returns) add_jump(ahead_.frame, ahead_.size);
      add_jump(frame, -back);
      back_ = returns ? Step() : Step{frame, back};
      ahead_ = {};
    } else if (ahead > kLeastJump) {
      const bool returns = back_.size != 0 && frame.number - back_.frame.number <= kReturnWithin &&
                           ahead + kSpread / 10 >= back_.size && ahead <= back_.size + kSpread;
      if (returns) {
        add_jump(frame, ahead);
        back_ = {};
      } else {
        ahead_ = {frame, ahead};
      }
    }
  }

  void add_jump(const FrameRef& frame, TimeNs size) {
    if (jumps_.first.number == 0) {
      jumps_.first = frame;
      jumps_.first_size = size;
    }
    ++(size < 0 ? jumps_.back : jumps_.ahead);
    jumps_.largest = std::max(jumps_.largest, size < 0 ? -size : size);
  }

  // 0 where `to` is the earlier one.
  static TimeNs difference_if_later(TimeNs from, TimeNs to) {
    return to > from ? difference(from, to) : 0;
  }

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

  ClockJumps jumps_;
  Step ahead_, back_;  // the last ones that may be taken back
  TimeNs last_ = 0;    // of the last frame
  bool started_ = false;
  TimeNs newest_ = 0;
  TimeNs now_ = 0;  // nanoseconds since the first packet
};

}  // namespace mmsa::capture
