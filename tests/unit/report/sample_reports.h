// Reports made by hand, as the analysis would give them.
#pragma once

#include "mmsanalyze/report.h"

namespace mmsa::samples {

// 2024-02-21T10:00:00Z
inline constexpr TimeNs kStart = 1'708'509'600 * kNsPerSecond;
constexpr FrameRef frame(std::uint64_t number, TimeNs ms_after_start) {
  return {number, kStart + ms_after_start * kNsPerMs};
}

Report empty();    // a capture without packets
Report healthy();  // one association, everything answered, one note
Report faulty();   // two associations with findings, report control blocks, controls, files
Report hostile();  // the faulty one, with every text replaced by what terminals must not see
Report huge();     // hundreds of everything

// With the causes, servers and verdict that its findings lead to: after a change of them.
Report concluded(Report report);

}  // namespace mmsa::samples
