// Reports: sequence, segments, overflow, age, integrity period. Joins what the reports themselves
// say with the story of their control blocks.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/context.h"
#include "analysis/reports/rcb_story.h"
#include "analysis/reports/report_age.h"
#include "iec61850/report.h"
#include "iec61850/report_sequence.h"
#include "iec61850/reported_values.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

using iec61850::ReportSequences;
using iec61850::SequenceGap;
using iec61850::SequenceNumbers;
using iec61850::SequenceResult;
using iec61850::SequenceVerdict;

class ReportTracker : private RcbListener {
 public:
  void on_message(Context& context, const MmsMessage& message);
  // Of all requests and answers; on_message() is told only those that are about blocks.
  void note_exchange(const MmsMessage& message) {
    if (message.pdu.kind == PduKind::confirmed_response) last_answer_ = message.frame;
    if (message.pdu.kind == PduKind::confirmed_request) left_out_of_ = nullptr;
  }
  void on_window_stall(const WindowStall& stall);
  // `opened`, `closed`: the association's life in the capture.
  void on_close(Context& context, FrameRef opened, FrameRef closed);

 private:
  // Names kept of attributes that changed without a report; more than a finding shows.
  static constexpr std::size_t kMaxNamed = 256;

  // All reports of one RptID and data set.
  struct Stream {
    std::string rpt_id;
    std::string data_set;
    ReportSequences sequences;
    // The one that sends them, where it is known; of several, that of the last report.
    RcbState* block = nullptr;
    // Where several blocks share the RptID: those that were enabled and have not reported yet, in
    // order, and by sequence those that have.
    std::vector<RcbState*> starting;
    std::vector<RcbState*> senders;
    std::uint64_t sought = ~std::uint64_t{0};  // version of the blocks when it was looked for
    std::size_t instances = 1;
    std::uint64_t instances_counted = ~std::uint64_t{0};  // version of the blocks by then
    std::string name;  // for findings: the block's reference, else the RptID
    bool buffered = false;
    bool overflow = false;            // the last report had BufOvfl
    bool first_since_enable = false;  // no report came since an enable
    std::string lost_in_buffer;       // "1-3": numbers skipped over the last enable
    std::optional<std::uint64_t> conf_rev;
    FrameRef conf_rev_frame;
    FrameRef last;  // report
    TimeNs watched_since =
        0;  // the integrity period counts from here; 0: not watched; FrameRef::clock
    FrameRef watched_frame;
    std::uint64_t watched_losses = 0;
    ReportAge age;
    EntryTimeWatch entry_time;
    bool entry_time_stands_still = false;
    RcbResult report;          // printed where no block is known
    std::string missing_text;  // "2, 9-10" of the gaps told
    std::string lost_text;     // what the missing reports told, as far as later ones show
    bool only_empty = false;   // the report that is going on has had no member so far
    iec61850::ReportedValues values;
    std::size_t followed_members = 0;  // of the data set, where its values are followed
    std::uint64_t value_losses = 0;    // octets or messages missing when the values were told
    std::uint64_t unnamed_lives = 0;   // of the tracker, when the values were told
    bool changes_seen = false;         // a report of this life has the reason data-change
    std::string first_lost;            // change that no report told
    // Of the attributes that changed without a report: by member and child.
    std::map<std::pair<std::uint32_t, std::uint8_t>, std::string> names_of_changes;
  };

  void on_enabling(Context& context, RcbState& block, FrameRef frame) override;
  void on_disabled(Context& context, RcbState& block, FrameRef frame) override;

