// Link layers, IP, fragments and the TCP header.
#include <algorithm>
#include <catch2/catch.hpp>

#include "capture/segment_decoder.h"
#include "mmsanalyze/limits.h"
#include "unit/capture/decode_helper.h"

namespace mmsa::test {
namespace {

const Octets kPayload = text("payload");
const Octets kIp4 = ipv4(tcp(kPayload));
const Octets kIp6 = ipv6(tcp(kPayload));

TEST_CASE("what a segment says") {
  Decoder decoder;
  REQUIRE(decoder.decode(ethernet(
      0x0800, ipv4(tcp(kPayload, TcpFlags::kSyn | TcpFlags::kAck, {1, 3, 3, 7, 2, 4, 5, 180})))));
  const Segment& segment = decoder.segment;
  CHECK(segment.frame == FrameRef{7, 1'000'000'000});
  CHECK(segment.src.address.octets == std::array<std::uint8_t, 16>{10, 0, 0, 1});
  CHECK(segment.dst.address.octets == std::array<std::uint8_t, 16>{10, 0, 0, 2});
  CHECK_FALSE(segment.src.address.is_v6);
  CHECK(segment.src.port == 40'000);
  CHECK(segment.dst.port == 102);
  CHECK(segment.seq == 1000);
  CHECK(segment.ack == 2000);
  CHECK(segment.flags == (TcpFlags::kSyn | TcpFlags::kAck));
  CHECK(segment.window == 512);
  CHECK(segment.window_scale == 7);
  CHECK(decoder.payload() == kPayload);
  CHECK(segment.missing == 0);
}

TEST_CASE("addresses of IPv6 follow those of IPv4 and back without a trace") {
  Decoder decoder;
  REQUIRE(decoder.decode(ethernet(0x86dd, kIp6)));
  CHECK(decoder.segment.src.address.is_v6);
  CHECK(decoder.segment.src.address.octets[0] == 0xfd);
  CHECK(decoder.segment.dst.address.octets[15] == 2);
  CHECK(decoder.payload() == kPayload);
  REQUIRE(decoder.decode(ethernet(0x0800, kIp4)));
  CHECK_FALSE(decoder.segment.src.address.is_v6);
  CHECK(decoder.segment.src.address.octets == std::array<std::uint8_t, 16>{10, 0, 0, 1});
}

TEST_CASE("every link layer leads to the segment") {
  struct Row {
    std::uint32_t link_type;
    Octets frame;
  };
  const Octets sll = join({u16(0), u16(1), u16(6), Octets(8)});
  const Octets sll2 = join({u16(0), u32(3), u16(1), {0, 6}, Octets(8)});
  const Row row = GENERATE_COPY(
      Row{1, ethernet(0x0800, kIp4)}, Row{1, ethernet(0x86dd, kIp6)},
      Row{1, ethernet(0x8100, join({u16(0x2065), u16(0x0800), kIp4}))},
      Row{1, ethernet(0x88a8, join({u16(1), u16(0x8100), u16(2), u16(0x86dd), kIp6}))},
      Row{1, ethernet(0x9100, join({u16(1), u16(0x0800), kIp4}))},
      // LLC with SNAP: the length, AA AA 03, organization 0, EtherType
      Row{1, ethernet(55, join({{0xaa, 0xaa, 3, 0, 0, 0}, u16(0x0800), kIp4}))},
      Row{113, join({sll, u16(0x0800), kIp4})}, Row{113, join({sll, u16(0x86dd), kIp6})},
      Row{113, join({sll, u16(0x8100), u16(9), u16(0x0800), kIp4})},
      Row{113, join({sll, u16(4), {0xaa, 0xaa, 3, 0, 0, 0}, u16(0x0800), kIp4})},
      Row{276, join({u16(0x0800), sll2, kIp4})}, Row{276, join({u16(0x86dd), sll2, kIp6})},
      Row{0, join({{2, 0, 0, 0}, kIp4})}, Row{0, join({{0, 0, 0, 2}, kIp4})},
      Row{0, join({{30, 0, 0, 0}, kIp6})}, Row{0, join({{0, 0, 0, 24}, kIp6})},
      Row{108, join({{0, 0, 0, 28}, kIp6})}, Row{101, kIp4}, Row{101, kIp6}, Row{12, kIp4},
      Row{14, kIp6}, Row{228, kIp4}, Row{229, kIp6},
      Row{9, join({{0xff, 0x03}, u16(0x0021), kIp4})}, Row{9, join({{0x21}, kIp4})},
      Row{50, join({u16(0x0057), kIp6})},
      Row{51, join({{0x11, 0, 0, 1},
                    u16(static_cast<std::uint16_t>(2 + kIp4.size())),
                    u16(0x0021),
                    kIp4})});
  CAPTURE(row.link_type);
  Decoder decoder;
  REQUIRE(decoder.decode(row.frame, row.link_type));
  CHECK(decoder.payload() == kPayload);
  CHECK(decoder.segment.missing == 0);
  CHECK(decoder.total() == 0);
}

TEST_CASE("what is passed over is counted in the row that fits") {
  struct Row {
    std::uint32_t link_type;
    Octets frame;
    Undecoded expected;
  };
  Octets version5 = kIp4;
  version5[0] = 0x55;
  Octets short_header = kIp4;
  short_header[0] = 0x44;
  Octets short_total = kIp4;
  short_total[3] = 19;
  Octets long_header = ipv4({});
  long_header[0] = 0x4f;
  Octets tcp_offset_low = ipv4(tcp(kPayload));
  tcp_offset_low[20 + 12] = 0x40;
  Octets tcp_offset_high = ipv4(tcp(kPayload));
  tcp_offset_high[20 + 12] = 0xf0;
  const Row row = GENERATE_COPY(
      Row{105, Octets(60), Undecoded::unknown_link_type},
      Row{1, ethernet(0x88b8, Octets(60)), Undecoded::not_ip},  // GOOSE
      Row{1, ethernet(0x0806, Octets(28)), Undecoded::not_ip},
      Row{1, ethernet(0x0026, Octets(38, 0x42)), Undecoded::not_ip},  // spanning tree
      Row{113, Octets(30), Undecoded::not_ip}, Row{0, {7, 0, 0, 0}, Undecoded::not_ip},
      Row{9, {0xc0, 0x21, 1}, Undecoded::not_ip},
      Row{1, ethernet(0x0800, ipv4(Octets(8), {1})), Undecoded::not_tcp},
      Row{1, ethernet(0x0800, ipv4(udp(Octets(60), 53), {17})), Undecoded::not_tcp},
      Row{1, ethernet(0x86dd, ipv6(Octets(8), 58)), Undecoded::not_tcp},
      Row{1, ethernet(0x86dd, ipv6(Octets(8), 59)), Undecoded::not_tcp},
      Row{1, Octets(13), Undecoded::damaged_link},
      Row{1, ethernet(0x8100, {0, 1, 8}), Undecoded::damaged_link},
      Row{1, ethernet(0x8847, {0, 0, 1, 1}), Undecoded::damaged_link},
      Row{1, ethernet(0x8864, {0x11, 0, 0}), Undecoded::damaged_link},
      Row{113, Octets(15), Undecoded::damaged_link}, Row{276, Octets(19), Undecoded::damaged_link},
      Row{0, {2, 0, 0}, Undecoded::damaged_link}, Row{9, {}, Undecoded::damaged_link},
      Row{101, {}, Undecoded::damaged_ip}, Row{1, ethernet(0x0800, {}), Undecoded::damaged_ip},
      Row{1, ethernet(0x0800, version5), Undecoded::damaged_ip},
      Row{1, ethernet(0x0800, short_header), Undecoded::damaged_ip},
      Row{1, ethernet(0x0800, short_total), Undecoded::damaged_ip},
      Row{1, ethernet(0x0800, long_header), Undecoded::damaged_ip},
      Row{1, ethernet(0x86dd, Octets(39, 0x60)), Undecoded::damaged_ip},
      Row{1, ethernet(0x86dd, ipv6(Octets(7), 0)), Undecoded::damaged_ip},
      Row{1, ethernet(0x86dd, ipv6({6, 1, 0, 0, 0, 0, 0, 0}, 60)), Undecoded::damaged_ip},
      Row{1, ethernet(0x0800, ipv4(Octets(19))), Undecoded::damaged_tcp},
      Row{1, ethernet(0x0800, tcp_offset_low), Undecoded::damaged_tcp},
      Row{1, ethernet(0x0800, tcp_offset_high), Undecoded::damaged_tcp});
  Decoder decoder;
  CHECK_FALSE(decoder.decode(row.frame, row.link_type));
  const auto expected = static_cast<std::size_t>(row.expected);
  CAPTURE(kUndecodedTable[expected].name);
  CHECK(decoder.undecoded[row.expected] == 1);
  CHECK(decoder.total() == 1);
}

TEST_CASE("ICMP errors quote the beginning of a segment") {
  const auto icmp = [](std::uint8_t type, const Octets& quoted) {
    return join({{type, 1, 0, 0, 0, 0, 0, 0}, quoted});
  };
  const Octets syn = tcp({}, TcpFlags::kSyn, Octets(20, 1));
  const auto in4 = [&](const Octets& message) {
    return ethernet(0x0800, ipv4(message, {.protocol = 1}));
  };
  const auto in6 = [&](const Octets& message) { return ethernet(0x86dd, ipv6(message, 58)); };
  Octets only_16_octets = ipv4(syn);
  only_16_octets.resize(20 + 16);
  Octets only_15_octets = ipv4(syn);
  only_15_octets.resize(20 + 15);
  struct Row {
    Octets frame;
    bool quotes;
  };
  const Row row = GENERATE_COPY(
      Row{in4(icmp(3, ipv4(syn))), true}, Row{in4(icmp(4, ipv4(syn))), true},
      Row{in4(icmp(11, ipv4(syn))), true}, Row{in4(icmp(12, ipv4(syn))), true},
      Row{in4(icmp(3, only_16_octets)), true}, Row{in6(icmp(1, ipv6(syn))), true},
      Row{in6(icmp(4, ipv6(syn))), true},
      Row{in4(icmp(3, ipv4(icmp(3, ipv4(syn)), {.protocol = 1}))), true},  // quoted in a quotation
      Row{in4(icmp(3, only_15_octets)), false},
      Row{in4(icmp(5, ipv4(syn))), false},  // redirect: Wireshark numbers no connection
      Row{in4(icmp(8, ipv4(syn))), false}, Row{in6(icmp(5, ipv6(syn))), false},
      Row{in6(icmp(128, ipv6(syn))), false}, Row{in4({3, 1, 0, 0, 0, 0, 0, 0}), false},
      Row{in4(icmp(3, ipv4(syn, {.fragment = 0x2000}))), false},
      Row{in4(icmp(3, ipv4(udp(Octets(8), 53), {.protocol = 17}))), false},
      Row{in4(icmp(3, Octets(20))), false}, Row{in4({}), false});
  Decoder decoder;
  CHECK(decoder.decode(row.frame) == row.quotes);
  CHECK(decoder.undecoded[Undecoded::not_tcp] == 1);
  CHECK(decoder.total() == 1);
  if (!row.quotes) return;
  CHECK(decoder.segment.quoted);
  CHECK(decoder.segment.syn());
  CHECK(decoder.segment.src.port == 40'000);
  CHECK(decoder.segment.dst.port == 102);
  CHECK(decoder.segment.seq == 1000);
  CHECK(decoder.segment.payload_length() == 0);
  REQUIRE(decoder.decode(ethernet(0x0800, ipv4(tcp(kPayload)))));
  CHECK_FALSE(decoder.segment.quoted);
}

TEST_CASE("the payload ends where IP says") {
  Decoder decoder;
  SECTION("padding of short frames is no payload") {
    REQUIRE(decoder.decode(ethernet(0x0800, join({ipv4(tcp({})), Octets(6, 0xee)}))));
    CHECK(decoder.payload().empty());
    REQUIRE(decoder.decode(ethernet(0x86dd, join({kIp6, Octets(6, 0xee)}))));
    CHECK(decoder.payload() == kPayload);
  }
  SECTION("IPv4 and TCP options are none") {
    const Octets with_options =
        ipv4(tcp(kPayload, TcpFlags::kAck, Octets(12, 1)), {6, 1, 0, Octets(8, 1)});
    REQUIRE(decoder.decode(ethernet(0x0800, with_options)));
    CHECK(decoder.payload() == kPayload);
  }
  SECTION("a length of 0 is offload: the frame says how long it is") {
    Octets offloaded = kIp4;
    offloaded[2] = offloaded[3] = 0;
    REQUIRE(decoder.decode(ethernet(0x0800, offloaded)));
    CHECK(decoder.payload() == kPayload);
    Octets offloaded6 = kIp6;
    offloaded6[4] = offloaded6[5] = 0;
    REQUIRE(decoder.decode(ethernet(0x86dd, offloaded6), 1, 100));
    CHECK(decoder.payload() == kPayload);
    CHECK(decoder.segment.missing == 100);
  }
}

TEST_CASE("what the snap length cut off is missing") {
  Decoder decoder;
  const bool v6 = GENERATE(false, true);
  const Octets whole = v6 ? ethernet(0x86dd, kIp6) : ethernet(0x0800, kIp4);
  SECTION("payload") {
    const Octets cut(whole.begin(), whole.end() - 3);
    REQUIRE(decoder.decode(cut, 1, 3));
    CHECK(decoder.payload() == text("payl"));
    CHECK(decoder.segment.missing == 3);
    CHECK(decoder.segment.payload_length() == kPayload.size());
  }
  SECTION("the frame may not say so") {
    const Octets cut(whole.begin(), whole.end() - 3);
    REQUIRE(decoder.decode(cut, 1, 0));
    CHECK(decoder.segment.missing == 3);
  }
  SECTION("TCP options") {
    const Octets segment = tcp(kPayload, TcpFlags::kSyn, {3, 3, 5, 1, 1, 1, 1, 1});
    Octets frame = v6 ? ethernet(0x86dd, ipv6(segment)) : ethernet(0x0800, ipv4(segment));
    frame.resize(frame.size() - kPayload.size() - 4);
    REQUIRE(decoder.decode(frame, 1, static_cast<std::uint32_t>(kPayload.size() + 4)));
    CHECK(decoder.segment.window_scale == 5);
    CHECK(decoder.payload().empty());
    CHECK(decoder.segment.missing == kPayload.size());
  }
  SECTION("the TCP header") {
    const Octets cut(whole.begin(), whole.end() - 8);
    CHECK_FALSE(decoder.decode(cut, 1, 8));
    CHECK(decoder.undecoded[Undecoded::damaged_tcp] == 1);
  }
}

TEST_CASE("window scale") {
  const auto scale = [](const Octets& options, std::uint8_t flags = TcpFlags::kSyn) {
    Decoder decoder;
    REQUIRE(decoder.decode(ethernet(0x0800, ipv4(tcp({}, flags, options)))));
    return int{decoder.segment.window_scale};
  };
  CHECK(scale({}) == -1);
  CHECK(scale({3, 3, 0, 0}) == 0);
  CHECK(scale({1, 3, 3, 8}) == 8);
  CHECK(scale({3, 3, 200, 0}) == 14);                // no more than 14 counts
  CHECK(scale({0, 3, 3, 8}) == -1);                  // behind the end of options
  CHECK(scale({2, 0, 3, 3, 8, 0, 0, 0}) == -1);      // an option of length 0
  CHECK(scale({2, 9, 3, 3, 8, 0, 0, 0}) == -1);      // one that runs over the end
  CHECK(scale({1, 3, 3, 8}, TcpFlags::kAck) == -1);  // only a SYN has it
}

TEST_CASE("IPv6 extension headers") {
  const Octets options{43, 1, 1, 12, 0, 0, 0, 0,
                       0,  0, 0, 0,  0, 0, 0, 0};  // 16 octets, then routing
  const Octets routing{51, 0, 0, 0, 0, 0, 0, 0};   // then authentication
  const Octets authentication{44, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};  // (2+2)*4 octets
  const Octets whole_fragment{60, 0, 0, 0, 0, 0, 0, 1};  // offset 0, no more: not a fragment
  const Octets destination{6, 0, 1, 4, 0, 0, 0, 0};
  Decoder decoder;
  REQUIRE(decoder.decode(ethernet(0x86dd, ipv6(join({options, routing, authentication,
                                                     whole_fragment, destination, tcp(kPayload)}),
                                               0))));
  CHECK(decoder.payload() == kPayload);
}

// Fragments of the IP payload [from, to) of a datagram.
class Fragments {
 public:
  explicit Fragments(bool v6 = false) : v6_(v6) {}
  static constexpr std::size_t kSize = 48;
  const Octets whole = tcp(text("abcdefghijklmnopqrstuvwxyz01"));

  Octets part(std::size_t from, std::size_t to, std::uint16_t id = 1, bool garbled = false) const {
    Octets octets(whole.begin() + static_cast<std::ptrdiff_t>(from),
                  whole.begin() + static_cast<std::ptrdiff_t>(to));
    if (garbled) octets.back() ^= 0xff;
    const bool more = to < kSize;
    const auto offset = static_cast<std::uint16_t>(from / 8);
    if (v6_) {
      return ethernet(0x86dd,
                      ipv6(join({{6, 0},
                                 u16(static_cast<std::uint16_t>(offset << 3 | (more ? 1 : 0))),
                                 u32(id),
                                 octets}),
                           44));
    }
    return ethernet(
        0x0800,
        ipv4(octets, {6, id, static_cast<std::uint16_t>(offset | (more ? 0x2000 : 0)), {}}));
  }

 private:
  bool v6_;
};

const Octets kFragmented = text("abcdefghijklmnopqrstuvwxyz01");

TEST_CASE("fragments make a segment whatever their order") {
  const Fragments f(GENERATE(false, true));
  REQUIRE(f.whole.size() == Fragments::kSize);
  std::vector<Octets> parts{f.part(0, 8), f.part(8, 24), f.part(24, 40), f.part(40, 48)};
  std::vector<int> order{0, 1, 2, 3};
  do {
    Decoder decoder;
    for (int i = 0; i < 3; ++i) {
      CHECK_FALSE(
          decoder.decode(parts[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]));
    }
    REQUIRE(decoder.decode(parts[static_cast<std::size_t>(order[3])], 1, 0, {42, 5}));
    CHECK(decoder.payload() == kFragmented);
    CHECK(decoder.segment.frame == FrameRef{42, 5});  // the frame that completed it
    CHECK(decoder.segment.src.address.is_v6 == (parts[0][12] == 0x86));
    decoder.decoder.finish();
    CHECK(decoder.total() == 0);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("fragments: the first copy wins, copies and overlaps are harmless") {
  const Fragments f;
  Decoder decoder;
  CHECK_FALSE(decoder.decode(f.part(0, 16)));
  CHECK_FALSE(decoder.decode(f.part(0, 16, 1, true)));
  CHECK_FALSE(decoder.decode(f.part(8, 32, 1)));
  CHECK_FALSE(decoder.decode(f.part(16, 32, 1, true)));
  REQUIRE(decoder.decode(f.part(24, 48)));
  CHECK(decoder.payload() == kFragmented);
  // A mirror port repeats all of them; nothing is left waiting.
  CHECK_FALSE(decoder.decode(f.part(0, 16)));
  CHECK_FALSE(decoder.decode(f.part(24, 48)));
  decoder.decoder.finish();
  CHECK(decoder.total() == 0);
}

TEST_CASE("fragments: an identification that is used again begins a new datagram") {
  const Fragments f;
  Decoder decoder;
  CHECK_FALSE(decoder.decode(f.part(0, 24)));
  CHECK(decoder.decode(f.part(24, 48)));
  Octets other = f.part(0, 24);
  other[14 + 20 + 4] ^= 1;  // another sequence number
  CHECK_FALSE(decoder.decode(other));
  REQUIRE(decoder.decode(f.part(24, 48)));
  CHECK(decoder.segment.seq != 1000);
}

TEST_CASE("fragments of different datagrams are kept apart") {
  const Fragments f;
  Decoder decoder;
  CHECK_FALSE(decoder.decode(f.part(0, 24, 1)));
  CHECK_FALSE(decoder.decode(f.part(24, 48, 2)));
  CHECK_FALSE(decoder.decode(Fragments(true).part(24, 48, 1)));
  CHECK(decoder.decode(f.part(24, 48, 1)));
  decoder.decoder.finish();
  CHECK(decoder.undecoded[Undecoded::fragments_incomplete] == 2);
}

TEST_CASE("fragments wait a minute of packet time") {
  const Fragments f;
  Decoder decoder;
  CHECK_FALSE(decoder.decode(f.part(0, 24, 1), 1, 0, {1, 0}));
  SECTION("not longer") {
    CHECK_FALSE(decoder.decode(f.part(24, 48, 1), 1, 0, {2, limits::kFragmentTimeout + 1}));
    CHECK(decoder.undecoded[Undecoded::fragments_incomplete] == 1);
  }
  SECTION("not less") {
    CHECK(decoder.decode(f.part(24, 48, 1), 1, 0, {2, limits::kFragmentTimeout}));
  }
  SECTION("a clock that steps back makes none give up") {
    CHECK(decoder.decode(f.part(24, 48, 1), 1, 0, {2, INT64_MIN / 2}));
  }
}

TEST_CASE("fragments that contradict themselves or others are damage") {
  const Fragments f;
  Decoder decoder;
  SECTION("more to come, but not a multiple of 8") {
    CHECK_FALSE(decoder.decode(ethernet(0x0800, ipv4(Octets(9), {6, 1, 0x2000, {}}))));
  }
  SECTION("nothing in it") {
    CHECK_FALSE(decoder.decode(ethernet(0x0800, ipv4({}, {6, 1, 0x2000, {}}))));
  }
  SECTION("over the end of the largest datagram") {
    CHECK_FALSE(decoder.decode(ethernet(0x0800, ipv4(Octets(8), {6, 1, 0x1fff, {}}))));
  }
  SECTION("behind the end") {
    CHECK_FALSE(decoder.decode(f.part(40, 48)));
    CHECK_FALSE(decoder.decode(ethernet(0x0800, ipv4(Octets(8), {6, 1, 0x2000 | 6, {}}))));
  }
  SECTION("an end before what is there") {
    CHECK_FALSE(decoder.decode(f.part(24, 40)));
    CHECK_FALSE(decoder.decode(ethernet(0x0800, ipv4(Octets(8), {6, 1, 1, {}}))));
  }
  CHECK(decoder.undecoded[Undecoded::damaged_ip] == 1);
}

TEST_CASE("a fragment that the snap length cut is incomplete") {
  const Fragments f;
  Decoder decoder;
  Octets cut = f.part(0, 24);
  cut.pop_back();
  CHECK_FALSE(decoder.decode(cut, 1, 1));
  CHECK(decoder.undecoded[Undecoded::fragments_incomplete] == 1);
}

TEST_CASE("fragments: floods are bounded and counted") {
  Decoder decoder;
  const std::uint64_t floods = 70'000;
  for (std::uint64_t i = 0; i < floods; ++i) {
    // Each claims the far end of a datagram of 64 KiB.
    const auto id = static_cast<std::uint16_t>(i);
    const auto protocol = static_cast<std::uint8_t>(i >> 16);
    decoder.decode(ethernet(0x0800, ipv4(Octets(8), {protocol, id, 0x2000 | 0x1ff0, {}})));
  }
  const std::uint64_t dropped = decoder.undecoded[Undecoded::fragments_incomplete];
  CHECK(floods - dropped <= limits::kMaxFragmentOctets / 65'000 + 2);
  decoder.decoder.finish();
  CHECK(decoder.undecoded[Undecoded::fragments_incomplete] == floods);
}

TEST_CASE("a datagram inside a datagram of the same key, both in fragments") {
  // The inner fragment ends the outer datagram while it is still being read.
  const Octets inner = ipv4(Octets(16, 7), {4, 1, 0x2000, {}});
  const Octets first(inner.begin(), inner.begin() + 24);
  const Octets last(inner.begin() + 24, inner.end());
  Decoder decoder;
  CHECK_FALSE(decoder.decode(ethernet(0x0800, ipv4(first, {4, 1, 0x2000, {}}))));
  CHECK_FALSE(decoder.decode(ethernet(0x0800, ipv4(last, {4, 1, 3, {}}))));
  decoder.decoder.finish();
  CHECK(decoder.undecoded[Undecoded::fragments_incomplete] == 1);
}

}  // namespace
}  // namespace mmsa::test
