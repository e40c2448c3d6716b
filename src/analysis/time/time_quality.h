// The quality that a server gives its own clock and its own values: UtcTime (IEC 61850-8-1 clause
// 8.1.3.6) and Quality (IEC 61850-7-3 clause 6.2).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/context.h"
#include "analysis/lazy.h"
#include "iec61850/report.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class TimeQualityTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);
  void on_close(Context& context);

 private:
  // Time stamps of the server that are set.
  struct Stamps {
    std::uint64_t all = 0;
    std::uint64_t bad = 0;
    std::uint64_t failure = 0;    // ClockFailure
    std::uint32_t last_good = 0;  // the latest second that a good one names
    std::uint32_t last_bad = 0;
    std::vector<FrameRef> frames;  // the first ones with bad stamps
    FrameRef last_frame;
    FrameRef last_seen;  // the last message that was looked at
  };
  using QualityBits = std::array<std::uint8_t, 3>;  // as on the wire
  // One signal that was not good at some time.
  struct Signal {
    std::string name;
    std::uint64_t count = 0;
    std::vector<FrameRef> frames;  // the first ones
    FrameRef last;
    FrameRef good_again;  // number 0 where it is still bad
    QualityBits first_bits{};
    QualityBits last_bits{};
    bool same = true;  // always the same bits
  };
  // Whose members the keys of signal_of_key_ count.
  struct Stream {
    std::string rpt_id;
    std::string data_set;
  };

  // Whether the message may hold a quality that is not good.
  bool scan(const asn1::Tree& tree, FrameRef frame);
  static void watch_clock(Context& context, FrameRef frame);
  void count_stamp(const asn1::Tree& tree, std::uint32_t index, FrameRef frame);
  void inspect_report(Context& context, const MmsMessage& message);
  void inspect_entry(Context& context, const MmsMessage& message,
                     const iec61850::ReportEntry& entry, std::uint64_t stream);
  void on_quality(Context& context, const iec61850::ReportEntry& entry, const asn1::Tree& tree,
                  std::uint32_t index, std::uint64_t key, FrameRef frame);
  bool is_quality_member(Context& context, const iec61850::ReportEntry& entry, std::uint64_t key);
  std::uint64_t stream_of(const iec61850::ReportHeader& header);
  // "LD/LN$FC$DO" of a member; else "RptID[3]".
  std::string member_name(Context& context, const iec61850::ReportEntry& entry) const;
  Signal* signal(Context& context, const iec61850::ReportEntry& entry, const asn1::Tree& tree,
                 std::uint32_t index, std::uint64_t key);
  void raise_clock(Context& context) const;
  static void raise_quality(Context& context, const Signal& signal);

  Stamps stamps_;
  // Once a report has held a quality that is not good.
  struct Watched {
    std::vector<Stream> streams;
    std::size_t last_stream = 0;
    std::vector<Signal> signals;
    std::unordered_map<std::string, std::uint32_t> signal_of_name;
    std::unordered_map<std::uint64_t, std::uint32_t> signal_of_key;
    std::uint64_t not_followed = 0;  // values, because of a cap
  };
  Lazy<Watched> watched_;
  std::uint64_t bad_now_ = 0;  // signals
};

}  // namespace mmsa::analysis
