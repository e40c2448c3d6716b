// The rows of the rule table by topic; rules.cc joins them.
#pragma once

#include <span>
#include <string_view>

#include "analysis/rules.h"

namespace mmsa::analysis {

std::span<const Rule> capture_rules();
std::span<const Rule> association_rules();
std::span<const Rule> request_rules();
std::span<const Rule> access_rules();
std::span<const Rule> report_rules();
std::span<const Rule> control_rules();
std::span<const Rule> file_rules();
std::span<const Rule> time_rules();

// ASCII, so that it looks the same in every terminal and its length is its width.
constexpr bool printable_ascii(std::string_view text) {
  for (const char c : text) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

// No row without one of its texts; only `not_when` may be empty. Checked when the table is
// compiled.
constexpr bool complete(std::span<const Rule> rows) {
  for (const Rule& row : rows) {
    for (const std::string_view text :
         {row.id, row.title, row.raised_when, row.cause, row.next_step, row.reference}) {
      if (text.empty() || !printable_ascii(text)) return false;
    }
    if (!printable_ascii(row.not_when)) return false;
  }
  return true;
}

}  // namespace mmsa::analysis
