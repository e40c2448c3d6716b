// MPLS (RFC 3032, pseudowires RFC 4385), PPPoE (RFC 2516), PPP (RFC 1661), GRE (RFC 2784, RFC
// 2890), ERSPAN (draft-foschiano-erspan), VXLAN (RFC 7348).
#include "capture/tunnel.h"

#include "capture/octets.h"

namespace mmsa::capture {
namespace {

// What a header says of the length of its payload; more than that is padding.
void trim(Cursor& cursor, std::size_t length) {
  if (cursor.data.size() <= length) return;
  cursor.data = cursor.data.first(length);
  cursor.missing = 0;
}

bool is_ethernet_of_ip(Bytes data, std::size_t offset) {
  constexpr std::size_t kEthernetHeader = 14;
  if (data.size() < offset + kEthernetHeader) return false;
  const std::uint16_t ethertype = be16(data.data() + offset + 12);
  return ethertype == 0x0800 || ethertype == 0x86dd || ethertype == 0x8100 || ethertype == 0x88a8;
}

// With a sequence number there is a header before the mirrored frame; without one (type I) none.
void step_erspan2(Cursor& cursor, bool has_sequence) {
  constexpr std::size_t kHeader = 8;
  const std::size_t header = has_sequence ? kHeader : 0;
  if (cursor.data.size() < header) return cursor.stop(Undecoded::damaged_ip);
  cursor.go_on(Layer::ethernet, header);
}

void step_erspan3(Cursor& cursor) {
  constexpr std::size_t kHeader = 12;
  constexpr std::size_t kPlatformHeader = 8;
  constexpr std::uint16_t kHasPlatformHeader = 0x0001;
  constexpr unsigned kEthernetFrame = 0;
  constexpr unsigned kIpPacket = 2;
  if (cursor.data.size() < kHeader) return cursor.stop(Undecoded::damaged_ip);
  const std::uint16_t flags = be16(cursor.data.data() + 10);
  const std::size_t header = kHeader + ((flags & kHasPlatformHeader) != 0 ? kPlatformHeader : 0);
  if (cursor.data.size() <= header) return cursor.stop(Undecoded::damaged_ip);
  const unsigned frame_type = flags >> 10 & 0x1f;
  if (frame_type == kEthernetFrame) return cursor.go_on(Layer::ethernet, header);
  if (frame_type != kIpPacket) return cursor.stop(Undecoded::not_ip);
  const bool is_v6 = cursor.data[header] >> 4 == 6;
  cursor.go_on(is_v6 ? Layer::ipv6 : Layer::ipv4, header);
}

}  // namespace

// Nothing says what is below the labels: IP is known by its version; otherwise it is a pseudowire
// of Ethernet, with or without a control word, of which the one is right that leads to an
// EtherType.
void step_mpls(Cursor& cursor) {
  constexpr std::size_t kLabel = 4;
  constexpr std::uint8_t kBottomOfStack = 0x01;
  bool bottom = false;
  while (!bottom) {
    if (cursor.data.size() <= kLabel) return cursor.stop(Undecoded::damaged_link);
    bottom = (cursor.data[2] & kBottomOfStack) != 0;
    cursor.data = cursor.data.subspan(kLabel);
  }
  constexpr std::size_t kControlWord = 4;
  const unsigned first = cursor.data[0] >> 4;
  if (first == 4) return cursor.go_on(Layer::ipv4, 0);
  if (first == 6) return cursor.go_on(Layer::ipv6, 0);
  if (first == 0 && is_ethernet_of_ip(cursor.data, kControlWord)) {
    return cursor.go_on(Layer::ethernet, kControlWord);
  }
  if (is_ethernet_of_ip(cursor.data, 0)) return cursor.go_on(Layer::ethernet, 0);
  cursor.stop(Undecoded::not_ip);
}

void step_pppoe(Cursor& cursor) {
  constexpr std::size_t kHeader = 6;  // version and type, code, session, length
  constexpr std::uint16_t kVersionAndSessionData = 0x1100;
  if (cursor.data.size() < kHeader || be16(cursor.data.data()) != kVersionAndSessionData) {
    return cursor.stop(Undecoded::damaged_link);
  }
  const std::uint16_t length = be16(cursor.data.data() + 4);
  cursor.go_on(Layer::ppp, kHeader);
  trim(cursor, length);
}

void step_ppp(Cursor& cursor) {
  constexpr std::uint16_t kAddressAndControl = 0xff03;
  if (cursor.data.size() >= 2 && be16(cursor.data.data()) == kAddressAndControl) {
    cursor.data = cursor.data.subspan(2);
  }
  if (cursor.data.size() < 2) return cursor.stop(Undecoded::damaged_link);
  // An odd first octet is the whole protocol field: it may be sent in one octet.
  const bool one_octet = (cursor.data[0] & 1) != 0;
  const std::uint16_t protocol = one_octet ? cursor.data[0] : be16(cursor.data.data());
  const std::size_t header = one_octet ? 1 : 2;
  if (protocol == 0x0021) return cursor.go_on(Layer::ipv4, header);
  if (protocol == 0x0057) return cursor.go_on(Layer::ipv6, header);
  cursor.stop(Undecoded::not_ip);
}

void step_gre(Cursor& cursor) {
  constexpr std::uint32_t kGre = 47;
  constexpr std::uint16_t kChecksum = 0x8000;
  constexpr std::uint16_t kRouting = 0x4000;
  constexpr std::uint16_t kKey = 0x2000;
  constexpr std::uint16_t kSequence = 0x1000;
  constexpr std::uint16_t kVersion = 0x0007;
  if (cursor.data.size() < 4) return cursor.stop(Undecoded::damaged_ip);
  const std::uint16_t flags = be16(cursor.data.data());
  const std::uint16_t type = be16(cursor.data.data() + 2);
  // Source routing is obsolete; version 1 is PPTP.
  if ((flags & (kRouting | kVersion)) != 0) return cursor.stop(Undecoded::not_tcp, kGre);
  std::size_t header = 4;
  for (const std::uint16_t field : {kChecksum, kKey, kSequence}) {
    if ((flags & field) != 0) header += 4;
  }
  if (cursor.data.size() < header) return cursor.stop(Undecoded::damaged_ip);
  constexpr std::uint16_t kErspan2 = 0x88be;
  constexpr std::uint16_t kErspan3 = 0x22eb;
  if (type != kErspan2 && type != kErspan3) return go_on_by_ethertype(cursor, type, header);
  cursor.data = cursor.data.subspan(header);
  if (type == kErspan2) return step_erspan2(cursor, (flags & kSequence) != 0);
  step_erspan3(cursor);
}

void step_udp(Cursor& cursor) {
  constexpr std::size_t kUdpHeader = 8;
  constexpr std::size_t kVxlanHeader = 8;
  constexpr std::uint16_t kVxlanPort = 4789;
  constexpr std::uint8_t kNetworkIsValid = 0x08;
  if (cursor.data.size() < kUdpHeader + kVxlanHeader ||
      be16(cursor.data.data() + 2) != kVxlanPort ||
      (cursor.data[kUdpHeader] & kNetworkIsValid) == 0) {
    const bool has_port = cursor.data.size() >= 4;
    return cursor.stop(Undecoded::not_tcp,
                       has_port ? udp_kind(be16(cursor.data.data() + 2)) : kUdp);
  }
  const std::size_t length = be16(cursor.data.data() + 4);
  if (length >= kUdpHeader) trim(cursor, length);
  if (cursor.data.size() < kUdpHeader + kVxlanHeader) return cursor.stop(Undecoded::damaged_ip);
  cursor.go_on(Layer::ethernet, kUdpHeader + kVxlanHeader);
}

}  // namespace mmsa::capture
