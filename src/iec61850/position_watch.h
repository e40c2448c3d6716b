// Whether the position that a command asked for was reached: compares ctlVal with the stVal that
// reports and reads bring afterwards (IEC 61850-7-3 clause 7.5: SPC, DPC).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

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

// The positions of the control objects of one server that were commanded, as reports and reads tell
// them to any of its clients.
class PositionWatches {
 public:
  // An Operate of `object`, "LD/LN$CO$DO", with a ctlVal of on or off.
  void command(std::string_view object, bool on, FrameRef asked);
  // An Operate with another value: the position is watched no longer.
  void forget(std::string_view object);
  // Whether any is watched.
  bool empty() const { return watches_.empty(); }
  // The value of "LD/LN$ST$DO" or of its stVal.
  void see(std::string_view name, asn1::NodeRef value, FrameRef frame, bool changed, bool live);
  // Whether the entries of a buffered report are of now: see LiveEntries. `stream`: that it came
  // in.
  bool is_live(std::uint32_t stream, std::string_view rpt_id, std::optional<TimeNs> time_of_entry,
               FrameRef frame);
  // Null where the object is not watched.
  const PositionWatch* find(std::string_view object) const;

 private:
  // Commanded objects, and reports: more than operators command in a capture. Nothing is said of
  // the positions of others.
  static constexpr std::size_t kMaxWatched = 4096;

  std::map<std::string, PositionWatch, std::less<>> watches_;  // by "LD/LN$ST$DO"
  // By stream and RptID.
  std::map<std::uint32_t, std::map<std::string, LiveEntries, std::less<>>> entries_;
};

}  // namespace mmsa::iec61850
