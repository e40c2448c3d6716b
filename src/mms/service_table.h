// The service table: one row for each service of ISO 9506-2.
#pragma once

#include <span>

#include "mms/types.h"

namespace mmsa::mms {

struct ServiceRow {
  std::uint16_t number;  // of Service; its low octet is the context tag
  const char* name;      // the ASN.1 identifier
  const Type* request;   // the argument; of an unconfirmed service its only type
  const Type* response;  // the result; null for unconfirmed services
};

// In the order of their numbers.
std::span<const ServiceRow> confirmed_services();
std::span<const ServiceRow> unconfirmed_services();

// The row of a service number (mms.h), or null.
const ServiceRow* find_service(std::uint16_t service);

}  // namespace mmsa::mms
