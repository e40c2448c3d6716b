// Segments in: sequence and acknowledgment numbers, opening, windows, RST (RFC 9293 section 3).
#include "tcp/live_connection.h"

#include <algorithm>

#include "mmsanalyze/limits.h"

namespace mmsa::tcp {
LiveConnection::LiveConnection(TableState& table, const ConnectionKey& key, std::uint32_t stream)
    : key_(key), table_(table) {
  info_.stream = stream;
}

LiveConnection::~LiveConnection() { table_.buffered -= accounted_; }

void LiveConnection::open(const Segment& first, bool sender_is_low,
                          StreamConsumerFactory& factory) {
  a_is_low_ = sender_is_low;
  info_.endpoint[index(Side::a)] = first.src;
  info_.endpoint[index(Side::b)] = first.dst;
  info_.first = first.frame;
  info_.last = first.frame;
  if (first.syn()) info_.opener = first.has_ack() ? Side::b : Side::a;
  info_.syn_seen = first.syn() && !first.has_ack();
  info_.syn_ack_seen = first.syn() && first.has_ack();
  consumer_ = factory.open(info_);
}

void LiveConnection::prefetch() const {
  __builtin_prefetch(&streams_[0]);
  __builtin_prefetch(&streams_[1]);
  __builtin_prefetch(&consumer_);
  __builtin_prefetch(&info_.last);
  __builtin_prefetch(&info_.facts[1]);
}

void LiveConnection::feed(const Segment& segment, Side sender) {
  const bool usual = plain_ && in_order(segment, sender);
  DirectionFacts& own = facts(sender);
  if (plain_ && !usual) {
    // In order, every frame seen so far comes before what is missing.
    for (const Side side : {Side::a, Side::b}) stream(side).last_before = facts(side).last_segment;
  }
  ++own.segments;
  own.captured_octets += segment.payload.size();
  own.last_segment = segment.frame;
  info_.last = segment.frame;
  if (usual) {
    feed_in_order(segment, sender);
  } else {
    ++info_.version;
    last_active_ = now();
    feed_any(segment, sender);
    check_deadlines();
  }
}

// The common case: nothing that feed_any would treat in another way than feed_in_order.
bool LiveConnection::in_order(const Segment& segment, Side sender) const {
  constexpr std::uint8_t kLooked =
      TcpFlags::kSyn | TcpFlags::kFin | TcpFlags::kRst | TcpFlags::kAck;
  const Stream& out = streams_[index(sender)];
  const Stream& in = streams_[index(other(sender))];
  return (segment.flags & kLooked) == TcpFlags::kAck && segment.missing == 0 &&
         segment.window != 0 && out.anchored && segment.seq == out.origin.seq_of(out.next) &&
         (!in.anchored || seq_distance(in.origin.seq_of(in.next), segment.ack) <= 0);
}

void LiveConnection::feed_in_order(const Segment& segment, Side sender) {
  Stream& out = stream(sender);
  Stream& in = stream(other(sender));
  if (in.anchored) {
    const std::int64_t acked = in.origin.offset_of(segment.ack, in.next);
    if (acked > static_cast<std::int64_t>(in.acked)) {
      note_acknowledged(in, static_cast<std::uint64_t>(acked), segment.frame, other(sender));
    }
  } else {
    in.peer_ack = segment.ack;
    in.peer_ack_known = true;
  }
  if (segment.payload.empty()) return;
  out.next += segment.payload.size();
  out.last_new = segment.frame.time;
  show(sender, segment.payload, segment.frame);
}

void LiveConnection::feed_any(const Segment& segment, Side sender) {
  Stream& out = stream(sender);
  Stream& in = stream(other(sender));
  note_initial(segment, sender);
  if (segment.rst()) {
    facts(sender).foreign_octets += segment.payload.size();  // RFC 9293 section 3.5.3: a text
    note_reset(segment, sender);
    settle();
    return;
  }
  if (segment.syn() && !note_syn(segment, sender)) {
    facts(sender).foreign_octets += segment.payload.size();
    return;
  }
  if (!out.anchored) anchor(out, segment);
  std::optional<std::uint64_t> acked;
  if (segment.has_ack()) acked = note_ack(in, segment, sender);
  note_window(segment, sender);
  take_payload(segment, sender, acked);
  settle();
}

// Wireshark compares SYNs with these to tell a retransmission from the reuse of a port.
void LiveConnection::note_initial(const Segment& segment, Side sender) {
  Stream& out = stream(sender);
  Stream& in = stream(other(sender));
  if (!out.initial_known) {
    out.initial = segment.syn() ? segment.seq : segment.seq - 1;
    out.initial_known = true;
  }
  if (!in.initial_known && segment.has_ack()) {
    in.initial = segment.ack - 1;
    in.initial_known = true;
  }
}

// False where the SYN is not of this connection: it must not move the stream.
bool LiveConnection::note_syn(const Segment& segment, Side sender) {
  const Stream& out = stream(sender);
  if (out.anchored && out.origin.number != segment.seq + 1) return false;
  DirectionFacts& own = facts(sender);
  if (own.syn.number == 0) {
    own.syn = segment.frame;
  } else if (segment.payload_length() == 0) {
    note_repeated(segment, sender);
  }
  if (segment.has_ack()) {
    if (!info_.opener) info_.opener = other(sender);
    if (*info_.opener != sender) info_.syn_ack_seen = true;
  } else {
    if (!info_.opener) info_.opener = sender;
    if (*info_.opener == sender) info_.syn_seen = true;
  }
  return true;
}

void LiveConnection::anchor(Stream& out, const Segment& segment) {
  out.anchored = true;
  out.last_new = segment.frame.time;
  out.origin.number = segment.seq;
  if (segment.syn()) {
    ++out.origin.number;
    out.last_before = segment.frame;
  } else if (!segment.fin() && segment.payload_length() <= 1) {
    // A keep-alive repeats the octet before the one that the receiver expects.
    // Where no acknowledgment tells: Windows sends an octet of zero, which begins no TPKT.
    const bool zero = !segment.payload.empty() && segment.payload[0] == 0;
    const bool keep_alive = out.peer_ack_known ? out.peer_ack == segment.seq + 1 : zero;
    if (keep_alive) ++out.origin.number;
    out.soft = !keep_alive && segment.payload_length() == 0;
  }
  if (!out.peer_ack_known) return;
  const std::int64_t acked = seq_distance(out.origin.number, out.peer_ack);
  if (acked > 0 && acked <= kMaxUnderWay) {
    out.acked = static_cast<std::uint64_t>(acked);
    disorder(out);
  }
}

// Returns the offset that is acknowledged; nothing where it is older than the stream, not to be
// believed, or the direction was never seen.
std::optional<std::uint64_t> LiveConnection::note_ack(Stream& in, const Segment& segment,
                                                      Side sender) {
  const std::uint32_t ack = segment.ack;
  if (!in.anchored) {
    in.peer_ack = ack;
    in.peer_ack_known = true;
    return std::nullopt;
  }
  std::int64_t ahead = seq_distance(in.origin.seq_of(in.next), ack);
  if (in.soft && ahead == 1 && in.next == 0) {
    // The empty segment that began this direction was a keep-alive.
    ++in.origin.number;
    in.soft = false;
    ahead = 0;
  }
  const std::int64_t position = static_cast<std::int64_t>(in.next) + ahead;
  if (position < 0) return std::nullopt;
  const auto acked = static_cast<std::uint64_t>(position);
  if (in.fin_known && acked > in.fin_at + 1) return std::nullopt;
  if (!in.believes_ack(acked, segment.frame, !segment.rst())) return std::nullopt;
  if (acked > in.acked) note_acknowledged(in, acked, segment.frame, other(sender));
  if (in.acked > in.next) {
    disorder(in);
    in.note_hole(now());
  }
  return acked;
}

void LiveConnection::note_window(const Segment& segment, Side sender) {
  if (segment.syn() || !segment.has_ack()) return;
  const Stream& in = stream(other(sender));
  // A segment that was overtaken tells an old window.
  if (in.anchored && seq_distance(in.origin.seq_of(in.acked), segment.ack) < 0) return;
  DirectionFacts& own = facts(sender);
  if (segment.window == 0 && !own.window_closed) {
    own.window_closed = true;
    own.window_closed_at = segment.frame;
    stream(other(sender)).probes = 0;
  } else if (segment.window != 0 && own.window_closed) {
    report_stall(sender, segment.frame);
    own.window_closed = false;
  }
}

void LiveConnection::note_reset(const Segment& segment, Side sender) {
  const Stream& out = stream(sender);
  Stream& in = stream(other(sender));
  DirectionFacts& own = facts(sender);
  if (own.rst.number == 0) own.rst = segment.frame;
  if (out.rst_delivered || (pending_reset_ && pending_reset_->by == sender)) return;
  if (segment.has_ack() && in.anchored) {
    const auto acked = note_ack(in, segment, sender);
    if (acked && *acked > in.delivered && !pending_reset_) {
      pending_reset_ = PendingReset{sender, segment.frame, *acked};
      return;
    }
  }
  deliver_rst(sender, segment.frame);
}

}  // namespace mmsa::tcp
