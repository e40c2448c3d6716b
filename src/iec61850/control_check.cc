// Whether a command is what the object takes: IEC 61850-7-2 clause 20 (Oper, SBOw, Cancel), and the
// types that a server describes.
#include <fmt/format.h>

#include <algorithm>

#include "iec61850/control.h"

namespace mmsa::iec61850 {
namespace {

// The members of the standard, in order. ctlVal may be of any type.
struct Member {
  std::string_view name;
  bool (*fits)(DataType);
  std::string_view type;
  bool optional = false;
};
constexpr Member kMembers[] = {
    {"ctlVal", [](DataType) { return true; }, "the value"},
    {"operTm", [](DataType t) { return t == DataType::utc_time || t == DataType::binary_time; },
     "a time", true},
    {"origin", [](DataType t) { return t == DataType::structure; }, "structure"},
    {"ctlNum", [](DataType t) { return t == DataType::unsigned_integer || t == DataType::integer; },
     "unsigned"},
    {"T", [](DataType t) { return t == DataType::utc_time || t == DataType::binary_time; },
     "utc-time"},
    {"Test", [](DataType t) { return t == DataType::boolean; }, "boolean"},
    {"Check", [](DataType t) { return t == DataType::bit_string; }, "bit-string"},
};

std::size_t count_of(asn1::NodeRef structure) {
  std::size_t count = 0;
  for (auto m = structure.first_child(); m; m = m.next_sibling(structure)) ++count;
  return count;
}

bool is_origin(asn1::NodeRef value) {
  if (data_type(value.node()) != DataType::structure) return false;
  const auto category = value.first_child();
  const auto ident = category ? category.next_sibling(value) : category;
  return ident && data_type(ident.node()) == DataType::octet_string &&
         data_type(category.node()) == DataType::integer && !ident.next_sibling(value);
}

// Where the type is not known, the order of the standard tells what is missing.
ParameterFault compare_with_standard(asn1::NodeRef structure, bool is_cancel) {
  asn1::NodeRef value = structure.first_child();
  std::size_t place = 1;
  for (const Member& member : kMembers) {
    if (is_cancel && member.name == "Check") continue;
    if (!value) {
      if (member.optional) continue;
      return {fmt::format("{} is missing", member.name)};
    }
    const DataType type = data_type(value.node());
    if (!member.fits(type)) {
      if (member.optional) continue;
      return {fmt::format("member {} is {}, but {} is {}", place, data_type_name(type), member.name,
                          member.type)};
    }
    // An origin that stands first is no value.
    const bool has_other_origin = place == 1 && is_origin(value) &&
                                  !read_control_parameters(structure, is_cancel).well_formed;
    if (has_other_origin) return {"member 1 is the origin, but ctlVal comes first", true};
    value = value.next_sibling(structure);
    ++place;
  }
  return value ? ParameterFault{fmt::format("it has {} members, more than the standard knows",
                                            count_of(structure))}
               : ParameterFault{};
}

ParameterFault compare_with_type(asn1::NodeRef structure, TypeRef type) {
  asn1::NodeRef value = structure.first_child();
  std::size_t place = 1;
  for (TypeRef member = first_component(type); member != nullptr;
       member = next_component(member, type), ++place) {
    if (!value) {
      return {fmt::format("{} is missing: it has {} members, and the object's type more",
                          member->name, place - 1)};
    }
    const DataType sent = data_type(value.node());
    if (member->type != DataType::failure && sent != member->type) {
      return {fmt::format("member {} is {}, but {} is {}", place, data_type_name(sent),
                          member->name, data_type_name(member->type)),
              place == 1 && sent == DataType::structure};
    }
    if (!matches(member, value)) {
      return {fmt::format("{} (member {}, {}) has other members or another size than the object's",
                          member->name, place, data_type_name(sent))};
    }
    value = value.next_sibling(structure);
  }
  if (!value) return {};
  return {
      fmt::format("it has {} members, the object's type has {}", count_of(structure), place - 1)};
}

}  // namespace

std::string oversized_text(const ControlParameters& parameters) {
  if (parameters.or_ident.size() > kMaxOrIdent) {
    return fmt::format("orIdent is longer than {} octets: it has {}", kMaxOrIdent,
                       parameters.or_ident.size());
  }
  if (parameters.ctl_num.value_or(0) > 255) {
    return fmt::format("ctlNum {} is more than the 255 of an INT8U", *parameters.ctl_num);
  }
  return {};
}

ParameterFault find_parameter_fault(asn1::NodeRef structure, TypeRef type, bool is_cancel) {
  if (!structure) return {};
  if (data_type(structure.node()) != DataType::structure) {
    return {fmt::format("it is {}, but a command is a structure",
                        data_type_name(data_type(structure.node())))};
  }
  const bool typed = type != nullptr && type->type == DataType::structure && type->count > 1;
  ParameterFault fault =
      typed ? compare_with_type(structure, type) : compare_with_standard(structure, is_cancel);
  fault.of_type = typed && fault;
  const std::string oversized = oversized_text(read_control_parameters(structure, is_cancel));
  if (!fault && !oversized.empty()) fault.text = oversized;
  return fault;
}

}  // namespace mmsa::iec61850
