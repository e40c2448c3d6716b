// The members of control structures have no names on the wire: order, count and types tell them
// apart. operTm is optional, and ctlVal may be of any type.
#include <algorithm>

#include "iec61850/control.h"

namespace mmsa::iec61850 {
namespace {

bool is_time(DataType type) { return type == DataType::utc_time || type == DataType::binary_time; }
// Some clients send unsigned numbers as signed ones.
bool is_number(DataType type) {
  return type == DataType::unsigned_integer || type == DataType::integer;
}

// Takes the members of a structure in order.
class Members {
 public:
  explicit Members(asn1::NodeRef structure) : structure_(structure) {
    if (structure && is_structure(structure)) next_ = structure.first_child();
  }
  static bool is_structure(asn1::NodeRef node) {
    return data_type(node.node()) == DataType::structure;
  }

  bool at_end() const { return !next_; }
  DataType type() const { return next_ ? data_type(next_.node()) : DataType::failure; }
  asn1::NodeRef take() {
    const asn1::NodeRef taken = next_;
    if (taken) next_ = taken.next_sibling(structure_);
    return taken;
  }
  template <typename Predicate>
  asn1::NodeRef take_if(Predicate wanted) {
    return next_ && wanted(type()) ? take() : asn1::NodeRef{};
  }
  asn1::NodeRef take_if(DataType wanted) {
    return take_if([wanted](DataType type) { return type == wanted; });
  }

 private:
  asn1::NodeRef structure_;
  asn1::NodeRef next_;
};

// Originator ::= { orCat, orIdent }
bool read_origin(asn1::NodeRef origin, std::optional<std::int64_t>& or_cat, Bytes& or_ident) {
  Members members(origin);
  if (const auto node = members.take_if(is_number)) or_cat = node.integer();
  const auto ident = members.take_if(DataType::octet_string);
  if (ident) or_ident = ident.bytes();
  return or_cat && ident && members.at_end();
}

}  // namespace

bool ControlParameters::time_activated() const {
  UtcTime utc;
  if (read_utc_time(oper_tm.bytes(), utc)) return utc.is_set();
  BinaryTime binary;
  return read_binary_time(oper_tm.bytes(), binary) && binary.is_set();
}

ControlParameters read_control_parameters(asn1::NodeRef structure, bool is_cancel) {
  ControlParameters parameters;
  Members members(structure);
  parameters.ctl_val = members.take();
  parameters.oper_tm = members.take_if(is_time);
  const asn1::NodeRef origin = members.take_if(DataType::structure);
  const bool origin_fits = read_origin(origin, parameters.or_cat, parameters.or_ident);
  if (const auto node = members.take_if(is_number)) parameters.ctl_num = node.unsigned_integer();
  parameters.t = members.take_if(is_time);
  if (const auto node = members.take_if(DataType::boolean)) parameters.test = node.boolean();
  if (!is_cancel) parameters.check = members.take_if(DataType::bit_string);
  parameters.well_formed = parameters.ctl_val && origin_fits && parameters.ctl_num &&
                           parameters.t && parameters.test && (is_cancel || parameters.check) &&
                           members.at_end();
  return parameters;
}

void set_member(ControlParameters& parameters, std::string_view name, asn1::NodeRef value) {
  const DataType type = data_type(value.node());
  if (name == "ctlVal") {
    parameters.ctl_val = value;
  } else if (name == "operTm") {
    parameters.oper_tm = value;
  } else if (name == "origin") {
    read_origin(value, parameters.or_cat, parameters.or_ident);
  } else if (name == "origin$orCat" && is_number(type)) {
    parameters.or_cat = value.integer();
  } else if (name == "origin$orIdent" && type == DataType::octet_string) {
    parameters.or_ident = value.bytes();
  } else if (name == "ctlNum" && is_number(type)) {
    parameters.ctl_num = value.unsigned_integer();
  } else if (name == "T") {
    parameters.t = value;
  } else if (name == "Test" && type == DataType::boolean) {
    parameters.test = value.boolean();
  } else if (name == "Check") {
    parameters.check = value;
  }
}

std::uint8_t compare_operate(const ControlParameters& selected, const ControlParameters& operate,
                             bool with_t) {
  using Difference = ControlDifference;
  unsigned found = 0;
  if (!same_value(selected.ctl_val, operate.ctl_val)) found |= Difference::kCtlVal;
  if (selected.or_cat != operate.or_cat ||
      !std::ranges::equal(selected.or_ident, operate.or_ident)) {
    found |= Difference::kOrigin;
  }
  if (selected.ctl_num != operate.ctl_num) found |= Difference::kCtlNum;
  if (with_t && !same_value(selected.t, operate.t)) found |= Difference::kT;
  if (selected.test != operate.test) found |= Difference::kTest;
  if (!same_value(selected.check, operate.check)) found |= Difference::kCheck;
  return static_cast<std::uint8_t>(found);
}

void append_differences(std::string& out, std::uint8_t differences) {
  constexpr std::string_view kNames[] = {"ctlVal", "origin", "ctlNum", "T", "Test", "Check"};
  bool any = false;
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if ((differences & (1u << i)) == 0) continue;
    if (any) out += ", ";
    any = true;
    out += kNames[i];
  }
}

// Four to six members occur: without origin or ctlNum, with the origin's two members in line, with
// ctlNum as INTEGER. The last INTEGER is AddCause, the first is Error.
LastApplError read_last_appl_error(asn1::NodeRef structure) {
  LastApplError result;
  std::optional<std::int64_t> error;
  std::optional<std::int64_t> add_cause;
  for (Members members(structure); !members.at_end();) {
    const DataType type = members.type();
    const asn1::NodeRef member = members.take();
    switch (type) {
      case DataType::visible_string:
      case DataType::mms_string:
        result.cntrl_obj = member.text();
        break;
      case DataType::structure:
        read_origin(member, result.or_cat, result.or_ident);
        break;
      case DataType::octet_string:  // the number before it was orCat
        result.or_ident = member.bytes();
        result.or_cat = add_cause;
        add_cause.reset();
        break;
      case DataType::unsigned_integer:
        result.ctl_num = member.unsigned_integer();
        break;
      case DataType::integer:
        if (!error) {
          error = member.integer();
        } else {
          if (add_cause) result.ctl_num = static_cast<std::uint64_t>(*add_cause);
          add_cause = member.integer();
        }
        break;
      default:
        break;
    }
  }
  result.well_formed = !result.cntrl_obj.empty() && error && add_cause;
  result.error = error.value_or(0);
  result.add_cause = add_cause.value_or(0);
  return result;
}

}  // namespace mmsa::iec61850
