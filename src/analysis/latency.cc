#include "analysis/latency.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mmsa::analysis {

// Values below 64 have a bucket each; above, the leading bit selects a group of 64.
std::uint32_t LatencyRecorder::bucket_of(std::uint64_t value) {
  if (value < 1u << kSubBits) return static_cast<std::uint32_t>(value);
  const int shift = static_cast<int>(std::bit_width(value)) - 1 - kSubBits;
  const auto group = static_cast<std::uint32_t>(shift + 1);
  return (group << kSubBits) + static_cast<std::uint32_t>((value >> shift) - (1u << kSubBits));
}

std::uint64_t LatencyRecorder::middle_of(std::uint32_t bucket) {
  if (bucket < 1u << kSubBits) return bucket;
  const std::uint32_t shift = (bucket >> kSubBits) - 1;
  const std::uint64_t low = std::uint64_t{(bucket & ((1u << kSubBits) - 1)) + (1u << kSubBits)}
                            << shift;
  return low + (std::uint64_t{1} << shift) / 2;
}

// Response times lie close together: only the range of buckets that occurs is held.
void LatencyRecorder::count(std::uint32_t bucket, std::uint32_t times) {
  if (buckets_.empty()) first_ = bucket;
  if (bucket < first_) {
    buckets_.insert(buckets_.begin(), first_ - bucket, 0);
    first_ = bucket;
  }
  if (bucket - first_ >= buckets_.size()) buckets_.resize(bucket - first_ + 1);
  buckets_[bucket - first_] += times;
}

void LatencyRecorder::leave_exact() {
  for (const TimeNs sample : exact_) count(bucket_of(static_cast<std::uint64_t>(sample)), 1);
  exact_.clear();
  exact_.shrink_to_fit();
}

void LatencyRecorder::add(TimeNs time) {
  min_ = samples_ == 0 ? time : std::min(min_, time);
  max_ = std::max(max_, time);
  ++samples_;
  if (samples_ <= kExact) {
    exact_.push_back(time);
    return;
  }
  if (!exact_.empty()) leave_exact();
  count(bucket_of(static_cast<std::uint64_t>(time)), 1);
}

void LatencyRecorder::add(const LatencyRecorder& other) {
  for (const TimeNs sample : other.exact_) add(sample);
  if (other.buckets_.empty()) return;
  leave_exact();
  min_ = samples_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  samples_ += other.samples_;
  for (std::uint32_t i = 0; i < other.buckets_.size(); ++i) {
    if (other.buckets_[i] != 0) count(other.first_ + i, other.buckets_[i]);
  }
}

LatencyResult LatencyRecorder::report() const {
  LatencyResult out;
  out.samples = samples_;
  if (samples_ == 0) return out;
  out.min = min_;
  out.max = max_;
  std::vector<TimeNs> sorted = exact_;
  std::sort(sorted.begin(), sorted.end());
  // Nearest rank: the least sample that is not below this share of all.
  const auto quantile = [&](double share) {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(samples_)));
    const std::uint64_t wanted = std::clamp<std::uint64_t>(rank, 1, samples_);
    if (!sorted.empty()) return sorted[wanted - 1];
    std::uint64_t below = 0;
    for (std::uint32_t i = 0; i < buckets_.size(); ++i) {
      below += buckets_[i];
      if (below >= wanted) {
        return std::clamp(static_cast<TimeNs>(middle_of(first_ + i)), min_, max_);
      }
    }
    return max_;
  };
  out.p50 = quantile(0.50);
  out.p95 = quantile(0.95);
  out.p99 = quantile(0.99);
  return out;
}

}  // namespace mmsa::analysis
