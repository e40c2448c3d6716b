#include "unit/capture/frames.h"

namespace mmsa::test {
namespace {

std::uint16_t size16(std::size_t size) { return static_cast<std::uint16_t>(size); }

}  // namespace

Octets join(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Octets text(std::string_view characters) { return {characters.begin(), characters.end()}; }

Octets u16(std::uint16_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

Octets u32(std::uint32_t value) {
  return join(
      {u16(static_cast<std::uint16_t>(value >> 16)), u16(static_cast<std::uint16_t>(value))});
}

Octets ipv4(const Octets& payload, const Ipv4Options& options) {
  const std::size_t header = 20 + options.options.size();
  return join({{static_cast<std::uint8_t>(0x40 | header / 4), 0},  // version and IHL, service
               u16(size16(header + payload.size())),
               u16(options.identification),
               u16(options.fragment),
               {64, options.protocol, 0, 0},  // TTL, protocol, checksum
               {10, 0, 0, 1},
               {10, 0, 0, 2},
               options.options,
               payload});
}

Octets ipv6(const Octets& payload, std::uint8_t next_header) {
  Octets src(16), dst(16);
  src[0] = dst[0] = 0xfd;
  src[15] = 1;
  dst[15] = 2;
  return join({{0x60, 0, 0, 0}, u16(size16(payload.size())), {next_header, 64}, src, dst, payload});
}

Octets tcp(const Octets& payload, std::uint8_t flags, const Octets& options) {
  return join({u16(40000),
               u16(102),
               u32(1000),
               u32(2000),
               {static_cast<std::uint8_t>((20 + options.size()) / 4 << 4), flags},
               u16(512),
               {0, 0, 0, 0},  // checksum, urgent pointer
               options,
               payload});
}

Octets udp(const Octets& payload, std::uint16_t port) {
  return join({u16(50000), u16(port), u16(size16(8 + payload.size())), {0, 0}, payload});
}

Octets ethernet(std::uint16_t ethertype, const Octets& payload) {
  return join({{2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 1}, u16(ethertype), payload});
}

Packet packet_of(const Octets& frame, std::uint32_t link_type) {
  Packet packet;
  packet.frame = {7, 1'000'000'000};
  packet.link_type = link_type;
  packet.original_length = static_cast<std::uint32_t>(frame.size());
  packet.data = frame;
  return packet;
}

}  // namespace mmsa::test
