// One direction of a connection: what has been seen of it and what is still missing. Offsets count
// from the first octet after the SYN, or from the first one captured where there is no SYN.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mmsanalyze/limits.h"
#include "tcp/hole_map.h"
#include "tcp/seq_number.h"
#include "tcp/stream_buffer.h"

namespace mmsa::tcp {

// The sender had received `required` octets of the other direction when it sent the octet at
// `offset`. Where the capture shows them in another order, the octet waits.
struct Barrier {
  std::uint64_t offset = 0;
  std::uint64_t required = 0;
};

// The state of a direction that is not simply in order. Exists only while it is needed.
struct Disorder {
  HoleMap map;
  std::vector<Barrier> barriers;  // by offset
  // The first hole, on the capture clock. Both times begin anew when another hole becomes the
  // first.
  bool hole_open = false;
  std::uint64_t hole_at = 0;
  TimeNs open_since = 0;
  std::optional<TimeNs> acked_since;  // the receiver has the octet at hole_at

  std::size_t cost() const { return map.cost() + barriers.size() * sizeof(Barrier); }
};

// What may be under way at a time: more than the receive window of any IED.
inline constexpr std::int64_t kMaxUnderWay = limits::kMaxBufferedPerStream;
// Two ports of a mirror record the same packet within this time; no TCP retransmits as fast.
inline constexpr TimeNs kDuplicateWithin = kNsPerMs;

// delivered <= next, and where there is no Disorder they are equal.
struct alignas(64) Stream {
  // The first 64 octets are all that a segment in order needs to look at.
  std::uint64_t next = 0;       // the first offset that has not been captured
  std::uint64_t delivered = 0;  // the first offset that the consumer has not been shown
  std::uint64_t acked = 0;      // the receiver has everything before
  TimeNs last_new = 0;          // time of the last segment with new octets
  SeqOrigin origin;             // valid where anchored
  bool anchored = false;        // a segment of this direction was captured
  bool soft = false;            // anchored at an empty segment, which may be a keep-alive
  bool initial_known = false;
  bool peer_ack_known = false;
  bool fin_known = false;
  bool fin_delivered = false;
  bool rst_delivered = false;
  std::unique_ptr<StreamBuffer> tail;  // delivered and not consumed; null where empty
  std::unique_ptr<Disorder> disorder;

  FrameRef last_before;           // the direction's last frame before `delivered`
  std::uint64_t hinted = 0;       // the sender has sent everything before
  FrameRef hint_frame;            // the first one that showed `hinted`
  std::uint64_t fin_at = 0;       // where fin_known
  std::uint64_t probes = 0;       // sent while the receiver's window was closed
  std::uint32_t initial = 0;      // of the first segment or acknowledgment, as Wireshark's base_seq
  std::uint32_t peer_ack = 0;     // acknowledged before the direction was anchored
  std::uint64_t doubted_ack = 0;  // one that was not believed; 0: none
  FrameRef doubted_in;

  // Whether octets are known to be missing at `next`, and up to where they are missing.
  std::uint64_t known_end() const;
  // Whether the receiver can have everything before `upto`. What is further ahead than can be under
  // way was lost by the capture, or the number is damaged: then a second acknowledgment has to
  // agree, for which the first one is kept where `keep` says so.
  bool believes_ack(std::uint64_t upto, FrameRef frame, bool keep);
  bool has_hole() const { return disorder != nullptr && next < known_end(); }

  // To be called after next, acked, hinted or the pieces have changed.
  void note_hole(TimeNs now);
  bool hole_expired(TimeNs now) const;
  // Replaces the first hole, or the acknowledged part of it, by a lost piece.
  void give_up_hole(bool limit, TimeNs now);

  // Octets from `offset` on wait until the other direction has been delivered up to `required`.
  void add_barrier(Barrier barrier);
  // Whether the octet at `delivered` waits for `peer`. Forgets barriers that were reached.
  bool blocked_by(const Stream& peer);

  std::size_t cost() const { return (tail ? tail->cost() : 0) + (disorder ? disorder->cost() : 0); }
};

}  // namespace mmsa::tcp
