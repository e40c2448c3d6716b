// One TCP connection under reassembly: both directions, their common order, opening and closing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "mmsanalyze/flow.h"
#include "mmsanalyze/packet.h"
#include "mmsanalyze/undecoded.h"
#include "tcp/capture_clock.h"
#include "tcp/connection_key.h"
#include "tcp/intrusive_list.h"
#include "tcp/recent_octets.h"
#include "tcp/stream.h"
#include "tcp/stream_buffer.h"

namespace mmsa::tcp {

// What all connections of a table have in common.
struct TableState {
  explicit TableState(UndecodedCounters& counters) : undecoded(counters) {}
  UndecodedCounters& undecoded;
  CaptureClock clock;
  BufferPool buffers;
  RecentOctets recent;
  std::size_t buffered = 0;  // octets held by all connections
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
  // Whether the segment is a SYN of the next connection between the same endpoints.
  bool reopened_by(const Segment& segment, Side sender) const;

  // Steps over holes that were waited for long enough.
  void check_deadlines();
  // Steps over all holes, because of a cap.
  void give_up_holes() {
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
  TimeNs now() const { return table_.clock.now(); }

  // live_connection.cc: segments in
  bool in_order(const Segment& segment, Side sender) const;
  void feed_in_order(const Segment& segment, Side sender);
  void feed_any(const Segment& segment, Side sender);
  void note_initial(const Segment& segment, Side sender);
  bool note_syn(const Segment& segment, Side sender);
  void anchor(Stream& out, const Segment& segment);
  std::optional<std::uint64_t> note_ack(Stream& in, std::uint32_t ack, std::int64_t max_jump);
  void note_window(const Segment& segment, Side sender);
  void note_reset(const Segment& segment, Side sender);

  // payload.cc: where octets go
  void take_payload(const Segment& segment, Side sender, std::optional<std::uint64_t> acked);
  bool is_probe(const Segment& segment, Side sender, std::int64_t start);
  void note_hint(const Segment& segment, Stream& out, std::int64_t start);
  void take_in_order(const Segment& segment, Side sender, std::uint64_t start);
  bool take_out_of_order(const Segment& segment, Side sender, std::uint64_t start,
                         std::optional<std::uint64_t> barrier);
  void note_repeated(const Segment& segment, Side sender);
  void compare_with_delivered(Side sender, std::int64_t start, Bytes octets);
  RecentOctets::Owner owner(Side sender) const {
    return {info_.stream, static_cast<std::uint32_t>(index(sender))};
  }
  Disorder& disorder(Stream& stream);

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
