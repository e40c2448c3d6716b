// Numbers and octets taken from the front of a fuzzer's input; zeros once it is used up.
#pragma once

#include <algorithm>
#include <cstdint>

#include "mmsanalyze/bytes.h"

namespace mmsa::fuzz {

class Input {
 public:
  explicit Input(Bytes octets) : rest_(octets) {}

  bool at_end() const { return rest_.empty(); }
  std::uint8_t u8() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  std::uint16_t u16() {
    const std::uint8_t low = u8();
    return static_cast<std::uint16_t>(u8() << 8 | low);
  }
  std::uint32_t u32() {
    const std::uint32_t low = u16();
    return static_cast<std::uint32_t>(u16()) << 16 | low;
  }
  // So many octets, or what is left.
  Bytes take(std::size_t count) {
    const Bytes taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

 private:
  Bytes rest_;
};

}  // namespace mmsa::fuzz
