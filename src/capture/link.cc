// Ethernet (IEEE 802.3 clause 3), VLAN tags (802.1Q clause 9), LLC with SNAP (802.2), HSR and PRP
// (IEC 62439-3), Linux cooked captures, BSD loopback, raw IP.
#include "capture/link.h"

#include "capture/octets.h"

namespace mmsa::capture {
namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kTypeOffset = 12;
constexpr std::size_t kVlanTag = 4;

void enter_sll(Cursor& cursor) {
  constexpr std::size_t kHeader = 16;
  constexpr std::size_t kProtocol = 14;
  if (cursor.data.size() < kHeader) return cursor.stop(Undecoded::damaged_link);
  go_on_by_ethertype(cursor, be16(cursor.data.data() + kProtocol), kHeader);
}

void enter_sll2(Cursor& cursor) {
  constexpr std::size_t kHeader = 20;
  if (cursor.data.size() < kHeader) return cursor.stop(Undecoded::damaged_link);
  go_on_by_ethertype(cursor, be16(cursor.data.data()), kHeader);
}

// An address family of the capturing machine: in its byte order, so both are tried, and with its
// number for IPv6. The families are below 256, so the order is never in doubt.
void enter_loopback(Cursor& cursor) {
  constexpr std::size_t kHeader = 4;
  if (cursor.data.size() < kHeader) return cursor.stop(Undecoded::damaged_link);
  std::uint32_t family = be32(cursor.data.data());
  if (family > 0xff) family = swapped(family);
  switch (family) {
    case 2:
      return cursor.go_on(Layer::ipv4, kHeader);
    case 10:  // Linux
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // macOS
      return cursor.go_on(Layer::ipv6, kHeader);
    default:
      return cursor.stop(Undecoded::not_ip);
  }
}

void enter_raw(Cursor& cursor) {
  const unsigned version = cursor.data.empty() ? 0 : cursor.data[0] >> 4;
  if (version == 4) return cursor.go_on(Layer::ipv4, 0);
  if (version == 6) return cursor.go_on(Layer::ipv6, 0);
  cursor.stop(Undecoded::damaged_ip);
}

// PRP appends to the frame: sequence number, LAN (4 bits) and length (12 bits), 0x88FB. The length
// runs from behind the EtherType to the end; some devices count VLAN tags in, some do not.
RedundancyTag prp_trailer(Bytes frame) {
  constexpr std::size_t kTrailer = 6;
  constexpr std::uint16_t kSuffix = 0x88fb;
  RedundancyTag tag;
  if (frame.size() < kEthernetHeader + kTrailer) return tag;
  const std::uint8_t* at = frame.data() + frame.size() - kTrailer;
  if (be16(at + 4) != kSuffix) return tag;
  const std::uint16_t lan_and_length = be16(at + 2);
  const std::size_t length = lan_and_length & 0x0fff;
  const std::size_t most = frame.size() - kEthernetHeader;
  const auto lan = static_cast<std::uint8_t>(lan_and_length >> 12);
  const bool known_lan = lan == 0xa || lan == 0xb;
  const bool length_fits =
      length == most || length + kVlanTag == most || length + 2 * kVlanTag == most;
  tag.present = known_lan && length_fits;
  tag.lan = lan;
  tag.sequence = be16(at);
  return tag;
}

}  // namespace

Cursor enter_link(const Packet& packet) {
  Cursor cursor;
  cursor.data = packet.data;
  if (packet.original_length > packet.data.size()) {
    cursor.missing = packet.original_length - static_cast<std::uint32_t>(packet.data.size());
  }
  switch (packet.link_type) {
    case kLinkEthernet:
      cursor.layer = Layer::ethernet;
      break;
    case kLinkSll:
      enter_sll(cursor);
      break;
    case kLinkSll2:
      enter_sll2(cursor);
      break;
    case kLinkNull:
    case kLinkLoop:
      enter_loopback(cursor);
      break;
    case kLinkRaw:
    case kLinkRawDlt:
    case kLinkRawOpenBsd:
      enter_raw(cursor);
      break;
    case kLinkIpv4:
      cursor.layer = Layer::ipv4;
      break;
    case kLinkIpv6:
      cursor.layer = Layer::ipv6;
      break;
    case kLinkPpp:
    case kLinkPppHdlc:
      cursor.layer = Layer::ppp;
      break;
    case kLinkPppEther:
      cursor.layer = Layer::pppoe;
      break;
    default:
      cursor.stop(Undecoded::unknown_link_type, packet.link_type);
  }
  return cursor;
}

