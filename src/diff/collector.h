// Collects what a comparison finds: the same only once, in the order of the first capture.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "diff/compare.h"

namespace mmsa::diff {

class Collector {
 public:
  void add(Difference&& difference);
  void not_seen(NotSeen&& step);
  void alike() { ++result_.alike_steps; }
  void pair() { ++result_.pairs; }
  Comparison finish();

 private:
  // Held until they are in order: what is dropped beyond it stands further back.
  static constexpr std::size_t kMaxHeld = 100 * kMaxDifferences;

  Comparison result_;
  std::unordered_map<std::string, std::size_t> known_;  // in result_.differences
};

// Of the services of servers that are paired: classes of their medians.
void compare_response_times(const CaptureSteps& a, const CaptureSteps& b,
                            const std::vector<ServerPair>& servers, const Vocabulary& vocabulary,
                            Collector& found);

}  // namespace mmsa::diff
