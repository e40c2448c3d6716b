// What the operator says with --severity: how grave the findings of a rule are for this plant, all
// of them or those with one piece of evidence.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/finding.h"

namespace mmsa::analysis {

class SeverityRules {
 public:
  // "RULE=LEVEL" or "RULE[key=value]=LEVEL". Returns what is wrong with it, one line for the
  // operator, or nothing where it was taken.
  std::string add(std::string_view text);

  // None where nothing was said about it. What names evidence wins over what does not, and among
  // equals the last one.
  std::optional<Severity> of(const Finding& finding) const;

 private:
  struct Entry {
    std::string rule;
    std::string key;  // of evidence; empty: all findings of the rule
    std::string value;
    Severity severity = Severity::note;
  };

  static bool applies(const Entry& entry, const Finding& finding);

  std::vector<Entry> entries_;
};

// By its name: "error", "warning", "note".
std::optional<Severity> severity_of(std::string_view name);

}  // namespace mmsa::analysis
