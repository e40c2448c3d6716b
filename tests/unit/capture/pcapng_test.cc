// pcapng: sections, interfaces, the kinds of packet blocks, time, damage.
#include <catch2/catch.hpp>

#include "capture/timestamps.h"
#include "mmsanalyze/limits.h"
#include "unit/capture/capture_files.h"

namespace mmsa::test {
namespace {

using capture::CaptureReader;

const Octets kFrame = text("frame");

// Reads a file of these octets; facts of its end.
struct Outcome {
  std::vector<Read> packets;
  capture::FileFacts facts;
};

Outcome read(const Octets& content) {
  TempDir dir;
  CaptureReader reader({dir.write("a", content)});
  Outcome outcome{read_all(reader), {}};
  outcome.facts = reader.facts().files.at(0);
  CHECK_FALSE((outcome.facts.cut_short && !outcome.facts.damage.empty()));
  return outcome;
}

TEST_CASE("pcapng: both byte orders") {
  const Order order = GENERATE(kLittle, kBig);
  const Outcome outcome =
      read(join({section(order), interface(order),
                 enhanced_packet(order, 0, 0x0005'0000'0000'0001, kFrame, 60)}));
  REQUIRE(outcome.packets.size() == 1);
  CHECK(outcome.packets[0].packet.frame.time == 0x0005'0000'0000'0001 * 1000);
  CHECK(outcome.packets[0].packet.original_length == 60);
  CHECK(outcome.packets[0].data == kFrame);
  CHECK(outcome.facts.format == "pcapng");
  CHECK_FALSE(outcome.facts.cut_short);
  CHECK(outcome.facts.damage.empty());
}

TEST_CASE("pcapng: each interface has its link type and clock") {
  const Outcome outcome =
      read(join({section(kLittle), interface(kLittle, 1, 0, option(kLittle, 9, {9})),
                 interface(kLittle, 113, 96, option(kLittle, 9, {3})),
                 interface(kLittle, 101, 0,
                           join({option(kLittle, 2, text("eth0")), option(kLittle, 9, {0x80 | 1}),
                                 option(kLittle, 14, kLittle.u64(100)), option(kLittle, 0, {})})),
                 enhanced_packet(kLittle, 0, 5, kFrame), enhanced_packet(kLittle, 1, 5, kFrame),
                 enhanced_packet(kLittle, 2, 5, kFrame)}));
  REQUIRE(outcome.packets.size() == 3);
  CHECK(outcome.packets[0].packet.frame.time == 5);
  CHECK(outcome.packets[1].packet.frame.time == 5'000'000);
  CHECK(outcome.packets[2].packet.frame.time == 102'500'000'000);  // 5 halves of a second, + 100 s
  CHECK(outcome.packets[0].packet.link_type == 1);
  CHECK(outcome.packets[1].packet.link_type == 113);
  CHECK(outcome.packets[2].packet.link_type == 101);
}

TEST_CASE("pcapng: time is exact, and stops where differences would overflow") {
  const auto time = [](std::uint8_t resolution, std::int64_t offset, std::uint64_t ticks) {
    capture::Timestamps clock;
    clock.set_resolution(resolution);
    clock.set_offset(offset);
    return clock.to_ns(ticks);
  };
  constexpr TimeNs kMost = (TimeNs{1} << 62) - 1;  // the year 2116
  CHECK(time(6, 0, 1'700'000'000'123'456) == 1'700'000'000'123'456'000);
  CHECK(time(9, 0, 1'700'000'000'123'456'789) == 1'700'000'000'123'456'789);
  CHECK(time(0, 0, 2) == 2'000'000'000);
  CHECK(time(12, 0, 5'999) == 5);
  CHECK(time(28, 0, UINT64_MAX) == 1);  // 10^-28 s: 1.8 ns
  CHECK(time(127, 0, UINT64_MAX) == 0);
  CHECK(time(0x80 | 32, 0, (std::uint64_t{7} << 32) + (1u << 31)) == 7'500'000'000);
  CHECK(time(0x80 | 63, 0, UINT64_MAX) == 1'999'999'999);
  CHECK(time(0x80 | 127, 0, UINT64_MAX) == 0);
  CHECK(time(6, -1, 500'000) == -500'000'000);
  CHECK(time(6, 0, UINT64_MAX) == kMost);
  CHECK(time(9, 0, UINT64_MAX) == kMost);
  CHECK(time(0, 0, UINT64_MAX) == kMost);
  CHECK(time(6, INT64_MAX, 1) == kMost);
  CHECK(time(6, INT64_MIN, 1) == -kMost);
}

TEST_CASE("pcapng: simple and obsolete packet blocks") {
  const Octets long_frame = text("0123456789");
  // Interface and drop counter are 16 bits each; otherwise as an enhanced packet.
  const Octets obsolete = block(kBig, 2,
                                join({kBig.u16(0), kBig.u16(0xffff), kBig.u32(0), kBig.u32(77),
                                      kBig.u32(5), kBig.u32(5), kFrame}));
  const Octets simple = block(kBig, 3, join({kBig.u32(10), text("01234567")}));
  const Octets whole_simple = block(kBig, 3, join({kBig.u32(5), kFrame}));
  const Outcome outcome =
      read(join({section(kBig), interface(kBig, 1, 8), simple, obsolete, simple, whole_simple}));
  REQUIRE(outcome.packets.size() == 4);
  CHECK(outcome.packets[0].packet.frame.time == 0);
  CHECK(outcome.packets[0].packet.original_length == 10);
  CHECK(outcome.packets[0].data == text("01234567"));  // as long as the snap length
  CHECK(outcome.packets[1].packet.frame.time == 77'000);
  CHECK(outcome.packets[1].data == kFrame);
  CHECK(outcome.packets[2].packet.frame.time == 77'000);  // of the packet before it
  CHECK(outcome.packets[3].data == kFrame);
  CHECK(outcome.packets[3].packet.frame.number == 4);
}

TEST_CASE("pcapng: blocks without a packet are passed over and not numbered") {
  const Outcome outcome =
      read(join({section(kLittle), block(kLittle, 4, Octets(8)), interface(kLittle),
                 block(kLittle, 10, Octets(600'000)),  // secrets, larger than the read buffer
                 block(kLittle, 99, Octets(100)), enhanced_packet(kLittle, 0, 1, kFrame),
                 block(kLittle, 0x80000001, Octets(3)), enhanced_packet(kLittle, 0, 2, kFrame)}));
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[1].packet.frame.number == 2);
  CHECK(outcome.packets[1].data == kFrame);
}

TEST_CASE("pcapng: blocks that Wireshark shows as frames take a number") {
  const std::uint32_t type = GENERATE(9u, 0x00000badu, 0x40000badu);
  const Octets other = block(kLittle, type, Octets(8));
  const Octets start = join({section(kLittle), interface(kLittle)});
  const auto packet = [](std::uint64_t seconds) {
    return enhanced_packet(kLittle, 0, seconds * 1'000'000, kFrame);
  };
  const Octets a = join({start, other, packet(10), other, packet(20), other});
  const Octets b = join({start, packet(5), other, packet(15), packet(25)});
  const auto numbers = [](const std::vector<Read>& all) {
    std::vector<std::uint64_t> found;
    for (const Read& read : all) found.push_back(read.packet.frame.number);
    return found;
  };
  CHECK(numbers(read(a).packets) == std::vector<std::uint64_t>{2, 4});
  // As mergecap and Wireshark have it.
  TempDir dir;
  CaptureReader reader({dir.write("a", a), dir.write("b", b)});
  CHECK(numbers(read_all(reader)) == std::vector<std::uint64_t>{2, 4, 6, 7, 9});
}

TEST_CASE("pcapng: sections have their own byte order, interfaces and drop counters") {
  const auto statistics = [](Order order, std::uint32_t id, std::uint64_t by_interface,
                             std::uint64_t by_system) {
    return block(order, 5,
                 join({order.u32(id), order.u64(0), option(order, 5, order.u64(by_interface)),
                       option(order, 7, order.u64(by_system))}));
  };
  const Outcome outcome = read(join(
      {section(kLittle), interface(kLittle), interface(kLittle),
       enhanced_packet(kLittle, 1, 1, kFrame), statistics(kLittle, 0, 5, 0),
       statistics(kLittle, 0, 7, 1), statistics(kLittle, 1, 10, 0), section(kBig),
       interface(kBig, 113), enhanced_packet(kBig, 0, 2, kFrame), statistics(kBig, 0, 100, 0)}));
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[1].packet.link_type == 113);
  CHECK(outcome.packets[1].packet.frame.time == 2'000);
  CHECK(outcome.facts.dropped == 118);  // 7 + 1 of the last block of interface 0, 10, 100
}

TEST_CASE("pcapng: a large packet and one with long options") {
  const Octets large(limits::kMaxPacket, 0x55);
  Octets with_options =
      join({kLittle.u32(0), kLittle.u64(0), kLittle.u32(4), kLittle.u32(4), text("data")});
  for (int i = 0; i < 10; ++i) {
    with_options = join({with_options, option(kLittle, 1, Octets(60'000, 'c'))});
  }
  const Outcome outcome =
      read(join({section(kLittle), interface(kLittle), enhanced_packet(kLittle, 0, 1, large),
                 block(kLittle, 6, with_options), enhanced_packet(kLittle, 0, 1, kFrame)}));
  REQUIRE(outcome.packets.size() == 3);
  CHECK(outcome.packets[0].data == large);
  CHECK(outcome.packets[1].data == text("data"));
  CHECK(outcome.packets[2].data == kFrame);
}

TEST_CASE("pcapng: damage ends the file, with the octet it was found at") {
  // 28 octets of section, 20 of interface, 40 of the first packet.
  const Octets good =
      join({section(kLittle), interface(kLittle), enhanced_packet(kLittle, 0, 1, kFrame)});
  REQUIRE(good.size() == 88);
  const auto enhanced = [](std::uint32_t id, std::uint32_t captured) {
    return block(kLittle, 6,
                 join({kLittle.u32(id), kLittle.u64(0), kLittle.u32(captured),
                       kLittle.u32(captured), kFrame}));
  };
  Octets other_back = enhanced(0, 5);
  other_back[other_back.size() - 4] = 44;
  Octets other_back_unknown = block(kLittle, 99, Octets(8));
  other_back_unknown[other_back_unknown.size() - 4] = 44;
  Octets unknown_order = section(kLittle);
  unknown_order[8] = 0;
  Octets other_version = section(kLittle);
  other_version[12] = 2;
  struct Row {
    Octets bad;
    std::string damage;
  };
  const Row row = GENERATE_COPY(
      Row{join({kLittle.u32(6), kLittle.u32(8), Octets(40)}), "its length 8 is less than"},
      Row{join({kLittle.u32(6), kLittle.u32(41), Octets(40)}), "its length 41 is not a multiple"},
      Row{join({kLittle.u32(99), kLittle.u32(0x7ffffffc), Octets(40)}), "is over 67108864"},
      Row{join({kLittle.u32(6), kLittle.u32(0x03000000), Octets(40)}), "is over 1048576"},
      Row{other_back, "its length is 40 at the front and 44 at the back"},
      Row{other_back_unknown, "its length is 20 at the front and 44 at the back"},
      Row{enhanced(1, 5), "interface 1 is not described"},
      Row{enhanced(0, 9), "the captured length 9 is more than the block can hold"},
      Row{enhanced(0, 0xffffffff), "the captured length 4294967295 is more"},
      Row{block(kLittle, 6, Octets(16)), "the packet block is too short"},
      Row{block(kLittle, 3, {}), "the packet block is too short"},
      Row{block(kLittle, 3, kLittle.u32(1)), "the captured length 1 is more"},
      Row{block(kLittle, 1, Octets(4)), "the interface description is too short"},
      Row{block(kLittle, 5, Octets(8)), "the interface statistics are too short"},
      Row{block(kLittle, 5, join({kLittle.u32(3), Octets(8)})), "interface 3 is not described"},
      Row{unknown_order, "its byte order is unknown"},
      Row{other_version, "version 2 of pcapng is unknown"},
      Row{block(kLittle, 0x0a0d0d0a, kLittle.u32(0x1a2b3c4d)), "section header is too short"},
      // A new section knows none of the interfaces before it.
      Row{join({section(kLittle), enhanced(0, 5)}), "interface 0 is not described"});
  const Outcome outcome = read(join({good, row.bad, enhanced(0, 5)}));
  CHECK(outcome.packets.size() == 1);
  CHECK_THAT(outcome.facts.damage, Catch::Contains(row.damage));
  const bool second_block = row.bad.size() == 68;
  CHECK(outcome.facts.damage.starts_with(second_block ? "block at octet 116: "
                                                      : "block at octet 88: "));
}

TEST_CASE("pcapng: a limit to the interfaces of a section") {
  Octets content = section(kLittle);
  for (std::size_t i = 0; i <= limits::kMaxInterfaces; ++i) {
    const Octets one = interface(kLittle);
    content.insert(content.end(), one.begin(), one.end());
  }
  CHECK_THAT(read(content).facts.damage, Catch::Contains("more than 4096 interfaces"));
}

TEST_CASE("pcapng: a first section that can not be read") {
  TempDir dir;
  const auto error_for = [&](Octets content) {
    return error_of({dir.write("a", content)}).substr(dir.path("a").size());
  };
  Octets unknown_order = section(kLittle);
  unknown_order[8] = 0;
  CHECK(error_for(unknown_order) == ": block at octet 0: its byte order is unknown");
  Octets cut = section(kLittle);
  cut.resize(27);
  CHECK(error_for(cut) == ": file ends within the pcapng section header");
}

}  // namespace
}  // namespace mmsa::test
