// A decoder with its counters, fed with frames built by hand.
#pragma once

#include <cstddef>

#include "capture/segment_decoder.h"
#include "unit/capture/frames.h"

namespace mmsa::test {

struct Decoder {
  UndecodedCounters undecoded;
  capture::SegmentDecoder decoder{undecoded};
  Segment segment;

  // `cut`: octets of the frame that were not captured.
  bool decode(const Octets& frame, std::uint32_t link_type = 1, std::uint32_t cut = 0,
              FrameRef ref = {7, 1'000'000'000}) {
    Packet packet = packet_of(frame, link_type);
    packet.original_length += cut;
    packet.frame = ref;
    if (!decoder.decode(packet, segment)) return false;
    // The frame may be gone when the test looks at it.
    payload_.assign(segment.payload.begin(), segment.payload.end());
    segment.payload = payload_;
    return true;
  }

  const Octets& payload() const { return payload_; }

  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kUndecodedTable.size(); ++i) {
      sum += undecoded[static_cast<Undecoded>(i)];
    }
    return sum;
  }

 private:
  Octets payload_;
};

}  // namespace mmsa::test
