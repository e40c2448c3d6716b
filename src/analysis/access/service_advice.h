// What a ServiceError (ISO 9506-2 clause 7.4.4) most likely means for an engineer, by the service
// that was refused. The codes of class access mean what the DataAccessErrors of the same names do.
#pragma once

#include <cstdint>

#include "analysis/advice.h"
#include "mms/service_error.h"

namespace mmsa::analysis {

// Codes that decide what is looked for.
struct ServiceErrorCode {
  static constexpr std::int64_t kDefinitionObjectUndefined = 1;
  static constexpr std::int64_t kAccessUnsupported = 1;
  static constexpr std::int64_t kAccessNonExistent = 2;
};

// Empty where nothing more than the rule's own texts can be said.
Advice service_advice(std::uint16_t service, const mms::ServiceErrorText& error);

// The server does not have the service at all.
bool is_not_implemented(const mms::ServiceErrorText& error);
// The answer may have been larger than the server can send, if the object is large.
bool may_be_size(const mms::ServiceErrorText& error);

// Of a reject with "unrecognized-service" and the like.
Advice reject_advice(const mms::RejectText& reason);

}  // namespace mmsa::analysis
