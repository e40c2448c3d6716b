// What is wrong in an SCL document: one row of a table for each kind, one Problem for each case.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mmsanalyze/finding.h"
#include "scl/document.h"

namespace mmsa::scl {

enum class ProblemKind : std::uint8_t {
  not_well_formed,
  too_large,
  document_type,
  duplicate_name,
  templates_missing,
  type_missing,
  type_cycle,
  type_unknown_word,
  node_class_differs,
  data_set_missing,
  data_set_empty,
  member_unknown,
  value_unknown,
  value_not_in_enum,
  clients_exceed_instances,
  client_unknown,
  limit_exceeded,
  address_shared,
  address_told_apart,
  address_of_nobody,
  server_without_address,
  addresses_missing,
};

struct ProblemRow {
  std::string_view id;  // "data-set-missing"
  Severity severity;
  std::string_view next_step;
};
const ProblemRow& row(ProblemKind kind);
std::span<const ProblemRow> problem_rows();

struct Problem {
  ProblemKind kind = ProblemKind::not_well_formed;
  Line line = 0;
  Line other_line = 0;  // the other side of a contradiction, 0: none
  std::string where;    // "RELAY1LD0/LLN0", empty: the file
  std::string message;
  std::uint32_t count = 1;  // places where the same is wrong; `line` is the first
};

// Problems of one document, bounded: a file that is wrong everywhere is told by its first cases.
class Problems {
 public:
  // Of one kind; beyond it nobody reads them: they are counted.
  static constexpr std::uint32_t kMaxOfKind = 200;

  void add(ProblemKind kind, Line line, std::string where, std::string message,
           Line other_line = 0);
  // The same, said once for all places where the same thing (`key`) is wrong.
  void add_once(ProblemKind kind, std::string_view key, Line line, std::string where,
                std::string message);

  const std::vector<Problem>& list() const { return list_; }
  std::size_t count(Severity severity) const;
  // By severity, the worst first, kind and line. Nothing is added behind it.
  void sort();
  // Not kept.
  std::size_t left_out() const { return left_out_; }

 private:
  std::vector<Problem> list_;
  std::map<ProblemKind, std::uint32_t> of_kind_;
  // By kind and key: index in list_, which sort() makes void.
  std::map<std::pair<ProblemKind, std::string>, std::size_t, std::less<>> once_;
  std::size_t left_out_ = 0;
};

// A text of the file inside a sentence: in quotes, its end left out where it is long.
std::string quoted(std::string_view text);

}  // namespace mmsa::scl
