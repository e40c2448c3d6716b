#include "mms/service_error.h"

namespace mmsa::mms {

std::optional<ServiceErrorText> service_error(asn1::NodeRef error) {
  const asn1::NodeRef code = error.child("errorClass").first_child();
  if (!code || !code.node().known()) return std::nullopt;
  ServiceErrorText text;
  text.error_class = code.name();
  text.number = code.integer();
  text.code = asn1::named(*code.node().field->type, text.number);
  if (const asn1::NodeRef additional = error.child("additionalCode")) {
    text.additional_code = additional.integer();
  }
  text.additional_description = error.child("additionalDescription").text();
  text.specific = error.child("serviceSpecificInformation").first_child();
  return text;
}

std::optional<ServiceErrorText> service_error(const MmsPdu& pdu) {
  switch (pdu.kind) {
    case PduKind::confirmed_error:
    case PduKind::cancel_error:
      return service_error(pdu.body.child("serviceError"));
    case PduKind::initiate_error:
    case PduKind::conclude_error:
      return service_error(pdu.body);
    default:
      return std::nullopt;
  }
}

std::optional<RejectText> reject_reason(const MmsPdu& pdu) {
  if (pdu.kind != PduKind::reject) return std::nullopt;
  for (asn1::NodeRef c = pdu.body.first_child(); c; c = c.next_sibling(pdu.body)) {
    if (!c.node().known() || c.node().field->tag == ber::ctx(0)) continue;  // originalInvokeID
    return RejectText{c.name(), asn1::named(*c.node().field->type, c.integer()), c.integer()};
  }
  return std::nullopt;
}

bool more_follows(const MmsPdu& pdu) {
  if (pdu.kind != PduKind::confirmed_response) return false;
  bool fallback = false;
  switch (pdu.service) {
    case Service::kGetNameList:
    case Service::kFileRead:
    case 24:  // reportPoolSemaphoreStatus
    case 25:  // reportSemaphoreEntryStatus
    case 27:  // downloadSegment
    case 30:  // uploadSegment
    case 71:  // getCapabilityList
      fallback = true;
      break;
    default:
      break;
  }
  return pdu.body.child("moreFollows").boolean(fallback);
}

}  // namespace mmsa::mms
