// A file through capture/: containers, compression, link layers, tunnels, IP and its fragments.
#include "capture/capture_reader.h"
#include "capture/segment_decoder.h"
#include "fuzz/memory_file.h"
#include "fuzz/targets.h"
#include "mmsanalyze/limits.h"

namespace mmsa::fuzz {
namespace {

// A packet's own record takes at least this much of a file that is not compressed.
constexpr std::size_t kSmallestRecord = 8;

bool is_compressed(const std::string& format) {
  return format.ends_with(".gz") || format.ends_with(".zst");
}

void check_segment(const Packet& packet, const Segment& segment) {
  touch(segment.payload);
  require(segment.payload.size() <= 65'535, "a payload is not longer than an IP datagram");
  require(segment.frame == packet.frame, "a segment is of its frame");
  require(!segment.quoted || segment.payload.empty(), "a quoted segment has no payload");
  require(segment.window_scale >= -1, "a scale is a shift");
}

}  // namespace

void fuzz_capture(Bytes input) {
  const MemoryFile file(input);
  try {
    capture::CaptureReader reader({file.path()});
    UndecodedCounters undecoded;
    capture::SegmentDecoder decoder(undecoded);
    Packet packet;
    Segment segment;
    std::uint64_t packets = 0;
    std::uint64_t octets = 0;
    std::uint64_t number = 0;
    while (reader.next(packet)) {
      ++packets;
      octets += packet.data.size();
      require(packet.frame.number > number, "frame numbers ascend");
      number = packet.frame.number;
      require(packet.data.size() <= limits::kMaxPacket, "a packet is not longer than the limit");
      touch(packet.data);
      if (decoder.decode(packet, segment)) check_segment(packet, segment);
    }
    decoder.finish();
    const capture::CaptureFacts& facts = reader.facts();
    require(facts.packets == packets && facts.octets == octets, "packets are counted");
    require(facts.files.size() == 1, "one file is one file");
    require(!facts.files[0].cut_short || facts.files[0].damage.empty(), "one end is told");
    if (!is_compressed(facts.files[0].format)) {
      require(number * kSmallestRecord <= input.size(), "packets are linear in octets");
      require(octets <= input.size(), "packets are no longer than their file");
    }
  } catch (const capture::CaptureError& error) {
    require(std::string_view(error.what()).find('\n') == std::string_view::npos,
            "an error is one line");
  }
}

}  // namespace mmsa::fuzz
