// From findings to what a person would fix: causes, servers, and the verdict. A station with one
// wrong setting in 140 devices has 140 findings and one cause.
#pragma once

#include <span>
#include <vector>

#include "iec61850/server_model.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

// Fills in causes, servers and verdict of a report that has all else.
void conclude(Result& report, const iec61850::ServerModels& models);

// Worst first, then by how many servers and findings it has. Every finding belongs to one cause.
std::vector<Cause> causes_of(std::span<const Finding> findings);
// One for each server of the associations, worst first. Needs the findings and causes of the
// report.
std::vector<ServerResult> servers_of(const Result& report, const iec61850::ServerModels& models);
// Needs all else of the report.
Verdict verdict_of(const Result& report);

}  // namespace mmsa::analysis
