// The rule table for a terminal: `mmsanalyze rules` and `mmsanalyze explain RULE`.
#pragma once

#include <string>
#include <string_view>

namespace mmsa::output {

// One line for each rule: id, severity, title, in columns. What does not fit into `width` columns
// continues on the next line, which begins with spaces.
void write_rules(std::string& out, int width);

// The rule table as one JSON object, "mmsanalyze-rules/1": docs/rules.schema.json.
void write_rules_json(std::string& out);

// One rule in full, wrapped to `width` columns. False, and nothing written, where there is no rule
// of this id.
bool write_rule(std::string_view id, std::string& out, int width);

}  // namespace mmsa::output
