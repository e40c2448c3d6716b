// Tunnels of mirror ports, and the duplicates of PRP and HSR.
#include <catch2/catch.hpp>

#include "mmsanalyze/limits.h"
#include "unit/capture/decode_helper.h"

namespace mmsa::test {
namespace {

const Octets kPayload = text("payload");
const Octets kIp4 = ipv4(tcp(kPayload));
const Octets kFrame = ethernet(0x0800, kIp4);

Octets over_ip(std::uint8_t protocol, const Octets& payload) {
  return ethernet(0x0800, ipv4(payload, {protocol, 1, 0, {}}));
}

TEST_CASE("tunnels lead to the segment inside") {
  const Octets label = u32(0x00064040);       // label 100, more follow
  const Octets last_label = u32(0x000c8140);  // label 200, bottom of stack
  const Octets control_word = u32(0);
  const Octets vxlan{8, 0, 0, 0, 0, 0, 1, 0};
  const Octets sequence = u32(9);
  Octets platform(12);
  platform[0] = 0x20;
  platform[11] = 1;  // an optional header of 8 octets follows
  Octets of_ip(12);
  of_ip[10] = 2 << 2;  // frame type IP
  const Octets frame = GENERATE_COPY(
      ethernet(0x8847, join({last_label, kIp4})),
      ethernet(0x8848, join({label, last_label, ipv6(tcp(kPayload))})),
      ethernet(0x8847, join({last_label, control_word, kFrame})),
      ethernet(0x8847, join({last_label, kFrame})),
      ethernet(0x8864, join({{0x11, 0, 0, 7},
                             u16(static_cast<std::uint16_t>(2 + kIp4.size())),
                             u16(0x0021),
                             kIp4,
                             Octets(4, 0xee)})),
      over_ip(4, kIp4), over_ip(41, ipv6(tcp(kPayload))), ethernet(0x86dd, ipv6(kIp4, 4)),
      over_ip(47, join({u16(0), u16(0x0800), kIp4})),
      over_ip(47, join({u16(0xb000), u16(0x0800), u32(0), u32(1), u32(2), kIp4})),
      over_ip(47, join({u16(0x2000), u16(0x6558), u32(1), kFrame})),
      over_ip(47, join({u16(0), u16(0x88be), kFrame})),  // ERSPAN I
      over_ip(47, join({u16(0x1000), u16(0x88be), sequence, {0x10, 1, 0, 1, 0, 0, 0, 2}, kFrame})),
      over_ip(47, join({u16(0x1000), u16(0x22eb), sequence, {0x20}, Octets(11), kFrame})),
      over_ip(47, join({u16(0x1000), u16(0x22eb), sequence, platform, Octets(8), kFrame})),
      over_ip(47, join({u16(0x1000), u16(0x22eb), sequence, of_ip, kIp4})),
      over_ip(17, udp(join({vxlan, kFrame}), 4789)),
      // a mirrored frame of a VLAN, in VXLAN, in a VLAN
      ethernet(
          0x8100,
          join({u16(5), u16(0x0800),
                ipv4(udp(join({vxlan, ethernet(0x8100, join({u16(6), u16(0x0800), kIp4}))}), 4789),
                     {17, 1, 0, {}})})));
  Decoder decoder;
  REQUIRE(decoder.decode(frame));
  CHECK(decoder.payload() == kPayload);
  CHECK(decoder.total() == 0);
}

TEST_CASE("tunnels of other things are counted") {
  struct Row {
    Octets frame;
    Undecoded expected;
  };
  const Row row = GENERATE_COPY(
      Row{ethernet(0x8847, join({u32(0x00000140), {0x91}, Octets(40)})), Undecoded::not_ip},
      Row{ethernet(0x8864, join({{0x11, 9, 0, 0, 0, 2}, u16(0x0021)})), Undecoded::damaged_link},
      Row{over_ip(47, join({u16(0x3001), u16(0x880b), Octets(20)})), Undecoded::not_tcp},  // PPTP
      Row{over_ip(47, {0, 0, 8}), Undecoded::damaged_ip},
      Row{over_ip(47, {0xb0, 0, 8, 0, 0, 0, 0, 0}), Undecoded::damaged_ip},
      Row{over_ip(47, join({u16(0x1000), u16(0x88be), Octets(11)})), Undecoded::damaged_ip},
      Row{over_ip(47, join({u16(0x1000), u16(0x22eb), Octets(15)})), Undecoded::damaged_ip},
      Row{over_ip(47, join({u16(0), u16(0x6558), ethernet(0x88b8, Octets(9))})), Undecoded::not_ip},
      // VXLAN whose network number is not valid, and one that is too short
      Row{over_ip(17, udp(join({Octets(8), kFrame}), 4789)), Undecoded::not_tcp},
      Row{over_ip(17, udp(Octets(7, 8), 4789)), Undecoded::not_tcp});
  Decoder decoder;
  CHECK_FALSE(decoder.decode(row.frame));
  CHECK(decoder.undecoded[row.expected] == 1);
  CHECK(decoder.total() == 1);
}

TEST_CASE("tunnels in tunnels have a limit") {
  const auto nested = [](int depth) {
    Octets packet = kIp4;
    for (int i = 1; i < depth; ++i) packet = ipv4(packet, {4, 1, 0, {}});
    return packet;
  };
  Decoder decoder;
  CHECK(decoder.decode(nested(limits::kMaxEncapsulation), 101));
  CHECK_FALSE(decoder.decode(nested(limits::kMaxEncapsulation + 1), 101));
  CHECK(decoder.undecoded[Undecoded::damaged_link] == 1);
}

TEST_CASE("a mirrored frame that was cut has its missing octets counted") {
  Octets cut = kFrame;
  cut.resize(cut.size() - 4);  // as ERSPAN does with long frames
  Decoder decoder;
  REQUIRE(decoder.decode(over_ip(47, join({u16(0), u16(0x88be), cut}))));
  CHECK(decoder.payload() == text("pay"));
  CHECK(decoder.segment.missing == 4);
}

// A frame with the PRP trailer of this LAN (0xa or 0xb).
Octets prp(std::uint16_t sequence, std::uint16_t lan, Octets frame = kFrame) {
  const auto length = static_cast<std::uint16_t>(frame.size() - 14 + 6);
  return join(
      {frame, u16(sequence), u16(static_cast<std::uint16_t>(lan << 12 | length)), u16(0x88fb)});
}

Octets hsr(std::uint16_t sequence, std::uint16_t path) {
  return ethernet(
      0x892f, join({u16(static_cast<std::uint16_t>(std::size_t{path} << 12 | (kIp4.size() + 6))),
                    u16(sequence), u16(0x0800), kIp4}));
}

TEST_CASE("the copy of the other LAN is dropped and counted") {
  const bool ring = GENERATE(false, true);
  const auto copy = [ring](std::uint16_t sequence, bool second) {
    return ring ? hsr(sequence, second ? 1 : 0) : prp(sequence, second ? 0xb : 0xa);
  };
  Decoder decoder;
  REQUIRE(decoder.decode(copy(1, false)));
  CHECK(decoder.payload() == kPayload);
  CHECK_FALSE(decoder.decode(copy(1, true)));
  CHECK(decoder.undecoded[Undecoded::prp_hsr_duplicates] == 1);
  CHECK(decoder.decode(copy(2, true)));
  CHECK_FALSE(decoder.decode(copy(2, false)));
  CHECK(decoder.decode(copy(3, false)));
  CHECK(decoder.decode(copy(3, false)));  // twice from one LAN: for TCP to sort out
  CHECK(decoder.total() == 2);
}

TEST_CASE("PRP: no duplicates") {
  Decoder decoder;
  REQUIRE(decoder.decode(prp(1, 0xa)));
  SECTION("after the sequence number has come round") {
    CHECK(decoder.decode(prp(1, 0xb), 1, 0, {8, 2'000'000'000}));
  }
  SECTION("of another sender") {
    Octets other = prp(1, 0xb);
    other[11] = 9;
    CHECK(decoder.decode(other));
  }
  SECTION("a trailer whose length does not fit") {
    Octets other = prp(1, 0xb);
    --other[other.size() - 3];
    CHECK(decoder.decode(other));
  }
  SECTION("a trailer of no LAN") { CHECK(decoder.decode(prp(1, 0xc))); }
  CHECK(decoder.total() == 0);
}

TEST_CASE("PRP: frames of a VLAN, and what is no TCP") {
  Decoder decoder;
  const Octets tagged = ethernet(0x8100, join({u16(5), u16(0x0800), kIp4}));
  CHECK(decoder.decode(prp(1, 0xa, tagged)));
  CHECK_FALSE(decoder.decode(prp(1, 0xb, tagged)));
  const Octets goose = ethernet(0x88b8, Octets(46));
  CHECK_FALSE(decoder.decode(prp(2, 0xa, goose)));
  CHECK_FALSE(decoder.decode(prp(2, 0xb, goose)));
  CHECK(decoder.undecoded[Undecoded::prp_hsr_duplicates] == 2);
  CHECK(decoder.undecoded[Undecoded::not_ip] == 1);
}

TEST_CASE("PRP: payload that looks like a trailer is payload") {
  // The same six octets, but inside what IP calls its own.
  const auto look_alike = [](std::uint16_t lan) {
    const auto length = static_cast<std::uint16_t>(40 + 6);
    return ethernet(
        0x0800, ipv4(tcp(join(
                    {u16(1), u16(static_cast<std::uint16_t>(lan << 12 | length)), u16(0x88fb)}))));
  };
  Decoder decoder;
  CHECK(decoder.decode(look_alike(0xa)));
  CHECK(decoder.decode(look_alike(0xb)));
  CHECK(decoder.payload().size() == 6);
}

}  // namespace
}  // namespace mmsa::test
