#include "osi/encoding.h"

#include "mmsanalyze/limits.h"

namespace mmsa::osi {
namespace {

// X.690 8.6.4, 8.7.3: a constructed string is the pieces in order, which may be constructed again.
void append_pieces(Bytes content, bool bits, int depth, Trouble& trouble,
                   std::vector<std::uint8_t>& out) {
  ber::Reader reader(content, trouble);
  ber::Element piece;
  while (!reader.at_end() && reader.next(piece, "segment")) {
    if (piece.constructed) {
      if (depth < limits::kMaxDepth) append_pieces(piece.content, bits, depth + 1, trouble, out);
    } else {
      const Bytes octets =
          bits && !piece.content.empty() ? piece.content.subspan(1) : piece.content;
      out.insert(out.end(), octets.begin(), octets.end());
    }
  }
}

// Nodes do not keep the primitive/constructed bit: it is read again from the parent's octets.
bool is_constructed(asn1::NodeRef parent, asn1::NodeRef value) {
  Trouble trouble(Layer::presentation, parent.bytes());
  ber::Reader reader(parent.bytes(), trouble);
  ber::Element element;
  while (reader.next(element, "")) {
    if (element.content.data() == value.bytes().data()) return element.constructed;
  }
  return false;
}

}  // namespace

Bytes encoded_value(asn1::NodeRef parent, Joined& joined) {
  if (const asn1::NodeRef single = parent.child("single-ASN1-type")) return single.bytes();
  asn1::NodeRef value = parent.child("octet-aligned");
  const bool bits = !value;
  if (bits) value = parent.child("arbitrary");
  if (!value || value.bytes().empty()) return {};
  if (!is_constructed(parent, value)) return bits ? value.bytes().subspan(1) : value.bytes();
  std::vector<std::uint8_t>& whole = joined.emplace_back();
  Trouble trouble(Layer::presentation, value.bytes());
  append_pieces(value.bytes(), bits, 0, trouble, whole);
  return whole;
}

}  // namespace mmsa::osi
