#include "analysis/latency.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

namespace mmsa::analysis {
namespace {

LatencyResult report_of(const std::vector<TimeNs>& samples) {
  LatencyRecorder recorder;
  for (const TimeNs sample : samples) recorder.add(sample);
  return recorder.report();
}

// Nearest rank: the least sample that is not below this share of all.
TimeNs exact(std::vector<TimeNs> samples, double share) {
  std::sort(samples.begin(), samples.end());
  const auto rank =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  return samples[std::max<std::size_t>(rank, 1) - 1];
}

void check_exact(const std::vector<TimeNs>& samples) {
  const LatencyResult report = report_of(samples);
  CAPTURE(samples.size());
  CHECK(report.samples == samples.size());
  CHECK(report.min == exact(samples, 0));
  CHECK(report.p50 == exact(samples, 0.50));
  CHECK(report.p95 == exact(samples, 0.95));
  CHECK(report.p99 == exact(samples, 0.99));
  CHECK(report.max == exact(samples, 1));
}

// The histogram's promise: within 1 %.
void check_close(const std::vector<TimeNs>& samples) {
  const LatencyResult report = report_of(samples);
  const auto near = [](TimeNs value) { return Approx(static_cast<double>(value)).epsilon(0.01); };
  CHECK(report.samples == samples.size());
  CHECK(report.min == exact(samples, 0));
  CHECK(static_cast<double>(report.p50) == near(exact(samples, 0.50)));
  CHECK(static_cast<double>(report.p95) == near(exact(samples, 0.95)));
  CHECK(static_cast<double>(report.p99) == near(exact(samples, 0.99)));
  CHECK(report.max == exact(samples, 1));
}

TEST_CASE("no response times") {
  const LatencyResult report = report_of({});
  CHECK(report.samples == 0);
  CHECK(report.max == 0);
}

TEST_CASE("quantiles of few response times are exact") {
  check_exact({42});
  check_exact({3, 1, 2});
  check_exact({0, 0, 7});
  std::vector<TimeNs> samples;
  for (TimeNs i = 64; i > 0; --i) samples.push_back(i * kNsPerMs);
  check_exact(samples);
}

TEST_CASE("quantiles of many response times are within a percent") {
  std::mt19937_64 random(20240221);
  std::lognormal_distribution<double> milliseconds(1.0, 1.5);
  std::vector<TimeNs> samples;
  for (int i = 0; i < 20'000; ++i) {
    samples.push_back(static_cast<TimeNs>(milliseconds(random) * static_cast<double>(kNsPerMs)));
  }
  check_close(samples);
}

TEST_CASE("quantiles just beyond the number that is kept exactly") {
  std::vector<TimeNs> samples;
  for (TimeNs i = 1; i <= 65; ++i) samples.push_back(i * kNsPerMs);
  check_close(samples);
}

TEST_CASE("equal response times have equal quantiles") {
  const LatencyResult report = report_of(std::vector<TimeNs>(1000, 123'456'789));
  CHECK(report.min == 123'456'789);
  CHECK(report.p50 == 123'456'789);
  CHECK(report.p99 == 123'456'789);
  CHECK(report.max == 123'456'789);
}

TEST_CASE("a single late answer among many is the greatest, not the 99th percentile") {
  std::vector<TimeNs> samples(999, kNsPerMs);
  samples.push_back(3600 * kNsPerSecond);
  const LatencyResult report = report_of(samples);
  CHECK(report.p99 == Approx(kNsPerMs).epsilon(0.01));
  CHECK(report.max == 3600 * kNsPerSecond);
}

TEST_CASE("response times from nothing to centuries fit") {
  std::vector<TimeNs> samples(100, 0);
  samples.insert(samples.end(), 100, 9'223'372'036'854'775'807);
  const LatencyResult report = report_of(samples);
  CHECK(report.min == 0);
  CHECK(report.p50 == 0);
  CHECK(report.p99 > 9'100'000'000'000'000'000);
  CHECK(report.max == 9'223'372'036'854'775'807);
}

}  // namespace
}  // namespace mmsa::analysis
