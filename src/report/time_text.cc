#include "report/time_text.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <string_view>

#include "text/text.h"

namespace mmsa::report {
namespace {

// Seconds that local time is ahead of UTC.
std::int64_t utc_offset(TimeNs time) {
  const std::time_t seconds = static_cast<std::time_t>(time / kNsPerSecond);
  std::tm local{};
  return localtime_r(&seconds, &local) != nullptr ? local.tm_gmtoff : 0;
}

// "2024-02-21 20:46:31.867"
std::string civil(TimeNs time) {
  std::string out;
  constexpr int kDigits = 3;
  text::append_rfc3339(out, time, kDigits);
  out.pop_back();  // Z
  out[out.find('T')] = ' ';
  return out;
}

constexpr std::size_t kDateLength = std::string_view("2024-02-21 ").size();

}  // namespace

TimeText::TimeText(TimeMode mode, TimeNs first, TimeNs last)
    : mode_(mode == TimeMode::delta ? TimeMode::relative : mode), first_(first), with_date_(false) {
  const auto day = [&](TimeNs time) {
    const TimeNs shift = mode_ == TimeMode::local ? utc_offset(time) * kNsPerSecond : 0;
    return civil(time + shift).substr(0, kDateLength);
  };
  with_date_ = day(first) != day(last);
}

std::string TimeText::time(TimeNs time) const {
  if (mode_ == TimeMode::relative) {
    const TimeNs since = time - first_;
    const TimeNs ms = (since < 0 ? -since : since) / kNsPerMs;
    return fmt::format("{}{}.{:03} s", since < 0 ? "-" : "", ms / 1000, ms % 1000);
  }
  const TimeNs shift = mode_ == TimeMode::local ? utc_offset(time) * kNsPerSecond : 0;
  const std::string out = civil(time + shift);
  return with_date_ ? out : out.substr(kDateLength);
}

std::string TimeText::date_and_time(TimeNs time) const {
  if (mode_ != TimeMode::local) return civil(time) + " UTC";
  const std::int64_t offset = utc_offset(time);
  const std::int64_t minutes = std::abs(offset) / 60;
  return fmt::format("{} {}{:02}:{:02}", civil(time + offset * kNsPerSecond),
                     offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
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
  const TimeNs seconds = (duration + kNsPerSecond / 2) / kNsPerSecond;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace mmsa::report
