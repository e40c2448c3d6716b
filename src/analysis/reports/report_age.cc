#include "analysis/reports/report_age.h"

#include <algorithm>

namespace mmsa::analysis {
namespace {

// Reports are sent within this time of their entry, give or take buffering and the network.
constexpr TimeNs kSpread = 2 * kNsPerSecond;

}  // namespace

void ReportAge::add(TimeNs entry, FrameRef frame, bool buffered) {
  const TimeNs age = frame.time - entry;
  least_ = buffered ? std::min(least_, age) : std::numeric_limits<TimeNs>::min();
  if (oldest_.size() >= kMostOld) {
    if (age <= oldest_.front().age) return;
    std::pop_heap(oldest_.begin(), oldest_.end(), younger_last);
    oldest_.pop_back();
  }
  oldest_.push_back({frame, age, least_});
  std::push_heap(oldest_.begin(), oldest_.end(), younger_last);
}

std::vector<ReportAge::Old> ReportAge::old(const ServerClock& clock, TimeNs stale) const {
  const TimeNs behind = clock.least_age();
  std::vector<Old> found;
  for (const Sample& sample : oldest_) {
    const bool replayed = sample.least > behind + kSpread;
    if (sample.age - behind <= stale || replayed) continue;
    if (clock.explains(sample.age, sample.frame.time)) continue;
    found.push_back({sample.frame, sample.age - behind});
  }
  std::sort(found.begin(), found.end(),
            [](const Old& a, const Old& b) { return a.frame.number < b.frame.number; });
  return found;
}

}  // namespace mmsa::analysis
