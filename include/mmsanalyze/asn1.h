// ASN.1 modules as constant tables, and what decoding a PDU by them yields.
//
// A production of ISO 9506-2 (or of X.226, X.227) is one `Type` whose components are `Field`s in
// the standard's order and spelling. One interpreter (asn1/decoder.h) checks the octets against the
// table and writes a flat pre-order array of nodes: every output and every analysis reads the same
// nodes, so a row added to a table reaches all of them at once.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "mmsanalyze/ber.h"
#include "mmsanalyze/bytes.h"
#include "mmsanalyze/growing_list.h"

namespace mmsa::asn1 {

enum class Kind : std::uint8_t {
  // The constructed ones come first.
  sequence,     // also SET with its components in any order: see Type::any_order
  sequence_of,  // fields[0] is the element
  choice,       // fields are the alternatives
  boolean,
  integer,  // names, if any, are its named numbers
  unsigned_integer,
  null,
  bit_string,  // names, if any, are its named bits
  octet_string,
  character_string,  // VisibleString, GraphicString, MMSString, ...
  object_identifier,
  real,
  generalized_time,
  time_of_day,     // ISO 9506-2 TimeOfDay: 4 or 6 octets
  floating_point,  // ISO 9506-2 FloatingPoint: exponent width, then IEEE 754
  utc_time,        // IEC 61850-8-1 UtcTime: 8 octets
  any,             // kept as it is
};

// What an element is beyond its syntax. The interpreter lists the nodes of the first three.
enum class Role : std::uint8_t {
  none,
  object_name,  // one alternative of ObjectName
  data,         // one alternative of Data
  failure,      // AccessResult.failure, and the failure of a write result
};

struct NamedNumber {
  std::int64_t value;
  const char* name;
};

struct Type;

enum class Tagging : std::uint8_t { implicit_tag, explicit_tag, untagged };

// A component of a SEQUENCE, an alternative of a CHOICE, or the element of a SEQUENCE OF.
struct Field {
  const char* name;  // the ASN.1 identifier
  ber::Tag tag;      // meaningless where untagged
  Tagging tagging;
  bool optional;  // OPTIONAL or DEFAULT
  const Type* type;
};

struct Type {
  const char* name;  // the ASN.1 type reference
  Kind kind;
  std::span<const Field> fields{};
  std::span<const NamedNumber> names{};
  Role role = Role::none;
  bool any_order = false;   // SET
  bool extensible = false;  // CHOICE that keeps unknown alternatives instead of calling them errors
  ber::Tag universal_tag{};  // of an untagged field of a primitive type

  constexpr const Field* end() const { return fields.data() + fields.size(); }
};

// --- how tables are written: one line for each line of the ASN.1 ---

// name [n] IMPLICIT Type
constexpr Field implicit(const char* name, std::uint32_t n, const Type& type) {
  return {name, ber::ctx(n), Tagging::implicit_tag, false, &type};
}
// name [n] Type, where Type is a CHOICE or the module says EXPLICIT
constexpr Field explicitly(const char* name, std::uint32_t n, const Type& type) {
  return {name, ber::ctx(n), Tagging::explicit_tag, false, &type};
}
// name Type, under the universal tag of a type that is defined further up
constexpr Field untagged(const char* name, const Type& type) {
  return {name, type.universal_tag, Tagging::untagged, false, &type};
}
// name Type, where Type is a CHOICE: under the tags of its alternatives. The type may be defined
// further down, which recursion needs.
constexpr Field one_of(const char* name, const Type& type) {
  return {name, {}, Tagging::untagged, false, &type};
}
constexpr Field optional(Field field) {
  field.optional = true;
  return field;
}

constexpr Type sequence(const char* name, std::span<const Field> components) {
  return {
      .name = name, .kind = Kind::sequence, .fields = components, .universal_tag = ber::kSequence};
}
constexpr Type sequence_of(const char* name, std::span<const Field, 1> element) {
  return {
      .name = name, .kind = Kind::sequence_of, .fields = element, .universal_tag = ber::kSequence};
}
constexpr Type choice(const char* name, std::span<const Field> alternatives) {
  return {.name = name, .kind = Kind::choice, .fields = alternatives};
}
constexpr Type primitive(const char* name, Kind kind, ber::Tag tag = {},
                         std::span<const NamedNumber> names = {}) {
  return {.name = name, .kind = kind, .names = names, .universal_tag = tag};
}

// The name of a number of an INTEGER, or of a bit of a BIT STRING; empty where it has none.
constexpr std::string_view named(const Type& type, std::int64_t value) {
  for (const NamedNumber& number : type.names) {
    if (number.value == value) return number.name;
  }
  return {};
}

// --- what decoding yields ---

inline constexpr Field kUnknownField{"unknown", {}, Tagging::untagged, false, nullptr};

// One decoded element. A CHOICE without a tag of its own has no node: its alternative stands there.
struct Node {
  const Field* field = nullptr;  // kUnknownField for an element that no table knows
  const std::uint8_t* content = nullptr;
  std::uint32_t length = 0;
  std::uint32_t end = 0;  // index of the first node behind this one's subtree

