// What tcp/ and the stages above it say to each other about one TCP connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa {

// A connection has two sides: a sent the first segment that was captured (the SYN where the start
// is in the capture), b is the other one. A direction is named by its sender.
enum class Side : std::uint8_t { a = 0, b = 1 };
inline constexpr Side other(Side side) { return side == Side::a ? Side::b : Side::a; }
inline constexpr std::size_t index(Side side) { return static_cast<std::size_t>(side); }

// TCP facts of one direction, counted as the segments pass. Read by the analysis to tell the
// network's fault from the device's.
struct DirectionFacts {
  std::uint64_t segments = 0;
  // Every octet of payload that was captured is one of the four below it, once the connection is
  // closed: captured = octets + repeated + foreign + capped.
  std::uint64_t captured_octets = 0;
  std::uint64_t octets = 0;           // delivered in order
  std::uint64_t repeated_octets = 0;  // at a place that was captured, or given up as lost, before
  // At no place of the stream: before its first captured octet, behind its FIN, in a RST, or with
  // numbers that no other segment agreed with.
  std::uint64_t foreign_octets = 0;
  std::uint64_t capped_octets = 0;  // dropped because of a cap in limits.h
  FrameRef last_segment;
  std::uint64_t retransmissions =
      0;                          // segments that carry only octets seen before, over 1 ms later
  std::uint64_t duplicates = 0;   // the same within 1 ms or as an equal IP packet: recorded twice
  std::uint64_t lost_octets = 0;  // that were never captured: stepped over as gaps
  FrameRef last_retransmission;
  // By which the other side acknowledged, for the first time, all octets of this one that had been
  // captured by then; the last such segment.
  FrameRef acknowledged;
  FrameRef syn, fin, rst;      // the first of each; number 0 where none was seen
  bool window_closed = false;  // this side advertises a receive window of 0
  FrameRef window_closed_at;
};

// A receiver whose window was closed for a while.
struct WindowStall {
  Side receiver = Side::a;
  FrameRef closed;
  FrameRef reopened;         // number 0 where the capture ends first
  std::uint64_t probes = 0;  // zero-window probes of the sender in between
};

// One TCP connection: a 5-tuple and an epoch. Lives in the flow table; address stable.
struct Connection {
  std::uint32_t stream = 0;  // counts up in the order of appearance, as Wireshark's tcp.stream
  // Counts up with each segment that does more than continue its direction: whatever can be read
  // here is the same until then, but for counters of segments and octets and the last frames.
  std::uint32_t version = 0;
  Endpoint endpoint[2];  // by Side
  FrameRef first;
  FrameRef last;
  DirectionFacts facts[2];     // by sending Side
  std::optional<Side> opener;  // the TCP client; known where the SYN or the SYN-ACK was captured
  bool syn_seen = false;       // the opener's SYN was captured
  bool syn_ack_seen = false;   // the other side's SYN-ACK was captured
};

// Octets of a direction that are missing from the capture and were stepped over.
struct StreamGap {
  std::uint64_t offset = 0;  // in the direction's stream
  std::uint64_t length = 0;
  bool acknowledged = false;  // the receiver has them: the capture lost them, not the network
  bool snapped = false;       // cut off a captured frame, by a snap length ...
  bool trimmed = false;       // ... or by something else: the file holds the frame to be whole
  bool limit = false;         // not waited for any longer because of a cap in limits.h
  FrameRef before;            // last frame of the direction before the hole (number 0: none)
  FrameRef after;             // first frame behind it (number 0: none)
};

// Why and by whom a connection ended.
enum class CloseKind : std::uint8_t { fin, rst, reused, evicted, capture_end };
struct ConnectionClose {
  CloseKind kind = CloseKind::capture_end;
  Side by = Side::a;  // who sent the first FIN or the RST; meaningless for the other kinds
  FrameRef frame;     // of the FIN or RST; else the connection's last one
};

// Which frames carry an octet range of one direction.
class FrameIndex {
 public:
  virtual ~FrameIndex() = default;
  // Appends the frames that carry [begin, end) to `frames` in ascending order and returns the one
  // captured last, which completed the range. Only for octets not consumed yet or just consumed.
  virtual FrameRef frames_of(std::uint64_t begin, std::uint64_t end,
                             std::vector<std::uint64_t>& frames) const = 0;
};

// The upper half of a connection: gets each direction's octets in order. One object a connection.
class StreamConsumer {
 public:
  virtual ~StreamConsumer() = default;

  // All contiguous octets of `sender` not consumed yet; the first has stream offset `offset`.
  // Returns how many are consumed; the rest comes again, with more behind it. The view is valid
  // during the call only.
  virtual std::size_t on_data(Side sender, Bytes available, std::uint64_t offset,
                              const FrameIndex& frames) = 0;
  // The octets of `gap` are missing. `leftover` are the octets that were left unconsumed right
  // before it (they end at gap.offset): they will not be continued and are dropped after the call.
  // The next on_data starts at gap.offset + gap.length.
  virtual void on_gap(Side sender, const StreamGap& gap, Bytes leftover,
                      const FrameIndex& frames) = 0;
  // Once each, when they are seen; a FIN or RST in the middle of a hole comes after the hole.
  virtual void on_fin(Side sender, FrameRef frame) = 0;
  virtual void on_rst(Side sender, FrameRef frame) = 0;
  virtual void on_window_stall(const WindowStall& stall) = 0;
  // The last call. Nothing follows.
  virtual void on_close(const ConnectionClose& close) = 0;
};

class StreamConsumerFactory {
 public:
  virtual ~StreamConsumerFactory() = default;
  // Called at the first segment of a connection, before any of its octets. The reference stays
  // valid until on_close has returned.
  virtual std::unique_ptr<StreamConsumer> open(const Connection& connection) = 0;
};

}  // namespace mmsa
