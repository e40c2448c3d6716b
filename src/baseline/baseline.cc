#include "baseline/baseline.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <tuple>

namespace mmsa::baseline {
namespace {

// How many findings of a fingerprint are accepted still.
std::map<std::string, std::uint64_t, std::less<>> still_accepted(const Baseline& baseline,
                                                                 std::string_view today) {
  std::map<std::string, std::uint64_t, std::less<>> left;
  for (const BaselineEntry& entry : baseline.entries) {
    const bool expired = !entry.expires.empty() && entry.expires < today;
    if (!expired) left[entry.fingerprint] += entry.count;
  }
  return left;
}

BaselineEntry entry_of(const Finding& finding) {
  BaselineEntry entry;
  entry.fingerprint = finding.fingerprint;
  entry.rule = finding.rule;
  entry.server = finding.server;
  entry.object = finding.object;
  entry.count = 0;
  return entry;
}

}  // namespace

void compare(Result& result, const Baseline& baseline, std::string_view today) {
  BaselineResult& out = result.baseline.emplace();
  out.file = baseline.path;
  out.proves_fixed = proves_health(result);
  auto left = still_accepted(baseline, today);
  std::map<std::string_view, std::uint64_t> seen;
  for (Finding& finding : result.findings) {
    ++seen[finding.fingerprint];
    const auto place = left.find(finding.fingerprint);
    const bool known = place != left.end() && place->second > 0;
    if (known) --place->second;
    finding.baseline = known ? BaselineState::known : BaselineState::is_new;
    ++(known ? out.known : out.is_new);
  }
  for (const BaselineEntry& entry : baseline.entries) {
    std::uint64_t& still = seen[entry.fingerprint];
    const std::uint64_t there = std::min(still, entry.count);
    still -= there;
    if (there == entry.count) continue;
    BaselineEntry& gone = out.gone.emplace_back(entry);
    gone.count = entry.count - there;
    out.gone_findings += gone.count;
  }
}

Accepted accept(const Result& result, const std::optional<Baseline>& before, bool accept_new) {
  const bool grows = accept_new || !before;
  Accepted out;
  std::map<std::string_view, std::size_t> place_of;
  if (before) out.entries = before->entries;
  for (std::size_t i = 0; i < out.entries.size(); ++i) {
    place_of.emplace(before->entries[i].fingerprint, i);
  }
  std::vector<std::uint64_t> seen(out.entries.size());
  for (const Finding& finding : result.findings) {
    const auto place = place_of.find(finding.fingerprint);
    if (place != place_of.end()) {
      ++seen[place->second];
    } else if (grows) {
      place_of.emplace(finding.fingerprint, out.entries.size());
      out.entries.push_back(entry_of(finding));
      seen.push_back(1);
    } else {
      ++out.left_out;
    }
  }
  for (std::size_t i = 0; i < out.entries.size(); ++i) {
    std::uint64_t& count = out.entries[i].count;
    if (seen[i] < count && proves_health(result)) count = seen[i];
    if (seen[i] > count && !grows) out.left_out += seen[i] - count;
    if (seen[i] > count && grows) count = seen[i];
  }
  std::erase_if(out.entries, [](const BaselineEntry& entry) { return entry.count == 0; });
  std::stable_sort(out.entries.begin(), out.entries.end(),
                   [](const BaselineEntry& a, const BaselineEntry& b) {
                     return std::tie(a.rule, a.server, a.object, a.fingerprint) <
                            std::tie(b.rule, b.server, b.object, b.fingerprint);
                   });
  return out;
}

std::string today() {
  std::time_t now = std::time(nullptr);
  if (const char* given = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    const long long seconds = std::strtoll(given, &end, 10);
    if (end != given && *end == '\0') now = static_cast<std::time_t>(seconds);
  }
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[sizeof "2026-11-25" + 16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return text;
}

}  // namespace mmsa::baseline
