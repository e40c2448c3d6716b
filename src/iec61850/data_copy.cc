#include "iec61850/data_copy.h"

#include <algorithm>
#include <span>

#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {
namespace {

bool same_bits(Bytes a, Bytes b) {
  const BitString x(a);
  const BitString y(b);
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i]) return false;
  }
  return true;
}

bool same_primitive(const asn1::Node& a, const asn1::Node& b) {
  switch (data_type(a)) {
    case DataType::boolean:
      return (a.length > 0 && a.content[0] != 0) == (b.length > 0 && b.content[0] != 0);
    case DataType::integer:
      return ber::integer(a.bytes()) == ber::integer(b.bytes());
    case DataType::unsigned_integer:
    case DataType::bcd:
      return ber::unsigned_integer(a.bytes()) == ber::unsigned_integer(b.bytes());
    case DataType::bit_string:
    case DataType::boolean_array:
      return same_bits(a.bytes(), b.bytes());
    default:
      return std::ranges::equal(a.bytes(), b.bytes());
  }
}

}  // namespace

void DataCopy::assign(asn1::NodeRef value) {
  tree_.clear();
  octets_.clear();
  if (!value) return;
  const Bytes whole = value.bytes();
  octets_.assign(whole.begin(), whole.end());
  const std::uint32_t begin = value.index();
  // A subtree is contiguous: pre-order.
  for (const asn1::Node& original : std::span(&value.node(), value.node().end - begin)) {
    asn1::Node node = original;
    node.end -= begin;
    node.content = octets_.data();
    if (node.length > 0) node.content += original.content - whole.data();
    tree_.nodes.push_back(node);
  }
}

bool same_value(asn1::NodeRef a, asn1::NodeRef b) {
  if (!a || !b) return !a && !b;
  const std::span x(&a.node(), a.node().end - a.index());
  const std::span y(&b.node(), b.node().end - b.index());
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i].field->tag != y[i].field->tag) return false;
    if (x[i].end - a.index() != y[i].end - b.index()) return false;  // another shape
    const DataType type = data_type(x[i]);
    if (type == DataType::structure || type == DataType::array) continue;
    if (!same_primitive(x[i], y[i])) return false;
  }
  return true;
}

}  // namespace mmsa::iec61850
