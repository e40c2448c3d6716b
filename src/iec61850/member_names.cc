#include "iec61850/member_names.h"

#include "iec61850/rcb.h"

namespace mmsa::iec61850 {
namespace {

constexpr std::string_view kNow[] = {"ctlVal", "origin", "ctlNum", "T", "Test", "Check"};
constexpr std::string_view kTimed[] = {"ctlVal", "operTm", "origin", "ctlNum",
                                       "T",      "Test",   "Check"};
constexpr std::string_view kOriginator[] = {"orCat", "orIdent"};

std::span<const std::string_view> control_members(const Reference& reference, std::size_t members) {
  if (reference.fc != Fc::CO) return {};
  const std::string_view last = reference.last();
  std::size_t full = members;
  if (last == "Cancel") {  // has no Check
    ++full;
  } else if (last != "Oper" && last != "SBOw") {
    return {};
  }
  if (full == std::size(kNow)) return std::span(kNow).first(members);
  if (full == std::size(kTimed)) return std::span(kTimed).first(members);
  return {};
}

}  // namespace

std::span<const std::string_view> standard_members(const Reference& reference,
                                                   std::size_t members) {
  const auto control = control_members(reference, members);
  return !control.empty() ? control : control_block_members(reference, members);
}

std::span<const std::string_view> originator_members() { return kOriginator; }

bool is_data_object(const Reference& reference) {
  return !reference.path.empty() && reference.path.find('$') == std::string_view::npos;
}

std::string_view first_status_member(const Reference& reference) {
  const std::string_view name = reference.data_object();
  // ACT and ACD of protection functions, IEC 61850-7-4 groups P and R.
  if (name.starts_with("Op") || name == "Tr" || name.starts_with("Str")) {
    const std::string_view ln_class = reference.ln_class();
    if (ln_class.starts_with('P') || ln_class.starts_with('R')) return "general";
  }
  // BCR of MMTR and its like.
  if (name.ends_with("Wh") || name.ends_with("VArh") || name.ends_with("VAh")) return "actVal";
  return "stVal";
}

}  // namespace mmsa::iec61850
