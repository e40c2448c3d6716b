// Decoded ASN.1 nodes as JSON.
#pragma once

#include <cstdint>
#include <vector>

#include "mmsanalyze/asn1.h"
#include "output/json_writer.h"

namespace mmsa::output {

// One Data or AccessResult: {"type": T, "value": V}, or {"error": name, "code": n}.
void write_data(JsonWriter& json, const asn1::Tree& tree, std::uint32_t index);
// The value of a Data that is neither a structure nor an array, by itself; null where its octets do
// not suit its type.
void write_plain_value(JsonWriter& json, asn1::NodeRef data);

// An ObjectName as one string: "domain/item", "item" (VMD-specific), "@item" (AA-specific).
void write_object_name(JsonWriter& json, asn1::NodeRef node);

// The components of a node, the ASN.1 identifiers as keys, nested as in the standard.
class DetailWriter {
 public:
  // Prints the subtree of `body` as one object, without the ObjectNames, and without the Data where
  // `data_elsewhere`: those stand in the record's own lists. What holds nothing else is left out.
  void write(JsonWriter& json, const asn1::Tree& tree, asn1::NodeRef body, bool data_elsewhere);

 private:
  void count_rest(std::uint32_t begin, std::uint32_t end, bool data_elsewhere);
  bool has_rest(std::uint32_t index) const;
  void write_components(JsonWriter& json, std::uint32_t index);
  void write_elements(JsonWriter& json, std::uint32_t index);
  void write_value(JsonWriter& json, std::uint32_t index);
  void write_primitive(JsonWriter& json, const asn1::Node& node);

  const asn1::Tree* tree_ = nullptr;
  std::uint32_t base_ = 0;
  std::vector<std::uint32_t> rest_before_;  // leaves to print in [base, base + i)
};

}  // namespace mmsa::output
