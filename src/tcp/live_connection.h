// One TCP connection under reassembly: both directions, their common order, opening and closing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mmsanalyze/flow.h"
#include "mmsanalyze/packet.h"
#include "mmsanalyze/undecoded.h"
#include "tcp/connection_key.h"
#include "tcp/intrusive_list.h"
#include "tcp/stream.h"
#include "tcp/stream_buffer.h"

namespace mmsa::tcp {

// What all connections of a table have in common.
struct TableState {
  explicit TableState(UndecodedCounters& counters) : undecoded(counters) {}
  UndecodedCounters& undecoded;
  TimeNs now = 0;  // on the capture clock (FrameRef::clock)
  BufferPool buffers;
  std::size_t buffered = 0;  // octets held by all connections
};

// A segment whose numbers jump: it waits until another one agrees with it.
struct HeldSegment {
  Segment segment;  // its payload is a view of `octets`
  std::vector<std::uint8_t> octets;
  bool sender_is_low = true;
};

// Laid out for the segment in order, which touches five cache lines: the first one, the start of
// both streams, the line of consumer_, and those of info_ with its facts.
class alignas(64) LiveConnection {
  ConnectionKey key_;

 public:
  ListHook<LiveConnection> by_age;  // for the table's list, as by_trouble

  // A connection that has its number, but of which no segment was captured yet.
  LiveConnection(TableState& table, const ConnectionKey& key, std::uint32_t stream);
  ~LiveConnection();
  LiveConnection(const LiveConnection&) = delete;
  LiveConnection& operator=(const LiveConnection&) = delete;

  // Must be called with the first segment, before it is fed. Side a is its sender.
  void open(const Segment& first, bool sender_is_low, StreamConsumerFactory& factory);
  bool opened() const { return consumer_ != nullptr; }

  void feed(const Segment& segment, Side sender);

  // belonging.cc: which segments are of this connection
  // Whether the segment is a SYN, or a SYN-ACK, of the next connection between the same endpoints.
  bool reopened_by(const Segment& segment, Side sender) const;
  // Whether the numbers of the segment are so far from all that was captured that it must not be
  // believed alone.
  bool is_doubtful(const Segment& segment, Side sender) const {
    const Stream& out = streams_[index(sender)];
    return (!out.anchored || segment.seq != out.origin.seq_of(out.next)) && jumps(segment, sender);
  }
  bool holds() const { return held_ != nullptr; }
  // In place of the one that is held.
  void hold(const Segment& segment, bool sender_is_low);
  // Whether the segment and the one that is held are of one conversation.
  bool agrees_with_held(const Segment& segment, Side sender) const;
  // Whether the segment that is held is of another connection between the same endpoints, and not
  // one behind octets of this one that the capture lost.
  bool held_is_of_another() const;
  std::unique_ptr<HeldSegment> take_held();
  void drop_held();  // no other segment agrees with it

  // Steps over holes that were waited for long enough.
  void check_deadlines();
  // Steps over all holes, because of a cap.
  void give_up_holes() {
    drop_held();
    flush(true);
    settle();
  }
  // Drops what the consumer has not consumed, because of a cap.
  void drop_tails();
  // The last call: delivers what there is and closes the consumer.
  void close(CloseKind kind);

  const Connection& info() const { return info_; }
  const ConnectionKey& key() const { return key_; }
  Side side_of(bool sender_is_low) const { return sender_is_low == a_is_low_ ? Side::a : Side::b; }
  bool troubled() const { return troubled_; }  // has holes or waits
  bool ended() const { return ended_; }        // by RST, or by FINs of both sides, acknowledged
  TimeNs last_active() const { return last_active_; }  // of one that has ended
  void prefetch() const;

 private:
  struct PendingReset {
    Side by = Side::a;
    FrameRef frame;
    std::uint64_t required = 0;  // of the other direction
  };

  Stream& stream(Side side) { return streams_[index(side)]; }
  DirectionFacts& facts(Side side) { return info_.facts[index(side)]; }
  TimeNs now() const { return table_.now; }

  // live_connection.cc: segments in
  bool in_order(const Segment& segment, Side sender) const;
  void feed_in_order(const Segment& segment, Side sender);
  void feed_any(const Segment& segment, Side sender);
  void note_initial(const Segment& segment, Side sender);
  bool note_syn(const Segment& segment, Side sender);
  void anchor(Stream& out, const Segment& segment);
  std::optional<std::uint64_t> note_ack(Stream& in, const Segment& segment, Side sender);
  // `in`, of `side`, was acknowledged up to `acked`, which is more than before.
  void note_acknowledged(Stream& in, std::uint64_t acked, FrameRef frame, Side side) {
    in.acked = acked;
    if (acked >= in.next) facts(side).acknowledged = frame;
  }
  void note_window(const Segment& segment, Side sender);
  void note_reset(const Segment& segment, Side sender);

  // payload.cc: where octets go
  void take_payload(const Segment& segment, Side sender, std::optional<std::uint64_t> acked);
  bool is_probe(const Segment& segment, Side sender, std::int64_t start);
  void note_hint(const Segment& segment, Stream& out, std::int64_t start);
  std::uint64_t take_in_order(const Segment& segment, Side sender, std::uint64_t start);
  struct Taken {
    bool anything = false;
    std::uint64_t octets = 0;  // of payload that were not there before
  };
  Taken take_out_of_order(const Segment& segment, Side sender, std::uint64_t start,
                          std::optional<std::uint64_t> barrier);
  void note_repeated(const Segment& segment, Side sender);
  void compare_with_delivered(Side sender, std::int64_t start, Bytes octets);
  Disorder& disorder(Stream& stream);

  // belonging.cc
  // Where a number lies in a direction.
  enum class Place : std::uint8_t {
    near,     // where the next segment, or one that is repeated, can be
    behind,   // further back, but in the stream
    ahead,    // so much must have been lost before it
    outside,  // before the beginning, behind the end, or further ahead than can be
  };
  bool jumps(const Segment& segment, Side sender) const;
  Place place_of(Side sender, std::uint32_t number) const;
  std::int64_t distance_ahead(Side sender, std::uint32_t number) const;

  // delivery.cc: streams out
  void show(Side sender, Bytes fresh, FrameRef frame);
  void present(Side sender);
  void deliver_gap(Side sender, const StreamGap& gap);
  void deliver_fin(Side sender, FrameRef frame);
  void deliver_rst(Side sender, FrameRef frame);
  void drop_tail(Side sender);
  void release_tail(Stream& stream);
  void pump();
  bool deliver_ready(Side sender);
  void deliver_mark(Side sender, const Piece& piece);
  bool release_pending_reset();
  bool release_deadlock();
  void flush(bool limit);
  void enforce_limits();
  void settle();
  void account();
  void report_stall(Side receiver, FrameRef reopened);

  Stream streams_[2];
  std::unique_ptr<StreamConsumer> consumer_;
  TableState& table_;
  bool a_is_low_ = true;
  bool plain_ = false;  // in order in both directions, not ending: segments may be in_order()
  bool troubled_ = false;
  bool ended_ = false;
  std::unique_ptr<HeldSegment> held_;
  std::size_t accounted_ = 0;
  TimeNs last_active_ = 0;  // known where not plain_

 public:
  ListHook<LiveConnection> by_trouble;

 private:
  alignas(64) Connection info_;
  std::optional<PendingReset> pending_reset_;
  std::optional<ConnectionClose> end_;  // by FINs or RST
};

}  // namespace mmsa::tcp
