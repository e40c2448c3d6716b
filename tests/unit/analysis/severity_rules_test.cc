#include "analysis/severity_rules.h"

#include <catch2/catch.hpp>

#include "analysis/rules.h"

namespace mmsa::analysis {
namespace {

Finding finding_of(std::string_view rule) {
  Finding finding;
  finding.rule = rule;
  finding.evidence = Evidence(find_rule(rule)->evidence);
  return finding;
}

Finding rejected(std::int64_t add_cause, std::string_view name) {
  Finding finding = finding_of("control-rejected");
  finding.evidence.set("add_cause", add_cause);
  finding.evidence.set("add_cause_name", name);
  return finding;
}

TEST_CASE("the option --severity names evidence: a code by its name or by its number") {
  for (const std::string_view text : {"control-rejected[add_cause=blocked-by-interlocking]=note",
                                      "control-rejected[add_cause=10]=note"}) {
    SeverityRules rules;
    REQUIRE(rules.add(text).empty());
    CHECK(rules.of(rejected(10, "blocked-by-interlocking")) == Severity::note);
    CHECK_FALSE(rules.of(rejected(11, "blocked-by-synchrocheck")).has_value());
    CHECK_FALSE(rules.of(finding_of("control-rejected")).has_value());
    CHECK_FALSE(rules.of(finding_of("control-terminated")).has_value());
  }
}

TEST_CASE("the option --severity with evidence wins over one without, wherever it stands") {
  SeverityRules before;
  REQUIRE(before.add("control-rejected[add_cause=10]=note").empty());
  REQUIRE(before.add("control-rejected=warning").empty());
  SeverityRules behind;
  REQUIRE(behind.add("control-rejected=warning").empty());
  REQUIRE(behind.add("control-rejected[add_cause=10]=note").empty());
  for (const SeverityRules& rules : {before, behind}) {
    CHECK(rules.of(rejected(10, "blocked-by-interlocking")) == Severity::note);
    CHECK(rules.of(rejected(11, "blocked-by-synchrocheck")) == Severity::warning);
  }
}

TEST_CASE("of two --severity that name the same the last one stands") {
  SeverityRules rules;
  REQUIRE(rules.add("no-response=note").empty());
  REQUIRE(rules.add("no-response=warning").empty());
  CHECK(rules.of(finding_of("no-response")) == Severity::warning);
}

TEST_CASE("the option --severity compares texts, flags and numbers") {
  Finding finding = finding_of("no-response");
  finding.evidence.set("service", "Read");
  finding.evidence.set("announced", true);
  finding.evidence.set("waited_s", EvidenceValue(2.5));
  for (const std::string_view text :
       {"no-response[service=Read]=note", "no-response[announced=true]=note",
        "no-response[waited_s=2.5]=note", "no-response[waited_s=2.50]=note"}) {
    SeverityRules rules;
    REQUIRE(rules.add(text).empty());
    CHECK(rules.of(finding) == Severity::note);
  }
  for (const std::string_view text :
       {"no-response[service=Write]=note", "no-response[announced=false]=note",
        "no-response[waited_s=2]=note"}) {
    SeverityRules rules;
    REQUIRE(rules.add(text).empty());
    CHECK_FALSE(rules.of(finding).has_value());
  }
}

TEST_CASE("values of --severity may hold brackets and equal signs") {
  Finding finding = finding_of("association-refused");
  finding.evidence.set("reason", "odd [a=b]=c");
  SeverityRules rules;
  REQUIRE(rules.add("association-refused[reason=odd [a=b]=c]=note").empty());
  CHECK(rules.of(finding) == Severity::note);
}

TEST_CASE("what --severity can not be is said, with the nearest name that there is") {
  struct Case {
    std::string_view text;
    std::string_view says;
  };
  constexpr Case kCases[] = {
      {"no-response", "not RULE=LEVEL or RULE[key=value]=LEVEL: no-response"},
      {"no-response[service]=note", "not RULE=LEVEL or RULE[key=value]=LEVEL"},
      {"no-response[service=Read=note", "not RULE=LEVEL or RULE[key=value]=LEVEL"},
      {"no-response=fatal", "not error, warning or note"},
      {"no-respons=note",
       "no such rule: no-respons (see mmsanalyze rules); did you mean "
       "no-response?"},
      {"control-rejected[addcause=10]=note",
       "addcause is no evidence of control-rejected; did you mean add_cause?"},
      {"no-response[others=true]=note", "did you mean others_answered?"},
      {"orphan-response[x]=note", "not RULE=LEVEL or RULE[key=value]=LEVEL"},
      {"orphan-response[weather=wet]=note",
       "weather is no evidence of orphan-response (there are sender, invoke_id)"},
      {"no-response[announced=perhaps]=note",
       "announced of no-response is true or false, not perhaps"},
      {"no-response[waited_s=long]=note", "waited_s of no-response is a number, not long"},
  };
  for (const Case& each : kCases) {
    SeverityRules rules;
    CHECK_THAT(rules.add(each.text), Catch::Matchers::Contains(std::string(each.says)));
  }
}

}  // namespace
}  // namespace mmsa::analysis
