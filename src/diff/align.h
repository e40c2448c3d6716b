// Which steps of two sequences are the same, in time that grows with their length only.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "diff/steps.h"

namespace mmsa::diff {

enum class MatchKind : std::uint8_t {
  none,     // the other sequence has no such step
  same,     // the same service asks for the same objects, in the same order
  objects,  // the same service asks for other objects in its place
  moved,    // the same step stands at another place
};
struct Match {
  MatchKind kind = MatchKind::none;
  std::size_t other = 0;  // index of the step of the other sequence
};
struct Alignment {
  std::vector<Match> a;  // for each step of a
  std::vector<Match> b;
};
Alignment align(std::span<const Step> a, std::span<const Step> b);

}  // namespace mmsa::diff
