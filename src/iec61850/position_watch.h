// Whether the position that a command asked for was reached: compares ctlVal with the stVal that
// reports and reads bring afterwards (IEC 61850-7-3 clause 7.5: SPC, DPC).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/data.h"
#include "mmsanalyze/packet.h"

namespace mmsa::iec61850 {

// Values of stVal that are positions: boolean, and the Dbpos off and on. Others, as intermediate,
// are none, and `known` tells whether the value was read at all.
struct Position {
  bool known = false;
  std::optional<bool> on;
};
// Of `LN$ST$DO$stVal`, or of the structure `LN$ST$DO`, where it is the first boolean or Dbpos.
Position read_position(asn1::NodeRef value);

// The position of one control object after its last command.
class PositionWatch {
 public:
  // An Operate with this value was sent.
  void command(bool on, FrameRef asked);
  // `position` was told in `frame`. `changed`: because it is another one than before. `live`: it
  // is the position of that time, and not one that a buffer kept.
  void see(Position position, FrameRef frame, bool changed, bool live = true);

  // Since the command it was the one asked for, or it moved at all.
  bool moved() const { return moved_; }
  FrameRef asked() const { return asked_; }
  bool wanted() const { return wanted_; }
  // The last position told since the command; number 0 where there was none.
  FrameRef last() const { return last_; }
  Position last_position() const { return last_position_; }

 private:
  bool wanted_ = false;
  bool moved_ = false;
  FrameRef asked_;
  FrameRef last_;
  Position last_position_;
};

// Tells entries that a buffer replays from those that are sent as they happen: the times of live
// entries advance no faster than the clock, those of replayed ones do. Of one report.
class LiveEntries {
 public:
  // A report with this TimeOfEntry came in `frame`; the first one, and one without time, prove
  // nothing and are not taken as live.
  bool see(std::optional<TimeNs> time_of_entry, FrameRef frame);

 private:
  std::optional<TimeNs> last_entry_;
  FrameRef last_;
};

}  // namespace mmsa::iec61850
