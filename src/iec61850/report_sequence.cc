#include "iec61850/report_sequence.h"

#include <algorithm>

namespace mmsa::iec61850 {
namespace {

constexpr std::uint64_t kUnbufferedModulus = 256;   // INT8U
constexpr std::uint64_t kBufferedModulus = 65'536;  // INT16U
// Sequences kept for one RptID; more instances than any block has.
constexpr std::size_t kMaxSequences = 100;
// Holes of one sequence. The oldest is claimed beyond: this many reports later nothing fills it.
constexpr std::size_t kMaxHoles = 1024;
// Positions begin here, so that none is negative; a multiple of both moduli.
constexpr std::uint64_t kOrigin = 1u << 20;

}  // namespace

// Unbuffered unless proven otherwise: by an EntryID, or by a number over 255. Servers are known
// that count unbuffered blocks past 255 too.
std::uint64_t ReportSequences::modulus(const Sequence& sequence, const SequenceNumbers& report) {
  const bool wide =
      sequence.buffered || sequence.wide || report.buffered || report.sq_num >= kUnbufferedModulus;
  return wide ? kBufferedModulus : kUnbufferedModulus;
}

bool ReportSequences::follows(const Sequence& sequence, const SequenceNumbers& report) {
  return report.sq_num == (sequence.last + 1) % modulus(sequence, report);
}

void ReportSequences::remember(Sequence& sequence, const SequenceNumbers& report) {
  sequence.seen[sequence.next_seen] = {report.sq_num, report.content, report.frame};
  sequence.next_seen = (sequence.next_seen + 1) % sequence.seen.size();
}

const ReportSequences::Seen* ReportSequences::find_seen(const Sequence& sequence,
                                                        const SequenceNumbers& report) {
  for (const Seen& seen : sequence.seen) {
    if (seen.sq_num == report.sq_num && seen.content == report.content) return &seen;
  }
  return nullptr;
}

// The report that is furthest on. Holes whose numbers are needed again by then stay empty.
void ReportSequences::take(Sequence& sequence, const SequenceNumbers& report) {
  const std::uint64_t m = modulus(sequence, report);
  sequence.position += (report.sq_num % m + m - sequence.last % m) % m;
  sequence.last = report.sq_num;
  sequence.sub_last = report.sub_sq_num;
  sequence.more_expected = report.more_segments;
  sequence.buffered = sequence.buffered || report.buffered;
  sequence.wide = sequence.wide || report.sq_num >= kUnbufferedModulus;
  sequence.losses = report.losses;
  sequence.damages = report.damages;
  sequence.frame = report.frame;
  remember(sequence, report);
  while (!sequence.holes.empty() && (sequence.holes.front().first + m <= sequence.position ||
                                     sequence.holes.size() > kMaxHoles)) {
    claim(sequence.holes.front(), m);
    sequence.holes.erase(sequence.holes.begin());
  }
}

void ReportSequences::claim(const Hole& hole, std::uint64_t modulus) {
  SequenceGap gap{.first = hole.first % modulus,
                  .count = hole.count,
                  .modulus = modulus,
                  .before = hole.before,
                  .after = hole.after,
                  .doubt = hole.doubt,
                  .overflow = hole.overflow,
                  .lost = hole.lost,
                  .sequence = hole.sequence};
  // A server that sends out of order may have sent these before or after the capture.
  if (gap.doubt == SequenceGap::Doubt::none && disordered_) {
    gap.doubt = SequenceGap::Doubt::disorder;
  }
  gaps_.push_back(gap);
}

void ReportSequences::claim_all(Sequence& sequence) {
  const std::uint64_t m = modulus(sequence, {});
  for (const Hole& hole : sequence.holes) claim(hole, m);
  sequence.holes.clear();
}

void ReportSequences::finish() {
  for (Sequence& sequence : sequences_) claim_all(sequence);
  for (const Hole& hole : former_) claim(hole, kBufferedModulus);
  former_.clear();
}

void ReportSequences::expect_restart() { restarts_ = std::min(restarts_ + 1, kMaxSequences); }

SequenceResult ReportSequences::add(const SequenceNumbers& report) {
  SequenceResult result = put(report);
  if (result.sequence < sequences_.size()) sequences_[result.sequence].overflow = report.overflow;
  return result;
}

SequenceResult ReportSequences::put(const SequenceNumbers& report) {
  // A segment behind the first: belongs to the sequence that waits for it.
  if (report.sub_sq_num.value_or(0) == 0) return place(report);
  if (Sequence* sequence = find_segment(report)) return add_segment(*sequence, report);
  const bool known = !sequences_.empty() || restarts_ > 0;
  const bool begun = std::any_of(sequences_.begin(), sequences_.end(),
                                 [&](const Sequence& s) { return s.last == report.sq_num; });
  SequenceResult result = place(report);
  result.first_segment_missing = known && !begun && result.verdict != SequenceVerdict::repeated;
  return result;
}

SequenceResult ReportSequences::place(const SequenceNumbers& report) {
  // Zero after an enable begins a sequence. It may also be the wrap of one that runs; an enable
  // that was seen is the better explanation.
  if (report.sq_num == 0 && restarts_ > 0) return begin(report, SequenceVerdict::restart);
  for (Sequence& sequence : sequences_) {
    if (!follows(sequence, report)) continue;
    SequenceResult result;
    result.verdict = SequenceVerdict::next;
    result.uncertain = sequence.losses != report.losses || sequence.damages != report.damages;
    result.previous = sequence.frame;
    result.segment_missing_before = sequence.more_expected;
    take(sequence, report);
    result.sequence = number_of(sequence);
    result.overflow_before = sequence.overflow;
    if (replay_) fill_former(report);
    // Enabled while it reported, or a server that counts on; unless another block begins.
    if (restarts_ > 0 && sequences_.size() >= instances_) {
      --restarts_;
      result.new_life = true;
    }
    return result;
  }
  if (restarts_ > 0) return begin(report, SequenceVerdict::restart);
  if (sequences_.empty()) return begin(report, SequenceVerdict::first);
  for (const Sequence& sequence : sequences_) {
    const Seen* seen = find_seen(sequence, report);
    if (seen == nullptr) continue;
    SequenceResult result;
    result.verdict = SequenceVerdict::repeated;
    result.previous = seen->frame;
    result.sequence = number_of(sequence);
    result.overflow_before = sequence.overflow;
    return result;
  }
  if (const auto late = fill(report)) return *late;
  if (sequences_.size() < std::min(instances_, kMaxSequences)) {
    return begin(report, SequenceVerdict::other_instance);
  }
  return skip(report);
}

ReportSequences::Sequence* ReportSequences::find_segment(const SequenceNumbers& report) {
  Sequence* best = nullptr;
  for (Sequence& sequence : sequences_) {
    if (sequence.last != report.sq_num || !sequence.more_expected) continue;
    if (sequence.sub_last && *sequence.sub_last + 1 == *report.sub_sq_num) return &sequence;
    best = &sequence;
  }
  return best;
}

SequenceResult ReportSequences::add_segment(Sequence& sequence, const SequenceNumbers& report) {
  SequenceResult result;
  result.verdict = SequenceVerdict::segment;
  result.sequence = number_of(sequence);
  result.overflow_before = sequence.overflow;
  result.uncertain = sequence.losses != report.losses || sequence.damages != report.damages;
  result.previous = sequence.frame;
  const std::uint64_t expected = sequence.sub_last.value_or(0) + 1;
  if (*report.sub_sq_num != expected) {
    result.verdict = SequenceVerdict::segment_missing;
    result.expected = expected;
    result.missing = *report.sub_sq_num > expected ? *report.sub_sq_num - expected : 0;
  }
  take(sequence, report);
  return result;
}

// A sequence starts: in place of one that is over where blocks can not be more, else beside the
// others.
SequenceResult ReportSequences::begin(const SequenceNumbers& report, SequenceVerdict verdict) {
  SequenceResult result;
  result.verdict = verdict;
  result.new_life = restarts_ > 0;
  if (restarts_ > 0) --restarts_;
  Sequence* place = nullptr;
  if (sequences_.size() >= std::max<std::size_t>(instances_, 1) ||
      sequences_.size() >= kMaxSequences) {
    place = &*std::min_element(
        sequences_.begin(), sequences_.end(),
        [](const Sequence& a, const Sequence& b) { return a.frame.number < b.frame.number; });
    // A replay brings old numbers, those of the holes perhaps; a sequence that begins anew not.
    replay_ = report.sq_num > 1 && (report.buffered || place->buffered);
    const std::uint64_t m = modulus(*place, report);
    if (replay_) {
      for (Hole hole : place->holes) {
        hole.first %= m;
        if (former_.size() < kMaxHoles) former_.push_back(hole);
      }
      const std::uint64_t distance = (report.sq_num % m + m - place->last % m) % m;
      if (distance > 1 && distance <= m / 2) {
        result.skipped_at_restart = distance - 1;
        result.expected = (place->last + 1) % m;
        result.previous = place->frame;
      }
      place->holes.clear();
    } else {
      claim_all(*place);
    }
  } else {
    place = &sequences_.emplace_back();
  }
  *place = Sequence{};
  result.sequence = number_of(*place);
  place->last = report.sq_num;
  place->position = kOrigin + report.sq_num % kBufferedModulus;
  take(*place, report);
  if (replay_) fill_former(report);
  return result;
}

// A number that was skipped in the life before and comes with the replay.
void ReportSequences::fill_former(const SequenceNumbers& report) {
  for (std::size_t i = 0; i < former_.size(); ++i) {
    Hole& hole = former_[i];
    if (report.sq_num < hole.first || report.sq_num - hole.first >= hole.count) continue;
    Hole rest = hole;
    rest.first = report.sq_num + 1;
    rest.count = hole.first + hole.count - rest.first;
    hole.count = report.sq_num - hole.first;
    if (rest.count > 0) former_.push_back(rest);
    std::erase_if(former_, [](const Hole& h) { return h.count == 0; });
    return;
  }
}

// A number that some sequence still waits for.
std::optional<SequenceResult> ReportSequences::fill(const SequenceNumbers& report) {
  if (replay_) fill_former(report);
  for (Sequence& sequence : sequences_) {
    if (sequence.holes.empty()) continue;
    const std::uint64_t m = modulus(sequence, report);
    const std::uint64_t back = (sequence.last % m + m - report.sq_num % m) % m;
    const std::uint64_t position = sequence.position - back;
    for (std::size_t i = 0; i < sequence.holes.size(); ++i) {
      Hole& hole = sequence.holes[i];
      if (position < hole.first || position - hole.first >= hole.count) continue;
      SequenceResult result;
      result.verdict = SequenceVerdict::late;
      result.previous = sequence.frame;
      result.sequence = number_of(sequence);
      result.overflow_before = sequence.overflow;
      Hole rest = hole;
      rest.first = position + 1;
      rest.count = hole.first + hole.count - rest.first;
      hole.count = position - hole.first;
      hole.after = report.frame;
      const auto at = sequence.holes.begin() + static_cast<std::ptrdiff_t>(i);
      if (rest.count > 0) sequence.holes.insert(at + 1, rest);
      std::erase_if(sequence.holes, [](const Hole& h) { return h.count == 0; });
      remember(sequence, report);
      disordered_ = true;
      return result;
    }
  }
  return std::nullopt;
}

void ReportSequences::open(Sequence& sequence, const SequenceNumbers& report,
                           std::uint64_t distance) {
  Hole hole{.first = sequence.position + 1,
            .count = distance - 1,
            .before = sequence.frame,
            .after = report.frame,
            .doubt = SequenceGap::Doubt::none,
            .overflow = report.overflow && !sequence.overflow,
            .lost = {},
            .sequence = number_of(sequence)};
  last_skip_ = report.frame;
  if (sequence.losses != report.losses) {
    hole.doubt = SequenceGap::Doubt::lost;
  } else if (sequence.damages != report.damages) {
    hole.doubt = SequenceGap::Doubt::damaged;
  }
  sequence.holes.push_back(hole);
}

// No sequence expects this number.
SequenceResult ReportSequences::skip(const SequenceNumbers& report) {
  Sequence* best = nullptr;
  std::uint64_t best_distance = 0;
  for (Sequence& sequence : sequences_) {
    const std::uint64_t m = modulus(sequence, report);
    const std::uint64_t distance = (report.sq_num + m - sequence.last % m) % m;
    if (best == nullptr || distance < best_distance) {
      best = &sequence;
      best_distance = distance;
    }
  }
  SequenceResult result;
  result.uncertain = best->losses != report.losses || best->damages != report.damages;
  result.previous = best->frame;
  result.segment_missing_before = best->more_expected;
  result.sequence = number_of(*best);
  result.overflow_before = best->overflow;
  const std::uint64_t m = modulus(*best, report);
  if (report.sq_num == 0 && !disordered_) {
    // The enable was before the capture, or by another association, or the server restarted; or a
    // replay under old numbers is over.
    return begin(report, SequenceVerdict::restart);
  }
  if (best_distance == 0 || best_distance > m / 2) {
    // A step back to a number that nothing waits for is another instance or a replay.
    result.verdict = SequenceVerdict::other_instance;
    result.segment_missing_before = false;
    if (sequences_.size() < kMaxSequences) {
      Sequence& other = sequences_.emplace_back();
      result.sequence = number_of(other);
      result.overflow_before = false;
      other.last = report.sq_num;
      other.position = kOrigin + report.sq_num % kBufferedModulus;
      take(other, report);
      return result;
    }
  } else {
    result.verdict = SequenceVerdict::skipped;
    result.missing = best_distance - 1;
    result.expected = (best->last + 1) % m;
    open(*best, report, best_distance);
  }
  take(*best, report);
  return result;
}

void ReportSequences::note_lost(FrameRef report, std::string_view what) {
  constexpr std::size_t kMaxText = 400;
  for (Sequence& sequence : sequences_) {
    for (Hole& hole : sequence.holes) {
      if (hole.before.number < report.number) continue;
      if (hole.lost.size() > kMaxText) return;
      if (!hole.lost.empty()) hole.lost += ", ";
      hole.lost += what;
      return;
    }
  }
}

std::optional<FrameRef> ReportSequences::unfinished() const {
  for (const Sequence& sequence : sequences_) {
    if (sequence.more_expected) return sequence.frame;
  }
  return std::nullopt;
}

}  // namespace mmsa::iec61850
