// How far a server's clock is from the capture's. What a server sends is as old as it was delayed,
// so the least age that comes again and again is the offset of its clock: TimeOfEntry of its
// reports, or where they have none, the time stamps of values that have just changed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa::analysis {

class ServerClock {
 public:
  // A report with this TimeOfEntry. Those of buffered blocks may be replayed: they count where
  // their age stays the same for a while. `buf_tm`: how long the block collects changes before it
  // reports (BufTm), 0 where that is not known: such an age says nothing of the clock.
  void add_entry(TimeNs entry, FrameRef frame, bool buffered, TimeNs buf_tm = 0);
  // A value that has just changed, with its time stamp.
  void add_value(TimeNs stamp, FrameRef frame);

  struct Offset {
    TimeNs behind = 0;  // the capture's clock minus the server's
    std::uint64_t samples = 0;
    FrameRef first;  // of the samples
    FrameRef last;
    TimeNs shown = 0;      // by the server's clock at `first`
    bool changed = false;  // it was another one before or after
  };
  // What the server's clock was off, one after the other where it was set meanwhile.
  std::vector<Offset> clocks() const { return clusters(); }
  // What the server's clock was off for most of the time; none where too little is known.
  std::optional<Offset> offset() const;
  // The least age of what is sent at once; 0 where it is not known.
  TimeNs least_age() const;
  // Whether the clock, at that time, makes anything look as old as this, give or take a delay.
  bool explains(TimeNs age, TimeNs captured) const;

 private:
  // Samples whose age has the same number of whole seconds.
  struct Bucket {
    std::int64_t seconds = 0;
    std::uint64_t live = 0;
    std::uint64_t buffered = 0;
    TimeNs least = 0;
    FrameRef first;
    FrameRef last;
    TimeNs shown = 0;
  };
  using Buckets = std::vector<Bucket>;  // by `seconds`

  static void add(Buckets& buckets, TimeNs shown, FrameRef frame, bool buffered);
  std::vector<Offset> clusters() const;

  Buckets entries_;
  Buckets values_;
};

}  // namespace mmsa::analysis
