// Packets -> TCP segments: link layers, tunnels of mirror ports, IP and its fragments.
#pragma once

#include <memory>

#include "mmsanalyze/packet.h"
#include "mmsanalyze/undecoded.h"

namespace mmsa::capture {

// Finds the TCP segment of a packet. Holds IP fragments until their datagram is whole.
class SegmentDecoder {
 public:
  explicit SegmentDecoder(UndecodedCounters& undecoded);
  ~SegmentDecoder();
  SegmentDecoder(const SegmentDecoder&) = delete;
  SegmentDecoder& operator=(const SegmentDecoder&) = delete;

  // True where the packet carries a TCP segment, completes one, or is an ICMP error that quotes one
  // (segment.quoted; the frame is counted as not TCP all the same). segment.payload points into the
  // packet or into this object and is valid until the next call. What is passed over is counted.
  bool decode(const Packet& packet, Segment& segment);

  // Counts the datagrams that never became whole.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmsa::capture
