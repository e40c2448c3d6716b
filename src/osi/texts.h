// The reasons and results of the layers below MMS in words.
#pragma once

#include <cstdint>
#include <string_view>

namespace mmsa::osi {

// Each gives "unknown" for values that its standard does not define.
std::string_view cotp_disconnect_reason_text(std::int64_t reason);      // DR, ISO 8073 13.5.3
std::string_view cotp_reject_cause_text(std::int64_t cause);            // ER, ISO 8073 13.12.3
std::string_view session_refuse_reason_text(std::int64_t reason);       // RF, X.225 8.3.5
std::string_view presentation_refuse_reason_text(std::int64_t reason);  // CPR, X.226 8.2
std::string_view presentation_abort_reason_text(std::int64_t reason);   // ARP, X.226 8.2
std::string_view presentation_event_text(std::int64_t event);           // ARP, X.226 8.2
std::string_view context_result_text(std::int64_t result);              // X.226 8.2
std::string_view context_reason_text(std::int64_t reason);              // X.226 8.2
std::string_view associate_result_text(std::int64_t result);            // AARE, X.227 9
std::string_view associate_diagnostic_user_text(std::int64_t diagnostic);
std::string_view associate_diagnostic_provider_text(std::int64_t diagnostic);
std::string_view release_request_reason_text(std::int64_t reason);   // RLRQ
std::string_view release_response_reason_text(std::int64_t reason);  // RLRE
std::string_view abort_source_text(std::int64_t source);             // ABRT
std::string_view abort_diagnostic_text(std::int64_t diagnostic);

}  // namespace mmsa::osi
