// Reports made by hand, as the analysis would give them.
#pragma once

#include "mmsanalyze/result.h"

namespace mmsa::samples {

// 2024-02-21T10:00:00Z
inline constexpr TimeNs kStart = 1'708'509'600 * kNsPerSecond;
constexpr FrameRef frame(std::uint64_t number, TimeNs ms_after_start) {
  return {number, kStart + ms_after_start * kNsPerMs, ms_after_start * kNsPerMs};
}

Result empty();    // a capture without packets
Result healthy();  // one association, everything answered, one note
Result faulty();   // two associations with findings, report control blocks, controls, files
Result hostile();  // the faulty one, with every text replaced by what terminals must not see
Result huge();     // hundreds of everything

// With the causes, servers and verdict that its findings lead to: after a change of them.
Result concluded(Result report);

}  // namespace mmsa::samples
