// Types of variables as GetVariableAccessAttributes tells them (ISO 9506-2 clause 14.5
// TypeSpecification): names of structure members and types of leaves.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {

// A type or a component of one. The nodes of a type lie behind each other in pre-order.
struct TypeNode {
  std::string_view name;  // of the component; empty at the top and for elements of arrays
  // DataType::failure where a server names a type instead of telling it.
  DataType type = DataType::failure;
  // Bits, octets, characters or elements, negative where it is a maximum; 0 where it has none.
  std::int32_t size = 0;
  std::uint32_t count = 1;  // of nodes: this one and those below
};

// A node of a type, or null. Valid as long as its owner says.
using TypeRef = const TypeNode*;

inline TypeRef first_component(TypeRef type) { return type->count > 1 ? type + 1 : nullptr; }
inline TypeRef next_component(TypeRef type, TypeRef parent) {
  const TypeRef next = type + type->count;
  return next < parent + parent->count ? next : nullptr;
}
// The component below `type` that a path `DO$DA$..` names; `type` itself for an empty path; null
// where there is none.
TypeRef find_component(TypeRef type, std::string_view path);

// Whether a value has this type: alternatives, sizes of bit-strings, members of structures. Types
// that are not told match everything.
bool matches(TypeRef type, asn1::NodeRef value);

// Appends the nodes of a TypeSpecification; their names are views into the message. `node` is what
// holds it: `typeSpecification`, `componentType`, `elementType`.
void read_type(asn1::NodeRef node, std::vector<TypeNode>& nodes);

}  // namespace mmsa::iec61850
