// How old the entries of reports are when they pass: TimeOfEntry against the capture's clock. A
// steady difference is the clock's; single old entries are stale, unless a buffer is being
// replayed.
#pragma once

#include <cstdint>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa::analysis {

class ReportAge {
 public:
  // A replay ends with the first report that is not older than this, or than the one before by
  // much.
  void begin_replay() { replaying_ = true; }
  void add(TimeNs captured, TimeNs entry, FrameRef frame, bool buffered, TimeNs stale);

  struct Old {
    FrameRef frame;
    TimeNs age = 0;
  };
  // Entries that were older than `stale`, the first ones of them; their number and the worst age.
  const std::vector<Old>& old() const { return old_; }
  std::uint64_t old_count() const { return old_count_; }
  TimeNs worst() const { return worst_; }

  // Whether all entries had the same age, more than a second off; then that age.
  bool steady_offset(TimeNs& offset) const;
  std::uint64_t samples() const { return samples_; }

 private:
  bool replaying_ = false;
  std::uint64_t samples_ = 0;
  TimeNs least_ = 0;
  TimeNs most_ = 0;
  std::vector<Old> old_;
  std::uint64_t old_count_ = 0;
  TimeNs worst_ = 0;
};

}  // namespace mmsa::analysis
