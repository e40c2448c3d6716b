#include "output/facts.h"

namespace mmsa::output {

FindingCounts count_findings(const Result& report) {
  FindingCounts counts;
  for (const Finding& finding : report.findings) {
    switch (finding.severity) {
      case Severity::error:
        ++counts.errors;
        break;
      case Severity::warning:
        ++counts.warnings;
        break;
      case Severity::note:
        ++counts.notes;
        break;
    }
  }
  return counts;
}

std::string authentication_mechanism(const AcseFacts& acse) {
  constexpr std::string_view kPassword = "2.2.3.1";  // ISO 8650-1 annex B
  if (acse.mechanism == kPassword) return "password";
  if (!acse.mechanism.empty()) return acse.mechanism;
  return acse.authentication_value_seen ? "unnamed" : "none";
}

}  // namespace mmsa::output
