// The meaning of the octets of Data values: ISO 9506-2 clauses 7.5 and 14.4, IEC 61850-8-1
// clause 8.1.
#include "mmsanalyze/data.h"

#include <bit>
#include <limits>

namespace mmsa {
namespace {

std::uint64_t big_endian(Bytes octets) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

constexpr TimeNs kNsPerDay = 86'400 * kNsPerSecond;
// 1984-01-01, the first day of TimeOfDay.
constexpr TimeNs kEpoch1984 = 5'113 * kNsPerDay;

}  // namespace

TimeNs UtcTime::time() const {
  // Rounded to the nearest nanosecond. The largest fraction is still below a second.
  const std::uint64_t ns = (fraction * std::uint64_t{1'000'000'000} + (1u << 23)) >> 24;
  return seconds * kNsPerSecond + static_cast<TimeNs>(ns);
}

bool read_utc_time(Bytes content, UtcTime& time) {
  time = {};
  if (content.size() != 8) return false;
  time.seconds = static_cast<std::uint32_t>(big_endian(content.first(4)));
  time.fraction = static_cast<std::uint32_t>(big_endian(content.subspan(4, 3)));
  time.quality = content[7];
  return true;
}

TimeNs BinaryTime::time() const { return kEpoch1984 + days * kNsPerDay + milliseconds * kNsPerMs; }

bool read_binary_time(Bytes content, BinaryTime& time) {
  time = {};
  if (content.size() != 4 && content.size() != 6) return false;
  time.milliseconds = static_cast<std::uint32_t>(big_endian(content.first(4)));
  time.has_date = content.size() == 6;
  if (time.has_date) time.days = static_cast<std::uint16_t>(big_endian(content.subspan(4)));
  return true;
}

double read_floating_point(Bytes content, bool& single) {
  single = content.size() == 5;
  if (content.size() == 5 && content[0] == 8) {
    const auto bits = static_cast<std::uint32_t>(big_endian(content.subspan(1)));
    return static_cast<double>(std::bit_cast<float>(bits));
  }
  if (content.size() == 9 && content[0] == 11) {
    return std::bit_cast<double>(big_endian(content.subspan(1)));
  }
  return std::numeric_limits<double>::quiet_NaN();
}

BitString::BitString(Bytes content) {
  if (content.empty()) return;
  octets_ = content.subspan(1);
  const std::size_t unused = content[0];
  const std::size_t bits = octets_.size() * 8;
  size_ = unused < 8 && unused <= bits ? bits - unused : bits;
}

std::size_t BitString::count() const {
  std::size_t set = 0;
  const std::size_t whole = size_ / 8;
  for (std::size_t i = 0; i < whole; ++i)
    set += static_cast<std::size_t>(std::popcount(octets_[i]));
  if (size_ % 8 != 0) {
    const auto mask = static_cast<std::uint8_t>(0xFF00u >> (size_ % 8));
    set +=
        static_cast<std::size_t>(std::popcount(static_cast<std::uint8_t>(octets_[whole] & mask)));
  }
  return set;
}

}  // namespace mmsa
