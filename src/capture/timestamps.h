// pcapng timestamps (if_tsresol, if_tsoffset) to nanoseconds.
#pragma once

#include <cstdint>

#include "mmsanalyze/packet.h"

namespace mmsa::capture {

// Times of frames lie between the years 1823 and 2116, so that no difference of two, nor one with a
// timeout added, overflows. Classic pcap can not write others; what a pcapng file says beyond is
// damage, and becomes the nearest.
inline constexpr TimeNs kFarthestTime = (TimeNs{1} << 62) - 1;

// The clock of one interface.
class Timestamps {
 public:
  // As in the option if_tsresol: bit 7 clear: 10^-n seconds, set: 2^-n seconds.
  void set_resolution(std::uint8_t resolution);
  void set_offset(std::int64_t seconds) { offset_seconds_ = seconds; }

  TimeNs to_ns(std::uint64_t ticks) const {
    TimeNs time = 0;
    if (multiplier_ != 0 && offset_seconds_ == 0 && (ticks >> 63) == 0 &&
        !__builtin_mul_overflow(static_cast<TimeNs>(ticks), multiplier_, &time) &&
        time <= kFarthestTime) {
      return time;
    }
    return to_ns_exact(ticks);
  }

 private:
  TimeNs to_ns_exact(std::uint64_t ticks) const;

  bool binary_ = false;
  std::uint8_t exponent_ = 6;  // microseconds unless the interface says otherwise
  TimeNs multiplier_ = 1'000;  // ticks to nanoseconds, 0 where it is not a whole number
  std::int64_t offset_seconds_ = 0;
};

}  // namespace mmsa::capture
