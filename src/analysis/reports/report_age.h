// How old the entries of reports are when they pass: TimeOfEntry against the capture's clock.
// Whether that is too old is said when the offset of the server's clock is known.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "analysis/time/server_clock.h"
#include "mmsanalyze/packet.h"

namespace mmsa::analysis {

class ReportAge {
 public:
  // Of one block and association: the oldest ones are kept.
  static constexpr std::size_t kMostOld = 64;

  // After an enable a buffered block first sends what it has kept: old, and rightly so, up to the
  // first report that is not.
  void begin_replay() { least_ = std::numeric_limits<TimeNs>::max(); }
  void add(TimeNs entry, FrameRef frame, bool buffered);

  struct Old {
    FrameRef frame;
    TimeNs age = 0;  // by the server's clock
  };
  // Entries that were older than `stale`, in the order of the capture.
  std::vector<Old> old(const ServerClock& clock, TimeNs stale) const;

 private:
  struct Sample {
    FrameRef frame;
    TimeNs age = 0;
    TimeNs least = 0;  // of the reports since the enable; least of all where nothing is replayed
  };
  static bool younger_last(const Sample& a, const Sample& b) { return a.age > b.age; }

  TimeNs least_ = std::numeric_limits<TimeNs>::min();
  std::vector<Sample> oldest_;  // a heap, the youngest in front
};

// A TimeOfEntry that stands still while the times of the values go on.
class EntryTimeWatch {
 public:
  // Of a report that is no segment. `newest`: gives the newest time stamp of its values, 0 where
  // there is none; only asked where TimeOfEntry is that of the report before.
  template <typename Newest>
  bool stands_still(TimeNs entry, FrameRef frame, const Newest& newest) {
    if (entry != entry_ || first_.number == 0) {
      entry_ = entry;
      first_ = frame;
      value_ = 0;
      return false;
    }
    const TimeNs time = newest();
    if (value_ == 0) value_ = time;
    advance_ = time - value_;
    return value_ != 0 && advance_ > kAdvance && elapsed(first_, frame) > 2 * kAdvance;
  }
  FrameRef first() const { return first_; }    // report with this TimeOfEntry
  TimeNs advance() const { return advance_; }  // of the values since

 private:
  static constexpr TimeNs kAdvance = kNsPerSecond;  // more than clocks and buffers differ
  TimeNs entry_ = 0;
  TimeNs value_ = 0;
  TimeNs advance_ = 0;
  FrameRef first_;
};

}  // namespace mmsa::analysis
