#include "analysis/access/iccp_advice.h"

#include "analysis/access/access_advice.h"
#include "analysis/wording.h"

namespace mmsa::analysis {
namespace {

constexpr Advice kUnknown{
    "The other control centre has no object of this name, or does not show it to this one: what "
    "its bilateral table does not grant does not exist for the peer.",
    "Compare the name, its domain and Bilateral_Table_ID with the bilateral table at both ends."};
constexpr Advice kDenied{
    "The bilateral table of the other control centre does not grant this access to the object.",
    "Compare the rights (read, write) of this object in the bilateral table at both ends."};
constexpr Advice kOther{
    "The other control centre can not give or take this value now, or its type differs.",
    "Compare the type of the object in the bilateral table at both ends, and read its quality."};
constexpr Advice kService{
    "The other control centre does not allow this service for the object, or does not have the "
    "conformance block that it belongs to.",
    "Compare Supported_Features of both ends, and the object with the bilateral table."};

}  // namespace

Advice iccp_access_advice(std::int64_t code) {
  if (is_unknown_object(code)) return kUnknown;
  return code == AccessError::kObjectAccessDenied || code == AccessError::kObjectAccessUnsupported
             ? kDenied
             : kOther;
}

Advice iccp_service_advice() { return kService; }

void tell_requester(Finding& finding, const Context& context, const MmsMessage& message) {
  if (message.request == nullptr || message.request->sender == context.association.client) return;
  finding.evidence.set("requester", std::string(context.name_of(message.request->sender)));
  finding.message += " The server of the TCP connection asked, its client answered.";
}

}  // namespace mmsa::analysis