void go_on_by_ethertype(Cursor& cursor, std::uint16_t ethertype, std::size_t header_length) {
  constexpr std::uint16_t kLlcInCookedCapture = 0x0004;
  switch (ethertype) {
    case 0x0800:
      return cursor.go_on(Layer::ipv4, header_length);
    case 0x86dd:
      return cursor.go_on(Layer::ipv6, header_length);
    case 0x8100:  // 802.1Q
    case 0x88a8:  // 802.1ad
    case 0x9100:  // stacked tags before 802.1ad
    case 0x9200:
      return cursor.go_on(Layer::vlan, header_length);
    case 0x892f:
      return cursor.go_on(Layer::hsr, header_length);
    case 0x8847:
    case 0x8848:
      return cursor.go_on(Layer::mpls, header_length);
    case 0x8864:
      return cursor.go_on(Layer::pppoe, header_length);
    case 0x6558:  // transparent Ethernet bridging, in GRE
      return cursor.go_on(Layer::ethernet, header_length);
    case kLlcInCookedCapture:
      return cursor.go_on(Layer::llc, header_length);
    default:
      return cursor.stop(Undecoded::not_ip, ethertype);
  }
}

namespace {

// Up to 1500 the field is the length of an LLC frame.
void go_on_by_type_or_length(Cursor& cursor, std::uint16_t type_or_length, std::size_t header) {
  constexpr std::uint16_t kMaxLength = 1500;
  if (type_or_length <= kMaxLength) return cursor.go_on(Layer::llc, header);
  go_on_by_ethertype(cursor, type_or_length, header);
}

}  // namespace

void step_ethernet(Cursor& cursor) {
  if (cursor.data.size() < kEthernetHeader) return cursor.stop(Undecoded::damaged_link);
  const std::uint8_t* at = cursor.data.data();
  cursor.source_mac = std::uint64_t{be16(at + 6)} << 32 | be32(at + 8);
  // The trailer is at the end of the whole frame only.
  if (cursor.missing == 0) cursor.tag = prp_trailer(cursor.data);
  go_on_by_type_or_length(cursor, be16(at + kTypeOffset), kEthernetHeader);
}

void step_vlan(Cursor& cursor) {
  if (cursor.data.size() < kVlanTag) return cursor.stop(Undecoded::damaged_link);
  go_on_by_type_or_length(cursor, be16(cursor.data.data() + 2), kVlanTag);
}

// IEC 62439-3 5.7: path (4 bits, the lowest is the direction in the ring) and length (12 bits),
// sequence number, EtherType of what the tag was put before.
void step_hsr(Cursor& cursor) {
  constexpr std::size_t kHeader = 6;
  if (cursor.data.size() < kHeader) return cursor.stop(Undecoded::damaged_link);
  const std::uint8_t* at = cursor.data.data();
  cursor.tag = {true, static_cast<std::uint8_t>(at[0] >> 4 & 1), be16(at + 2)};
  go_on_by_type_or_length(cursor, be16(at + 4), kHeader);
}

void step_llc(Cursor& cursor) {
  constexpr std::size_t kHeader = 8;  // DSAP, SSAP, control; SNAP: organization, EtherType
  constexpr std::uint16_t kSnapSap = 0xaaaa;
  constexpr std::uint32_t kUnnumberedOfEthertypes = 0x03000000;  // control, organization 00-00-00
  if (cursor.data.size() < kHeader) return cursor.stop(Undecoded::not_ip);
  const std::uint8_t* at = cursor.data.data();
  if (be16(at) != kSnapSap || be32(at + 2) != kUnnumberedOfEthertypes) {
    return cursor.stop(Undecoded::not_ip);
  }
  go_on_by_ethertype(cursor, be16(at + 6), kHeader);
}

}  // namespace mmsa::capture
