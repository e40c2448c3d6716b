#include "analysis/rules.h"

#include <vector>

#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

// In the order in which `mmsanalyze rules` lists them.
constexpr std::span<const Rule> (*kTopics[])() = {
    capture_rules,  //
    association_rules, request_rules, access_rules, report_rules,
    control_rules,     file_rules,    time_rules,
};

std::vector<Rule> joined() {
  std::vector<Rule> all;
  for (const auto topic : kTopics) {
    const std::span<const Rule> rows = topic();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace

std::span<const Rule> rules() {
  static const std::vector<Rule> all = joined();
  return all;
}

const Rule* find_rule(std::string_view id) {
  for (const Rule& rule : rules()) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

}  // namespace mmsa::analysis
