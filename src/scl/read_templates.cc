// DataTypeTemplates (6, 9.5).
#include <charconv>

#include "scl/element_reader.h"

namespace mmsa::scl {
namespace {

using pugi::xml_node;

bool is_member(Text name) { return name == "DA" || name == "BDA" || name == "DO" || name == "SDO"; }

Text first_value(ElementReader& reader, xml_node member) {
  for (const xml_node child : member.children()) {
    if (reader.name(child) == "Val" && attribute(child, "sGroup").empty()) {
      return child.child_value();
    }
  }
  return {};
}

void read_struct(ElementReader& reader, xml_node element, std::vector<StructType>& types) {
  StructType* const type = reader.add(types, element);
  if (type == nullptr) return;
  type->id = attribute(element, "id");
  type->ln_class = attribute(element, "lnClass");
  type->cdc = attribute(element, "cdc");
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (!is_member(name)) continue;
    TypeMember* const member = reader.add(type->members, child);
    if (member == nullptr) return;
    member->kind =
        name.ends_with('O') ? TypeMember::Kind::data_object : TypeMember::Kind::attribute;
    member->name = attribute(child, "name");
    member->type = attribute(child, "type");
    member->basic_type = attribute(child, "bType");
    member->fc = attribute(child, "fc");
    member->count = attribute(child, "count");
    member->val_kind = attribute(child, "valKind");
    member->value = first_value(reader, child);
  }
}

void read_enum(ElementReader& reader, xml_node element, std::vector<EnumType>& types) {
  EnumType* const type = reader.add(types, element);
  if (type == nullptr) return;
  type->id = attribute(element, "id");
  for (const xml_node child : element.children()) {
    if (reader.name(child) != "EnumVal") continue;
    const Text ord = attribute(child, "ord");
    EnumValue value;
    std::from_chars(ord.data(), ord.data() + ord.size(), value.ord);
    value.name = child.child_value();
    type->values.push_back(value);
  }
}

}  // namespace

void read_templates(ElementReader& reader, xml_node element, Templates& templates) {
  templates.present = true;
  templates.line = reader.line(element);
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (name == "LNodeType") read_struct(reader, child, templates.node_types);
    if (name == "DOType") read_struct(reader, child, templates.object_types);
    if (name == "DAType") read_struct(reader, child, templates.attribute_types);
    if (name == "EnumType") read_enum(reader, child, templates.enum_types);
  }
}

}  // namespace mmsa::scl
