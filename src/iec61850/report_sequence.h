// SqNum and SubSqNum of reports (IEC 61850-7-2 clause 17.2.2.4; PROTOCOL 5.1): which report follows
// which, and what is missing. Knows nothing of messages: numbers in, a verdict out.
//
// What is missing is claimed late. A number that was skipped stays open as a hole: a report that
// comes out of order, or a buffer that is replayed under its old numbers, may still fill it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa::iec61850 {

// What a report says about its place in its sequence.
struct SequenceNumbers {
  std::uint64_t sq_num = 0;
  std::optional<std::uint64_t> sub_sq_num;
  bool more_segments = false;
  bool buffered = false;  // proven by an EntryID or a BufOvfl, or by the block's name
  bool overflow = false;  // BufOvfl is set, and may be set for long
  std::uint64_t content =
      0;  // a hash of EntryID, TimeOfEntry and values: equal content, equal report
  std::uint64_t losses = 0;   // gaps of the capture in this direction so far
  std::uint64_t damages = 0;  // messages of this direction that could not be read so far
  FrameRef frame;
};

enum class SequenceVerdict : std::uint8_t {
  first,            // nothing known before it
  next,             // follows
  restart,          // the first one after an enable, or 0 by itself
  segment,          // the next segment of the same report
  repeated,         // the same report once more
  skipped,          // numbers are open before it
  late,             // one of the numbers that were open: sent out of order
  segment_missing,  // SubSqNum skipped
  other_instance,   // belongs to another block with the same RptID
};

struct SequenceResult {
  SequenceVerdict verdict = SequenceVerdict::first;
  std::uint64_t missing = 0;             // of skipped and segment_missing: how many numbers
  std::uint64_t expected = 0;            // the first of them
  bool uncertain = false;                // octets or messages are missing in between
  FrameRef previous;                     // the report before
  bool segment_missing_before = false;   // the report before this one lacks its last segment
  bool first_segment_missing = false;    // SubSqNum does not begin at 0
  std::uint64_t skipped_at_restart = 0;  // numbers between the last one before an enable and this
  std::size_t sequence = 0;              // to which it belongs; the numbers of sequences stay
  bool new_life = false;                 // the first report since an enable that was seen
  bool overflow_before = false;          // the report before it in its sequence had BufOvfl
};

// Numbers that nothing can bring any more.
struct SequenceGap {
  enum class Doubt : std::uint8_t { none, lost, damaged, disorder };
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t modulus = 0;
  FrameRef before;  // the report before them
  FrameRef after;   // the report behind them
  Doubt doubt = Doubt::none;
  bool overflow = false;  // the report behind them has BufOvfl: the buffer explains them
  std::string lost;       // what they told, as a later report shows; may be empty
  std::size_t sequence = 0;
};

// The sequences of one RptID (and data set). Several report control blocks may share it, so there
// can be several sequences side by side.
class ReportSequences {
 public:
  // A RptEna=TRUE write for a block with this RptID: a life of the block begins. Its first report
  // may carry 0 or 1, go on, or be a replayed one with its old number.
  void expect_restart();
  // How many blocks with this RptID are enabled, as far as was seen.
  void set_instances(std::size_t instances) { instances_ = instances; }

  SequenceResult add(const SequenceNumbers& report);
  // The block was disabled or the association ended: what is open is missing.
  void finish();
  // The gaps that are certain by now, to be taken by the caller, who empties it.
  std::vector<SequenceGap>& gaps() { return gaps_; }

  // Whether numbers were skipped behind this report.
  bool skipped_since(FrameRef report) const { return last_skip_.number > report.number; }
  // What a report in one of the holes behind `report` told: it is kept with the gap.
  void note_lost(FrameRef report, std::string_view what);
  // A report came late.
  bool disordered() const { return disordered_; }

  // A report whose last segment never came, if any: for the end of the association.
  std::optional<FrameRef> unfinished() const;

 private:
  // Numbers that were skipped, by position: SqNum counted on without wrapping.
  struct Hole {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    FrameRef before;
    FrameRef after;
    SequenceGap::Doubt doubt = SequenceGap::Doubt::none;
    bool overflow = false;
    std::string lost;
    std::size_t sequence = 0;
  };
  struct Seen {
    std::uint64_t sq_num = ~std::uint64_t{0};
    std::uint64_t content = 0;
    FrameRef frame;
  };
  struct Sequence {
    std::uint64_t last = 0;      // SqNum that is furthest on
    std::uint64_t position = 0;  // of `last`
    std::optional<std::uint64_t> sub_last;
    bool more_expected = false;
    bool buffered = false;
    bool wide = false;      // a number over 255 was seen
    bool overflow = false;  // the last report had BufOvfl
    std::uint64_t losses = 0;
    std::uint64_t damages = 0;
    FrameRef frame;
    std::vector<Hole> holes;
    // Reports are repeated soon or not at all.
    std::array<Seen, 8> seen{};
    std::size_t next_seen = 0;
  };

  static std::uint64_t modulus(const Sequence& sequence, const SequenceNumbers& report);
  static bool follows(const Sequence& sequence, const SequenceNumbers& report);
  static void remember(Sequence& sequence, const SequenceNumbers& report);
  static const Seen* find_seen(const Sequence& sequence, const SequenceNumbers& report);
  void take(Sequence& sequence, const SequenceNumbers& report);
  Sequence* find_segment(const SequenceNumbers& report);
  SequenceResult add_segment(Sequence& sequence, const SequenceNumbers& report);
  SequenceResult put(const SequenceNumbers& report);
  SequenceResult place(const SequenceNumbers& report);
  std::size_t number_of(const Sequence& sequence) const {
    return static_cast<std::size_t>(&sequence - sequences_.data());
  }
  SequenceResult begin(const SequenceNumbers& report, SequenceVerdict verdict);
  std::optional<SequenceResult> fill(const SequenceNumbers& report);
  void fill_former(const SequenceNumbers& report);
  SequenceResult skip(const SequenceNumbers& report);
  void open(Sequence& sequence, const SequenceNumbers& report, std::uint64_t distance);
  void claim(const Hole& hole, std::uint64_t modulus);
  void claim_all(Sequence& sequence);

  std::vector<Sequence> sequences_;
  std::vector<Hole> former_;  // holes of lives that ended, which a replay may fill; SqNums
  std::vector<SequenceGap> gaps_;
  bool replay_ = false;       // this life began with an old number
  bool disordered_ = false;   // a report came late
  FrameRef last_skip_;        // the report behind the last numbers that were skipped
  std::size_t restarts_ = 0;  // enables whose first report has not come
  std::size_t instances_ = 1;
};

}  // namespace mmsa::iec61850
