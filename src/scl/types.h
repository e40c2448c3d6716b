// The data type templates of a document, looked up: types by id, members by name, paths through
// them. A view of the Document, which outlives it.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "iec61850/reference.h"
#include "scl/document.h"

namespace mmsa::scl {

// Where a path through the types leads.
struct PathEnd {
  enum class State : std::uint8_t {
    found,
    unknown,    // the type has no `name`
    undefined,  // a type on the way does not exist, or lies too deep
  };
  State state = State::undefined;
  Text name;                             // what was not found
  const StructType* in = nullptr;        // the last type on the way
  const TypeMember* member = nullptr;    // found: what the path names
  iec61850::Fc fc = iec61850::Fc::none;  // of the attribute on the way, none where there is none
};

class Types {
 public:
  explicit Types(const Document& document);

  // Null where there is none of this id. Of several with the same id the first.
  const StructType* node_type(Text id) const { return find(node_types_, id); }
  const StructType* object_type(Text id) const { return find(object_types_, id); }
  const StructType* attribute_type(Text id) const { return find(attribute_types_, id); }
  const EnumType* enum_type(Text id) const { return find(enum_types_, id); }

  // The type of a member's parts; null where it has none, or a type that does not exist.
  const StructType* type_of(const TypeMember& member) const;
  // Null where the type has no member of this name.
  const TypeMember* member(const StructType& type, Text name) const;

  // From an LNodeType down: names with dots between them, "A.phsA.cVal.mag"; an index in brackets
  // behind a name is passed over.
  PathEnd follow(const StructType& from, Text path) const;
  // The same onwards: "mag.f" from a data object or structured attribute.
  PathEnd follow(PathEnd from, Text path) const;

  // Whether a data object has attributes of this functional constraint, at any depth. True too
  // where a type in it does not exist, so that it can not be told.
  bool may_have(const TypeMember& data_object, iec61850::Fc fc) const;

  // Members (of DOTypes and DATypes) by which a type contains itself.
  const std::vector<const TypeMember*>& cycles() const { return cycles_; }

 private:
  template <typename T>
  using Map = std::unordered_map<Text, const T*>;
  struct MemberKey {
    const StructType* type;
    Text name;
    bool operator==(const MemberKey&) const = default;
  };
  struct MemberHash {
    std::size_t operator()(const MemberKey& key) const {
      return std::hash<Text>{}(key.name) ^ (std::hash<const void*>{}(key.type) * 31);
    }
  };

  template <typename T>
  static const T* find(const Map<T>& map, Text id) {
    const auto found = map.find(id);
    return found == map.end() ? nullptr : found->second;
  }
  void index(const std::vector<StructType>& types, Map<StructType>& map);
  // What is in a DOType or DAType, at any depth.
  struct Content {
    iec61850::FcSet constraints;
    bool whole = true;  // all types in it exist
    bool done = false;  // its visit has ended
  };
  Content visit(const StructType& type, int depth);
  void visit_part(const TypeMember& part, int depth, Content& content);

  Map<StructType> node_types_;
  Map<StructType> object_types_;
  Map<StructType> attribute_types_;
  Map<EnumType> enum_types_;
  std::unordered_map<MemberKey, const TypeMember*, MemberHash> members_;
  std::unordered_map<const StructType*, Content> contents_;
  std::vector<const TypeMember*> cycles_;
};

}  // namespace mmsa::scl
