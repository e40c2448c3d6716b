// Link layers, down to IP. One step is one header: a Cursor stands before a header, the step of its
// layer moves it behind.
#pragma once

#include <cstdint>

#include "mmsanalyze/bytes.h"
#include "mmsanalyze/packet.h"
#include "mmsanalyze/undecoded.h"

namespace mmsa::capture {

// LINKTYPE_ numbers as files have them.
inline constexpr std::uint32_t kLinkNull = 0;
inline constexpr std::uint32_t kLinkEthernet = 1;
inline constexpr std::uint32_t kLinkPpp = 9;
inline constexpr std::uint32_t kLinkRawDlt = 12;      // libpcap's own number for raw IP
inline constexpr std::uint32_t kLinkRawOpenBsd = 14;  // the same on OpenBSD
inline constexpr std::uint32_t kLinkPppHdlc = 50;
inline constexpr std::uint32_t kLinkPppEther = 51;
inline constexpr std::uint32_t kLinkRaw = 101;
inline constexpr std::uint32_t kLinkLoop = 108;
inline constexpr std::uint32_t kLinkSll = 113;
inline constexpr std::uint32_t kLinkIpv4 = 228;
inline constexpr std::uint32_t kLinkIpv6 = 229;
inline constexpr std::uint32_t kLinkSll2 = 276;

enum class Layer : std::uint8_t {
  ethernet,
  vlan,  // behind the EtherType of a tag
  hsr,
  llc,
  mpls,
  pppoe,
  ppp,
  ipv4,
  ipv6,
  stop,  // the frame is passed over
};

// What tells the two copies of a frame apart that PRP and HSR send (IEC 62439-3).
struct RedundancyTag {
  bool present = false;
  std::uint8_t lan = 0;
  std::uint16_t sequence = 0;
};

struct Cursor {
  Layer layer = Layer::stop;
  Undecoded reason = Undecoded::not_ip;  // of a stop
  std::uint32_t kind = 0;                // of that, where it is known: UndecodedCounters::Kinds
  Bytes data;                            // from the next header on
  std::uint32_t missing = 0;  // octets behind data that were on the wire and not captured
  std::uint64_t source_mac = 0;
  RedundancyTag tag;    // set by the step that met it
  bool quoted = false;  // what follows was not sent in this frame, an ICMP error quotes it

  void stop(Undecoded why, std::uint32_t which = 0) {
    layer = Layer::stop;
    reason = why;
    kind = which;
  }
  void go_on(Layer next, std::size_t header_length) {
    layer = next;
    data = data.subspan(header_length);
  }
};

// The first header of a frame.
Cursor enter_link(const Packet& packet);

void step_ethernet(Cursor& cursor);
void step_vlan(Cursor& cursor);
void step_hsr(Cursor& cursor);
void step_llc(Cursor& cursor);

// Moves behind a header that ends with this EtherType.
void go_on_by_ethertype(Cursor& cursor, std::uint16_t ethertype, std::size_t header_length);

}  // namespace mmsa::capture
