#include "analysis/time/server_clock.h"

#include <algorithm>

namespace mmsa::analysis {
namespace {

// Of each kind. The least ages are kept, which are the clock; a long replay has any number of
// greater ones, so that dropping them is normal and takes nothing away.
constexpr std::size_t kMaxBuckets = 64;
constexpr std::uint64_t kLeastSamples = 3;
// Entries that are replayed come at once; a clock keeps its offset for longer than this.
constexpr TimeNs kLeastTime = 2 * kNsPerSecond;
// Reports are sent within this time of their entry, give or take buffering and the network.
constexpr TimeNs kSpread = 2 * kNsPerSecond;

std::int64_t whole_seconds(TimeNs age) {
  return age >= 0 ? age / kNsPerSecond : -((-age + kNsPerSecond - 1) / kNsPerSecond);
}

bool overlap(const ServerClock::Offset& a, const ServerClock::Offset& b) {
  return a.first.clock <= b.last.clock && b.first.clock <= a.last.clock;
}

TimeNs distance(TimeNs a, TimeNs b) { return a < b ? b - a : a - b; }

}  // namespace

void ServerClock::add_entry(TimeNs entry, FrameRef frame, bool buffered, TimeNs buf_tm) {
  const TimeNs age = frame.time - entry;
  if (buf_tm > kNsPerSecond && age > kNsPerSecond && age <= buf_tm + kSpread) return;
  add(entries_, entry, frame, buffered);
}

void ServerClock::add_value(TimeNs stamp, FrameRef frame) { add(values_, stamp, frame, false); }

void ServerClock::add(Buckets& buckets, TimeNs shown, FrameRef frame, bool buffered) {
  const TimeNs age = frame.time - shown;
  const std::int64_t seconds = whole_seconds(age);
  const auto at = std::lower_bound(buckets.begin(), buckets.end(), seconds,
                                   [](const Bucket& b, std::int64_t s) { return b.seconds < s; });
  auto bucket = at;
  if (at == buckets.end() || at->seconds != seconds) {
    if (buckets.size() >= kMaxBuckets) {
      if (at == buckets.end()) return;
      const auto index = at - buckets.begin();
      buckets.pop_back();
      bucket = buckets.begin() + index;
    }
    bucket = buckets.insert(
        bucket,
        Bucket{.seconds = seconds, .least = age, .first = frame, .last = frame, .shown = shown});
  }
  ++(buffered ? bucket->buffered : bucket->live);
  bucket->least = std::min(bucket->least, age);
  bucket->last = frame;
}

// Neighbouring buckets with enough samples, by age.
std::vector<ServerClock::Offset> ServerClock::clusters() const {
  std::vector<Offset> found;
  for (const Buckets* buckets : {&entries_, &values_}) {
    for (std::size_t i = 0; i < buckets->size(); ++i) {
      const Bucket& bucket = (*buckets)[i];
      Offset cluster{.behind = bucket.least,
                     .samples = bucket.live + bucket.buffered,
                     .first = bucket.first,
                     .last = bucket.last,
                     .shown = bucket.shown};
      std::uint64_t live = bucket.live;
      if (i + 1 < buckets->size() && (*buckets)[i + 1].seconds == bucket.seconds + 1) {
        const Bucket& next = (*buckets)[i + 1];
        live += next.live;
        cluster.samples += next.live + next.buffered;
        if (next.first.number < cluster.first.number) {
          cluster.first = next.first;
          cluster.shown = next.shown;
        }
        if (next.last.number > cluster.last.number) cluster.last = next.last;
      }
      const bool lasts = cluster.last.clock - cluster.first.clock >= kLeastTime;
      if (cluster.samples < kLeastSamples || (live < kLeastSamples && !lasts)) continue;
      // Nothing is younger than the clock makes it: these were held up, and came at once.
      if (i > 0 && !lasts) continue;
      // The second half of the one before.
      if (!found.empty() && distance(found.back().behind, cluster.behind) < kSpread) continue;
      found.push_back(cluster);
    }
    if (!found.empty()) break;
  }
  // Something older that came meanwhile was late; it says nothing of the clock.
  std::vector<Offset> clocks;
  for (const Offset& cluster : found) {
    if (std::none_of(clocks.begin(), clocks.end(),
                     [&](const Offset& clock) { return overlap(clock, cluster); })) {
      clocks.push_back(cluster);
    }
  }
  return clocks;
}

std::optional<ServerClock::Offset> ServerClock::offset() const {
  const std::vector<Offset> clocks = clusters();
  if (clocks.empty()) return std::nullopt;
  Offset most =
      *std::max_element(clocks.begin(), clocks.end(),
                        [](const Offset& a, const Offset& b) { return a.samples < b.samples; });
  // One that was set meanwhile: what it showed before.
  if (clocks.size() > 1 && distance(most.behind, 0) < kSpread) {
    most = *std::max_element(clocks.begin(), clocks.end(), [](const Offset& a, const Offset& b) {
      return distance(a.behind, 0) < distance(b.behind, 0);
    });
  }
  most.changed = clocks.size() > 1;
  return most;
}

TimeNs ServerClock::least_age() const {
  const std::vector<Offset> clocks = clusters();
  return clocks.empty() ? 0 : clocks.front().behind;
}

bool ServerClock::explains(TimeNs age, TimeNs captured) const {
  for (const Offset& clock : clusters()) {
    if (distance(age, clock.behind) <= kSpread && captured >= clock.first.time &&
        captured <= clock.last.time) {
      return true;
    }
  }
  return false;
}

}  // namespace mmsa::analysis
