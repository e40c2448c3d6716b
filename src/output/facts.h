// What several formats tell of a report and no stage stores.
#pragma once

#include <cstdint>
#include <string>

#include "mmsanalyze/result.h"

namespace mmsa::output {

struct FindingCounts {
  std::uint64_t errors = 0;
  std::uint64_t warnings = 0;
  std::uint64_t notes = 0;
};
FindingCounts count_findings(const Result& report);

// The path as CI servers want it: relative to the working folder where it is inside it.
std::string relative_path(const std::string& path);
// That of the first capture.
std::string capture_path(const Result& report);

// "none", "password", the mechanism's OBJECT IDENTIFIER, or "unnamed" where a value stands without
// a mechanism-name.
std::string authentication_mechanism(const AcseFacts& acse);

}  // namespace mmsa::output
