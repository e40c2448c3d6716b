// Octets that the capture lost: what of the cut TPKT can still be said, and where the next begins.
#include "mmsanalyze/limits.h"
#include "osi/association_stack.h"
#include "osi/tpkt.h"

namespace mmsa::osi {
void AssociationStack::on_gap(Side sender, const StreamGap& gap, Bytes leftover,
                              const FrameIndex& frames) {
  Direction& direction = directions_[index(sender)];
  direction.waiting = 0;
  if (given_up_) {
    skipped(direction, leftover.size());
    return;
  }
  direction.octets_seen = direction.octets_seen || !leftover.empty();
  if (direction.framing == Direction::Framing::skipping && direction.skip >= gap.length) {
    direction.skip -= gap.length;
    if (direction.skip == 0) direction.framing = Direction::Framing::in_sync;
  } else if (direction.framing == Direction::Framing::in_sync ||
             is_convincing(direction, leftover)) {
    if (direction.framing == Direction::Framing::searching) {
      take_whole(sender, direction, gap, leftover, frames);
    }
    cut_tpkt(sender, direction, gap, leftover, frames);
  } else {
    skipped(direction, leftover.size());
    forget_tsdu(direction);
    direction.framing = Direction::Framing::searching;
    direction.fragments = Direction::Fragments::unsure;
  }
  upper_.forget_segments(sender);
  if (!is_ours()) return;
  if (roles_settled_) {
    shared_.sink.on(association_, GapEvent{sender, gap});
  } else {
    hold_gap(sender, gap);
  }
}

// Beyond the cap a gap is added to the last one of its side: no octet goes untold.
void AssociationStack::hold_gap(Side sender, const StreamGap& gap) {
  if (early_gaps_.size() >= limits::kMaxEarlyGaps) {
    for (auto early = early_gaps_.rbegin(); early != early_gaps_.rend(); ++early) {
      if (early->sender != sender) continue;
      early->gap.length += gap.length;
      early->gap.after = gap.after;
      return;
    }
  }
  early_gaps_.push_back({sender, gap});
}

// A TPKT that the search had found waits for the header behind it, which will not become whole.
void AssociationStack::take_whole(Side sender, Direction& direction, const StreamGap& gap,
                                  Bytes& leftover, const FrameIndex& frames) {
  direction.framing = Direction::Framing::in_sync;
  const Framing framing = next_tpkt(leftover);
  if (framing.kind != Framing::Kind::frame) return;
  const std::uint64_t begin = gap.offset - leftover.size();
  direction.count.tpkt += framing.length;
  on_tpkt(sender, direction, {leftover.first(framing.length), begin, frames});
  leftover = leftover.subspan(framing.length);
}

// Whether octets of unknown framing that are not continued are the beginning of a TPKT for sure.
bool AssociationStack::is_convincing(const Direction& direction, Bytes leftover) const {
  if (direction.framing == Direction::Framing::start && opening_seen()) {
    return leftover.size() >= kTpktHeader && plausible_tpkt(leftover) != Plausible::no;
  }
  if (leftover.size() <= kMinTpkt || plausible_tpkt(leftover) != Plausible::yes) return false;
  const TpduShape* shape = tpdu_shape(leftover[5]);
  if (shape->code == TpduCode::dt) return upper_.can_begin(leftover.subspan(kMinTpkt));
  return shape->code == TpduCode::cr || shape->code == TpduCode::cc;
}

void AssociationStack::cut_tpkt(Side sender, Direction& direction, const StreamGap& gap,
                                Bytes leftover, const FrameIndex& frames) {
  using Fragments = Direction::Fragments;
  const std::uint64_t begin = gap.offset - leftover.size();
  if (leftover.size() < kTpktHeader || next_tpkt(leftover).kind == Framing::Kind::damaged) {
    skipped(direction, leftover.size());
    deliver_cut(sender, direction);
    direction.framing = Direction::Framing::searching;
    direction.fragments = Fragments::unsure;
    return;
  }
  if (association_.carries == Association::Carries::nothing) {
    association_.carries = Association::Carries::iso_on_tcp;
    count_undecoded(unclassified_octets_);
    unclassified_octets_ = 0;
  }
  direction.count.tpkt += leftover.size();
  cut_tpdu(sender, direction, {leftover, begin, frames});
  const std::uint64_t end = begin + (std::uint64_t{leftover[2]} << 8 | leftover[3]);
  const std::uint64_t gap_end = gap.offset + gap.length;
  if (end > gap_end) {
    direction.framing = Direction::Framing::skipping;
    direction.skip = end - gap_end;
  } else if (end == gap_end) {
    direction.framing = Direction::Framing::in_sync;
  } else {  // others followed inside the gap
    direction.framing = Direction::Framing::searching;
    direction.fragments = Fragments::unsure;
  }
}

// `tpkt` holds what there is of a TPKT.
void AssociationStack::cut_tpdu(Side sender, Direction& direction, const Located& tpkt) {
  using Fragments = Direction::Fragments;
  const Bytes octets = tpkt.octets.subspan(kTpktHeader);
  const bool is_data = octets.size() >= 3 && octets[0] == 2 && octets[1] == 0xF0;
  if (is_data) {
    const bool end_of_tsdu = (octets[2] & 0x80) != 0;
    const Bytes user_data = octets.subspan(3);
    if (is_continuation_lost(direction, user_data, end_of_tsdu)) {
      pass_over_tpkt(direction, tpkt.octets.size());
      if (end_of_tsdu) direction.over_cap = false;
      return;
    }
    add_frames(direction, tpkt);
    direction.fragments = Fragments::joining;
    direction.tsdu.append(user_data);
    deliver_cut(sender, direction);
    direction.fragments = end_of_tsdu ? Fragments::none : Fragments::dropping;
    return;
  }
  deliver_cut(sender, direction);
  if (octets.size() < 2 || octets[1] == 0xF0) {
    pass_over_tpkt(direction, tpkt.octets.size());
    direction.fragments = Fragments::unsure;
    return;
  }
  Trouble ignored(Layer::cotp, octets);
  const Tpdu tpdu = decode_tpdu(octets, ignored);
  direction.fragments = Fragments::none;
  if (tpdu.code != TpduCode::unknown) on_control_tpdu(sender, tpdu, tpkt);
}

// Hands on what was joined of a TSDU that will not become whole.
void AssociationStack::deliver_cut(Side sender, Direction& direction) {
  if (direction.fragments == Direction::Fragments::joining && !direction.tsdu.empty()) {
    TsduContent& content = shared_.scratch.content;
    upper_.decode_cut(sender, direction.tsdu.octets(), content);
    tell(sender, content, direction, direction.last, true);
  }
  forget_tsdu(direction);
}

}  // namespace mmsa::osi
