// Frames built by hand, header by header, for the tests of capture/.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa::test {

using Octets = std::vector<std::uint8_t>;

Octets join(std::initializer_list<Octets> parts);
Octets text(std::string_view characters);
// Big endian, as the wire has it.
Octets u16(std::uint16_t value);
Octets u32(std::uint32_t value);

// 10.0.0.1 -> 10.0.0.2 and fd00::1 -> fd00::2; the lengths are those of the payload.
struct Ipv4Options {
  std::uint8_t protocol = 6;
  std::uint16_t identification = 1;
  std::uint16_t fragment = 0;  // flags and offset as written
  Octets options = {};
};
Octets ipv4(const Octets& payload, const Ipv4Options& options = {});
Octets ipv6(const Octets& payload, std::uint8_t next_header = 6);
// Ports 40000 -> 102, sequence number 1000, acknowledgement 2000, window 512.
Octets tcp(const Octets& payload, std::uint8_t flags = TcpFlags::kAck, const Octets& options = {});
Octets udp(const Octets& payload, std::uint16_t port);
// From 02:00:00:00:00:01 to 02:00:00:00:00:02.
Octets ethernet(std::uint16_t ethertype, const Octets& payload);

Packet packet_of(const Octets& frame, std::uint32_t link_type = 1);

}  // namespace mmsa::test
