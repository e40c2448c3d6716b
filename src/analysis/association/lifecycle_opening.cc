// Associations that did not come up: which layer refused, or what was never answered.
#include <fmt/format.h>

#include "analysis/association/lifecycle.h"
#include "analysis/association/refusal.h"
#include "analysis/wording.h"
#include "osi/texts.h"

namespace mmsa::analysis {

void LifecycleTracker::raise_refused(Context& context, std::string_view layer, Side by,
                                     FrameRef frame, const std::string& reason,
                                     const Advice& advice) {
  context.report.opened_how = fmt::format("refused: {}", layer);
  Finding* f = context.findings.raise("association-refused", context.association, frame)
                   .between_hosts()
                   .party(context.party_of(by))
                   .with("layer", layer)
                   .with("side", context.name_of(by))
                   .with("reason", reason)
                   .also(context.association.connection->first)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format("The {} refused the association at the {} layer: {}.",
                           context.name_of(by), layer, reason);
  use_advice(*f, advice);
  f->evidence.set("attempts", f->count);
}

// The server hung up without a word: which layer did not like the request is not known.
void LifecycleTracker::raise_refused_silently(Context& context, std::string_view what,
                                              FrameRef asked, bool reset) {
  context.report.opened_how = "refused: no reason given";
  const FrameRef frame = reset ? rst_ : fin_;
  const Side server = context.association.server();
  const std::string reason =
      fmt::format("{} in answer to the {}", reset ? "TCP RST" : "TCP connection closed", what);
  Finding* f = context.findings.raise("association-refused", context.association, frame)
                   .between_hosts()
                   .party(context.party_of(server))
                   .with("layer", "unknown")
                   .with("side", context.name_of(server))
                   .with("reason", reason)
                   .with_if(others_ != 0, "open_associations", others_)
                   .also(asked)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format("The {} refused the association without saying why: {}.",
                           context.name_of(server), reason);
  const RefusalCandidates candidates =
      refusal_candidates(context.association, session_connect_.number != 0, others_,
                         context.load != nullptr ? context.load->most : 0);
  f->cause = candidates.cause;
  f->next_step = candidates.next_step;
  if (candidates.faulty_request) f->party = context.party_of(context.association.client);
  f->evidence.set("attempts", f->count);
}

// An answer came, but only after the client had left.
void LifecycleTracker::raise_answered_late(Context& context, std::string_view what, FrameRef asked,
                                           FrameRef answered) {
  context.report.opened_how = "answered too late";
  const TimeNs waited = elapsed(asked, ending_.frame);
  Finding* f = context.findings.raise("association-unanswered", context.association, asked)
                   .between_hosts()
                   .with("step", what)
                   .with("late", true)
                   .with("answered_after_s", seconds_between(asked, answered))
                   .with("waited_s", seconds_between(asked, ending_.frame))
                   .also(ending_.frame)
                   .also(answered)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format(
      "The {} was answered after {}, when the {} had given up: it had waited {}.", what,
      duration_text(elapsed(asked, answered)), context.name_of(ending_.by), duration_text(waited));
  f->evidence.set("attempts", f->count);
  if (waited > context.settings.slow) {
    f->cause = "The server is overloaded or was just starting.";
    f->next_step = "Lengthen the client's timeout for connecting; look at the server's load.";
  } else {
    f->severity = Severity::note;
    f->cause = "The client left at once: it was stopped, or its timeout is very short.";
    f->next_step = "If the client was meant to connect, lengthen its timeout for connecting.";
  }
}

void LifecycleTracker::raise_unanswered(Context& context, std::string_view what, FrameRef frame) {
  context.report.opened_how = fmt::format("unanswered: {}", what);
  Finding* f = context.findings.raise("association-unanswered", context.association, frame)
                   .between_hosts()
                   .party(Party::server)
                   .with("step", what)
                   .put();
  if (f == nullptr) return;
  const Association& a = context.association;
  const bool syn = cotp_request_.number == 0 && session_connect_.number == 0;
  const std::uint64_t sent = a.connection->facts[index(a.client)].segments;
  const std::string times = syn && sent > 1 ? fmt::format(", sent {} times,", sent) : std::string();
  f->message = fmt::format("The {}{} got no answer from the server.", what, times);
  use_advice(*f, unanswered_advice(syn, session_connect_.number != 0));
  f->evidence.set("attempts", f->count);
}

// A CPR gives a reason, or the results of the contexts, or nothing.
void LifecycleTracker::refused_by_presentation(Context& context) {
  const Association& a = context.association;
  const PresentationFacts& facts = *a.presentation;
  std::string reason = "connection refused without a reason";
  Advice advice = refusal_advice("presentation", facts.refuse_reason);
  if (facts.refuse_reason) {
    reason = osi::presentation_refuse_reason_text(*facts.refuse_reason);
  } else {
    for (const PresentationContext& c : facts.contexts) {
      if (c.result.value_or(0) == 0) continue;
      reason = fmt::format("context {} {}", c.id, osi::context_result_text(*c.result));
      if (c.reason) reason += fmt::format(", {}", osi::context_reason_text(*c.reason));
      advice = refusal_advice("presentation context", c.reason);
      if (c.id == a.mms_context) break;  // that of MMS says most
    }
  }
  raise_refused(context, "presentation", a.server(), presentation_refuse_, reason, advice);
}

// What the protocol layers themselves said; the deepest one wins.
bool LifecycleTracker::refused_by_layer(Context& context) {
  const Association& a = context.association;
  const Side server = a.server();
  if (initiate_error_.number != 0) {
    raise_refused(context, "MMS", server, initiate_error_,
                  fmt::format("initiate-ErrorPDU {}", initiate_error_text_), refusal_advice("MMS"));
  } else if (aare_.number != 0 && a.acse->result.value_or(0) != 0) {
    std::string reason(osi::associate_result_text(*a.acse->result));
    if (a.acse->diagnostic_user.value_or(0) != 0) {
      reason += fmt::format(", {}", osi::associate_diagnostic_user_text(*a.acse->diagnostic_user));
    } else if (a.acse->diagnostic_provider.value_or(0) != 0) {
      reason += fmt::format(", {}",
                            osi::associate_diagnostic_provider_text(*a.acse->diagnostic_provider));
    }
    raise_refused(context, "ACSE", server, aare_, reason,
                  refusal_advice("ACSE", a.acse->diagnostic_user));
  } else if (presentation_refuse_.number != 0) {
    refused_by_presentation(context);
  } else if (session_refuse_.number != 0) {
    raise_refused(
        context, "session", server, session_refuse_,
        std::string(osi::session_refuse_reason_text(a.session->refuse_reason.value_or(0))),
        refusal_advice("session", a.session->refuse_reason));
  } else {
    return false;
  }
  return true;
}

void LifecycleTracker::close_opening(Context& context, const ConnectionClose& close) {
  const Association& a = context.association;
  const Connection& connection = *a.connection;
  AssociationResult& report = context.report;
  report.closed_how = close_name(close.kind);
  if (close.kind == CloseKind::fin || close.kind == CloseKind::rst) {
    report.closed_by = context.name_of(close.by);
  }
  const Side server = a.server();
  if (abort_.number != 0) {
    const std::string_view layer = abort_layer_ == AbortLayer::session ? "session"
                                   : abort_layer_ == AbortLayer::presentation_provider
                                       ? "presentation"
                                       : "ACSE";
    raise_refused(context, layer, abort_by_, abort_,
                  a.acse->abort_source.value_or(0) == 1 ? "aborted by the service provider"
                                                        : "aborted while it was being set up",
                  refusal_advice(layer));
    return;
  }
  if (cotp_disconnect_.number != 0) {
    raise_refused(
        context, "COTP", cotp_disconnect_by_, cotp_disconnect_,
        std::string(osi::cotp_disconnect_reason_text(a.cotp->disconnect_reason.value_or(0))),
        refusal_advice("COTP", a.cotp->disconnect_reason));
    return;
  }
  if (cotp_error_.number != 0) {
    raise_refused(context, "COTP", server, cotp_error_,
                  std::string(osi::cotp_reject_cause_text(a.cotp->reject_cause.value_or(0))),
                  refusal_advice("COTP", 133));
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
  if (connecting && connection.syn_ack_seen) {
    report.opened_how = "TCP only";  // opened and never used: no association was asked for
    return;
  }
  // An answer of the right kind that came when the client had left.
  if (session_connect_.number == 0 && cotp_confirm_.number != 0) {
    if (ended_before(cotp_confirm_) && ending_.by == a.client) {
      raise_answered_late(context, what, asked, cotp_confirm_);
    } else {
      report.opened_how = "COTP only";  // no association was asked for
    }
    return;
  }
  const bool client_left = ending_.how != Ending::How::none && ending_.by == a.client;
  if (connecting && server_rst && !client_left) {
    raise_refused(context, "TCP", server, rst_,
                  "TCP RST in answer to the SYN, nothing listens on the port",
                  refusal_advice("TCP"));
  } else if ((server_rst || server_fin) && !client_left) {
    raise_refused_silently(context, what, asked, !server_fin);
  } else if (ended || elapsed(asked, context.trace_end) > context.settings.no_response) {
    raise_unanswered(context, what, asked);
  } else {
    report.opened_how = "still opening at the end";
  }
}

}  // namespace mmsa::analysis
