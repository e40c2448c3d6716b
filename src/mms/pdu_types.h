// MMSpdu as a table.
#pragma once

#include <span>

#include "mmsanalyze/asn1.h"

namespace mmsa::mms {

// The alternatives of MMSpdu in the order of PduKind, which is that of their tags.
std::span<const asn1::Field> pdu_alternatives();

}  // namespace mmsa::mms
