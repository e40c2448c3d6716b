// Octets + tables -> nodes: the one interpreter of all ASN.1 tables.
#pragma once

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/ber.h"

namespace mmsa::asn1 {

// Appends the nodes of one value to `tree`. Errors and quirks go to the reader's Trouble; what was
// decoded up to a framing error stays in the tree.
class Decoder {
 public:
  Decoder(Tree& tree, Trouble& trouble) : tree_(tree), trouble_(trouble) {}

  // The next element of `reader` must be this field, which must not be optional.
  void decode_field(const Field& field, ber::Reader& reader);
  // `element` is this field: its tag has been checked.
  void decode_element(const Field& field, const ber::Element& element);
  // Keeps an element that no table knows: tag and octets.
  void keep_unknown(const ber::Element& element);

  // Opens a node whose children the caller decodes; close() ends its subtree.
  std::uint32_t open(const Field& field, Bytes content) {
    const std::uint32_t behind = tree_.nodes.size() + 1;
    return tree_.nodes.push_back(
        {&field, content.data(), static_cast<std::uint32_t>(content.size()), behind});
  }
  void close(std::uint32_t index) {
    tree_.nodes[index].end = tree_.nodes.size();
  }

 private:
  void decode_known(const Field& field, const ber::Element& element);
  void decode_match(const Field& field, const ber::Element& element);
  void decode_explicit(const Field& field, const ber::Element& element);
  void decode_content(const Field& field, const ber::Element& element, Bytes content);
  void decode_constructed(const Field& field, const ber::Element& element, Bytes content);
  // open(), and the index in the tree's lists as the type's role says.
  std::uint32_t open_listed(const Field& field, Bytes content);
  void decode_sequence(const Type& type, ber::Reader& reader);
  void decode_set(const Type& type, ber::Reader& reader);
  void decode_sequence_of(const Type& type, ber::Reader& reader);
  void decode_choice(const Type& type, const char* field, const ber::Element& element);
  void check_primitive(const Field& field, const ber::Element& element, Bytes content);

  Tree& tree_;
  Trouble& trouble_;
  int depth_ = 0;
  int data_depth_ = 0;
};

// True where an element with this tag can be this field.
bool accepts(const Field& field, ber::Tag tag);

}  // namespace mmsa::asn1
