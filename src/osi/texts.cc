#include "osi/texts.h"

#include <span>

namespace mmsa::osi {
namespace {

struct Row {
  std::int64_t value;
  std::string_view text;
};

std::string_view look_up(std::span<const Row> rows, std::int64_t value) {
  for (const Row& row : rows) {
    if (row.value == value) return row.text;
  }
  return "unknown";
}

constexpr Row kCotpDisconnectReasons[] = {
    {0, "reason not specified"},
    {1, "congestion at the TSAP"},
    {2, "session entity not attached to the TSAP"},
    {3, "address unknown"},
    {128, "normal disconnect by the session entity"},
    {129, "remote transport entity congested"},
    {130, "connection negotiation failed"},
    {131, "duplicate source reference"},
    {132, "mismatched references"},
    {133, "protocol error"},
    {135, "reference overflow"},
    {136, "connection request refused on this network connection"},
    {138, "header or parameter length invalid"},
};

constexpr Row kCotpRejectCauses[] = {
    {0, "reason not specified"},
    {1, "invalid parameter code"},
    {2, "invalid TPDU type"},
    {3, "invalid parameter value"},
};

constexpr Row kSessionRefuseReasons[] = {
    {0, "rejected by the called user, reason not specified"},
    {1, "rejected by the called user, temporary congestion"},
    {2, "rejected by the called user, its reason follows"},
    {129, "session selector unknown"},
    {130, "no user attached to the session selector"},
    {131, "session entity congested"},
    {132, "proposed protocol versions not supported"},
    {133, "rejected by the session entity, reason not specified"},
    {134, "rejected by the session entity, implementation restriction"},
};

constexpr Row kPresentationRefuseReasons[] = {
    {0, "reason not specified"},           {1, "temporary congestion"},
    {2, "local limit exceeded"},           {3, "called presentation address unknown"},
    {4, "protocol version not supported"}, {5, "default context not supported"},
    {6, "user data not readable"},         {7, "no presentation access point available"},
};

constexpr Row kPresentationAbortReasons[] = {
    {0, "reason not specified"},
    {1, "unrecognized PPDU"},
    {2, "unexpected PPDU"},
    {3, "unexpected session service primitive"},
    {4, "unrecognized PPDU parameter"},
    {5, "unexpected PPDU parameter"},
    {6, "invalid PPDU parameter value"},
};

constexpr Row kPresentationEvents[] = {
    {0, "CP"},
    {1, "CPA"},
    {2, "CPR"},
    {3, "ARU"},
    {4, "ARP"},
    {5, "AC"},
    {6, "ACA"},
    {7, "TD"},
    {8, "TTD"},
    {9, "TE"},
    {10, "TC"},
    {11, "TCC"},
    {12, "RS"},
    {13, "RSA"},
    {14, "release indication"},
    {15, "release confirm"},
    {16, "token give indication"},
    {17, "token please indication"},
    {18, "control give indication"},
    {19, "minor synchronization indication"},
    {20, "minor synchronization confirm"},
    {21, "major synchronization indication"},
    {22, "major synchronization confirm"},
    {23, "provider exception report indication"},
    {24, "user exception report indication"},
    {25, "activity start indication"},
    {26, "activity resume indication"},
    {27, "activity interrupt indication"},
    {28, "activity interrupt confirm"},
    {29, "activity discard indication"},
    {30, "activity discard confirm"},
    {31, "activity end indication"},
    {32, "activity end confirm"},
};

constexpr Row kContextResults[] = {
    {0, "accepted"},
    {1, "rejected by the user"},
    {2, "rejected by the provider"},
};

constexpr Row kContextReasons[] = {
    {0, "reason not specified"},
    {1, "abstract syntax not supported"},
    {2, "proposed transfer syntaxes not supported"},
    {3, "local limit on contexts exceeded"},
};

constexpr Row kAssociateResults[] = {
    {0, "accepted"},
    {1, "rejected permanently"},
    {2, "rejected for now"},
};

constexpr Row kAssociateDiagnosticsUser[] = {
    {0, "no diagnostic"},
    {1, "no reason given"},
    {2, "application context name not supported"},
    {3, "calling AP title not recognized"},
    {4, "calling AP invocation identifier not recognized"},
    {5, "calling AE qualifier not recognized"},
    {6, "calling AE invocation identifier not recognized"},
    {7, "called AP title not recognized"},
    {8, "called AP invocation identifier not recognized"},
    {9, "called AE qualifier not recognized"},
    {10, "called AE invocation identifier not recognized"},
    {11, "authentication mechanism name not recognized"},
    {12, "authentication mechanism name required"},
    {13, "authentication failure"},
    {14, "authentication required"},
};

constexpr Row kAssociateDiagnosticsProvider[] = {
    {0, "no diagnostic"},
    {1, "no reason given"},
    {2, "no common ACSE version"},
};

constexpr Row kReleaseRequestReasons[] = {{0, "normal"}, {1, "urgent"}, {30, "user defined"}};
constexpr Row kReleaseResponseReasons[] = {
    {0, "normal"}, {1, "not finished"}, {30, "user defined"}};
constexpr Row kAbortSources[] = {{0, "service user"}, {1, "service provider"}};

constexpr Row kAbortDiagnostics[] = {
    {1, "no reason given"},
    {2, "protocol error"},
    {3, "authentication mechanism name not recognized"},
    {4, "authentication mechanism name required"},
    {5, "authentication failure"},
    {6, "authentication required"},
};

}  // namespace

std::string_view cotp_disconnect_reason_text(std::int64_t reason) {
  return look_up(kCotpDisconnectReasons, reason);
}
std::string_view cotp_reject_cause_text(std::int64_t cause) {
  return look_up(kCotpRejectCauses, cause);
}
std::string_view session_refuse_reason_text(std::int64_t reason) {
  return look_up(kSessionRefuseReasons, reason);
}
std::string_view presentation_refuse_reason_text(std::int64_t reason) {
  return look_up(kPresentationRefuseReasons, reason);
}
std::string_view presentation_abort_reason_text(std::int64_t reason) {
  return look_up(kPresentationAbortReasons, reason);
}
std::string_view presentation_event_text(std::int64_t event) {
  return look_up(kPresentationEvents, event);
}
std::string_view context_result_text(std::int64_t result) {
  return look_up(kContextResults, result);
}
std::string_view context_reason_text(std::int64_t reason) {
  return look_up(kContextReasons, reason);
}
std::string_view associate_result_text(std::int64_t result) {
  return look_up(kAssociateResults, result);
}
std::string_view associate_diagnostic_user_text(std::int64_t diagnostic) {
  return look_up(kAssociateDiagnosticsUser, diagnostic);
}
std::string_view associate_diagnostic_provider_text(std::int64_t diagnostic) {
  return look_up(kAssociateDiagnosticsProvider, diagnostic);
}
std::string_view release_request_reason_text(std::int64_t reason) {
  return look_up(kReleaseRequestReasons, reason);
}
std::string_view release_response_reason_text(std::int64_t reason) {
  return look_up(kReleaseResponseReasons, reason);
}
std::string_view abort_source_text(std::int64_t source) { return look_up(kAbortSources, source); }
std::string_view abort_diagnostic_text(std::int64_t diagnostic) {
  return look_up(kAbortDiagnostics, diagnostic);
}

}  // namespace mmsa::osi
