#include "output/time_text.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <limits>
#include <string_view>

#include "text/text.h"

namespace mmsa::output {
namespace {

// Seconds that local time is ahead of UTC.
std::int64_t utc_offset(TimeNs time) {
  const std::time_t seconds = static_cast<std::time_t>(time / kNsPerSecond);
  std::tm local{};
  return localtime_r(&seconds, &local) != nullptr ? local.tm_gmtoff : 0;
}

// The time whose UTC reads as the wall clock of the mode.
TimeNs wall_clock(TimeMode mode, TimeNs time) {
  if (mode != TimeMode::local) return time;
  TimeNs shifted = 0;
  return __builtin_add_overflow(time, utc_offset(time) * kNsPerSecond, &shifted) ? time : shifted;
}

// "2024-02-21 20:46:31.867"
std::string civil(TimeNs time, int digits = 3) {
  std::string out;
  text::append_rfc3339(out, time, digits);
  out.pop_back();  // Z
  out[out.find('T')] = ' ';
  return out;
}

constexpr std::size_t kDateLength = std::string_view("2024-02-21 ").size();

}  // namespace

TimeText::TimeText(TimeMode mode, TimeNs first, TimeNs last)
    : mode_(mode == TimeMode::delta ? TimeMode::relative : mode), first_(first), with_date_(false) {
  const auto day = [&](TimeNs time) {
    return civil(wall_clock(mode_, time)).substr(0, kDateLength);
  };
  with_date_ = day(first) != day(last);
}

std::string TimeText::time(TimeNs time) const {
  if (mode_ == TimeMode::relative) {
    const TimeNs ms = time_between(first_, time) / kNsPerMs;
    return fmt::format("{}{}.{:03} s", ms < 0 ? "-" : "", std::abs(ms / 1000), std::abs(ms % 1000));
  }
  const std::string out = civil(wall_clock(mode_, time));
  return with_date_ ? out : out.substr(kDateLength);
}

std::string TimeText::date_and_time(TimeNs time) const {
  if (mode_ != TimeMode::local) return civil(time) + " UTC";
  const std::int64_t offset = utc_offset(time);
  const std::int64_t minutes = std::abs(offset) / 60;
  return fmt::format("{} {}{:02}:{:02}", civil(wall_clock(mode_, time)), offset < 0 ? '-' : '+',
                     minutes / 60, minutes % 60);
}

TimeNs time_between(TimeNs from, TimeNs to) {
  TimeNs difference = 0;
  if (!__builtin_sub_overflow(to, from, &difference)) return difference;
  return to > from ? std::numeric_limits<TimeNs>::max() : std::numeric_limits<TimeNs>::min();
}

std::string clock_text(TimeMode mode, TimeNs time) {
  constexpr int kMicroseconds = 6;
  return civil(wall_clock(mode, time), kMicroseconds).substr(kDateLength);
}

std::string milliseconds_text(TimeNs duration) {
  const double ms = static_cast<double>(duration) / static_cast<double>(kNsPerMs);
  if (ms < 9.9995) return fmt::format("{:.3f}", ms);
  return ms < 999.95 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

std::string duration_text(TimeNs duration) {
  if (duration < kNsPerSecond) return milliseconds_text(duration) + " ms";
  if (duration < 100 * kNsPerSecond) {
    const double seconds = static_cast<double>(duration) / static_cast<double>(kNsPerSecond);
    return fmt::format("{:.1f} s", seconds);
  }
  const TimeNs seconds = duration / kNsPerSecond;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace mmsa::output
