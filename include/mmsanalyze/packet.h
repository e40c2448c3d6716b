// What capture/ hands on: a recorded frame, and the TCP segment found inside it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>

#include "mmsanalyze/bytes.h"

namespace mmsa {

// Nanoseconds since 1970-01-01 UTC. Signed, so that differences of unordered frames are harmless.
using TimeNs = std::int64_t;

inline constexpr TimeNs kNsPerSecond = 1'000'000'000;
inline constexpr TimeNs kNsPerMs = 1'000'000;

// Where an octet was seen: the number Wireshark shows as frame.number (counted over the whole
// trace, from 1), and the capture time of that frame.
struct FrameRef {
  std::uint64_t number = 0;
  TimeNs time = 0;
  // Nanoseconds since the first packet by a clock that never runs backwards, which capture times
  // may do. What lasts how long is measured by it.
  TimeNs clock = 0;

  friend bool operator==(const FrameRef&, const FrameRef&) = default;
};

// How long after `from` the frame `to` was captured, by the clock that never runs backwards; 0
// where it is the earlier one. Every duration is measured by it.
inline TimeNs elapsed(const FrameRef& from, const FrameRef& to) {
  return to.clock > from.clock ? to.clock - from.clock : 0;
}

// Where the times of a capture jump, as far as its times alone tell: a step ahead looks like
// silence, unless the clock steps back again.
struct ClockJumps {
  std::uint64_t back = 0;
  std::uint64_t ahead = 0;
  FrameRef first;         // the frame behind the first jump
  TimeNs first_size = 0;  // negative: back
  TimeNs largest = 0;     // the greatest size in either direction
};

// One frame of a capture file.
struct Packet {
  FrameRef frame;
  std::uint32_t link_type = 0;  // LINKTYPE_ number as written in files (1 Ethernet, 113 SLL, ...)
  std::uint32_t original_length = 0;  // octets on the wire; more than data.size() where snapped
  Bytes data;                         // valid until the next packet is read
};

// An IPv4 or IPv6 address. IPv4 is kept in the first four octets, the rest zero.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};
  bool is_v6 = false;

  // clang-tidy 14 sees a 0 in it. NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  // clang-tidy 14 sees a 0 in it. NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// TCP header flags, as in RFC 9293 section 3.1.
struct TcpFlags {
  static constexpr std::uint8_t kFin = 0x01;
  static constexpr std::uint8_t kSyn = 0x02;
  static constexpr std::uint8_t kRst = 0x04;
  static constexpr std::uint8_t kPsh = 0x08;
  static constexpr std::uint8_t kAck = 0x10;
};

// One TCP segment. The payload ends where IP's length says, not where the frame ends.
// `quoted`: the frame is an ICMP error that quotes the beginning of a segment. Such a segment has
// no payload and says nothing about its connection but that there was to be one.
struct Segment {
  FrameRef frame;
  Endpoint src;
  Endpoint dst;
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint8_t flags = 0;         // TcpFlags
  std::uint16_t window = 0;       // as written; the scale factor is in window_scale of the SYN
  std::int8_t window_scale = -1;  // option 3 of a SYN, -1 where absent
  bool quoted = false;
  Bytes payload;              // what was captured; valid until the next packet is read
  std::uint32_t missing = 0;  // payload octets behind it that were cut off the frame
  // The file says that the frame is whole: not its snap length cut them, but something before it.
  bool trimmed = false;

  bool syn() const { return (flags & TcpFlags::kSyn) != 0; }
  bool fin() const { return (flags & TcpFlags::kFin) != 0; }
  bool rst() const { return (flags & TcpFlags::kRst) != 0; }
  bool has_ack() const { return (flags & TcpFlags::kAck) != 0; }
  std::uint32_t payload_length() const {
    return static_cast<std::uint32_t>(payload.size()) + missing;
  }
};

}  // namespace mmsa
