#include "tcp/stream.h"

#include <algorithm>

#include "mmsanalyze/limits.h"

namespace mmsa::tcp {

std::uint64_t Stream::known_end() const {
  const std::uint64_t end = std::max(acked, hinted);
  return disorder ? std::max(end, disorder->map.end()) : end;
}

bool Stream::believes_ack(std::uint64_t upto, FrameRef frame, bool keep) {
  constexpr auto kAhead = static_cast<std::uint64_t>(kMaxUnderWay);
  bool believed = upto <= std::max(next, known_end()) + kAhead;
  if (!believed && doubted_ack != 0) {
    const bool same_frame =
        upto == doubted_ack && elapsed(doubted_in, frame) <= kDuplicateWithin;  // captured twice
    believed = !same_frame && upto >= doubted_ack && upto - doubted_ack <= kAhead;
  }
  doubted_ack = believed || !keep ? 0 : upto;
  doubted_in = frame;
  return believed;
}

void Stream::note_hole(TimeNs now) {
  if (!disorder) return;
  Disorder& d = *disorder;
  if (next >= known_end()) {
    d.hole_open = false;
    d.acked_since.reset();
    return;
  }
  if (!d.hole_open || d.hole_at != next) {
    // A hole behind another one is as old as the piece that showed it.
    const auto behind = d.map.at_or_after(next);
    d.open_since = behind == d.map.pieces().end() ? now : behind->second.arrived;
    if (d.acked_since) d.acked_since = std::max(*d.acked_since, d.open_since);
    d.hole_open = true;
    d.hole_at = next;
  }
  if (acked <= next) {
    d.acked_since.reset();
  } else if (!d.acked_since) {
    d.acked_since = now;
  }
}

bool Stream::hole_expired(TimeNs now) const {
  if (!disorder || !disorder->hole_open) return false;
  const Disorder& d = *disorder;
  return d.acked_since ? now - *d.acked_since > limits::kAckedHoleWait
                       : now - d.open_since > limits::kOpenHoleWait;
}

void Stream::give_up_hole(bool limit, TimeNs now) {
  HoleMap& map = disorder->map;
  const auto behind = map.at_or_after(next);
  Piece lost;
  lost.kind = Piece::Kind::lost;
  lost.limit = limit;
  lost.arrived = now;
  std::uint64_t end = std::max(acked, hinted);
  if (behind != map.pieces().end()) {
    end = behind->first;
    lost.frame = behind->second.frame;
  } else if (hinted >= end) {
    lost.frame = hint_frame;
  }
  if (acked > next && acked < end) {
    end = acked;  // what follows may still be retransmitted
    lost.frame = {};
  }
  lost.acknowledged = acked >= end;
  map.insert_mark(next, end, lost);
  next = map.contiguous_end(end);
  note_hole(now);
}

void Stream::add_barrier(Barrier barrier) {
  auto& barriers = disorder->barriers;
  auto at =
      std::upper_bound(barriers.begin(), barriers.end(), barrier,
                       [](const Barrier& a, const Barrier& b) { return a.offset < b.offset; });
  // What already waits for as much, earlier in the stream, makes this one wait too.
  if (at != barriers.begin() && std::prev(at)->required >= barrier.required) return;
  barriers.insert(at, barrier);
}

bool Stream::blocked_by(const Stream& peer) {
  auto& barriers = disorder->barriers;
  auto reached = barriers.begin();
  while (reached != barriers.end() && reached->offset <= delivered &&
         (reached->required <= peer.delivered || peer.fin_delivered)) {
    ++reached;
  }
  const bool blocked = reached != barriers.end() && reached->offset <= delivered;
  barriers.erase(barriers.begin(), reached);
  return blocked;
}

}  // namespace mmsa::tcp
