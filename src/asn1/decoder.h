// Octets + tables -> nodes: the one interpreter of all ASN.1 tables.
#pragma once

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/ber.h"
#include "mmsanalyze/limits.h"

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
  void close(std::uint32_t index) { tree_.nodes[index].end = tree_.nodes.size(); }

 private:
  // A constructed element whose components are being read.
  struct Level {
    const std::uint8_t* pos;  // of the next component
    const std::uint8_t* end;
    const std::uint8_t* begin;  // first identifier octet
    const Field* field;         // what it is
    const Field* next;          // SEQUENCE: the first that may come. CHOICE: null once one has come
    std::uint32_t node;
  };

  void take(const Field& field, ber::Element& element);
  void enter(const Field& field, Bytes content, bool constructed, const std::uint8_t* begin);
  bool unwrap(const Field& field, ber::Element& element);
  void leave(const Level& level);
  void note_missing(const Level& level);
  // open(), and the index in the tree's lists as the type's role says.
  std::uint32_t open_listed(const Field& field, Bytes content);
  void check_primitive(const Field& field, Bytes content, bool constructed,
                       const std::uint8_t* begin);

  static const char* expected(const Level& level);
  const Field* find_component(Level& level, const ber::Element& element);
  const Field* find_in_sequence(Level& level, const ber::Element& element);
  static const Field* find_in_set(const Type& type, const ber::Element& element);

  Tree& tree_;
  Trouble& trouble_;
  int data_depth_ = 0;
  Level levels_[limits::kMaxDepth + 1];  // the first is of nothing
  Level* level_ = levels_;               // the innermost one that is open
};

// True where an element with this tag can be this field.
bool accepts(const Field& field, ber::Tag tag);

}  // namespace mmsa::asn1