  Bytes bytes() const { return {content, length}; }
  bool known() const { return field->type != nullptr; }
  Kind kind() const { return known() ? field->type->kind : Kind::any; }
  Role role() const { return known() ? field->type->role : Role::none; }
};

class Tree;

// A node of a tree, or none. Cheap to copy; valid as long as the tree and its octets are.
class NodeRef {
 public:
  NodeRef() = default;
  NodeRef(const Tree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}

  explicit operator bool() const { return tree_ != nullptr; }
  const Node& node() const;
  std::uint32_t index() const { return index_; }
  const Tree& tree() const { return *tree_; }
  std::string_view name() const { return node().field->name; }

  // The first child with this ASN.1 identifier, or none. Of none: none.
  NodeRef child(std::string_view name) const;
  NodeRef first_child() const;
  // The node behind this one's subtree inside `parent`, or none.
  NodeRef next_sibling(NodeRef parent) const;

  // Values of primitive nodes; `fallback` where there is no node.
  Bytes bytes() const { return tree_ != nullptr ? node().bytes() : Bytes{}; }
  std::string_view text() const { return as_text(bytes()); }
  std::int64_t integer(std::int64_t fallback = 0) const {
    return tree_ != nullptr ? ber::integer(node().bytes()) : fallback;
  }
  std::uint64_t unsigned_integer(std::uint64_t fallback = 0) const {
    return tree_ != nullptr ? ber::unsigned_integer(node().bytes()) : fallback;
  }
  bool boolean(bool fallback = false) const {
    return tree_ != nullptr ? node().length > 0 && node().content[0] != 0 : fallback;
  }

 private:
  const Tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

// The nodes of one PDU in pre-order. Reused from PDU to PDU: no allocation once it has grown.
class Tree {
 public:
  GrowingList<Node> nodes;
  GrowingList<std::uint32_t> objects;  // indices of Role::object_name nodes, in order
  GrowingList<std::uint32_t> values;   // indices of outermost Role::data and Role::failure nodes
  std::size_t failures = 0;            // how many of `values` are Role::failure

  void clear() {
    nodes.clear();
    objects.clear();
    values.clear();
    failures = 0;
  }
  NodeRef at(std::uint32_t index) const { return {*this, index}; }
  NodeRef root() const { return nodes.empty() ? NodeRef{} : NodeRef{*this, 0}; }
};

inline const Node& NodeRef::node() const { return tree_->nodes[index_]; }

inline NodeRef NodeRef::first_child() const {
  if (tree_ == nullptr || index_ + 1 == node().end) return {};
  return {*tree_, index_ + 1};
}

inline NodeRef NodeRef::next_sibling(NodeRef parent) const {
  if (tree_ == nullptr || node().end >= parent.node().end) return {};
  return {*tree_, node().end};
}

inline NodeRef NodeRef::child(std::string_view wanted) const {
  for (NodeRef c = first_child(); c; c = c.next_sibling(*this)) {
    if (c.name() == wanted) return c;
  }
  return {};
}

}  // namespace mmsa::asn1
