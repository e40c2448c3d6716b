// The stream consumer of one association: framing by RFC 1006, TPDUs by ISO 8073 class 0, TSDUs
// joined from their fragments.
#include "osi/association_stack.h"

#include <algorithm>

#include "mmsanalyze/limits.h"
#include "osi/plain_data.h"
#include "osi/recognise.h"
#include "osi/tpkt.h"

namespace mmsa::osi {
namespace {

// A malformed TPKT has no end: this much of it is shown.
constexpr std::size_t kShownOctets = 64;
// TPKTs in a row that confirm a framing found by searching.
constexpr std::uint8_t kProbation = 2;

// Makes one ascending list of two that lie behind each other. Fragments share frames, and frames
// may have been captured out of order; tiny fragments share one most of the time.
void merge_frames(std::vector<std::uint64_t>& frames, std::size_t second) {
  const auto middle = frames.begin() + static_cast<std::ptrdiff_t>(second);
  if (*middle == *std::prev(middle)) {
    frames.erase(middle);
    return;
  }
  std::inplace_merge(frames.begin(), middle, frames.end());
  frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
}

}  // namespace

AssociationStack::AssociationStack(const Connection& connection, Shared& shared, bool expected_here,
                                   const std::array<Before, 2>& before)
    : shared_(shared),
      upper_(association_, shared),
      directions_{Direction(shared.joined_octets), Direction(shared.joined_octets)} {
  association_.connection = &connection;
  association_.slot = shared.slots.take();
  association_.expected_here = expected_here;
  for (const std::size_t i : {0u, 1u}) {
    directions_[i].count.skipped = before[i].passed_over;
    if (!before[i].whole) directions_[i].framing = Direction::Framing::searching;
  }
}

std::size_t AssociationStack::on_data(Side sender, Bytes available, std::uint64_t offset,
                                      const FrameIndex& frames) {
  Direction& direction = directions_[index(sender)];
  direction.octets_seen = true;
  const std::size_t taken = take(sender, direction, available, offset, frames);
  direction.waiting = available.size() - taken;
  return taken;
}

std::size_t AssociationStack::take(Side sender, Direction& direction, Bytes available,
                                   std::uint64_t offset, const FrameIndex& frames) {
  std::size_t pos = 0;
  while (pos < available.size() && !given_up_) {
    const Bytes rest = available.subspan(pos);
    if (direction.framing != Direction::Framing::in_sync) {
      pos += approach(direction, rest);
      if (direction.framing != Direction::Framing::in_sync) break;
      continue;
    }
    if (direction.probation != 0 && plausible_tpkt(rest) == Plausible::no) {
      lose_framing(sender, direction);  // it was file data that looked like a TPKT
      continue;
    }
    const Framing framing = next_tpkt(rest);
    if (framing.kind == Framing::Kind::need_more) break;
    if (framing.kind == Framing::Kind::damaged) {
      on_damage(sender, direction, rest, framing.field, offset + pos, frames);
      continue;
    }
    if (const std::size_t cut = cut_short_at(rest, framing.length); cut != 0) {
      direction.count.tpkt += cut;
      on_cut_short(sender, direction, {rest.first(cut), offset + pos, frames});
      pos += cut;
      continue;
    }
    if (direction.probation != 0) --direction.probation;
    direction.count.tpkt += framing.length;
    on_tpkt(sender, direction, {rest.first(framing.length), offset + pos, frames});
    pos += framing.length;
  }
  if (!given_up_) return pos;
  skipped(direction, available.size() - pos);
  return available.size();
}

// Comes to the next TPKT where the framing is unknown. Returns the octets that can go.
std::size_t AssociationStack::approach(Direction& direction, Bytes rest) {
  ++association_.version;
  switch (direction.framing) {
    case Direction::Framing::start:
      return start(direction, rest);
    case Direction::Framing::in_sync:
      break;
    case Direction::Framing::skipping: {
      const std::uint64_t taken = std::min<std::uint64_t>(direction.skip, rest.size());
      direction.skip -= taken;
      if (direction.skip == 0) direction.framing = Direction::Framing::in_sync;
      skipped(direction, taken);
      return static_cast<std::size_t>(taken);
    }
    case Direction::Framing::searching: {
      const Search search = find_tpkt(rest);
      if (search.found) {
        direction.framing = Direction::Framing::in_sync;
        direction.probation = kProbation;
      }
      skipped(direction, search.skip);
      return search.skip;
    }
  }
  return 0;
}

std::size_t AssociationStack::start(Direction& direction, Bytes rest) {
  if (association_.carries == Association::Carries::nothing) {
    const Verdict tls = recognise_tls(rest);
    if (tls == Verdict::wait) return 0;
    if (tls == Verdict::tls) {
      give_up(Association::Carries::tls);
      return 0;
    }
  }
  if (!opening_seen()) {
    direction.framing = Direction::Framing::searching;
    return approach(direction, rest);
  }
  switch (plausible_tpkt(rest)) {
    case Plausible::so_far:
      break;
    case Plausible::yes:
      direction.framing = Direction::Framing::in_sync;
      direction.fragments = Direction::Fragments::none;
      break;
    case Plausible::no:
      if (association_.carries == Association::Carries::nothing) {
        association_.carries = Association::Carries::other;
      }
      direction.framing = Direction::Framing::searching;
      return approach(direction, rest);
  }
  return 0;
}

void AssociationStack::lose_framing(Side sender, Direction& direction) {
  forget_tsdu(direction);
  upper_.forget_segments(sender);
  direction.framing = Direction::Framing::searching;
  direction.fragments = Direction::Fragments::unsure;
  direction.probation = 0;
}

void AssociationStack::on_damage(Side sender, Direction& direction, Bytes rest, const char* field,
                                 std::uint64_t offset, const FrameIndex& frames) {
  lose_framing(sender, direction);
  if (!is_ours()) return;
  const Bytes unit = rest.first(std::min(rest.size(), kShownOctets));
  Trouble trouble(Layer::tpkt, unit);
  const bool version = rest[0] != 3;
  trouble.fail(version ? Errc::bad_value : Errc::bad_length, field,
               unit.data() + (version ? 0 : 2));
  std::vector<std::uint64_t>& carriers = shared_.scratch.frames;
  carriers.clear();
  const FrameRef frame = frames.frames_of(offset, offset + (version ? 1 : kTpktHeader), carriers);
  tell_malformed(sender, *trouble.error(), unit, frame);
}

// The sender stopped in the middle of a TPKT and went on with the next one. What is there of it is
// decoded as far as it goes.
void AssociationStack::on_cut_short(Side sender, Direction& direction, const Located& tpkt) {
  ++association_.version;
  if (is_ours()) {
    Trouble trouble(Layer::tpkt, tpkt.octets);
    trouble.fail(Errc::truncated, "TPKT", tpkt.octets.data() + 2);
    std::vector<std::uint64_t>& carriers = shared_.scratch.frames;
    carriers.clear();
    const FrameRef frame =
        tpkt.index.frames_of(tpkt.offset, tpkt.offset + tpkt.octets.size(), carriers);
    tell_malformed(sender, *trouble.error(), tpkt.octets, frame);
  }
  cut_tpdu(sender, direction, tpkt);
}

void AssociationStack::skipped(Direction& direction, std::uint64_t octets) {
  direction.count.skipped += octets;
  count_undecoded(octets);
}

// Of a TPKT that was counted: its TSDU can not be decoded.
void AssociationStack::pass_over_tpkt(Direction& direction, std::uint64_t octets) {
  direction.count.tpkt -= octets;
  (direction.over_cap ? direction.count.capped : direction.count.skipped) += octets;
  if (!direction.over_cap) count_undecoded(octets);
}

void AssociationStack::count_undecoded(std::uint64_t octets) {
  switch (association_.carries) {
    case Association::Carries::nothing:
      unclassified_octets_ += octets;
      break;
    case Association::Carries::iso_on_tcp:
    case Association::Carries::mms:
      shared_.undecoded.add(Undecoded::resync_octets, octets);
      break;
    case Association::Carries::tls:
      shared_.undecoded.add(Undecoded::encrypted_octets, octets);
      break;
    case Association::Carries::s7comm:
    case Association::Carries::other:
      shared_.undecoded.add(Undecoded::other_tcp_octets, octets);
      break;
  }
}

void AssociationStack::give_up(Association::Carries carries) {
  association_.carries = carries;
  given_up_ = true;
  forget_tsdu(directions_[0]);
  forget_tsdu(directions_[1]);
}

void AssociationStack::on_tpkt(Side sender, Direction& direction, const Located& tpkt) {
  if (direction.fragments == Direction::Fragments::none &&
      association_.carries == Association::Carries::mms) {
    PduUnit unit;
    if (read_plain_data(tpkt.octets, unit.context, unit.octets) &&
        unit.context == association_.mms_context &&
        association_.context_source != ContextSource::none) {
      std::vector<std::uint64_t>& frames = shared_.scratch.frames;
      frames.clear();
      unit.sender = sender;
      unit.frame = tpkt.index.frames_of(tpkt.offset, tpkt.offset + tpkt.octets.size(), frames);
      unit.frames = frames;
      unit.acknowledged = acknowledged_by(sender);
      shared_.sink.on(association_, unit);
      return;
    }
  }
  ++association_.version;
  if (association_.carries == Association::Carries::nothing && is_remote_desktop(tpkt.octets)) {
    give_up(Association::Carries::other);
    count_undecoded(tpkt.octets.size());
    return;
  }
  if (association_.carries == Association::Carries::nothing) {
    association_.carries = Association::Carries::iso_on_tcp;
    count_undecoded(unclassified_octets_);
    unclassified_octets_ = 0;
  }
  Trouble trouble(Layer::cotp, tpkt.octets);
  const Tpdu tpdu = decode_tpdu(tpkt.octets.subspan(kTpktHeader), trouble);
  if (tpdu.code == TpduCode::dt && !trouble.error()) {
    on_data_tpdu(sender, direction, tpdu, tpkt);
    return;
  }
  forget_tsdu(direction);
  if (tpdu.code != TpduCode::unknown) on_control_tpdu(sender, tpdu, tpkt);
  if (trouble.error()) {
    std::vector<std::uint64_t>& frames = shared_.scratch.frames;
    frames.clear();
    const FrameRef frame =
        tpkt.index.frames_of(tpkt.offset, tpkt.offset + tpkt.octets.size(), frames);
    tell_malformed(sender, *trouble.error(), tpkt.octets, frame);
  }
}

void AssociationStack::on_control_tpdu(Side sender, const Tpdu& tpdu, const Located& tpkt) {
  Step step{};
  switch (tpdu.code) {
    case TpduCode::cr:
      step = Step::connect_request;
      break;
    case TpduCode::cc:
      step = Step::connect_confirm;
      break;
    case TpduCode::dr:
      step = Step::disconnect_request;
      break;
    case TpduCode::dc:
      step = Step::disconnect_confirm;
      break;
    case TpduCode::er:
      step = Step::tpdu_error;
      break;
    case TpduCode::dt:
      return;
    default:
      shared_.undecoded.add(Undecoded::cotp_unknown);
      return;
  }
  store(tpdu, association_.cotp.edit());
  std::vector<std::uint64_t>& frames = shared_.scratch.frames;
  frames.clear();
  const FrameRef frame =
      tpkt.index.frames_of(tpkt.offset, tpkt.offset + tpkt.octets.size(), frames);
  tell_step(sender, step, frame);
}

void AssociationStack::on_data_tpdu(Side sender, Direction& direction, const Tpdu& tpdu,
                                    const Located& tpkt) {
  if (is_continuation_lost(direction, tpdu.user_data, tpdu.end_of_tsdu)) {
    pass_over_tpkt(direction, tpkt.octets.size());
    if (tpdu.end_of_tsdu) direction.over_cap = false;
    return;
  }
  if (direction.fragments != Direction::Fragments::joining && tpdu.end_of_tsdu) {
    if (tpdu.user_data.empty()) return;  // some stacks keep the connection alive with it
    add_frames(direction, tpkt);
    on_tsdu(sender, direction, tpdu.user_data, direction.last);
    return;
  }
  if (!join(sender, direction, tpdu, tpkt) || !tpdu.end_of_tsdu) return;
  direction.fragments = Direction::Fragments::none;
  on_tsdu(sender, direction, direction.tsdu.octets(), direction.last);
  direction.tsdu.clear();
}

// After a gap: whether this DT continues a TSDU whose beginning is lost. Class 0 does not number
// TPDUs, so that only the content tells.
bool AssociationStack::is_continuation_lost(Direction& direction, Bytes user_data,
                                            bool end_of_tsdu) {
  if (direction.fragments == Direction::Fragments::unsure) {
    direction.over_cap = false;
    direction.fragments =
        upper_.can_begin(user_data) ? Direction::Fragments::none : Direction::Fragments::dropping;
  }
  if (direction.fragments != Direction::Fragments::dropping) return false;
  if (end_of_tsdu) direction.fragments = Direction::Fragments::none;
  return true;
}

// Appends a fragment. False where the TSDU, or all that wait for their end, are too long, which is
// told once.
bool AssociationStack::join(Side sender, Direction& direction, const Tpdu& tpdu,
                            const Located& tpkt) {
  add_frames(direction, tpkt);
  direction.fragments = Direction::Fragments::joining;
  if (direction.tsdu.append(tpdu.user_data)) return true;
  const FrameRef frame = direction.last;
  forget_tsdu(direction);
  direction.over_cap = true;
  pass_over_tpkt(direction, tpkt.octets.size());
  direction.over_cap = !tpdu.end_of_tsdu;
  direction.fragments =
      tpdu.end_of_tsdu ? Direction::Fragments::none : Direction::Fragments::dropping;
  Trouble trouble(Layer::cotp, tpkt.octets);
  trouble.fail(Errc::too_many, "TSDU", tpkt.octets.data());
  tell_malformed(sender, *trouble.error(), tpkt.octets, frame);
  return false;
}

void AssociationStack::add_frames(Direction& direction, const Located& tpkt) {
  std::vector<std::uint64_t>& frames = direction.frames;
  const std::size_t before = frames.size();
  const FrameRef last = tpkt.index.frames_of(tpkt.offset, tpkt.offset + tpkt.octets.size(), frames);
  if (last.number > direction.last.number) direction.last = last;
  if (before != 0 && frames.size() != before && frames[before] <= frames[before - 1]) {
    merge_frames(frames, before);
  }
  if (frames.size() > limits::kMaxFramesOfTsdu) frames.resize(limits::kMaxFramesOfTsdu);
}

void AssociationStack::forget_tsdu(Direction& direction) {
  direction.tsdu.clear();
  direction.frames.clear();
  direction.last = {};
  if (direction.fragments == Direction::Fragments::joining) {
    direction.fragments = Direction::Fragments::none;
  }
}

void AssociationStack::on_tsdu(Side sender, Direction& direction, Bytes tsdu, FrameRef frame) {
  TsduContent& content = shared_.scratch.content;
  upper_.decode(sender, tsdu, content);
  if (content.foreign && association_.carries != Association::Carries::mms) {
    association_.carries =
        content.s7comm ? Association::Carries::s7comm : Association::Carries::other;
    count_undecoded(tsdu.size());
    if (content.s7comm || !association_.expected_here) give_up(association_.carries);
  } else {
    tell(sender, content, direction, frame, false);
  }
  if (content.incomplete) return;
  direction.frames.clear();
  direction.last = {};
}

}  // namespace mmsa::osi
