#include "analysis/rules.h"

#include <vector>

#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

// In the order in which `mmsanalyze rules` lists them.
struct Topic {
  std::string_view name;
  std::span<const Rule> (*rows)();
};
constexpr Topic kTopics[] = {
    {"capture", capture_rules},  {"association", association_rules},
    {"requests", request_rules}, {"access", access_rules},
    {"reports", report_rules},   {"control", control_rules},
    {"files", file_rules},       {"time", time_rules},
};

std::vector<Rule> joined() {
  std::vector<Rule> all;
  for (const Topic& topic : kTopics) {
    const std::span<const Rule> rows = topic.rows();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace

std::span<const Rule> rules() {
  static const std::vector<Rule> all = joined();
  return all;
}

std::string_view topic_of_rule(std::string_view id) {
  for (const Topic& topic : kTopics) {
    for (const Rule& rule : topic.rows()) {
      if (rule.id == id) return topic.name;
    }
  }
  return {};
}

const Rule* find_rule(std::string_view id) {
  for (const Rule& rule : rules()) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

}  // namespace mmsa::analysis
