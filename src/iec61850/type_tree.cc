#include "iec61850/type_tree.h"

#include <cstdlib>

namespace mmsa::iec61850 {
namespace {

// component ::= { componentName OPTIONAL, componentType }. Recursion ends with the message's own
// nesting, which limits::kMaxDepth bounds.
void read_named_type(asn1::NodeRef holder, std::string_view name, std::vector<TypeNode>& nodes) {
  const std::size_t at = nodes.size();
  nodes.push_back({.name = name});
  const asn1::NodeRef type = holder.first_child();
  if (!type || !type.node().known()) return;
  nodes[at].type = static_cast<DataType>(type.node().field->tag.number());
  switch (nodes[at].type) {
    case DataType::array:
      nodes[at].size = static_cast<std::int32_t>(type.child("numberOfElements").integer());
      if (const auto element = type.child("elementType")) read_named_type(element, {}, nodes);
      break;
    case DataType::structure: {
      const asn1::NodeRef components = type.child("components");
      for (asn1::NodeRef c = components.first_child(); c; c = c.next_sibling(components)) {
        if (const auto held = c.child("componentType")) {
          read_named_type(held, c.child("componentName").text(), nodes);
        }
      }
      break;
    }
    case DataType::floating_point:
      nodes[at].size = static_cast<std::int32_t>(type.child("format-width").integer());
      break;
    case DataType::failure:  // typeName: the type itself is told elsewhere
    case DataType::boolean:
    case DataType::binary_time:
    case DataType::utc_time:
    case DataType::generalized_time:
    case DataType::object_id:
    case DataType::real:
      break;
    default:
      nodes[at].size = static_cast<std::int32_t>(type.integer());
  }
  nodes[at].count = static_cast<std::uint32_t>(nodes.size() - at);
}

bool matches_size(const TypeNode& type, const asn1::Node& value) {
  if (type.type != DataType::bit_string || type.size == 0) return true;
  const std::size_t bits = BitString(value.bytes()).size();
  const auto size = static_cast<std::size_t>(std::abs(static_cast<std::int64_t>(type.size)));
  return type.size > 0 ? bits == size : bits <= size;
}

}  // namespace

TypeRef find_component(TypeRef type, std::string_view path) {
  while (type != nullptr && !path.empty()) {
    const std::string_view name = path.substr(0, path.find('$'));
    path = path.substr(name.size() < path.size() ? name.size() + 1 : path.size());
    TypeRef component = type->type == DataType::structure ? first_component(type) : nullptr;
    while (component != nullptr && component->name != name) {
      component = next_component(component, type);
    }
    type = component;
  }
  return type;
}

bool matches(TypeRef type, asn1::NodeRef value) {
  if (type->type == DataType::failure) return true;
  if (data_type(value.node()) != type->type || !matches_size(*type, value.node())) return false;
  if (type->type == DataType::array) {
    const TypeRef element = first_component(type);
    if (element == nullptr) return true;
    for (asn1::NodeRef v = value.first_child(); v; v = v.next_sibling(value)) {
      if (!matches(element, v)) return false;
    }
    return true;
  }
  if (type->type != DataType::structure) return true;
  TypeRef component = first_component(type);
  asn1::NodeRef member = value.first_child();
  while (component != nullptr && member) {
    if (!matches(component, member)) return false;
    component = next_component(component, type);
    member = member.next_sibling(value);
  }
  return component == nullptr && !member;
}

void read_type(asn1::NodeRef node, std::vector<TypeNode>& nodes) {
  if (node) read_named_type(node, {}, nodes);
}

}  // namespace mmsa::iec61850
