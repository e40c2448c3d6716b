// The same trace in every file format and behind every link layer. The numbers of frames and octets
// are those of tshark.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "capture/segment_decoder.h"
#include "support/shared.h"
#include "unit/capture/capture_files.h"

namespace mmsa::test {
namespace {

const std::filesystem::path kLab = shared_captures() / "lab";

bool have_lab() {
  if (std::filesystem::exists(kLab / "tm_pcap_us.pcap")) return true;
  WARN("skipped: no captures in " << kLab);
  return false;
}

using Ports = std::pair<std::uint16_t, std::uint16_t>;

struct Trace {
  std::uint64_t frames = 0;
  std::uint64_t segments = 0;
  std::uint64_t octets = 0;  // of TCP payload, on the wire
  std::map<Ports, Octets> streams;
  UndecodedCounters undecoded;
  capture::CaptureFacts facts;
};

Trace read_lab(const std::string& name) {
  Trace trace;
  capture::CaptureReader reader({(kLab / name).string()});
  capture::SegmentDecoder decoder(trace.undecoded);
  Packet packet;
  Segment segment;
  while (reader.next(packet)) {
    trace.frames = packet.frame.number;
    if (!decoder.decode(packet, segment)) continue;
    ++trace.segments;
    trace.octets += segment.payload_length();
    Octets& stream = trace.streams[{segment.src.port, segment.dst.port}];
    stream.insert(stream.end(), segment.payload.begin(), segment.payload.end());
  }
  decoder.finish();
  trace.facts = reader.facts();
  return trace;
}

TEST_CASE("lab captures: every variant has the same TCP octets") {
  if (!have_lab()) return;
  struct Row {
    std::string name;
    std::uint64_t frames;
    std::string format;
  };
  const Row row =
      GENERATE(Row{"tm_pcap_ns.pcap", 165, "pcap"}, Row{"tm_pcap_be.pcap", 165, "pcap"},
               Row{"tm_pcap_be_ns.pcap", 165, "pcap"}, Row{"tm_gz.pcap.gz", 165, "pcap.gz"},
               Row{"tm_pcapng_be.pcapng", 165, "pcapng"}, Row{"tm_vlan.pcapng", 165, "pcapng"},
               Row{"tm_pcapng_oddblocks.pcapng", 166, "pcapng"},  // a custom block is frame 1

               Row{"tm_qinq.pcapng", 165, "pcapng"}, Row{"tm_sll.pcapng", 165, "pcapng"},
               Row{"tm_sll2.pcapng", 165, "pcapng"}, Row{"tm_null.pcapng", 165, "pcapng"},
               Row{"tm_rawip.pcapng", 165, "pcapng"}, Row{"tm_ipv6.pcapng", 165, "pcapng"},
               Row{"tm_ipfrag.pcapng", 192, "pcapng"}, Row{"tm_mixed_goose.pcapng", 173, "pcapng"});
  CAPTURE(row.name);
  const Trace base = read_lab("tm_pcap_us.pcap");
  REQUIRE(base.frames == 165);
  REQUIRE(base.segments == 165);
  REQUIRE(base.octets == 9583);
  const Trace trace = read_lab(row.name);
  CHECK(trace.frames == row.frames);
  CHECK(trace.segments == 165);
  CHECK(trace.facts.files[0].format == row.format);
  CHECK(trace.undecoded[Undecoded::not_ip] == (row.frames == 173 ? 8 : 0));
  CHECK(trace.undecoded[Undecoded::fragments_incomplete] == 0);
  CHECK((trace.streams == base.streams));
}

TEST_CASE("lab captures: times, cut files, snapped packets, two link types") {
  if (!have_lab()) return;
  const Trace base = read_lab("tm_pcap_us.pcap");
  CHECK(base.facts.first == 1'795'337'286'771'015'000);
  CHECK(base.facts.last == 1'795'337'298'129'561'000);

  const Trace cut = read_lab("tm_filecut.pcapng");
  CHECK(cut.frames == 105);
  CHECK(cut.octets == 6775);
  CHECK(cut.facts.files[0].cut_short);

  const Trace snapped = read_lab("tm_snap96.pcapng");
  CHECK(snapped.segments == 165);
  CHECK(snapped.octets == 9583);
  CHECK(snapped.facts.truncated_packets > 0);

  const Trace two_links = read_lab("tm_multi_if.pcapng");
  CHECK(two_links.frames == 263);
  CHECK(two_links.segments == 263);
  CHECK(two_links.octets == 14'017);
  CHECK(two_links.facts.first == 1'795'337'286'771'015'767);
}

}  // namespace
}  // namespace mmsa::test
