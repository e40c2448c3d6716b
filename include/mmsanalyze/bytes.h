// The two views every stage passes around. Neither owns anything: whoever hands one over says how
// long it stays valid.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mmsa {

// Octets as they were on the wire.
using Bytes = std::span<const std::uint8_t>;

// The same octets read as characters. Nothing is validated: outputs escape what is not printable.
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace mmsa
