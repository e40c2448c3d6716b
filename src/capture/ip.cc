// IPv4: RFC 791 section 3.1. IPv6: RFC 8200 sections 3 and 4, RFC 4302 (authentication header).
#include "capture/ip.h"

#include <algorithm>
#include <cstring>

#include "capture/octets.h"

namespace mmsa::capture {
namespace {

// The payload is `declared` octets long, whatever follows it in the frame, and however much of it
// was captured.
void set_payload(IpPacket& packet, Bytes behind_header, std::size_t declared) {
  packet.payload = behind_header.first(std::min(declared, behind_header.size()));
  packet.missing = static_cast<std::uint32_t>(declared - packet.payload.size());
}

}  // namespace

bool parse_ipv4(Bytes data, std::uint32_t missing, IpPacket& packet) {
  constexpr std::size_t kMinHeader = 20;
  constexpr std::uint16_t kMoreFragments = 0x2000;
  constexpr std::uint16_t kOffset = 0x1fff;
  if (data.size() < kMinHeader || data[0] >> 4 != 4) return false;
  const std::uint8_t* at = data.data();
  const std::size_t header = std::size_t{4} * (at[0] & 0x0fu);
  std::size_t total = be16(at + 2);
  // Segmentation offload: the sending machine captures packets that its card has yet to cut up, and
  // whose length may not fit into the field.
  if (total == 0) total = data.size() + missing;
  if (header < kMinHeader || total < header || data.size() < header) return false;
  std::memcpy(packet.src.octets.data(), at + 12, 4);
  std::memcpy(packet.dst.octets.data(), at + 16, 4);
  packet.protocol = at[9];
  const std::uint16_t fragment = be16(at + 6);
  packet.is_fragment = (fragment & (kMoreFragments | kOffset)) != 0;
  packet.more_fragments = (fragment & kMoreFragments) != 0;
  packet.fragment_offset = std::uint32_t{8} * (fragment & kOffset);
  packet.identification = be16(at + 4);
  set_payload(packet, data.subspan(header), total - header);
  return true;
}

bool parse_ipv6(Bytes data, std::uint32_t missing, IpPacket& packet) {
  constexpr std::size_t kHeader = 40;
  if (data.size() < kHeader || data[0] >> 4 != 6) return false;
  const std::uint8_t* at = data.data();
  std::size_t length = be16(at + 4);
  // A jumbogram (RFC 2675) or segmentation offload: the frame says how long it is.
  if (length == 0) length = data.size() - kHeader + missing;
  packet.src.is_v6 = true;
  packet.dst.is_v6 = true;
  std::memcpy(packet.src.octets.data(), at + 8, 16);
  std::memcpy(packet.dst.octets.data(), at + 24, 16);
  packet.protocol = at[6];
  set_payload(packet, data.subspan(kHeader), length);
  return skip_extension_headers(packet);
}

bool skip_extension_headers(IpPacket& packet) {
  constexpr std::uint8_t kHopByHop = 0;
  constexpr std::uint8_t kRouting = 43;
  constexpr std::uint8_t kFragment = 44;
  constexpr std::uint8_t kAuthentication = 51;
  constexpr std::uint8_t kDestinationOptions = 60;
  constexpr std::size_t kUnit = 8;  // the least of any
  packet.is_fragment = false;
  for (;;) {
    const std::uint8_t header = packet.protocol;
    const bool is_extension = header == kHopByHop || header == kRouting || header == kFragment ||
                              header == kAuthentication || header == kDestinationOptions;
    if (!is_extension) return true;
    if (packet.payload.size() < kUnit) return false;
    const std::uint8_t* at = packet.payload.data();
    std::size_t length = kUnit;
    if (header == kFragment) {
      const std::uint16_t offset_and_flags = be16(at + 2);
      packet.fragment_offset = offset_and_flags & 0xfff8u;
      packet.more_fragments = (offset_and_flags & 1) != 0;
      packet.identification = be32(at + 4);
      // A fragment that is its whole datagram (RFC 6946) is none.
      packet.is_fragment = packet.more_fragments || packet.fragment_offset != 0;
    } else if (header == kAuthentication) {
      length = std::size_t{4} * (at[1] + 2u);
    } else {
      length = kUnit * (at[1] + 1u);
    }
    if (packet.payload.size() < length) return false;
    packet.protocol = at[0];
    packet.payload = packet.payload.subspan(length);
    if (packet.is_fragment) return true;
  }
}

}  // namespace mmsa::capture
