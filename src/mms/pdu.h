// MMS PDU octets -> nodes.
#pragma once

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/mms.h"

namespace mmsa::mms {

// Decodes one MMSpdu into `tree`, which is cleared first. The result refers to the tree and to the
// octets. node 0 is the PDU; its children are its components: invokeID, the service, ...
[[nodiscard]] MmsPdu decode_pdu(Bytes octets, asn1::Tree& tree);
inline void decode_pdu(Bytes octets, DecodedPdu& decoded) {
  decoded.pdu = decode_pdu(octets, decoded.tree);
}

// The octets of the first PDU where several stand in one presentation data value; all octets where
// that can not be told.
Bytes first_pdu(Bytes octets);

// Whether the octets can be an MMSpdu, judged by their first elements (PROTOCOL 7.4): for streams
// whose association was not captured. Never reads the whole.
bool looks_like_pdu(Bytes octets);

}  // namespace mmsa::mms
