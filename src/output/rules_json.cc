// `mmsanalyze rules --format json`.
#include "analysis/rules.h"
#include "output/json_values.h"
#include "output/rules_text.h"
#include "output/version.h"

namespace mmsa::output {
namespace {

Json evidence_keys(std::span<const EvidenceKey> keys) {
  Json list = Json::array();
  for (const EvidenceKey& key : keys) {
    list.push_back({{"key", key.key},
                    {"type", evidence_type_name(key.type)},
                    {"meaning", key.meaning},
                    {"discriminates", key.discriminates}});
  }
  return list;
}

Json rule_json(const analysis::Rule& rule) {
  Json object = {{"id", rule.id},
                 {"severity", severity_name(rule.severity)},
                 {"party", party_name(rule.party)},
                 {"title", rule.title},
                 {"raised_when", rule.raised_when}};
  put_text(object, "not_when", rule.not_when);
  put_text(object, "cause", rule.cause);
  put_text(object, "next_step", rule.next_step);
  put_text(object, "reference", rule.reference);
  object["page"] = "docs/rules/" + std::string(rule.id) + ".md";
  object["evidence"] = evidence_keys(rule.evidence);
  return object;
}

}  // namespace

void write_rules_json(std::string& out) {
  Json rules = Json::array();
  for (const analysis::Rule& rule : analysis::rules()) rules.push_back(rule_json(rule));
  const Json whole = {{"schema", "mmsanalyze-rules/1"},
                      {"tool", {{"name", kToolName}, {"version", tool_version()}}},
                      {"rules", std::move(rules)}};
  constexpr int kIndent = 1;
  out += whole.dump(kIndent, ' ', /*ensure_ascii=*/true);
  out += '\n';
}

}  // namespace mmsa::output
