// The rows of the rule table by topic; rules.cc joins them.
#pragma once

#include <array>
#include <cstddef>
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

// The keys of one rule and those that it has in common with others.
template <std::size_t A, std::size_t B>
constexpr std::array<EvidenceKey, A + B> joined(const EvidenceKey (&own)[A],
                                                const EvidenceKey (&common)[B]) {
  std::array<EvidenceKey, A + B> all{};
  for (std::size_t i = 0; i < A; ++i) all[i] = own[i];
  for (std::size_t i = 0; i < B; ++i) all[A + i] = common[i];
  return all;
}

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
    for (const EvidenceKey& key : row.evidence) {
      if (key.key.empty() || key.meaning.empty() || !printable_ascii(key.meaning)) return false;
    }
  }
  return true;
}

}  // namespace mmsa::analysis
