#include "scl/problems.h"

#include <algorithm>
#include <tuple>

namespace mmsa::scl {
namespace {

// In the order of ProblemKind.
constexpr ProblemRow kRows[] = {
    {"not-well-formed", Severity::error, "Export the file again, or copy it again in binary mode."},
    {"too-large", Severity::error, "Give the files of single IEDs (CID) instead."},
    {"document-type", Severity::note, "Remove it, if a tool refuses the file for it."},
    {"duplicate-name", Severity::error, "Rename one of them: tools take either."},
    {"templates-missing", Severity::warning, "Export the file with its data type templates."},
    {"type-missing", Severity::error, "Export the file again, or restore the type."},
    {"type-cycle", Severity::error, "A type can not contain itself: restore the type."},
    {"type-unknown-word", Severity::warning, "See IEC 61850-6, 9.5.4, for what may stand there."},
    {"node-class-differs", Severity::warning, "Correct lnClass or lnType of the logical node."},
    {"data-set-missing", Severity::error,
     "Add the data set to this logical node, or name one that it has: the block can not be "
     "enabled."},
    {"data-set-empty", Severity::warning, "Add members, or remove the data set."},
    {"member-unknown", Severity::error,
     "Correct the FCDA: a server leaves the member out or refuses its configuration."},
    {"value-unknown", Severity::warning,
     "Correct the name, or the type: the value is not loaded as it stands."},
    {"value-not-in-enum", Severity::warning, "Use one of the literals of the enumeration."},
    {"clients-exceed-instances", Severity::error,
     "Raise max of RptEnabled to the number of clients, or take clients away: the last ones find "
     "no "
     "free instance."},
    {"client-unknown", Severity::warning,
     "Correct the ClientLN: the instance is kept for a client that does not exist."},
    {"limit-exceeded", Severity::warning, "Stay within what the IED declares in Services."},
    {"address-shared", Severity::error, "Give each of them an address of its own."},
    {"address-told-apart", Severity::note,
     "Right for a gateway; otherwise give each of them an address of its own."},
    {"address-of-nobody", Severity::warning,
     "Correct iedName and apName of the ConnectedAP, or remove it."},
    {"server-without-address", Severity::warning,
     "Add a ConnectedAP with its IP address: clients do not know where to connect."},
    {"addresses-missing", Severity::note, "Usual for an ICD. Clients need the SCD or the CID."},
};
static_assert(std::size(kRows) == static_cast<std::size_t>(ProblemKind::addresses_missing) + 1);

}  // namespace

const ProblemRow& row(ProblemKind kind) { return kRows[static_cast<std::size_t>(kind)]; }

std::span<const ProblemRow> problem_rows() { return kRows; }

void Problems::add(ProblemKind kind, Line line, std::string where, std::string message,
                   Line other_line) {
  if (++of_kind_[kind] > kMaxOfKind) {
    ++left_out_;
    return;
  }
  list_.push_back({kind, line, other_line, std::move(where), std::move(message)});
}

void Problems::add_once(ProblemKind kind, std::string_view key, Line line, std::string where,
                        std::string message) {
  const auto [found, first] = once_.try_emplace({kind, std::string(key)}, list_.size());
  if (first) {
    add(kind, line, std::move(where), std::move(message));
  } else if (found->second < list_.size()) {
    ++list_[found->second].count;
  }
}

std::size_t Problems::count(Severity severity) const {
  return static_cast<std::size_t>(std::count_if(
      list_.begin(), list_.end(),
      [severity](const Problem& problem) { return row(problem.kind).severity == severity; }));
}

void Problems::sort() {
  std::stable_sort(list_.begin(), list_.end(), [](const Problem& a, const Problem& b) {
    return std::tuple(row(b.kind).severity, a.kind, a.line) <
           std::tuple(row(a.kind).severity, b.kind, b.line);
  });
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 129;  // an object reference, IEC 61850-7-2
  std::string out = "\"";
  out += text.substr(0, kLongest);
  out += text.size() > kLongest ? "...\"" : "\"";
  return out;
}

}  // namespace mmsa::scl
