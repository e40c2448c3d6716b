// Reports: sequence, segments, overflow, age, integrity period. Joins what the reports themselves
// say with the story of their control blocks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/context.h"
#include "analysis/reports/rcb_story.h"
#include "analysis/reports/report_age.h"
#include "analysis/reports/report_sequence.h"
#include "iec61850/report.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class ReportTracker : private RcbListener {
 public:
  void on_message(Context& context, const MmsMessage& message);
  void on_window_stall(const WindowStall& stall);
  // `opened`, `closed`: the association's life in the capture.
  void on_close(Context& context, FrameRef opened, FrameRef closed);

 private:
  // All reports of one RptID and data set.
  struct Stream {
    std::string rpt_id;
    std::string data_set;
    ReportSequences sequences;
    RcbState* block = nullptr;  // the only one with this RptID, where it is known
    std::string name;           // for findings: the block's reference, else the RptID
    bool buffered = false;
    bool overflow = false;  // the last report had BufOvfl
    bool first_since_enable = false;
    std::optional<std::uint64_t> conf_rev;
    FrameRef conf_rev_frame;
    FrameRef last;  // report
    TimeNs watched_since =
        0;  // the integrity period counts from here; 0: not watched; FrameRef::clock
    FrameRef watched_frame;
    std::uint64_t watched_losses = 0;
    ReportAge age;
    RcbReport report;          // printed where no block is known
    std::string missing_text;  // "2, 9-10" of the gaps told
  };

  void on_enabling(Context& context, RcbState& block, FrameRef frame) override;
  void on_disabled(Context& context, RcbState& block, FrameRef frame) override;

  void on_report(Context& context, const MmsMessage& message);
  Stream& stream_of(const iec61850::ReportHeader& header);
  void attach_block(Stream& stream);
  std::size_t instances(std::string_view rpt_id);
  RcbReport& printed(Stream& stream) {
    return stream.block != nullptr ? stream.block->report : stream.report;
  }
  void check_sequence(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      const MmsMessage& message);
  void raise_gap(Context& context, Stream& stream, const SequenceResult& result,
                 const iec61850::ReportHeader& header, FrameRef frame);
  void raise_segment_missing(Context& context, Stream& stream, bool uncertain, FrameRef previous,
                             FrameRef frame);
  void check_overflow(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      FrameRef frame);
  void check_conf_rev(Context& context, Stream& stream, const iec61850::ReportHeader& header,
                      FrameRef frame);
  void watch_integrity(Context& context, Stream& stream, FrameRef now);
  void check_silence(Context& context, Stream& stream, FrameRef until);
  void close_stream(Context& context, Stream& stream, FrameRef closed);

  RcbTracker blocks_;
  std::map<std::string, Stream, std::less<>> streams_;  // by RptID and data set
  std::string last_key_;                                // of last_stream_: reports come in runs
  Stream* last_stream_ = nullptr;
  std::string key_;
  bool reports_seen_ = false;
  std::vector<WindowStall> stalls_;
};

}  // namespace mmsa::analysis
