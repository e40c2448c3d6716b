// Octets of pcapng blocks, in either byte order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmsa::evidence {

inline constexpr std::uint32_t kSectionHeaderBlock = 0x0a0d0d0a;
inline constexpr std::uint32_t kInterfaceBlock = 1;
inline constexpr std::uint32_t kObsoletePacketBlock = 2;
inline constexpr std::uint32_t kSimplePacketBlock = 3;
inline constexpr std::uint32_t kEnhancedPacketBlock = 6;
inline constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;

// `other`: not the byte order of this machine.
template <typename T>
void put_number(std::string& out, T value, bool other) {
  char octets[sizeof value];
  std::copy_n(reinterpret_cast<const char*>(&value), sizeof value, octets);
  if (other) std::reverse(octets, octets + sizeof value);
  out.append(octets, sizeof value);
}
inline void put_u16(std::string& out, std::uint16_t value, bool other) {
  put_number(out, value, other);
}
inline void put_u32(std::string& out, std::uint32_t value, bool other) {
  put_number(out, value, other);
}
inline void set_u32(std::string& out, std::size_t at, std::uint32_t value, bool other) {
  std::string octets;
  put_u32(octets, value, other);
  out.replace(at, octets.size(), octets);
}

// To a multiple of four octets.
inline void put_padded(std::string& out, std::string_view octets) {
  out += octets;
  out.append((4 - octets.size() % 4) % 4, '\0');
}

// 3.5 Options.
inline void put_option(std::string& out, std::uint16_t code, std::string_view value, bool other) {
  put_u16(out, code, other);
  put_u16(out, static_cast<std::uint16_t>(value.size()), other);
  put_padded(out, value);
}
inline void put_end_of_options(std::string& out, bool other) { put_option(out, 0, {}, other); }
// opt_comment; its length has 16 bits.
inline void put_comment(std::string& out, std::string_view text, bool other) {
  constexpr std::uint16_t kComment = 1;
  put_option(out, kComment, text.substr(0, 0xFFF0), other);
}

}  // namespace mmsa::evidence
