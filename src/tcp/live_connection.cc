// Segments in: sequence numbers, opening, windows, and what goes where.
//
// RFC 9293 section 3 for the header, section 3.8.4 for keep-alives, section 3.8.6.1 for zero-window
// probes.
#include "tcp/live_connection.h"

#include <algorithm>

#include "mmsanalyze/limits.h"

namespace mmsa::tcp {
namespace {

// The most that can be missing in one piece is 1 GiB and somewhat. An acknowledgment further ahead
// is not of this connection.
constexpr std::int64_t kMaxAckJump = 3 * (std::int64_t{1} << 29);
// A RST may carry anything; beyond what can be buffered its acknowledgment is not believed.
constexpr std::int64_t kMaxRstAckJump = limits::kMaxBufferedPerStream;
// Two ports of a mirror record the same packet within this time; no TCP retransmits as fast.
constexpr TimeNs kDuplicateWithin = kNsPerMs;

// Without the octets that lie before offset 0.
Segment cut_front(Segment segment, std::int64_t start) {
  if (start >= 0) return segment;
  const auto before = static_cast<std::uint64_t>(-start);
  const std::size_t cut = std::min<std::uint64_t>(before, segment.payload.size());
  segment.payload = segment.payload.subspan(cut);
  segment.missing -=
      static_cast<std::uint32_t>(std::min<std::uint64_t>(before - cut, segment.missing));
  return segment;
}

}  // namespace

LiveConnection::LiveConnection(TableState& table, const ConnectionKey& key, const Segment& first,
                               std::uint32_t stream)
    : key_(key), table_(table), a_is_low_(key_of(first).sender_is_low) {
  info_.stream = stream;
  info_.endpoint[index(Side::a)] = first.src;
  info_.endpoint[index(Side::b)] = first.dst;
  info_.first = first.frame;
  info_.last = first.frame;
  if (first.syn()) info_.opener = first.has_ack() ? Side::b : Side::a;
  info_.syn_seen = first.syn() && !first.has_ack();
  info_.syn_ack_seen = first.syn() && first.has_ack();
}

LiveConnection::~LiveConnection() { table_.buffered -= accounted_; }

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
  own.last_segment = segment.frame;
  info_.last = segment.frame;
  if (usual) {
    feed_in_order(segment, sender);
  } else {
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
    if (acked > static_cast<std::int64_t>(in.acked)) in.acked = static_cast<std::uint64_t>(acked);
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
    note_reset(segment, sender);
    settle();
    return;
  }
  if (segment.syn() && !note_syn(segment, sender)) return;
  if (!out.anchored) anchor(out, segment);
  std::optional<std::uint64_t> acked;
  if (segment.has_ack()) acked = note_ack(in, segment.ack, kMaxAckJump);
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

bool LiveConnection::reopened_by(const Segment& segment, Side sender) const {
  const Stream& out = streams_[index(sender)];
  return segment.syn() && !segment.has_ack() && out.initial_known && segment.seq != out.initial;
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
    const bool keep_alive = out.peer_ack_known && out.peer_ack == segment.seq + 1;
    if (keep_alive) ++out.origin.number;
    out.soft = !keep_alive && segment.payload_length() == 0;
  }
  if (!out.peer_ack_known) return;
  const std::int64_t acked = seq_distance(out.origin.number, out.peer_ack);
  if (acked > 0 && acked <= kMaxAckJump) {
    out.acked = static_cast<std::uint64_t>(acked);
    disorder(out);
  }
}

// Returns the offset that is acknowledged; nothing where it is older than the stream, wild, or the
// direction was never seen.
std::optional<std::uint64_t> LiveConnection::note_ack(Stream& in, std::uint32_t ack,
                                                      std::int64_t max_jump) {
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
  if (position < 0 || ahead > max_jump) return std::nullopt;
  const auto acked = static_cast<std::uint64_t>(position);
  if (in.fin_known && acked > in.fin_at + 1) return std::nullopt;
  in.acked = std::max(in.acked, acked);
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
    const auto acked = note_ack(in, segment.ack, kMaxRstAckJump);
    if (acked && *acked > in.delivered && !pending_reset_) {
      pending_reset_ = PendingReset{sender, segment.frame, *acked};
      return;
    }
  }
  deliver_rst(sender, segment.frame);
}

void LiveConnection::take_payload(const Segment& segment, Side sender,
                                  std::optional<std::uint64_t> acked) {
  Stream& out = stream(sender);
  const std::uint32_t length = segment.payload_length();
  const std::uint32_t seq = segment.seq + (segment.syn() ? 1 : 0);
  if (length != 0) {
    if (out.soft && out.next == 0 && seq == out.origin.number + 1) ++out.origin.number;
    out.soft = false;
  }
  const std::int64_t start = out.origin.offset_of(seq, out.next);
  if (length <= 1 && !segment.fin() && is_probe(segment, sender, start)) return;
  if (length == 0 && !segment.fin()) {
    note_hint(segment, out, start);
    return;
  }
  compare_with_tail(out, start, segment.payload);
  const Segment rest = cut_front(segment, start);
  const auto from = static_cast<std::uint64_t>(std::max<std::int64_t>(start, 0));
  const std::int64_t end = start + length + (segment.fin() ? 1 : 0);
  if (end <= static_cast<std::int64_t>(out.next)) {
    // Nothing new; what is not delivered yet is compared.
    if (out.disorder && end > 0) take_out_of_order(rest, sender, from, std::nullopt);
    note_repeated(segment, sender);
    return;
  }
  if (out.fin_delivered) return;
  if (segment.fin() && !out.fin_known) {
    out.fin_known = true;
    out.fin_at = static_cast<std::uint64_t>(end - 1);
    if (facts(sender).fin.number == 0) facts(sender).fin = segment.frame;
  }
  const Stream& in = stream(other(sender));
  const bool waits = acked && *acked > in.delivered && !in.fin_delivered;
  const bool orderly =
      !out.disorder || (out.disorder->map.empty() && out.disorder->barriers.empty());
  if (orderly && !waits && from <= out.next) {
    out.last_new = segment.frame.time;
    take_in_order(rest, sender, from);
  } else if (take_out_of_order(rest, sender, from,
                               waits ? acked : std::optional<std::uint64_t>())) {
    out.last_new = segment.frame.time;
  } else {
    note_repeated(segment, sender);
  }
}

