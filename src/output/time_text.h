// Times for people, in the way of --time.
#pragma once

#include <cstdint>
#include <string>

#include "mmsanalyze/packet.h"

namespace mmsa::output {

enum class TimeMode : std::uint8_t {
  utc,
  local,     // of the machine that prints, TZ
  relative,  // to the first packet
  delta,     // to the message printed before; a report has no order of lines: there as relative
};

class TimeText {
 public:
  // The times to be printed lie within `first` and `last`, or near them.
  TimeText(TimeMode mode, TimeNs first, TimeNs last);

  // "10:00:01.123", with the date before it where the times are not all of one day; "12.345 s".
  std::string time(TimeNs time) const;
  // "2024-02-21 20:46:31.867 UTC" in every mode but local: there with the offset to UTC instead.
  std::string date_and_time(TimeNs time) const;

 private:
  TimeMode mode_;
  TimeNs first_;
  bool with_date_;
};

// `to` - `from`, or the nearest that nanoseconds can hold: timestamps of a file may be anything.
TimeNs time_between(TimeNs from, TimeNs to);

// "20:46:31.867763": the time of day of this machine where the mode is local, else of UTC.
std::string clock_text(TimeMode mode, TimeNs time);

// "0.123 ms", "12.3 s", "5 min 3 s", "2 h 5 min": three digits or so, rounded.
std::string duration_text(TimeNs duration);
// Milliseconds for a column: "0.123", "12.3", "1234".
std::string milliseconds_text(TimeNs duration);

}  // namespace mmsa::output
