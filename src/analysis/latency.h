// Response times: exact quantiles for few samples, a logarithmic histogram for many, so that memory
// does not grow with the length of the capture.
#pragma once

#include <cstdint>
#include <vector>

#include "mmsanalyze/packet.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

class LatencyRecorder {
 public:
  void add(TimeNs time);
  // All that the other one was given.
  void add(const LatencyRecorder& other);
  LatencyResult report() const;

 private:
  // Up to this many samples are kept as they are.
  static constexpr std::size_t kExact = 64;
  // 64 buckets for each power of two: a bucket is 1/64 wide, its middle within 0.8 % of all in it.
  static constexpr int kSubBits = 6;

  static std::uint32_t bucket_of(std::uint64_t value);
  void count(std::uint32_t bucket, std::uint32_t times);
  void leave_exact();
  static std::uint64_t middle_of(std::uint32_t bucket);
  std::uint64_t samples_ = 0;
  TimeNs min_ = 0;
  TimeNs max_ = 0;
  std::vector<TimeNs> exact_;           // while samples_ <= kExact
  std::vector<std::uint32_t> buckets_;  // after that; buckets_[0] is bucket first_
  std::uint32_t first_ = 0;
};

}  // namespace mmsa::analysis
