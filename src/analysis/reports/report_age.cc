#include "analysis/reports/report_age.h"

#include <algorithm>

namespace mmsa::analysis {
namespace {

constexpr std::size_t kMaxOld = 16;
// Reports are sent within this time of their entry, give or take buffering and the network.
constexpr TimeNs kSpread = 2 * kNsPerSecond;
constexpr TimeNs kLeastOffset = kNsPerSecond;
constexpr std::uint64_t kLeastSamples = 3;

}  // namespace

void ReportAge::add(TimeNs captured, TimeNs entry, FrameRef frame, bool buffered, TimeNs stale) {
  const TimeNs age = captured - entry;
  // After an enable a buffered block first sends what it has kept: old, and rightly so.
  if (replaying_ && buffered && age > kSpread) return;
  replaying_ = false;
  least_ = samples_ == 0 ? age : std::min(least_, age);
  most_ = samples_ == 0 ? age : std::max(most_, age);
  ++samples_;
  if (age <= stale) return;
  ++old_count_;
  worst_ = std::max(worst_, age);
  if (old_.size() < kMaxOld) old_.push_back({frame, age});
}

bool ReportAge::steady_offset(TimeNs& offset) const {
  if (samples_ < kLeastSamples || most_ - least_ > kSpread) return false;
  offset = least_ + (most_ - least_) / 2;
  return offset > kLeastOffset || offset < -kLeastOffset;
}

}  // namespace mmsa::analysis
