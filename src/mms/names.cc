// Names of PDUs, services, values and errors, and the parts of an ObjectName.

#include "mms/pdu_types.h"
#include "mms/service_table.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/mms.h"

namespace mmsa {

std::string_view pdu_kind_name(PduKind kind) {
  const std::span<const asn1::Field> kinds = mms::pdu_alternatives();
  const auto index = static_cast<std::size_t>(kind);
  return index < kinds.size() ? kinds[index].name : "unknown";
}

std::string_view service_name(std::uint16_t service) {
  const mms::ServiceRow* row = mms::find_service(service);
  return row != nullptr ? row->name : "";
}

std::string_view data_type_name(DataType type) {
  static constexpr std::string_view kNames[] = {
      "failure",     "array",        "structure",      "boolean",
      "bit-string",  "integer",      "unsigned",       "floating-point",
      "real",        "octet-string", "visible-string", "generalized-time",
      "binary-time", "bcd",          "boolean-array",  "object-id",
      "mms-string",  "utc-time",
  };
  const auto index = static_cast<std::size_t>(type);
  return index < std::size(kNames) ? kNames[index] : "unknown";
}

std::string_view data_access_error_name(std::int64_t code) {
  return asn1::named(mms::kDataAccessError, code);
}

ObjectName object_name(asn1::NodeRef node) {
  ObjectName name;
  switch (node.node().field->tag.number()) {
    case 0:
      name.scope = ObjectName::Scope::vmd;
      name.item = node.text();
      break;
    case 1: {
      name.scope = ObjectName::Scope::domain;
      // domainId and itemId, in this order. Either may be missing where the PDU is damaged.
      const asn1::NodeRef domain = node.first_child();
      name.domain = domain.text();
      if (domain) name.item = domain.next_sibling(node).text();
      break;
    }
    default:
      name.scope = ObjectName::Scope::association;
      name.item = node.text();
      break;
  }
  return name;
}

}  // namespace mmsa