  void on_report(Context& context, const MmsMessage& message);
  Stream* stream_of(const iec61850::ReportHeader& header);
  void begin_stream(Stream& stream);
  void attach_block(Stream& stream);
  RcbState* sender_of(const Stream& stream);
  // How many blocks with this RptID are enabled here.
  std::size_t instances(Stream& stream) const;
  template <typename Function>
  void each_stream_of(std::string_view rpt_id, const Function& function) {
    key_.assign(rpt_id);
    key_ += '\n';
    for (auto at = streams_.lower_bound(key_); at != streams_.end(); ++at) {
      if (!at->first.starts_with(key_)) break;
      function(at->second);
    }
  }
  // Octets or messages of the server that are missing so far.
  std::uint64_t missing_so_far(const Context& context) const;
  RcbResult& printed(Stream& stream) {
    return stream.block != nullptr ? stream.block->report : stream.report;
  }
  void count(Context& context, Stream& stream, const iec61850::ReportHeader& header,
             FrameRef frame);
  SequenceResult place(const Context& context, Stream& stream, const iec61850::ReportHeader& header,
                       const MmsMessage& message);
  void set_sender(Stream& stream, const SequenceResult& placed);
  void check_sequence(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      const SequenceResult& placed, const MmsMessage& message);
  void check_values(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                    const SequenceResult& placed, const MmsMessage& message);
  bool follow_members(Stream& stream, std::uint32_t members);
  bool reports_changes(const Stream& stream) const;
  static void forget_values(Stream& stream);
  void end_values(Context& context, Stream& stream, FrameRef frame);
  // BufTm, or more where it is not known.
  static TimeNs merge_time(const Stream& stream);
  std::string attribute_name(const Context& context, const iec61850::ReportEntry& entry,
                             std::uint8_t child) const;
  void note_change(const Context& context, Stream& stream, const iec61850::ReportEntry& entry,
                   const iec61850::ReportedValues::Change& change);
  void raise_lost_events(Context& context, Stream& stream, FrameRef now);
  void check_contents(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      const SequenceResult& placed, FrameRef frame);
  void check_entry_time(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                        TimeNs entry, FrameRef frame);
  void check_reasons(Context& context, Stream& stream, FrameRef frame);
  void check_overflow(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      const SequenceResult& placed, FrameRef frame);
  void check_conf_rev(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      FrameRef frame);
  void raise_gaps(Context& context, Stream& stream);
  void raise_late(Context& context, Stream& stream, const SequenceResult& result,
                  std::uint64_t sq_num, FrameRef frame);
  void check_segments(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      const SequenceResult& result, FrameRef frame);
  // `what`: of the first one. Null where there is no finding to add to.
  Finding* raise_segment_missing(Context& context, Stream& stream, bool uncertain,
                                 FrameRef previous, FrameRef frame, std::string what);
  static void explain_overflow(Finding& finding, const Stream& stream, bool first);
  void watch_integrity(Context& context, Stream& stream, FrameRef now);
  void check_silence(Context& context, Stream& stream, FrameRef until);
  void check_silent_blocks(Context& context, FrameRef closed);
  void check_last_report(Context& context, FrameRef closed);
  void close_stream(Context& context, Stream& stream, FrameRef closed);
  void raise_stale(Context& context, const Stream& stream) const;

  RcbTracker blocks_;
  std::map<std::string, Stream, std::less<>> streams_;  // by RptID and data set
  std::unordered_multimap<const RcbState*, Stream*> streams_of_block_;
  std::string last_key_;  // of last_stream_: reports come in runs
  Stream* last_stream_ = nullptr;
  std::string key_;
  bool reports_seen_ = false;
  std::uint8_t reasons_ = 0;        // of all members of the report that is looked at
  std::uint64_t unreadable_ = 0;    // reports of which it can not be said whose they are
  std::uint64_t not_followed_ = 0;  // reports of RptIDs beyond limits::kMaxReportStreams
  FrameRef last_unattributed_;      // report that could be of any block whose RptID is not known
  // Reports that left out a field which an unbuffered block may leave out; of the last message of
  // the association, where it was one, what and when.
  std::uint64_t left_out_count_ = 0;
  const char* left_out_ = "";
  Stream* left_out_of_ = nullptr;
  FrameRef left_out_frame_;
  std::vector<WindowStall> stalls_;
  FrameRef last_answer_;  // of the server, to whatever request
  // Enabled and disabled blocks whose RptID is not known: any report may be theirs.
  std::uint64_t unnamed_lives_ = 0;
  std::size_t followed_members_ = 0;                       // of all streams
  std::uint64_t members_not_followed_ = 0;                 // reports whose values were not compared
  std::vector<iec61850::ReportedValues::Change> changes_;  // of the member that is looked at
};

}  // namespace mmsa::analysis
