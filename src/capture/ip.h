// IPv4 and IPv6 headers.
#pragma once

#include <cstdint>

#include "mmsanalyze/bytes.h"
#include "mmsanalyze/packet.h"

namespace mmsa::capture {

struct IpPacket {
  IpAddress src;
  IpAddress dst;
  std::uint8_t protocol = 0;  // of the payload
  Bytes payload;              // what was captured of it
  std::uint32_t missing = 0;  // payload octets behind it that were not captured

  bool is_fragment = false;
  bool more_fragments = false;
  std::uint32_t fragment_offset = 0;  // octets
  std::uint32_t identification = 0;
};

// `missing`: octets behind data that were not captured. False where the header is cut off or
// contradicts itself. Checksums are not looked at: the sending machine captures packets before its
// network card has filled them in.
bool parse_ipv4(Bytes data, std::uint32_t missing, IpPacket& packet);
bool parse_ipv6(Bytes data, std::uint32_t missing, IpPacket& packet);

// Moves packet.payload behind the extension headers of IPv6; stops at a fragment. parse_ipv6 does
// it; once more it is done for the datagram that fragments were put together to.
bool skip_extension_headers(IpPacket& packet);

inline constexpr std::uint8_t kProtocolTcp = 6;

}  // namespace mmsa::capture
