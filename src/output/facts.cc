#include "output/facts.h"

#include <filesystem>

namespace mmsa::output {

std::string relative_path(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const fs::path full = fs::path(path).lexically_normal();
  if (error || !full.is_absolute()) return full.generic_string();
  const fs::path inside = full.lexically_relative(here);
  const bool below = !inside.empty() && *inside.begin() != "..";
  return (below ? inside : full).generic_string();
}

std::string capture_path(const Result& report) {
  return report.capture.files.empty() ? "" : relative_path(report.capture.files.front().path);
}

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
