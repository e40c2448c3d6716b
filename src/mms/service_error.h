// What errors and rejects say, in the words of ISO 9506-2; and what an absent moreFollows means.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mmsanalyze/mms.h"

namespace mmsa::mms {

// ServiceError (clause 7.4.4) of a confirmed-, cancel-, initiate- or conclude-ErrorPDU.
struct ServiceErrorText {
  std::string_view error_class;  // "access"
  std::string_view code;         // "object-non-existent"; empty for numbers without a name
  std::int64_t number = 0;
  std::optional<std::int64_t> additional_code;
  std::string_view additional_description;
  asn1::NodeRef specific;  // what serviceSpecificInformation holds, or none
};
// None where the PDU is no error, or where its errorClass could not be decoded.
std::optional<ServiceErrorText> service_error(const MmsPdu& pdu);
// Of a node whose type is ServiceError.
std::optional<ServiceErrorText> service_error(asn1::NodeRef error);

// rejectReason of a rejectPDU (clause 7.5).
struct RejectText {
  std::string_view pdu;   // the kind of PDU that was rejected: "confirmed-requestPDU", "pdu-error"
  std::string_view code;  // "unrecognized-service"; empty for numbers without a name
  std::int64_t number = 0;
};
std::optional<RejectText> reject_reason(const MmsPdu& pdu);

// moreFollows of a response, with the DEFAULT of its service where it is absent: TRUE for
// getNameList, fileRead, getCapabilityList, the segments and the semaphore reports; FALSE for
// fileDirectory, readJournal, the event enrollment attributes and the alarm summaries.
bool more_follows(const MmsPdu& pdu);

}  // namespace mmsa::mms
