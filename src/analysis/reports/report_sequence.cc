#include "analysis/reports/report_sequence.h"

#include <algorithm>

namespace mmsa::analysis {
namespace {

constexpr std::uint64_t kUnbufferedModulus = 256;   // INT8U
constexpr std::uint64_t kBufferedModulus = 65'536;  // INT16U
// Sequences kept for one RptID; more instances than any block has.
constexpr std::size_t kMaxSequences = 100;

}  // namespace

// Unbuffered unless proven otherwise: by an EntryID, or by a number over 255.
std::uint64_t ReportSequences::modulus(const Sequence& sequence, const SequenceNumbers& report) {
  const bool buffered = sequence.buffered || report.buffered ||
                        sequence.last >= kUnbufferedModulus || report.sq_num >= kUnbufferedModulus;
  return buffered ? kBufferedModulus : kUnbufferedModulus;
}

bool ReportSequences::follows(const Sequence& sequence, const SequenceNumbers& report) {
  return report.sq_num == (sequence.last + 1) % modulus(sequence, report);
}

void ReportSequences::take(Sequence& sequence, const SequenceNumbers& report) {
  sequence.last = report.sq_num;
  sequence.sub_last = report.sub_sq_num;
  sequence.more_expected = report.more_segments;
  sequence.buffered = sequence.buffered || report.buffered;
  sequence.content = report.content;
  sequence.losses = report.losses;
  sequence.frame = report.frame;
}

void ReportSequences::expect_restart(FrameRef frame, std::uint64_t losses) {
  restarts_ = std::min(restarts_ + 1, kMaxSequences);
  restart_frame_ = frame;
  restart_losses_ = losses;
}

SequenceResult ReportSequences::add(const SequenceNumbers& report) {
  // A segment behind the first: belongs to the sequence that waits for it.
  if (report.sub_sq_num.value_or(0) > 0) {
    if (Sequence* sequence = find_segment(report)) return add_segment(*sequence, report);
  }
  // Zero after an enable begins a sequence. It may also be the wrap of one that runs; an enable
  // that was seen is the better explanation.
  if (report.sq_num == 0 && restarts_ > 0) {
    --restarts_;
    return begin(report, SequenceVerdict::restart);
  }
  for (Sequence& sequence : sequences_) {
    if (!follows(sequence, report)) continue;
    SequenceResult result;
    result.verdict = SequenceVerdict::next;
    result.uncertain = sequence.losses != report.losses;
    result.previous = sequence.frame;
    result.segment_missing_before = sequence.more_expected;
    take(sequence, report);
    return result;
  }
  if (restarts_ > 0) return begin_late(report);
  if (sequences_.empty()) return begin(report, SequenceVerdict::first);
  for (Sequence& sequence : sequences_) {
    if (sequence.last != report.sq_num || sequence.content != report.content) continue;
    SequenceResult result;
    result.verdict = SequenceVerdict::repeated;
    result.previous = sequence.frame;
    return result;
  }
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
  result.uncertain = sequence.losses != report.losses;
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
  Sequence* place = nullptr;
  if (sequences_.size() >= std::max<std::size_t>(instances_, 1) ||
      sequences_.size() >= kMaxSequences) {
    place = &*std::min_element(
        sequences_.begin(), sequences_.end(),
        [](const Sequence& a, const Sequence& b) { return a.frame.number < b.frame.number; });
  } else {
    place = &sequences_.emplace_back();
  }
  *place = Sequence{};
  take(*place, report);
  SequenceResult result;
  result.verdict = verdict;
  return result;
}

// The first report after an enable does not carry 0. Some servers count from 1; beyond it reports
// are missing.
SequenceResult ReportSequences::begin_late(const SequenceNumbers& report) {
  --restarts_;
  SequenceResult result = begin(report, SequenceVerdict::restart);
  if (report.sq_num > 1) {
    result.verdict = SequenceVerdict::gap;
    result.missing = report.sq_num;
    result.uncertain = restart_losses_ != report.losses;
    result.previous = restart_frame_;
  }
  return result;
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
  result.uncertain = best->losses != report.losses;
  result.previous = best->frame;
  result.segment_missing_before = best->more_expected;
  const std::uint64_t m = modulus(*best, report);
  if (report.sq_num == 0) {
    // The enable was before the capture, or by another association, or the server restarted.
    result.verdict = SequenceVerdict::restart;
    result.segment_missing_before = false;
  } else if (best_distance == 0 || best_distance > m / 2) {
    // One TCP stream never reorders: a step back is another instance or a replay.
    result.verdict = SequenceVerdict::other_instance;
    result.segment_missing_before = false;
  } else {
    result.verdict = SequenceVerdict::gap;
    result.missing = best_distance - 1;
    result.expected = (best->last + 1) % m;
  }
  if (result.verdict == SequenceVerdict::other_instance && sequences_.size() < kMaxSequences) {
    take(sequences_.emplace_back(), report);
  } else {
    take(*best, report);
  }
  return result;
}

std::optional<FrameRef> ReportSequences::unfinished() const {
  for (const Sequence& sequence : sequences_) {
    if (sequence.more_expected) return sequence.frame;
  }
  return std::nullopt;
}

}  // namespace mmsa::analysis
