#include "capture/tcp_header.h"

#include <algorithm>

#include "capture/octets.h"

namespace mmsa::capture {
namespace {

constexpr std::size_t kMinHeader = 20;

std::int8_t window_scale(Bytes options) {
  constexpr std::uint8_t kEnd = 0;
  constexpr std::uint8_t kNoOperation = 1;
  constexpr std::uint8_t kWindowScale = 3;
  constexpr std::uint8_t kMaxShift = 14;  // RFC 7323 2.3: a greater one counts as 14
  while (!options.empty() && options[0] != kEnd) {
    if (options[0] == kNoOperation) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2 || options[1] < 2 || options[1] > options.size()) return -1;
    if (options[0] == kWindowScale && options[1] == 3) {
      return static_cast<std::int8_t>(std::min(options[2], kMaxShift));
    }
    options = options.subspan(options[1]);
  }
  return -1;
}

// Up to the window, which ends at octet 16.
void parse_fixed_part(const std::uint8_t* at, Segment& segment) {
  segment.src.port = be16(at);
  segment.dst.port = be16(at + 2);
  segment.seq = be32(at + 4);
  segment.ack = be32(at + 8);
  segment.flags = at[13] & 0x3f;
  segment.window = be16(at + 14);
}

}  // namespace

bool parse_tcp(Bytes data, std::uint32_t missing, Segment& segment) {
  if (data.size() < kMinHeader) return false;
  const std::uint8_t* at = data.data();
  const std::size_t header = std::size_t{4} * (at[12] >> 4);
  if (header < kMinHeader || header > data.size() + missing) return false;
  parse_fixed_part(at, segment);
  segment.quoted = false;
  // The snap length may have cut off a part of the options.
  const std::size_t captured_header = std::min(header, data.size());
  segment.window_scale = segment.syn()
                             ? window_scale(data.subspan(kMinHeader, captured_header - kMinHeader))
                             : std::int8_t{-1};
  segment.payload = data.subspan(captured_header);
  segment.missing = missing - static_cast<std::uint32_t>(header - captured_header);
  return true;
}

// RFC 792 lets an error quote no more than 8 octets; Wireshark wants these 16 before it counts the
// connection.
bool parse_quoted_tcp(Bytes data, Segment& segment) {
  constexpr std::size_t kLeast = 16;
  if (data.size() < kLeast) return false;
  parse_fixed_part(data.data(), segment);
  segment.quoted = true;
  segment.window_scale = -1;
  segment.payload = {};
  segment.missing = 0;
  return true;
}

}  // namespace mmsa::capture
