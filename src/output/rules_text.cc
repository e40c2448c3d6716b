#include "output/rules_text.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "analysis/rules.h"
#include "mmsanalyze/finding.h"
#include "output/text_page.h"

namespace mmsa::output {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kSeverityColumn = std::string_view("warning").size() + kGap;
constexpr std::size_t kIndent = 2;

std::size_t columns(int width) { return width > 0 ? static_cast<std::size_t>(width) : 0; }

void append_padded(std::string& line, std::string_view cell, std::size_t column) {
  line += cell;
  line.append(column > cell.size() ? column - cell.size() : 0, ' ');
}

// "error (text, tells findings apart): DataAccessError"; tools/make_schema reads it.
void write_evidence(TextPage& page, std::span<const EvidenceKey> keys) {
  if (keys.empty()) return;
  page.heading("Evidence");
  for (const EvidenceKey& key : keys) {
    std::string line(key.key);
    line += " (";
    line += evidence_type_name(key.type);
    if (key.discriminates) line += ", tells findings apart";
    line += "): ";
    line += key.meaning;
    page.line(kIndent, line, kIndent);
  }
}

}  // namespace

void write_rules(std::string& out, int width) {
  std::size_t id_column = 0;
  for (const analysis::Rule& rule : analysis::rules()) {
    id_column = std::max(id_column, rule.id.size() + kGap);
  }
  TextPage page(columns(width), false, out);
  std::string line;
  for (const analysis::Rule& rule : analysis::rules()) {
    line.clear();
    append_padded(line, rule.id, id_column);
    append_padded(line, severity_name(rule.severity), kSeverityColumn);
    line += rule.title;
    page.line(0, line, id_column + kSeverityColumn);
  }
}

bool write_rule(std::string_view id, std::string& out, int width) {
  const analysis::Rule* rule = analysis::find_rule(id);
  if (rule == nullptr) return false;
  TextPage page(columns(width), false, out);
  std::string line(rule->id);
  line += " (";
  line += severity_name(rule->severity);
  line += "): ";
  line += rule->title;
  page.line(0, line, kIndent);
  const auto section = [&](std::string_view title, std::string_view text) {
    if (text.empty()) return;
    page.heading(title);
    page.line(kIndent, text);
  };
  section("Raised when", rule->raised_when);
  section("Not raised for", rule->not_when);
  section("Likely cause", rule->cause);
  section("Next step", rule->next_step);
  write_evidence(page, rule->evidence);
  section("Reference", rule->reference);
  line = "docs/rules/";
  line += rule->id;
  line += ".md";
  section("More", line);
  return true;
}

}  // namespace mmsa::output
