// Associations that did not come up: which layer refused, or what was never answered.
#include <fmt/format.h>

#include "analysis/association/lifecycle.h"
#include "analysis/wording.h"
#include "osi/texts.h"

namespace mmsa::analysis {
namespace {

// What a refusal at each layer usually comes from, and what to do about it.
struct LayerAdvice {
  std::string_view layer;
  std::string_view cause;
  std::string_view next_step;
};

constexpr LayerAdvice kAdvice[] = {
    {"TCP",
     "Nothing listens on the port: the MMS server is switched off or restarting, the port is "
     "wrong, or a firewall answers in its place.",
     "Ping the IED, check that its MMS server is enabled and uses this port, and look for "
     "firewalls on the way."},
    {"COTP", "The transport selector is not the IED's, or all its connections are taken.",
     "Compare the TSAP with the IED's part of the SCD, and count the clients that are connected."},
    {"session", "The session selector is not the IED's, or all its connections are taken.",
     "Compare the SSEL with the IED's part of the SCD, and count the clients that are connected."},
    {"presentation", "The presentation selector or the presentation contexts do not fit.",
     "Compare the PSEL with the IED's part of the SCD; MMS must be proposed with 1.0.9506.2.1."},
    {"ACSE",
     "The AP title, AE qualifier or password is not the one the IED expects, or it accepts no "
     "further association.",
     "Compare AP title, AE qualifier and authentication in client and IED, and count the clients "
     "that are connected."},
    {"MMS", "The server can not agree to the values that the client proposes.",
     "Compare PDU size, outstanding requests, nesting and version in the initiate-RequestPDU with "
     "what the IED supports."},
};

}  // namespace

void LifecycleTracker::raise_refused(Context& context, std::string_view layer, Side by,
                                     FrameRef frame, const std::string& reason) {
  context.report.opened_how = fmt::format("refused: {}", layer);
  Finding* f = context.findings.raise_between_hosts("association-refused", context.association,
                                                    fmt::format("{}\n{}", layer, reason), frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, context.association.connection->first.number);
  f->message = fmt::format("The {} refused the association at the {} layer: {}.",
                           context.name_of(by), layer, reason);
  for (const LayerAdvice& advice : kAdvice) {
    if (advice.layer != layer) continue;
    f->cause = advice.cause;
    f->next_step = advice.next_step;
  }
  set_evidence(*f, "layer", std::string(layer));
  set_evidence(*f, "side", std::string(context.name_of(by)));
  set_evidence(*f, "reason", reason);
  set_evidence(*f, "attempts", static_cast<std::int64_t>(f->count));
}

void LifecycleTracker::raise_unanswered(Context& context, std::string_view what, FrameRef frame) {
  context.report.opened_how = fmt::format("unanswered: {}", what);
  Finding* f = context.findings.raise_between_hosts("association-unanswered", context.association,
                                                    what, frame);
  if (f == nullptr) return;
  f->message = fmt::format("The {} got no answer from the server.", what);
  set_evidence(*f, "step", std::string(what));
  set_evidence(*f, "attempts", static_cast<std::int64_t>(f->count));
}

// What the protocol layers themselves said; the deepest one wins.
bool LifecycleTracker::refused_by_layer(Context& context) {
  const Association& a = context.association;
  const Side server = a.server();
  if (initiate_error_.number != 0) {
    raise_refused(context, "MMS", server, initiate_error_,
                  fmt::format("initiate-ErrorPDU {}", initiate_error_text_));
  } else if (aare_.number != 0 && a.acse->result.value_or(0) != 0) {
    std::string reason(osi::associate_result_text(*a.acse->result));
    if (a.acse->diagnostic_user.value_or(0) != 0) {
      reason += fmt::format(", {}", osi::associate_diagnostic_user_text(*a.acse->diagnostic_user));
    } else if (a.acse->diagnostic_provider.value_or(0) != 0) {
      reason += fmt::format(", {}",
                            osi::associate_diagnostic_provider_text(*a.acse->diagnostic_provider));
    }
    raise_refused(context, "ACSE", server, aare_, reason);
  } else if (presentation_refuse_.number != 0) {
    raise_refused(
        context, "presentation", server, presentation_refuse_,
        a.presentation->refuse_reason
            ? std::string(osi::presentation_refuse_reason_text(*a.presentation->refuse_reason))
            : "connection refused without a reason");
  } else if (session_refuse_.number != 0) {
    raise_refused(
        context, "session", server, session_refuse_,
        std::string(osi::session_refuse_reason_text(a.session->refuse_reason.value_or(0))));
  } else {
    return false;
  }
  return true;
}

void LifecycleTracker::close_opening(Context& context, const ConnectionClose& close) {
  const Association& a = context.association;
  const Connection& connection = *a.connection;
  AssociationReport& report = context.report;
  report.closed_how = close_name(close.kind);
  if (close.kind == CloseKind::fin || close.kind == CloseKind::rst) {
    report.closed_by = context.name_of(close.by);
  }
  if (refused_by_layer(context)) return;
  const Side server = a.server();
  if (abort_.number != 0) {
    raise_refused(context, abort_by_provider_ ? "presentation" : "ACSE", abort_by_, abort_,
                  a.acse->abort_source.value_or(0) == 1 ? "aborted by the service provider"
                                                        : "aborted while it was being set up");
    return;
  }
  if (cotp_disconnect_.number != 0) {
    raise_refused(
        context, "COTP", cotp_disconnect_by_, cotp_disconnect_,
        std::string(osi::cotp_disconnect_reason_text(a.cotp->disconnect_reason.value_or(0))));
    return;
  }
  if (cotp_error_.number != 0) {
    raise_refused(context, "COTP", server, cotp_error_,
                  std::string(osi::cotp_reject_cause_text(a.cotp->reject_cause.value_or(0))));
    return;
  }
  report.opened_how = "nothing captured";
  if (!connection.opener && cotp_request_.number == 0 && session_connect_.number == 0) return;
  if (context.one_direction && cotp_request_.number != 0) return;  // the answers were not captured
  const bool server_rst = rst_.number != 0 && rst_by_ == server;
  const bool server_fin = fin_.number != 0 && fin_by_ == server;
  const bool ended = close.kind != CloseKind::capture_end && close.kind != CloseKind::evicted;
  // The step that got no positive answer.
  const bool connecting = cotp_request_.number == 0 && session_connect_.number == 0;
  const FrameRef asked = first_of({session_connect_, cotp_request_, connection.first});
  const std::string_view what = connecting                     ? "TCP SYN"
                                : session_connect_.number != 0 ? "association request (Initiate)"
                                                               : "COTP connection request";
  const std::string_view layer = connecting                     ? "TCP"
                                 : session_connect_.number != 0 ? "ACSE"
                                                                : "COTP";
  if (connecting && connection.syn_ack_seen) {
    report.opened_how = "TCP only";  // opened and never used: no association was asked for
    return;
  }
  if (server_rst && (connecting || fin_.number == 0 || fin_by_ == server)) {
    raise_refused(context, layer, server, rst_,
                  connecting ? "TCP RST in answer to the SYN, nothing listens on the port"
                             : fmt::format("TCP RST in answer to the {}", what));
  } else if (server_fin) {
    raise_refused(context, layer, server, fin_,
                  fmt::format("TCP connection closed in answer to the {}", what));
  } else if (ended || elapsed(asked, context.trace_end) > context.settings.no_response) {
    raise_unanswered(context, what, asked);
  } else {
    report.opened_how = "still opening at the end";
  }
}

}  // namespace mmsa::analysis
