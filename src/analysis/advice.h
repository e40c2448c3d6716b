// Cause and next step of one kind of error, as rows of the tables that topics keep of them.
#pragma once

#include <string_view>

#include "mmsanalyze/finding.h"

namespace mmsa::analysis {

// Texts of a finding; empty where the rule's own texts say all there is.
struct Advice {
  std::string_view cause;
  std::string_view next_step;
};

// Puts them in place of the rule's own texts.
inline void use_advice(Finding& finding, const Advice& advice) {
  if (!advice.cause.empty()) finding.cause = advice.cause;
  if (!advice.next_step.empty()) finding.next_step = advice.next_step;
}

}  // namespace mmsa::analysis
