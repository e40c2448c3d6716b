// ICCP (TASE.2, IEC 60870-6) in its own terms: what a control centre grants to another is written
// in their bilateral table.
#pragma once

#include "analysis/advice.h"
#include "analysis/context.h"

namespace mmsa::analysis {

// Of a failed read or write, by its DataAccessError.
Advice iccp_access_advice(std::int64_t code);
// Of a service that was refused as a whole.
Advice iccp_service_advice();
// Says that the TCP server asked, as ICCP and gateways allow; nothing where the client did.
void tell_requester(Finding& finding, const Context& context, const MmsMessage& message);

}  // namespace mmsa::analysis
