// What a refused association usually comes from, by the layer that refused it; and the candidates
// where the server hung up without a word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/advice.h"
#include "mmsanalyze/association.h"

namespace mmsa::analysis {

// By the layer's name: "TCP", "COTP", "session", "presentation", "presentation context", "ACSE",
// "MMS", and by the code that it gave: reason of DR, RF and CPR, provider reason of the context of
// MMS, diagnostic of the ACSE service user. What is common to the layer where the code says no
// more.
Advice refusal_advice(std::string_view layer, std::optional<std::int64_t> code = {});
// By the step of the opening that got no answer.
Advice unanswered_advice(bool syn, bool initiate);

struct RefusalCandidates {
  std::string cause;
  std::string next_step;
  bool faulty_request = false;  // the request breaks ISO 8073: whoever refuses it is right
};
// From what is unusual about the attempt, the most telling first. `initiating`: the refusal answers
// the association request, else the COTP connection request. `open` associations were open with the
// server then; `most` were open at a time so far.
RefusalCandidates refusal_candidates(const Association& association, bool initiating,
                                     std::uint32_t open, std::uint32_t most);

}  // namespace mmsa::analysis
