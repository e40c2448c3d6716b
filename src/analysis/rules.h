// THE rule table: one row for each rule. `mmsanalyze rules` and `explain` print it; docs/rules has
// a page for each row, testdata/rules a capture that hits it and one that nearly does.
#pragma once

#include <span>
#include <string_view>

#include "mmsanalyze/finding.h"

namespace mmsa::analysis {

struct Rule {
  std::string_view id;           // stable, never reused
  Severity severity;             // by default; some findings of a rule are milder, see `explain`
  std::string_view title;        // "The server was slow to answer"
  std::string_view raised_when;  // one or two sentences for an engineer without ASN.1
  std::string_view not_when;     // what it is deliberately not raised for; may be empty
  std::string_view cause;        // what usually is behind it
  std::string_view next_step;    // what to do about it
  std::string_view reference;    // "ISO 9506-2 clause 7.4.4", "IEC 61850-7-2 clause 17.2.3.2"
  Party party = Party::unknown;  // whose fault it is; some findings of a rule name another
  std::span<const EvidenceKey> evidence = {};  // every key that its findings may hold
};

// By topic: capture, association, requests, reports, controls, files, times.
std::span<const Rule> rules();

// The topic of a rule: "capture", "association", "requests", "access", "reports", "control",
// "files", "time". Empty where there is no such rule.
std::string_view topic_of_rule(std::string_view id);

// Null where there is no such rule.
const Rule* find_rule(std::string_view id);

}  // namespace mmsa::analysis
