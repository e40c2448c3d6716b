// SqNum and SubSqNum of reports (IEC 61850-7-2 clause 17.2.2.4; PROTOCOL 5.1): which report follows
// which, and what is missing. Knows nothing of messages: numbers in, a verdict out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa::analysis {

// What a report says about its place in its sequence.
struct SequenceNumbers {
  std::uint64_t sq_num = 0;
  std::optional<std::uint64_t> sub_sq_num;
  bool more_segments = false;
  bool buffered = false;  // proven by an EntryID or a BufOvfl, or by the block's name
  std::uint64_t content =
      0;  // a hash of EntryID, TimeOfEntry and values: equal content, equal report
  std::uint64_t losses = 0;  // gaps of the capture in this direction so far
  FrameRef frame;
};

enum class SequenceVerdict : std::uint8_t {
  first,            // nothing known before it
  next,             // follows
  restart,          // 0 after an enable, or by itself
  segment,          // the next segment of the same report
  repeated,         // the same report once more
  gap,              // numbers were skipped
  segment_missing,  // SubSqNum skipped, or a report ended without its last segment
  other_instance,   // belongs to another block with the same RptID
};

struct SequenceResult {
  SequenceVerdict verdict = SequenceVerdict::first;
  std::uint64_t missing = 0;            // of gap: how many numbers
  std::uint64_t expected = 0;           // of gap: the first missing number
  bool uncertain = false;               // the capture lost octets in between
  FrameRef previous;                    // the report before
  bool segment_missing_before = false;  // the report before this one lacks its last segment
};

// The sequences of one RptID (and data set). Several report control blocks may share it, so there
// can be several sequences side by side.
class ReportSequences {
 public:
  // A RptEna=TRUE write for a block with this RptID at `frame`: one sequence begins again at 0.
  // `losses` as in SequenceNumbers.
  void expect_restart(FrameRef frame, std::uint64_t losses);
  // How many blocks with this RptID are enabled, as far as was seen.
  void set_instances(std::size_t instances) { instances_ = instances; }

  SequenceResult add(const SequenceNumbers& report);

  // A report whose last segment never came, if any: for the end of the association.
  std::optional<FrameRef> unfinished() const;

 private:
  struct Sequence {
    std::uint64_t last = 0;
    std::optional<std::uint64_t> sub_last;
    bool more_expected = false;
    bool buffered = false;
    std::uint64_t content = 0;
    std::uint64_t losses = 0;
    FrameRef frame;
  };

  static std::uint64_t modulus(const Sequence& sequence, const SequenceNumbers& report);
  static bool follows(const Sequence& sequence, const SequenceNumbers& report);
  static void take(Sequence& sequence, const SequenceNumbers& report);
  Sequence* find_segment(const SequenceNumbers& report);
  SequenceResult add_segment(Sequence& sequence, const SequenceNumbers& report);
  SequenceResult begin(const SequenceNumbers& report, SequenceVerdict verdict);
  SequenceResult begin_late(const SequenceNumbers& report);
  SequenceResult skip(const SequenceNumbers& report);

  std::vector<Sequence> sequences_;
  std::size_t restarts_ = 0;  // enables whose first report has not come
  FrameRef restart_frame_;    // of the last enable
  std::uint64_t restart_losses_ = 0;
  std::size_t instances_ = 1;
};

}  // namespace mmsa::analysis
