// Hostile and cut files: read to some end, never beyond it.
#include <catch2/catch.hpp>
#include <random>

#include "capture/segment_decoder.h"
#include "unit/capture/capture_files.h"

namespace mmsa::test {
namespace {

using capture::CaptureReader;

Octets frame() { return ethernet(0x0800, ipv4(tcp(text("some payload")))); }

Octets sample_pcap() {
  return join({pcap_header(kLittle, 0xa1b2c3d4), pcap_record(kLittle, 1, 0, frame()),
               pcap_record(kLittle, 2, 0, frame())});
}

Octets sample_pcapng() {
  return join({section(kLittle), interface(kLittle, 1, 0, option(kLittle, 9, {9})),
               enhanced_packet(kLittle, 0, 1, frame()), block(kLittle, 10, Octets(9)),
               enhanced_packet(kLittle, 0, 2, frame()), section(kBig), interface(kBig),
               enhanced_packet(kBig, 0, 3, frame())});
}

TEST_CASE("every prefix of a file says that it was cut, or ends between packets") {
  const Octets whole = GENERATE(sample_pcap(), sample_pcapng());
  const bool is_pcap = whole == sample_pcap();
  TempDir dir;
  std::size_t clean_ends = 0;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string path =
        dir.write("a", Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    const std::string error = error_of({path});
    if (length < (is_pcap ? 24u : 28u)) {
      CHECK(error.starts_with(path + ": "));
      continue;
    }
    REQUIRE(error.empty());
    CaptureReader reader({path});
    read_all(reader);
    CHECK(reader.facts().files[0].damage.empty());
    if (!reader.facts().files[0].cut_short) ++clean_ends;
  }
  // pcap: behind the header and the first record. pcapng: behind each block but the last.
  CHECK(clean_ends == (is_pcap ? 2 : 7));
}

TEST_CASE("random damage to files is survived") {
  const Octets whole =
      GENERATE(sample_pcap(), sample_pcapng(), gzip(sample_pcapng()), zstd(sample_pcap()));
  std::mt19937 random(1234);
  TempDir dir;
  for (int round = 0; round < 1500; ++round) {
    Octets bad = whole;
    const auto changes = 1 + random() % 6;
    for (unsigned i = 0; i < changes; ++i) {
      bad[random() % bad.size()] = static_cast<std::uint8_t>(random() % 3 == 0 ? 0xff : random());
    }
    const std::string path = dir.write("a", bad);
    if (!error_of({path}).empty()) continue;
    CaptureReader reader({path});
    UndecodedCounters undecoded;
    capture::SegmentDecoder decoder(undecoded);
    Packet packet;
    Segment segment;
    std::uint64_t packets = 0;
    while (reader.next(packet)) {
      ++packets;
      decoder.decode(packet, segment);
    }
    REQUIRE(packets <= 1000);
    REQUIRE(reader.facts().packets == packets);
  }
}

// A heap copy of exactly the frame, so that the address sanitizer sees any octet read beyond it.
bool decode_copy(capture::SegmentDecoder& decoder, const Octets& octets, std::uint32_t link_type,
                 std::uint32_t original) {
  const Octets copy(octets);
  Packet packet = packet_of(copy, link_type);
  packet.original_length = original;
  Segment segment;
  if (!decoder.decode(packet, segment)) return false;
  const Octets used(segment.payload.begin(), segment.payload.end());
  return used.size() <= 65'535;
}

TEST_CASE("random damage to frames, and every cut of them, is survived") {
  const Octets inner = frame();
  const Octets ip = ipv4(tcp(text("payload")));
  const Octets six = ipv6(join({{6, 0, 1, 4, 0, 0, 0, 0}, tcp(text("x"))}), 60);
  const std::vector<std::pair<std::uint32_t, Octets>> seeds{
      {1, ethernet(0x8100, join({u16(5), u16(0x0800), ip}))},
      {1, ethernet(0x8847, join({u32(0x00010140), ip}))},
      {1, ethernet(0x86dd, six)},
      {1, ethernet(0x0800, ipv4(udp(join({{8, 0, 0, 0, 0, 0, 1, 0}, inner}), 4789), {17}))},
      {1, ethernet(0x0800, ipv4(join({u16(0x1000), u16(0x88be), u32(1), Octets(8), inner}), {47}))},
      {1,
       ethernet(0x0800, ipv4(join({u16(0x1000), u16(0x22eb), u32(1), Octets(12), inner}), {47}))},
      {1, ethernet(0x0800, ipv4(Octets(64, 1), {6, 9, 0x2000}))},
      {1, ethernet(0x892f, join({u16(0x0050), u16(1), u16(0x0800), ip}))},
      {113, join({Octets(14), u16(0x0800), ip})},
      {276, join({u16(0x0800), Octets(18), ip})},
      {9, join({u16(0xff03), u16(0x0021), ip})},
      {51, join({u16(0x1100), u16(1), u16(49), u16(0x0021), ip})}};
  UndecodedCounters undecoded;
  capture::SegmentDecoder decoder(undecoded);
  std::mt19937 random(4321);
  for (const auto& [link_type, seed] : seeds) {
    for (std::size_t length = 0; length <= seed.size(); ++length) {
      const Octets cut(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(length));
      decode_copy(decoder, cut, link_type, static_cast<std::uint32_t>(length));
      decode_copy(decoder, cut, link_type, static_cast<std::uint32_t>(seed.size()));
    }
    for (int round = 0; round < 3000; ++round) {
      Octets bad = seed;
      const auto changes = 1 + random() % 5;
      for (unsigned i = 0; i < changes; ++i) {
        bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
      }
      bad.resize(random() % 4 == 0 ? random() % (bad.size() + 1) : bad.size());
      decode_copy(decoder, bad, link_type, static_cast<std::uint32_t>(bad.size() + random() % 3));
    }
  }
  decoder.finish();
  CHECK(undecoded[Undecoded::damaged_ip] > 0);
  CHECK(undecoded[Undecoded::damaged_link] > 0);
  CHECK(undecoded[Undecoded::damaged_tcp] > 0);
}

}  // namespace
}  // namespace mmsa::test
