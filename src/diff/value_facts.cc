#include "diff/value_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "iec61850/rcb.h"
#include "iec61850/value_text.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::diff {
namespace {

using iec61850::Fc;
using iec61850::Reference;

// Longer values are compared by what stands here: no setting is longer.
constexpr std::size_t kMaxValue = 4096;

// Attributes of control blocks that count, or tell who and when.
constexpr std::string_view kVolatile[] = {"SqNum",   "EntryID", "TimeofEntry", "ResvTms",
                                          "Owner",   "LActTm",  "OldEntrTm",   "NewEntrTm",
                                          "OldEntr", "NewEntr", "OldEnt",      "NewEnt"};
bool is_volatile(std::string_view attribute) {
  return std::find(std::begin(kVolatile), std::end(kVolatile), attribute) != std::end(kVolatile);
}

// Modes that decide whether commands are accepted: they are not of the process.
constexpr std::string_view kModes[] = {"Mod", "Beh", "Loc", "LocKey", "LocSta"};
bool is_mode(const Reference& reference) {
  return std::find(std::begin(kModes), std::end(kModes), reference.data_object()) !=
         std::end(kModes);
}

bool is_control_block(const Reference& reference) {
  switch (reference.fc) {
    case Fc::BR:
    case Fc::RP:
    case Fc::LG:
    case Fc::GO:
    case Fc::GS:
    case Fc::MS:
    case Fc::US:
      return !reference.path.empty();
    case Fc::SP:
      return reference.data_object() == "SGCB";
    default:
      return false;
  }
}

bool is_time(DataType type) {
  return type == DataType::utc_time || type == DataType::binary_time ||
         type == DataType::generalized_time;
}
bool is_list(DataType type) { return type == DataType::structure || type == DataType::array; }

// Times do not count: only that there is one.
void append_setting(std::string& out, asn1::NodeRef value, const Reference& reference) {
  const DataType type = data_type(value.node());
  if (is_list(type)) {
    out += '{';
    for (asn1::NodeRef v = value.first_child(); v; v = v.next_sibling(value)) {
      if (out.back() != '{') out += ", ";
      append_setting(out, v, Reference{});
    }
    out += '}';
  } else if (is_time(type)) {
    out += data_type_name(type);
  } else {
    iec61850::append_value(out, value, {.reference = reference, .max_length = kMaxValue});
  }
}

// `reference` is that of the block, or of the attribute where it was named by itself.
void add_attribute(FactWriter& facts, std::string_view name, asn1::NodeRef value,
                   const Reference& reference) {
  if (is_volatile(name) || is_time(data_type(value.node()))) return;
  std::string path(reference.path);
  if (reference.path.find('$') == std::string_view::npos) path.append("$").append(name);
  Reference attribute = reference;
  attribute.path = path;
  std::string text;
  append_setting(text, value, attribute);
  facts.add(Fact::block_attribute, text, text::printable(name));
}

void add_report_block(FactWriter& facts, const Reference& reference, asn1::NodeRef value) {
  const auto values = iec61850::read_rcb(value, reference.fc == Fc::BR);
  for (std::size_t i = 0; i < iec61850::kRcbAttributes; ++i) {
    const auto attribute = static_cast<iec61850::RcbAttribute>(i);
    if (!values[attribute]) continue;
    add_attribute(facts, iec61850::rcb_attribute_name(attribute), values[attribute], reference);
  }
}

void add_block(FactWriter& facts, const Reference& reference, asn1::NodeRef value) {
  if (reference.path.find('$') != std::string_view::npos) {
    add_attribute(facts, reference.last(), value, reference);
    return;
  }
  if (data_type(value.node()) != DataType::structure) return;
  if (reference.fc == Fc::BR || reference.fc == Fc::RP) {
    add_report_block(facts, reference, value);
    return;
  }
  std::size_t members = 0;
  for (asn1::NodeRef v = value.first_child(); v; v = v.next_sibling(value)) ++members;
  // Without names nobody can tell settings from counters.
  const auto names = iec61850::control_block_members(reference, members);
  std::size_t i = 0;
  for (asn1::NodeRef v = value.first_child(); v && i < names.size();
       v = v.next_sibling(value), ++i) {
    add_attribute(facts, names[i], v, reference);
  }
}

// {stVal, q, t}: the first is the mode; the others are not.
void add_mode(FactWriter& facts, const Reference& reference, asn1::NodeRef value,
              std::string_view of) {
  asn1::NodeRef mode = value;
  if (data_type(value.node()) == DataType::structure) {
    mode = value.first_child();
  } else if (reference.last() != "stVal") {
    return;
  }
  if (!mode || is_list(data_type(mode.node()))) return;
  std::string text;
  Reference named = reference;
  std::string path(reference.data_object());
  path += "$stVal";
  named.path = path;
  append_setting(text, mode, named);
  facts.add(Fact::setting, text, of);
}

}  // namespace

// Recursion ends with the message's own nesting, which limits::kMaxDepth bounds.
void append_type(std::string& out, asn1::NodeRef value) {
  const DataType type = data_type(value.node());
  if (!is_list(type)) {
    out += data_type_name(type);
    if (type == DataType::bit_string) {
      fmt::format_to(std::back_inserter(out), "({})", BitString(value.bytes()).size());
    }
    return;
  }
  out += type == DataType::array ? "array {" : "{";
  const std::size_t begin = out.size();
  for (asn1::NodeRef v = value.first_child(); v; v = v.next_sibling(value)) {
    if (out.size() > begin) out += ", ";
    append_type(out, v);
  }
  out += '}';
}

void append_description(std::string& out, iec61850::TypeRef type) {
  text::append_printable(out, type->name);
  if (!type->name.empty()) out += ' ';
  if (type->type == DataType::failure) {
    out += "named type";
  } else if (!is_list(type->type)) {
    out += data_type_name(type->type);
    if (type->size != 0) fmt::format_to(std::back_inserter(out), "({})", type->size);
  } else {
    if (type->type == DataType::array) {
      fmt::format_to(std::back_inserter(out), "array({}) of ", type->size);
    }
    out += '{';
    for (auto c = iec61850::first_component(type); c != nullptr;
         c = iec61850::next_component(c, type)) {
      if (out.back() != '{') out += ", ";
      append_description(out, c);
    }
    out += '}';
  }
}

bool is_setting(const Reference& reference) {
  switch (reference.fc) {
    case Fc::ST:
      return is_mode(reference);
    case Fc::SP:
    case Fc::SG:
    case Fc::SE:
    case Fc::CF:
    case Fc::DC:
    case Fc::EX:
      return true;
    default:
      return is_control_block(reference);
  }
}

void add_settings(FactWriter& facts, const Reference& reference, asn1::NodeRef value,
                  std::string_view of) {
  if (is_control_block(reference)) {
    add_block(facts, reference, value);
  } else if (reference.fc == Fc::ST) {
    add_mode(facts, reference, value, of);
  } else {
    std::string text;
    append_setting(text, value, reference);
    facts.add(Fact::setting, text, of);
  }
}

}  // namespace mmsa::diff
