// Walks from the link layer to TCP, one header at a time.
#include "capture/segment_decoder.h"

#include "capture/duplicates.h"
#include "capture/fragments.h"
#include "capture/icmp.h"
#include "capture/ip.h"
#include "capture/link.h"
#include "capture/octets.h"
#include "capture/tcp_header.h"
#include "capture/tunnel.h"
#include "mmsanalyze/limits.h"

namespace mmsa::capture {
namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kSllHeader = 16;
constexpr std::size_t kPlainIpHeader = 20;

// The offset of an IPv4 header that most frames have: right behind Ethernet or a Linux cooked
// header. 0: go the long way.
std::size_t plain_ip_offset(const Packet& packet) {
  constexpr std::uint16_t kIpv4 = 0x0800;
  std::size_t offset = 0;
  if (packet.link_type == kLinkEthernet) {
    offset = kEthernetHeader;
  } else if (packet.link_type == kLinkSll) {
    offset = kSllHeader;
  } else {
    return 0;
  }
  if (packet.data.size() < offset + kPlainIpHeader) return 0;
  return be16(packet.data.data() + offset - 2) == kIpv4 ? offset : 0;
}

// TCP in IPv4 without options, not fragmented, all of it captured, no trailer behind it. Everything
// that is not as plain as that is left to the walk, counters included.
bool decode_plain(const Packet& packet, Segment& segment) {
  const std::size_t offset = plain_ip_offset(packet);
  if (offset == 0) return false;
  const std::uint8_t* ip = packet.data.data() + offset;
  constexpr std::uint8_t kVersion4NoOptions = 0x45;
  constexpr std::uint16_t kFragmented = 0x3fff;
  constexpr std::size_t kLeastTrailer = 6;
  if (ip[0] != kVersion4NoOptions || ip[9] != kProtocolTcp || (be16(ip + 6) & kFragmented) != 0) {
    return false;
  }
  const std::size_t total = be16(ip + 2);
  const std::size_t available = packet.data.size() - offset;
  if (total < kPlainIpHeader || total > available) return false;
  if (available >= total + kLeastTrailer && packet.link_type == kLinkEthernet) {
    constexpr std::uint16_t kPrpSuffix = 0x88fb;
    if (be16(ip + available - 2) == kPrpSuffix) return false;
  }
  const Bytes tcp = packet.data.subspan(offset + kPlainIpHeader, total - kPlainIpHeader);
  if (!parse_tcp(tcp, 0, segment)) return false;
  segment.frame = packet.frame;
  segment.src.address = {};
  segment.dst.address = {};
  std::memcpy(segment.src.address.octets.data(), ip + 12, 4);
  std::memcpy(segment.dst.address.octets.data(), ip + 16, 4);
  return true;
}

}  // namespace

struct SegmentDecoder::Impl {
  explicit Impl(UndecodedCounters& counters) : undecoded(counters) {}

  UndecodedCounters& undecoded;
  FragmentTable fragments;
  DuplicateFilter duplicates;

  bool walk(const Packet& packet, Segment& segment);
  bool is_duplicate(Cursor& cursor, TimeNs time);
  bool step_ip(Cursor& cursor, const Packet& packet, Segment& segment);
  bool reassemble(IpPacket& ip, Cursor& cursor, TimeNs time);
  bool finish_tcp(const IpPacket& ip, const Packet& packet, Cursor& cursor, Segment& segment);
};

// True once the segment is found; otherwise the cursor stands before the next header or has
// stopped.
bool SegmentDecoder::Impl::step_ip(Cursor& cursor, const Packet& packet, Segment& segment) {
  constexpr std::uint8_t kIcmp = 1;
  constexpr std::uint8_t kIpv4InIp = 4;
  constexpr std::uint8_t kIpv6InIp = 41;
  constexpr std::uint8_t kGre = 47;
  constexpr std::uint8_t kIcmp6 = 58;
  IpPacket ip;
  const bool parsed = cursor.layer == Layer::ipv4 ? parse_ipv4(cursor.data, cursor.missing, ip)
                                                  : parse_ipv6(cursor.data, cursor.missing, ip);
  if (!parsed) {
    cursor.stop(Undecoded::damaged_ip);
    return false;
  }
  if (ip.is_fragment && !reassemble(ip, cursor, packet.frame.time)) return false;
  if (ip.protocol == kProtocolTcp) return finish_tcp(ip, packet, cursor, segment);
  cursor.data = ip.payload;
  cursor.missing = ip.missing;
  switch (ip.protocol) {
    case kIcmp:
      step_icmp(cursor);
      break;
    case kIcmp6:
      step_icmp6(cursor);
      break;
    case kIpv4InIp:
      cursor.layer = Layer::ipv4;
      break;
    case kIpv6InIp:
      cursor.layer = Layer::ipv6;
      break;
    case kUdp:
      step_udp(cursor);
      break;
    case kGre:
      step_gre(cursor);
      break;
    default:
      cursor.stop(Undecoded::not_tcp, ip.protocol);
  }
  return false;
}

