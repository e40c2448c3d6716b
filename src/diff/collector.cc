#include "diff/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "text/text.h"

namespace mmsa::diff {
namespace {

struct ResponseClass {
  TimeNs below;
  std::string_view name;
};
constexpr ResponseClass kClasses[] = {
    {10 * kNsPerMs, "below 10 ms"},
    {100 * kNsPerMs, "below 100 ms"},
    {1 * kNsPerSecond, "below 1 s"},
    {10 * kNsPerSecond, "below 10 s"},
    {std::numeric_limits<TimeNs>::max(), "10 s and more"},
};
std::size_t class_of(TimeNs time) {
  std::size_t i = 0;
  while (time >= kClasses[i].below) ++i;
  return i;
}

// Medians next to the border of two classes are not apart: one is at least so many times the other,
// and so many answers stand behind each. Two classes apart need no more than one answer.
constexpr TimeNs kApart = 3;
constexpr std::uint64_t kLeastSamples = 3;

bool differ(const LatencyResult& a, const LatencyResult& b) {
  const std::size_t of_a = class_of(a.p50);
  const std::size_t of_b = class_of(b.p50);
  if (of_a == of_b) return false;
  if ((of_a > of_b ? of_a - of_b : of_b - of_a) > 1) return true;
  const auto [less, more] = std::minmax(a.p50, b.p50);
  return a.samples >= kLeastSamples && b.samples >= kLeastSamples && more / kApart >= less;
}

std::string latency_text(const LatencyResult& latency) {
  return fmt::format("{} (median of {} answers)", kClasses[class_of(latency.p50)].name,
                     latency.samples);
}

}  // namespace

void Collector::add(Difference&& difference) {
  const std::string id = fmt::format("{}\x1F{}\x1F{}\x1F{}", static_cast<int>(difference.kind),
                                     difference.subject, difference.a, difference.b);
  const auto known = known_.find(id);
  if (known != known_.end()) {
    Difference& first = result_.differences[known->second];
    ++first.count;
    if (difference.position < first.position) {
      difference.count = first.count;
      first = std::move(difference);
    }
    return;
  }
  ++result_.differences_total;
  if (result_.differences.size() >= kMaxHeld) return;
  known_.emplace(id, result_.differences.size());
  result_.differences.push_back(std::move(difference));
}

void Collector::not_seen(NotSeen&& step) {
  ++result_.not_seen_total;
  if (result_.not_seen.size() < kMaxNotSeen) result_.not_seen.push_back(std::move(step));
}

Comparison Collector::finish() {
  std::stable_sort(result_.differences.begin(), result_.differences.end(),
                   [](const Difference& a, const Difference& b) {
                     const bool time_a = a.kind == Kind::response_time;
                     const bool time_b = b.kind == Kind::response_time;
                     return time_a != time_b ? time_b : a.position < b.position;
                   });
  if (result_.differences.size() > kMaxDifferences) result_.differences.resize(kMaxDifferences);
  return std::move(result_);
}

void compare_response_times(const CaptureSteps& a, const CaptureSteps& b,
                            const std::vector<ServerPair>& servers, const Vocabulary& vocabulary,
                            Collector& found) {
  for (const ServerPair& pair : servers) {
    for (auto of_a = a.response_times.lower_bound({pair.a, kUnknown});
         of_a != a.response_times.end() && of_a->first.first == pair.a; ++of_a) {
      const auto of_b = b.response_times.find({pair.b, of_a->first.second});
      if (of_b == b.response_times.end()) continue;
      const LatencyResult x = of_a->second.report();
      const LatencyResult y = of_b->second.report();
      if (!differ(x, y)) continue;
      Difference difference;
      difference.kind = Kind::response_time;
      difference.subject =
          fmt::format("{} of {}", vocabulary.at(of_a->first.second), text::endpoint(pair.a));
      difference.a = latency_text(x);
      difference.b = latency_text(y);
      found.add(std::move(difference));
    }
  }
}

}  // namespace mmsa::diff