// A keep-alive repeats the last octet that was sent, or nothing at its place, and so do most
// zero-window probes; the others carry one new octet, which counts.
bool LiveConnection::is_probe(const Segment& segment, Side sender, std::int64_t start) {
  Stream& out = stream(sender);
  const std::uint32_t length = segment.payload_length();
  const auto next = static_cast<std::int64_t>(out.next);
  const auto known_end = static_cast<std::int64_t>(out.known_end());
  const bool last_octet =
      start + 1 == next || (out.disorder && start + 1 == known_end && start > next &&
                            out.disorder->map.covers(static_cast<std::uint64_t>(start)));
  if (facts(other(sender)).window_closed && (last_octet || (start == next && length == 1))) {
    ++out.probes;
  }
  return last_octet && !segment.syn();
}

// Even a segment without payload shows that its sender has sent everything before it.
void LiveConnection::note_hint(const Segment& segment, Stream& out, std::int64_t start) {
  if (start <= static_cast<std::int64_t>(std::max(out.next, out.hinted)) || out.fin_known) return;
  out.hinted = static_cast<std::uint64_t>(start);
  out.hint_frame = segment.frame;
  disorder(out);
  out.note_hole(now());
}

// segment.payload begins at `start`, which is not beyond next.
void LiveConnection::take_in_order(const Segment& segment, Side sender, std::uint64_t start) {
  Stream& out = stream(sender);
  const auto old = static_cast<std::size_t>(out.next - start);
  const std::uint64_t captured_end = start + segment.payload.size();
  const std::uint64_t end = captured_end + segment.missing;
  if (segment.payload.size() > old) {
    out.next = captured_end;
    out.last_before = segment.frame;
    show(sender, segment.payload.subspan(old), segment.frame);
  }
  if (end > out.next) {
    StreamGap gap;
    gap.offset = out.next;
    gap.length = end - out.next;
    gap.acknowledged = out.acked >= end;
    gap.snapped = true;
    gap.before = segment.frame;
    out.next = end;
    deliver_gap(sender, gap);
  }
  if (segment.fin()) {
    out.next = end + 1;
    deliver_fin(sender, segment.frame);
  }
  out.note_hole(now());
}

// False where all of it was there before.
bool LiveConnection::take_out_of_order(const Segment& segment, Side sender, std::uint64_t start,
                                       std::optional<std::uint64_t> barrier) {
  Stream& out = stream(sender);
  HoleMap& map = disorder(out).map;
  Piece piece;
  piece.frame = segment.frame;
  piece.arrived = now();
  const std::uint64_t captured_end = start + segment.payload.size();
  const std::uint64_t end = captured_end + segment.missing;
  HoleMap::Inserted data;
  HoleMap::Inserted snapped;
  HoleMap::Inserted fin;
  if (captured_end > out.delivered) {
    const std::uint64_t from = std::max(start, out.delivered);
    data = map.insert_data(from, segment.payload.subspan(from - start), piece);
    table_.undecoded.add(Undecoded::overlap_conflicts, data.conflicts);
  }
  if (end > std::max(captured_end, out.delivered)) {
    piece.kind = Piece::Kind::snapped;
    snapped = map.insert_mark(std::max(captured_end, out.delivered), end, piece);
  }
  if (segment.fin() && end >= out.delivered) {
    piece.kind = Piece::Kind::fin;
    fin = map.insert_mark(end, end + 1, piece);
  }
  if (data.octets + snapped.octets + fin.octets == 0) return false;
  if (barrier) {
    const auto& first = data.octets != 0 ? data : snapped.octets != 0 ? snapped : fin;
    out.add_barrier({first.first, *barrier});
  }
  out.next = map.contiguous_end(out.next);
  out.note_hole(now());
  return true;
}

void LiveConnection::note_repeated(const Segment& segment, Side sender) {
  DirectionFacts& own = facts(sender);
  const TimeNs first = stream(sender).last_new;
  const TimeNs again = segment.frame.time;
  if (elapsed(first, again) <= kDuplicateWithin && elapsed(again, first) <= kDuplicateWithin) {
    ++own.duplicates;
  } else {
    ++own.retransmissions;
    own.last_retransmission = segment.frame;
  }
}

// Counts octets that differ from those that were delivered and are still here.
void LiveConnection::compare_with_tail(const Stream& out, std::int64_t start, Bytes octets) {
  if (!out.tail || octets.empty()) return;
  const auto begin = static_cast<std::int64_t>(out.tail->begin());
  const auto end = begin + static_cast<std::int64_t>(out.tail->size());
  const std::int64_t from = std::max(start, begin);
  if (from >= end || from - start >= static_cast<std::int64_t>(octets.size())) return;
  const Bytes old = out.tail->octets().subspan(static_cast<std::size_t>(from - begin));
  table_.undecoded.add(
      Undecoded::overlap_conflicts,
      count_differences(old, octets.subspan(static_cast<std::size_t>(from - start))));
}

Disorder& LiveConnection::disorder(Stream& stream) {
  if (!stream.disorder) stream.disorder = std::make_unique<Disorder>();
  return *stream.disorder;
}

}  // namespace mmsa::tcp
