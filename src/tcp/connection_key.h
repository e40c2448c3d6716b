// The 5-tuple of a segment, the same for both directions, and its hash.
#pragma once

#include <cstdint>
#include <cstring>

#include "mmsanalyze/packet.h"

namespace mmsa::tcp {

// The lower endpoint comes first.
struct ConnectionKey {
  std::uint64_t address[4] = {};
  std::uint32_t ports = 0;
  bool is_v6[2] = {};

  friend bool operator==(const ConnectionKey&, const ConnectionKey&) = default;
};

struct KeyedSegment {
  ConnectionKey key;
  bool sender_is_low = true;
};

inline KeyedSegment key_of(const Segment& segment) {
  std::uint64_t src[2];
  std::uint64_t dst[2];
  std::memcpy(src, segment.src.address.octets.data(), sizeof src);
  std::memcpy(dst, segment.dst.address.octets.data(), sizeof dst);
  KeyedSegment result;
  // Any order will do, as long as it is total.
  bool low = segment.src.port <= segment.dst.port;
  if (src[1] != dst[1]) {
    low = src[1] < dst[1];
  } else if (src[0] != dst[0]) {
    low = src[0] < dst[0];
  }
  const auto* first = low ? src : dst;
  const auto* second = low ? dst : src;
  const Endpoint& low_end = low ? segment.src : segment.dst;
  const Endpoint& high_end = low ? segment.dst : segment.src;
  result.key.address[0] = first[0];
  result.key.address[1] = first[1];
  result.key.address[2] = second[0];
  result.key.address[3] = second[1];
  result.key.ports = std::uint32_t{low_end.port} << 16 | high_end.port;
  result.key.is_v6[0] = low_end.address.is_v6;
  result.key.is_v6[1] = high_end.address.is_v6;
  result.sender_is_low = low;
  return result;
}

// Keyed by a secret of the process, so that no capture can be made to collide. Never visible in any
// output.
class KeyHash {
 public:
  KeyHash();
  std::uint32_t operator()(const ConnectionKey& key) const;

 private:
  std::uint64_t secret_[4];
};

}  // namespace mmsa::tcp