// A fragment that is held leaves the cursor at a stop that must not be counted: it is counted when
// its datagram is given up.
bool SegmentDecoder::Impl::reassemble(IpPacket& ip, Cursor& cursor, TimeNs time) {
  if (cursor.quoted) {
    cursor.stop(Undecoded::not_tcp);
    return false;
  }
  const FragmentTable::Outcome outcome = fragments.add(ip, time);
  undecoded.add(Undecoded::fragments_incomplete, fragments.take_incomplete());
  switch (outcome) {
    case FragmentTable::Outcome::held:
      cursor.stop(Undecoded::kCount);
      return false;
    case FragmentTable::Outcome::damaged:
      cursor.stop(Undecoded::damaged_ip);
      return false;
    case FragmentTable::Outcome::whole:
      break;
  }
  if (ip.src.is_v6 && (!skip_extension_headers(ip) || ip.is_fragment)) {
    cursor.stop(Undecoded::damaged_ip);
    return false;
  }
  return true;
}

bool SegmentDecoder::Impl::finish_tcp(const IpPacket& ip, const Packet& packet, Cursor& cursor,
                                      Segment& segment) {
  const bool parsed = cursor.quoted ? parse_quoted_tcp(ip.payload, segment)
                                    : parse_tcp(ip.payload, ip.missing, segment);
  if (!parsed) {
    cursor.stop(Undecoded::damaged_tcp);
    return false;
  }
  segment.frame = packet.frame;
  segment.trimmed = segment.missing != 0 && packet.original_length <= packet.data.size();
  segment.src.address = ip.src;
  segment.dst.address = ip.dst;
  if (cursor.quoted) undecoded.add(Undecoded::not_tcp);
  return true;
}

bool SegmentDecoder::Impl::is_duplicate(Cursor& cursor, TimeNs time) {
  if (!cursor.tag.present) return false;
  cursor.tag.present = false;
  return duplicates.is_duplicate(cursor.source_mac, cursor.tag.sequence, cursor.tag.lan, time);
}

bool SegmentDecoder::Impl::walk(const Packet& packet, Segment& segment) {
  fragments.begin_frame();
  Cursor cursor = enter_link(packet);
  for (int depth = 0; cursor.layer != Layer::stop; ++depth) {
    if (depth == limits::kMaxEncapsulation) {
      cursor.stop(Undecoded::damaged_link);
      break;
    }
    switch (cursor.layer) {
      case Layer::ethernet:
        step_ethernet(cursor);
        break;
      case Layer::vlan:
        step_vlan(cursor);
        break;
      case Layer::hsr:
        step_hsr(cursor);
        break;
      case Layer::llc:
        step_llc(cursor);
        break;
      case Layer::mpls:
        step_mpls(cursor);
        break;
      case Layer::pppoe:
        step_pppoe(cursor);
        break;
      case Layer::ppp:
        step_ppp(cursor);
        break;
      case Layer::ipv4:
      case Layer::ipv6:
        if (step_ip(cursor, packet, segment)) return true;
        break;
      case Layer::stop:
        break;
    }
    if (is_duplicate(cursor, packet.frame.time)) cursor.stop(Undecoded::prp_hsr_duplicates);
  }
  // Whatever is wrong with a quoted packet, the frame is an ICMP error.
  if (cursor.quoted) cursor.reason = Undecoded::not_tcp;
  if (cursor.reason == Undecoded::kCount) return false;
  undecoded.add(cursor.reason);
  if (cursor.kind != 0) undecoded.add_kind(cursor.reason, cursor.kind);
  return false;
}

SegmentDecoder::SegmentDecoder(UndecodedCounters& undecoded)
    : impl_(std::make_unique<Impl>(undecoded)) {}

SegmentDecoder::~SegmentDecoder() = default;

bool SegmentDecoder::decode(const Packet& packet, Segment& segment) {
  return decode_plain(packet, segment) || impl_->walk(packet, segment);
}

void SegmentDecoder::finish() {
  impl_->fragments.finish();
  impl_->undecoded.add(Undecoded::fragments_incomplete, impl_->fragments.take_incomplete());
}

}  // namespace mmsa::capture
