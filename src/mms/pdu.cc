// MMS PDU octets -> nodes: ISO 9506-2 clause 7. The productions are in pdu_types.cc; here is what
// the tables do not say: which node is the invoke ID, which the service.
#include "mms/pdu.h"

#include "asn1/decoder.h"
#include "mms/pdu_types.h"
#include "mms/service_table.h"

namespace mmsa::mms {
namespace {

constexpr std::uint32_t kDetailTag = 79;  // cs-request-detail

// The invoke ID is Unsigned32: five octets hold one, and the first of them is zero.
std::optional<std::uint32_t> read_invoke_id(const asn1::Node& node, Trouble& trouble) {
  if (node.length == 0) return std::nullopt;  // its length is the error
  const std::uint64_t value = ber::unsigned_integer(node.bytes());
  if (value > 0xFFFF'FFFF) {
    trouble.note(Errc::bad_value, node.field->name, node.content);
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(value);
}

// The first component where it is the invoke ID: after it, in requests and responses, the service.
bool is_invoke_id(const asn1::Node& node) {
  return node.field->tag == ber::kInteger || node.field->tag == ber::ctx(0);
}

// Finds the service among the components of a request, response or unconfirmed PDU.
void find_service_node(const asn1::Tree& tree, Trouble& trouble, MmsPdu& pdu) {
  const std::uint32_t end = tree.nodes[0].end;
  for (std::uint32_t i = 1; i < end; i = tree.nodes[i].end) {
    const asn1::Node& node = tree.nodes[i];
    if (node.field == &asn1::kUnknownField) {
      // A context tag is a service of an edition or companion standard that is not known here.
      if ((node.content[0] >> 6) != static_cast<int>(ber::Class::context)) {
        trouble.note(Errc::unexpected_tag, "service", node.content);
      }
      return;
    }
    const ber::Tag tag = node.field->tag;
    if (tag.tag_class() != ber::Class::context || tag.number() == kDetailTag) continue;
    pdu.service = static_cast<std::uint16_t>(tag.number());
    if (pdu.kind == PduKind::unconfirmed) pdu.service += Service::kUnconfirmedBase;
    pdu.body = tree.at(i);
    return;
  }
}

void find_parts(const asn1::Tree& tree, Trouble& trouble, MmsPdu& pdu) {
  pdu.body = tree.root();
  switch (pdu.kind) {
    case PduKind::confirmed_request:
    case PduKind::confirmed_response:
      find_service_node(tree, trouble, pdu);
      [[fallthrough]];
    case PduKind::confirmed_error:
    case PduKind::reject:
    case PduKind::cancel_error:
      if (tree.nodes.size() > 1 && is_invoke_id(tree.nodes[1])) {
        pdu.invoke_id = read_invoke_id(tree.nodes[1], trouble);
      }
      break;
    case PduKind::cancel_request:
    case PduKind::cancel_response:
      pdu.invoke_id = read_invoke_id(tree.nodes[0], trouble);
      break;
    case PduKind::unconfirmed:
      find_service_node(tree, trouble, pdu);
      break;
    default:
      break;
  }
}

}  // namespace

MmsPdu decode_pdu(Bytes octets, asn1::Tree& tree) {
  tree.clear();
  Trouble trouble(Layer::mms, octets);
  trouble.read_cut_elements();
  ber::Reader reader(octets, trouble);
  asn1::Decoder decoder(tree, trouble);
  MmsPdu pdu;
  ber::Element element;
  if (octets.empty()) {
    trouble.fail(Errc::missing_field, "MMSpdu", octets.data());
  } else if (reader.next(element, "MMSpdu")) {
    const std::span<const asn1::Field> kinds = pdu_alternatives();
    const std::uint32_t number = element.tag.number();
    if (element.tag.tag_class() == ber::Class::context && number < kinds.size()) {
      pdu.kind = static_cast<PduKind>(number);
      decoder.decode_element(kinds[number], element);
      find_parts(tree, trouble, pdu);
    } else {
      trouble.note(Errc::unexpected_tag, "MMSpdu", element.begin);
      decoder.keep_unknown(element);
      pdu.body = tree.root();
    }
    if (!reader.at_end()) trouble.note(Errc::bad_length, "MMSpdu", reader.position());
  }
  pdu.error = trouble.error();
  pdu.quirks = trouble.quirks();
  return pdu;
}

Bytes first_pdu(Bytes octets) {
  Trouble trouble(Layer::mms, octets);
  ber::Reader reader(octets, trouble);
  ber::Element element;
  return reader.next(element, "MMSpdu") ? element.whole() : octets;
}

bool looks_like_pdu(Bytes octets) {
  if (octets.size() < 2) return false;
  // A PDU that was cut off is one all the same: only the header octets are looked at.
  const std::uint8_t first = octets[0];
  const bool constructed = (first & 0x20) != 0;
  const std::uint32_t number = first & 0x1Fu;
  if ((first >> 6) != static_cast<int>(ber::Class::context) || number > 13) return false;
  const auto kind = static_cast<PduKind>(number);
  const bool primitive = kind == PduKind::cancel_request || kind == PduKind::cancel_response ||
                         kind == PduKind::conclude_request || kind == PduKind::conclude_response;
  if (constructed == primitive) return false;
  if (kind == PduKind::conclude_request || kind == PduKind::conclude_response) {
    return octets[1] == 0;
  }
  if (primitive) return octets[1] >= 1 && octets[1] <= 5;
  // Behind the length octets stands the first component.
  std::size_t at = 2;
  if (octets[1] > 0x84) return false;
  if (octets[1] > 0x80) at += octets[1] & 0x7Fu;
  if (at >= octets.size()) return false;
  const std::uint8_t tag = octets[at];
  const std::uint8_t length = at + 1 < octets.size() ? octets[at + 1] : 1;
  switch (kind) {
    case PduKind::confirmed_request:
    case PduKind::confirmed_response:
      return tag == 0x02 && length >= 1 && length <= 5;
    case PduKind::confirmed_error:
    case PduKind::cancel_error:
      return tag == 0x80 && length >= 1 && length <= 5;
    case PduKind::unconfirmed:
      return tag >= 0xA0 && tag <= 0xA3;
    case PduKind::reject:
      return tag >= 0x80 && tag <= 0x8B && length >= 1 && length <= 5;
    case PduKind::initiate_request:
    case PduKind::initiate_response:
      return (tag == 0x80 || tag == 0x81) && length >= 1 && length <= 5;
    default:  // initiate-ErrorPDU and conclude-ErrorPDU: errorClass
      return tag == 0xA0;
  }
}

}  // namespace mmsa::mms
