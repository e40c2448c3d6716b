// IEDs, logical devices and logical nodes of a document by name. A view of the Document, which
// outlives it.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "scl/document.h"
#include "scl/problems.h"
#include "scl/types.h"

namespace mmsa::scl {

class Lookup {
 public:
  // Names that are there twice become problems; the first of each is found.
  Lookup(const Document& document, Problems& problems);

  const Ied* ied(Text name) const;
  const AccessPoint* access_point(const Ied& ied, Text name) const;
  const LogicalDevice* device(const Ied& ied, Text inst) const;
  // By prefix, class and inst.
  const LogicalNode* node(const LogicalDevice& device, Text name) const;
  // The same anywhere in an IED, of a client too. The first of several.
  const LogicalNode* node(const Ied& ied, Text name) const;

 private:
  struct Key {
    const void* scope;
    Text name;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<Text>{}(key.name) ^ (std::hash<const void*>{}(key.scope) * 31);
    }
  };
  template <typename T>
  using Map = std::unordered_map<Key, const T*, Hash>;

  template <typename T>
  static const T* find(const Map<T>& map, const void* scope, Text name) {
    const auto found = map.find({scope, name});
    return found == map.end() ? nullptr : found->second;
  }
  void add_ied(const Ied& ied, Problems& problems);
  void add_device(const Ied& ied, const LogicalDevice& device, Problems& problems);

  Map<Ied> ieds_;
  Map<AccessPoint> access_points_;
  Map<LogicalDevice> devices_;
  Map<LogicalDevice> domains_;
  Map<LogicalNode> nodes_;
};

// prefix, class and inst together.
std::string node_name(Text prefix, Text ln_class, Text inst);

// The member's name in MMS, "RELAY1LD0/MMXU1$MX$A$phsA"; an index stands behind the array that it
// is of, "RELAY1LD0/MHAI1$MX$HA$phsAHar(3)$cVal". `home` is the device of the data set.
std::string member_reference(const Lookup& lookup, const Types& types, const Ied& ied,
                             const LogicalDevice& home, const Fcda& member);

}  // namespace mmsa::scl
