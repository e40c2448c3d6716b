// Integers out of octets. The caller has checked that they are there.
#pragma once

#include <cstdint>
#include <cstring>

namespace mmsa::capture {

inline std::uint16_t be16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

inline std::uint32_t be32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(be16(at)) << 16 | be16(at + 2);
}

inline std::uint16_t swapped(std::uint16_t value) { return __builtin_bswap16(value); }
inline std::uint32_t swapped(std::uint32_t value) { return __builtin_bswap32(value); }
inline std::uint64_t swapped(std::uint64_t value) { return __builtin_bswap64(value); }

// An integer in the byte order of the file it stands in: this machine's, or the other.
template <typename Unsigned>
Unsigned in_file_order(const std::uint8_t* at, bool other_order) {
  Unsigned value = 0;
  std::memcpy(&value, at, sizeof value);
  return other_order ? swapped(value) : value;
}

}  // namespace mmsa::capture
