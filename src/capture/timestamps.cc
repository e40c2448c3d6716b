#include "capture/timestamps.h"

#include <algorithm>

namespace mmsa::capture {
namespace {

// 128 bits: 64 bits of ticks times 10^9 must not overflow.
__extension__ using Wide = __int128;

constexpr std::uint8_t kNanoExponent = 9;

Wide power_of_ten(unsigned exponent) {
  Wide power = 1;
  for (unsigned i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

void Timestamps::set_resolution(std::uint8_t resolution) {
  binary_ = (resolution & 0x80) != 0;
  exponent_ = resolution & 0x7f;
  multiplier_ = !binary_ && exponent_ <= kNanoExponent
                    ? static_cast<TimeNs>(power_of_ten(kNanoExponent - exponent_))
                    : 0;
}

TimeNs Timestamps::to_ns_exact(std::uint64_t ticks) const {
  Wide time = 0;
  if (multiplier_ != 0) {
    time = Wide{ticks} * multiplier_;
  } else if (binary_) {
    time = (Wide{ticks} * kNsPerSecond) >> exponent_;
  } else if (exponent_ - kNanoExponent < 20) {  // 10^20 is more than 64 bits of ticks
    time = Wide{ticks} / power_of_ten(exponent_ - kNanoExponent);
  }
  time += Wide{offset_seconds_} * kNsPerSecond;
  return static_cast<TimeNs>(std::clamp(time, Wide{-kFarthestTime}, Wide{kFarthestTime}));
}

}  // namespace mmsa::capture
