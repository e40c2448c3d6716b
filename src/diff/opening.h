// The opening of an association, layer by layer: what was proposed, and what it came to.
#pragma once

#include <array>
#include <string>

#include "diff/steps.h"
#include "mmsanalyze/association.h"

namespace mmsa::diff {

// What the Association does not hold.
struct Opening {
  static constexpr std::size_t kSteps = static_cast<std::size_t>(mmsa::Step::abort) + 1;

  std::array<std::uint64_t, kSteps> frames{};  // of the first of each step; 0: none
  std::uint64_t initiate_request = 0;
  std::uint64_t initiate_answer = 0;
  std::string initiate_refusal;
  std::string no_answer;  // what came in place of one; empty where the capture does not show it

  std::uint64_t frame_of(mmsa::Step step) const { return frames[static_cast<std::size_t>(step)]; }
};

// Fills out.opening with the layers that were asked for.
void write_opening(const Association& association, const Opening& opening, Vocabulary& vocabulary,
                   AssociationSteps& out);

}  // namespace mmsa::diff
