// Streams out: what the consumer is shown, in which order the two directions go, and how it ends.
#include <algorithm>

#include "mmsanalyze/limits.h"
#include "tcp/live_connection.h"

namespace mmsa::tcp {
namespace {

// A consumer keeps at most the start of one PDU. One that keeps more than this never consumes.
constexpr std::size_t kMaxTail = limits::kMaxBufferedPerStream + (64u << 10);
// Shorter ones are a receiver that takes its time, not one that stands still.
constexpr TimeNs kMinStall = kNsPerSecond;

}  // namespace

// `fresh` begins at out.delivered. Goes to the consumer without a copy where nothing is kept from
// before.
void LiveConnection::show(Side sender, Bytes fresh, FrameRef frame) {
  Stream& out = stream(sender);
  const std::uint64_t offset = out.delivered;
  out.delivered += fresh.size();
  facts(sender).octets += fresh.size();
  if (out.tail) {
    out.tail->append(fresh, offset, frame);
    present(sender);
    account();
    return;
  }
  const FrameSpan span{offset, frame};
  const SpanIndex frames({&span, 1});
  const std::size_t used =
      std::min(consumer_->on_data(sender, fresh, offset, frames), fresh.size());
  if (used == fresh.size()) return;
  out.tail = table_.buffers.take();
  out.tail->append(fresh.subspan(used), offset + used, frame);
  account();
}

void LiveConnection::present(Side sender) {
  Stream& out = stream(sender);
  StreamBuffer& tail = *out.tail;
  const SpanIndex frames(tail.spans());
  const std::size_t used =
      std::min(consumer_->on_data(sender, tail.octets(), tail.begin(), frames), tail.size());
  tail.consume(used);
  if (tail.empty()) {
    release_tail(out);
  } else if (tail.size() > kMaxTail) {
    drop_tail(sender);
  }
}

// The octets themselves become the gap.
void LiveConnection::drop_tail(Side sender) {
  Stream& out = stream(sender);
  if (!out.tail) return;
  StreamGap gap;
  gap.offset = out.tail->begin();
  gap.length = out.tail->size();
  gap.acknowledged = out.acked >= out.delivered;
  gap.limit = true;
  gap.before = out.tail->spans().back().frame;
  release_tail(out);
  deliver_gap(sender, gap);
  DirectionFacts& own = facts(sender);
  own.octets -= gap.length;
  own.lost_octets -= gap.length;
  own.capped_octets += gap.length;
}

void LiveConnection::drop_tails() {
  drop_tail(Side::a);
  drop_tail(Side::b);
  account();
}

void LiveConnection::release_tail(Stream& stream) {
  if (stream.tail) table_.buffers.give_back(std::move(stream.tail));
}

void LiveConnection::deliver_gap(Side sender, const StreamGap& gap) {
  Stream& out = stream(sender);
  out.delivered = gap.offset + gap.length;
  facts(sender).lost_octets += gap.length;
  if (out.tail) {
    const SpanIndex frames(out.tail->spans());
    consumer_->on_gap(sender, gap, out.tail->octets(), frames);
    release_tail(out);
  } else {
    consumer_->on_gap(sender, gap, {}, SpanIndex({}));
  }
}

void LiveConnection::deliver_fin(Side sender, FrameRef frame) {
  Stream& out = stream(sender);
  const Stream& in = stream(other(sender));
  out.fin_known = true;
  out.fin_delivered = true;
  out.fin_at = out.delivered;
  out.delivered = out.fin_at + 1;
  out.next = out.delivered;
  out.acked = std::min(out.acked, out.next);
  out.hinted = 0;
  release_tail(out);
  if (out.disorder) {
    for (const auto& [begin, piece] : out.disorder->map.pieces()) {
      facts(sender).foreign_octets += piece.octets.size();
    }
    out.disorder->map.clear();
    out.disorder->barriers.clear();
  }
  if (facts(sender).fin.number == 0) facts(sender).fin = frame;
  consumer_->on_fin(sender, frame);
  if (in.fin_delivered && !end_) {
    const FrameRef a = facts(Side::a).fin;
    const FrameRef b = facts(Side::b).fin;
    end_ = a.number <= b.number ? ConnectionClose{CloseKind::fin, Side::a, a}
                                : ConnectionClose{CloseKind::fin, Side::b, b};
  }
}

// No retransmission will come after a RST, so nothing is waited for any longer.
void LiveConnection::deliver_rst(Side sender, FrameRef frame) {
  flush(false);
  Stream& out = stream(sender);
  if (out.rst_delivered) return;
  out.rst_delivered = true;
  consumer_->on_rst(sender, frame);
  if (!end_) end_ = ConnectionClose{CloseKind::rst, sender, frame};
  ended_ = true;
}

// Delivers what can be delivered, each direction as far as the other one lets it.
void LiveConnection::pump() {
  for (;;) {
    const bool a = deliver_ready(Side::a);
    const bool b = deliver_ready(Side::b);
    if (!a && !b && !release_pending_reset() && !release_deadlock()) return;
  }
}

bool LiveConnection::deliver_ready(Side sender) {
  Stream& out = stream(sender);
  const Stream& in = stream(other(sender));
  if (!out.disorder) return false;
  HoleMap& map = out.disorder->map;
  bool moved = false;
  bool appended = false;
  while (!map.empty() && map.begin() == out.delivered && !out.blocked_by(in)) {
    const Piece piece = map.take_front();
    moved = true;
    if (piece.kind == Piece::Kind::data) {
      if (!out.tail) out.tail = table_.buffers.take();
      out.tail->append(piece.octets, out.delivered, piece.frame);
      out.delivered = piece.end;
      out.last_before = piece.frame;
      facts(sender).octets += piece.octets.size();
      appended = true;
      continue;
    }
    if (appended) present(sender);
    appended = false;
    deliver_mark(sender, piece);
  }
  if (appended) present(sender);
  return moved;
}

// A piece without octets, which begins at out.delivered.
void LiveConnection::deliver_mark(Side sender, const Piece& piece) {
  const Stream& out = stream(sender);
  if (piece.kind == Piece::Kind::fin) {
    deliver_fin(sender, piece.frame);
    return;
  }
  StreamGap gap;
  gap.offset = out.delivered;
  gap.length = piece.end - out.delivered;
  if (piece.kind == Piece::Kind::snapped) {
    gap.snapped = true;
    gap.trimmed = piece.trimmed;
    gap.acknowledged = out.acked >= piece.end;
    gap.before = piece.frame;
  } else {
    gap.acknowledged = piece.acknowledged;
    gap.limit = piece.limit;
    gap.before = out.last_before;
    gap.after = piece.frame;
  }
  deliver_gap(sender, gap);
}

bool LiveConnection::release_pending_reset() {
  if (!pending_reset_) return false;
  const PendingReset reset = *pending_reset_;
  const Stream& in = stream(other(reset.by));
  const bool coming = in.has_hole() || (in.disorder && !in.disorder->map.empty());
  if (in.delivered < reset.required && coming) return false;
  pending_reset_.reset();
  deliver_rst(reset.by, reset.frame);
  return true;
}

// Two directions that wait for each other, or one that waits for octets that can not come, are no
// TCP's doing. The octet that was captured first goes first.
bool LiveConnection::release_deadlock() {
  bool waits[2] = {};
  for (const Side side : {Side::a, Side::b}) {
    const Stream& out = stream(side);
    waits[index(side)] =
        out.disorder && !out.disorder->map.empty() && out.disorder->map.begin() == out.delivered;
  }
  Side side = waits[0] ? Side::a : Side::b;
  if (waits[0] && waits[1]) {
    const auto& a = stream(Side::a).disorder->map.front();
    const auto& b = stream(Side::b).disorder->map.front();
    side = a.frame.number <= b.frame.number ? Side::a : Side::b;
  } else if (!waits[index(side)] || stream(other(side)).has_hole()) {
    return false;
  }
  auto& barriers = stream(side).disorder->barriers;
  if (barriers.empty()) return false;
  barriers.erase(barriers.begin());
  return true;
}

void LiveConnection::flush(bool limit) {
  do {
    for (Stream& out : streams_) {
      while (out.has_hole()) out.give_up_hole(limit, now());
    }
    pump();
  } while (streams_[0].has_hole() || streams_[1].has_hole());
}

void LiveConnection::check_deadlines() {
  if (!troubled_) return;
  bool expired = false;
  for (Stream& out : streams_) {
    while (out.hole_expired(now())) {
      out.give_up_hole(false, now());
      expired = true;
    }
  }
  if (expired) settle();
}

void LiveConnection::enforce_limits() {
  for (const Side side : {Side::a, Side::b}) {
    Stream& out = stream(side);
    Stream& in = stream(other(side));
    while (out.disorder && out.disorder->cost() > limits::kMaxBufferedPerStream) {
      // What is contiguous and not delivered waits for the other direction.
      const bool waits = out.disorder->map.begin() == out.delivered;
      if (in.has_hole() && (waits || !out.has_hole())) {
        in.give_up_hole(true, now());
      } else if (out.has_hole()) {
        out.give_up_hole(true, now());
      } else {
        break;
      }
      pump();
    }
  }
}

// After every segment that was not simply in order.
void LiveConnection::settle() {
  Stream& a = streams_[0];
  Stream& b = streams_[1];
  if (a.disorder || b.disorder || pending_reset_) {
    pump();
    enforce_limits();
  }
  for (Stream& out : streams_) {
    if (!out.disorder) continue;
    out.note_hole(now());
    if (!out.disorder->map.empty() || out.has_hole()) continue;
    out.disorder.reset();
  }
  if (a.fin_delivered && b.fin_delivered && a.acked > a.fin_at && b.acked > b.fin_at) {
    ended_ = true;
  }
  troubled_ = a.disorder || b.disorder || pending_reset_ || held_;
  plain_ = !troubled_ && !ended_ && !a.fin_known && !b.fin_known && a.initial_known &&
           b.initial_known && !facts(Side::a).window_closed && !facts(Side::b).window_closed;
  account();
}

void LiveConnection::account() {
  std::size_t cost = streams_[0].cost() + streams_[1].cost();
  if (held_) cost += sizeof *held_ + held_->octets.size();
  table_.buffered += cost - accounted_;
  accounted_ = cost;
}

// `reopened` has number 0 where the window was still closed at the end.
void LiveConnection::report_stall(Side receiver, FrameRef reopened) {
  WindowStall stall;
  stall.receiver = receiver;
  stall.closed = facts(receiver).window_closed_at;
  stall.reopened = reopened;
  stall.probes = stream(other(receiver)).probes;
  const FrameRef end = reopened.number != 0 ? reopened : info_.last;
  if (elapsed(stall.closed, end) >= kMinStall) consumer_->on_window_stall(stall);
}

void LiveConnection::close(CloseKind kind) {
  if (!opened()) return;
  if (held_ && !held_is_of_another()) {
    const auto held = take_held();  // nothing follows that could contradict it
    feed(held->segment, side_of(held->sender_is_low));
  }
  drop_held();
  flush(false);
  for (const Side side : {Side::a, Side::b}) {
    if (facts(side).window_closed) report_stall(side, {});
    // The FIN of a direction that was captured alone says all that can be known.
    const Stream& out = stream(side);
    if (!end_ && out.fin_delivered && !stream(other(side)).anchored) {
      end_ = ConnectionClose{CloseKind::fin, side, facts(side).fin};
    }
  }
  ++info_.version;
  consumer_->on_close(end_ ? *end_ : ConnectionClose{kind, Side::a, info_.last});
}

}  // namespace mmsa::tcp
