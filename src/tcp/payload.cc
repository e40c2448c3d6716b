// Where the octets of a segment go: to the consumer, behind a hole, or nowhere.
//
// RFC 9293 section 3.8.4 for keep-alives, section 3.8.6.1 for zero-window probes.
#include <algorithm>

#include "tcp/live_connection.h"

namespace mmsa::tcp {
namespace {

// By the times as captured, which tell the two records of one packet apart from what is sent again
// even where the clock was set in between.
bool is_duplicate_time(TimeNs first, TimeNs again) {
  const auto distance = static_cast<std::uint64_t>(again) - static_cast<std::uint64_t>(first);
  constexpr auto kWithin = static_cast<std::uint64_t>(kDuplicateWithin);
  return distance + kWithin <= 2 * kWithin;
}

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

void LiveConnection::take_payload(const Segment& segment, Side sender,
                                  std::optional<std::uint64_t> acked) {
  Stream& out = stream(sender);
  const std::uint32_t length = segment.payload_length();
  const std::uint32_t seq = segment.seq + (segment.syn() ? 1 : 0);
  if (length != 0) {
    if (out.soft && out.next == 0 && seq == out.origin.number + 1) ++out.origin.number;
    out.soft = false;
    // Some number their first octet like the SYN itself.
    if (length > 1 && out.next == 0 && seq == out.origin.number - 1 &&
        facts(sender).syn.number != 0) {
      --out.origin.number;
    }
  }
  const std::int64_t start = out.origin.offset_of(seq, out.next);
  DirectionFacts& own = facts(sender);
  if (length <= 1 && !segment.fin() && is_probe(segment, sender, start)) {
    own.repeated_octets += segment.payload.size();
    return;
  }
  if (length == 0 && !segment.fin()) {
    note_hint(segment, out, start);
    return;
  }
  compare_with_delivered(sender, start, segment.payload);
  const Segment rest = cut_front(segment, start);
  own.foreign_octets += segment.payload.size() - rest.payload.size();
  const auto from = static_cast<std::uint64_t>(std::max<std::int64_t>(start, 0));
  const std::int64_t end = start + length + (segment.fin() ? 1 : 0);
  if (end <= static_cast<std::int64_t>(out.next)) {
    // Nothing new; what is not delivered yet is compared.
    if (out.disorder && end > 0) take_out_of_order(rest, sender, from, std::nullopt);
    own.repeated_octets += rest.payload.size();
    note_repeated(segment, sender);
    return;
  }
  if (out.fin_delivered) {
    own.foreign_octets += rest.payload.size();
    return;
  }
  if (segment.fin() && !out.fin_known) {
    out.fin_known = true;
    out.fin_at = static_cast<std::uint64_t>(end - 1);
    if (own.fin.number == 0) own.fin = segment.frame;
  }
  const Stream& in = stream(other(sender));
  const bool waits = acked && *acked > in.delivered && !in.fin_delivered;
  const bool orderly =
      !out.disorder || (out.disorder->map.empty() && out.disorder->barriers.empty());
  if (orderly && !waits && from <= out.next) {
    out.last_new = segment.frame.time;
    own.repeated_octets += rest.payload.size() - take_in_order(rest, sender, from);
    return;
  }
  const Taken taken =
      take_out_of_order(rest, sender, from, waits ? acked : std::optional<std::uint64_t>());
  own.repeated_octets += rest.payload.size() - taken.octets;
  if (taken.anything) {
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

// segment.payload begins at `start`, which is not beyond next. Returns how many octets are new.
std::uint64_t LiveConnection::take_in_order(const Segment& segment, Side sender,
                                            std::uint64_t start) {
  Stream& out = stream(sender);
  const auto old = static_cast<std::size_t>(out.next - start);
  const std::uint64_t captured_end = start + segment.payload.size();
  const std::uint64_t end = captured_end + segment.missing;
  const std::size_t fresh = segment.payload.size() - std::min(old, segment.payload.size());
  if (fresh != 0) {
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
    gap.trimmed = segment.trimmed;
    gap.before = segment.frame;
    out.next = end;
    deliver_gap(sender, gap);
  }
  if (segment.fin()) {
    out.next = end + 1;
    deliver_fin(sender, segment.frame);
  }
  out.note_hole(now());
  return fresh;
}

LiveConnection::Taken LiveConnection::take_out_of_order(const Segment& segment, Side sender,
                                                        std::uint64_t start,
                                                        std::optional<std::uint64_t> barrier) {
  Stream& out = stream(sender);
  HoleMap& map = disorder(out).map;
  Piece piece;
  piece.frame = segment.frame;
  piece.arrived = segment.frame.clock;
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
    piece.trimmed = segment.trimmed;
    snapped = map.insert_mark(std::max(captured_end, out.delivered), end, piece);
  }
  if (segment.fin() && end >= out.delivered) {
    piece.kind = Piece::Kind::fin;
    fin = map.insert_mark(end, end + 1, piece);
  }
  if (data.octets + snapped.octets + fin.octets == 0) return {};
  if (barrier) {
    const auto& first = data.octets != 0 ? data : snapped.octets != 0 ? snapped : fin;
    out.add_barrier({first.first, *barrier});
  }
  out.next = map.contiguous_end(out.next);
  out.note_hole(now());
  return {true, data.octets};
}

void LiveConnection::note_repeated(const Segment& segment, Side sender) {
  DirectionFacts& own = facts(sender);
  if (is_duplicate_time(stream(sender).last_new, segment.frame.time)) {
    ++own.duplicates;
  } else {
    ++own.retransmissions;
    own.last_retransmission = segment.frame;
  }
}

// Counts octets that differ from those that were delivered, as far as these are still here.
void LiveConnection::compare_with_delivered(Side sender, std::int64_t start, Bytes octets) {
  const Stream& out = stream(sender);
  if (!out.tail) return;
  // What is not consumed is kept in the tail however long it is.
  const auto tail = static_cast<std::int64_t>(out.tail->begin());
  const std::int64_t from = std::max(start, tail);
  const std::int64_t end = std::min(start + static_cast<std::int64_t>(octets.size()),
                                    static_cast<std::int64_t>(out.delivered));
  if (from >= end) return;
  const Bytes again =
      octets.subspan(static_cast<std::size_t>(from - start), static_cast<std::size_t>(end - from));
  table_.undecoded.add(
      Undecoded::overlap_conflicts,
      count_differences(out.tail->octets().subspan(static_cast<std::size_t>(from - tail)), again));
}

Disorder& LiveConnection::disorder(Stream& stream) {
  if (!stream.disorder) stream.disorder = std::make_unique<Disorder>();
  return *stream.disorder;
}

}  // namespace mmsa::tcp
