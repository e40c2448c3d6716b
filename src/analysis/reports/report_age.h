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

}  // namespace mmsa::analysis
