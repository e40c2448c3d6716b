// TCP sequence numbers (RFC 9293 section 3.4) are 32 bits wide and wrap. They are turned into
// 64-bit stream offsets at the door, so that nothing behind it has to think of the wrap.
#pragma once

#include <cstdint>

namespace mmsa::tcp {

// How far `to` lies ahead of `from`; negative where it lies behind. Right while the two are less
// than 2^31 apart.
inline std::int64_t seq_distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

// The sequence numbers of one direction, counted from the one of stream offset 0.
struct SeqOrigin {
  std::uint32_t number = 0;

  std::uint32_t seq_of(std::uint64_t offset) const {
    return number + static_cast<std::uint32_t>(offset);
  }
  // The offset of `seq`, taken as the candidate nearest to `near`. Negative: before the stream.
  std::int64_t offset_of(std::uint32_t seq, std::uint64_t near) const {
    return static_cast<std::int64_t>(near) + seq_distance(seq_of(near), seq);
  }
};

}  // namespace mmsa::tcp
