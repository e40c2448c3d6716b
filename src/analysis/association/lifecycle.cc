// PROTOCOL 1.8: the life of an association, and where it may break off. The deepest layer that gave
// an answer names the reason.
#include "analysis/association/lifecycle.h"

#include <fmt/format.h>

#include "analysis/wording.h"
#include "mms/service_error.h"
#include "osi/texts.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

void set_first(FrameRef& where, FrameRef frame) {
  if (where.number == 0) where = frame;
}

}  // namespace

void LifecycleTracker::on_step(Context&, Step step, Side sender, FrameRef frame) {
  switch (step) {
    case Step::connect_request:
      set_first(cotp_request_, frame);
      break;
    case Step::connect_confirm:
      set_first(cotp_confirm_, frame);
      break;
    case Step::disconnect_request:
      set_first(cotp_disconnect_, frame);
      cotp_disconnect_by_ = sender;
      break;
    case Step::tpdu_error:
      set_first(cotp_error_, frame);
      break;
    case Step::session_connect:
      set_first(session_connect_, frame);
      break;
    case Step::session_accept:
      set_first(session_accept_, frame);
      break;
    case Step::session_refuse:
      set_first(session_refuse_, frame);
      break;
    case Step::presentation_refuse:
      set_first(presentation_refuse_, frame);
      break;
    case Step::associate_response:
      set_first(aare_, frame);
      break;
    case Step::session_finish:
    case Step::release_request:
      if (finish_.number == 0) finish_by_ = sender;
      set_first(finish_, frame);
      break;
    case Step::session_disconnect:
    case Step::release_response:
      set_first(disconnect_, frame);
      break;
    case Step::session_abort:
    case Step::abort:
    case Step::presentation_abort_user:
    case Step::presentation_abort_provider:
      if (abort_.number == 0) abort_by_ = sender;
      set_first(abort_, frame);
      if (step == Step::presentation_abort_provider) abort_by_provider_ = true;
      break;
    default:
      break;
  }
}

void LifecycleTracker::on_message(Context&, const MmsMessage& message) {
  switch (message.pdu.kind) {
    case PduKind::initiate_request:
      set_first(initiate_request_, message.frame);
      break;
    case PduKind::initiate_response:
      set_first(initiate_response_, message.frame);
      break;
    case PduKind::initiate_error: {
      set_first(initiate_error_, message.frame);
      const auto error = mms::service_error(message.pdu);
      if (error) initiate_error_text_ = fmt::format("{}/{}", error->error_class, error->code);
      break;
    }
    case PduKind::conclude_request:
      conclude_by_ = message.sender;
      set_first(conclude_request_, message.frame);
      break;
    case PduKind::conclude_response:
      set_first(conclude_response_, message.frame);
      break;
    case PduKind::conclude_error:
      set_first(conclude_error_, message.frame);
      break;
    default:
      set_first(first_data_, message.frame);
      last_data_ = message.frame;
      break;
  }
}

void LifecycleTracker::on_fin(Side sender, FrameRef frame) {
  if (fin_.number == 0) fin_by_ = sender;
  set_first(fin_, frame);
}

void LifecycleTracker::on_rst(Side sender, FrameRef frame) {
  if (rst_.number == 0) rst_by_ = sender;
  set_first(rst_, frame);
}

bool LifecycleTracker::orderly() const {
  return (conclude_request_.number != 0 && conclude_error_.number == 0) || finish_.number != 0;
}

void LifecycleTracker::on_close(Context& context, const ConnectionClose& close) {
  AssociationReport& report = context.report;
  const Connection& connection = *context.association.connection;
  report.opened = connection.first;
  report.closed = first_of({rst_.number != 0 && fin_.number == 0 ? rst_ : fin_, close.frame});
  note_other_traffic(context);
  const bool ours = context.association.carries == Association::Carries::mms ||
                    context.association.carries == Association::Carries::iso_on_tcp ||
                    context.association.carries == Association::Carries::nothing;
  if (!ours) {
    report.opened_how = "not MMS";
    report.closed_how = close.kind == CloseKind::capture_end ? "open at the end" : "closed";
    return;
  }
  if (opened() && !refused_by_layer(context)) {
    report.opened_how = "initiate";
    report.opened = initiate_response_;
    note_reduced(context);
    close_open(context, close);
  } else if (mms_seen()) {
    const bool begun = !start_missing() || connection.syn_seen || connection.syn_ack_seen;
    report.opened_how = begun ? "initiate not captured" : "before the capture";
    report.opened = first_data_;
    raise_initiate_missing(context);
    close_open(context, close);
  } else {
    close_opening(context, close);
  }
}

void LifecycleTracker::note_other_traffic(Context& context) {
  const Association& association = context.association;
  using Carries = Association::Carries;
  if (!association.expected_here) return;
  const FrameRef frame = association.connection->first;
  if (association.carries == Carries::tls) {
    if (Finding* f = context.findings.raise("encrypted-connection", association, "", "", frame)) {
      f->message =
          "The connection is encrypted with TLS (IEC 62351-3): nothing above TCP can be read.";
    }
  } else if (association.carries == Carries::s7comm || association.carries == Carries::other) {
    const bool s7 = association.carries == Carries::s7comm;
    if (Finding* f = context.findings.raise("foreign-protocol", association, "", "", frame)) {
      f->message = fmt::format("Port {} carries {}, not MMS.",
                               association.connection->endpoint[index(association.server())].port,
                               s7 ? "S7comm (Siemens PLC programming)" : "another protocol");
      f->evidence.emplace_back("protocol", s7 ? std::string("s7comm") : std::string("unknown"));
    }
  }
}

// --- an open association ---

void LifecycleTracker::note_reduced(Context& context) {
  const MmsFacts& mms = context.association.mms;
  if (!mms.proposed || !mms.negotiated) return;
  const InitiateValues& p = *mms.proposed;
  const InitiateValues& n = *mms.negotiated;
  std::string text;
  const auto compare = [&](std::string_view name, std::int64_t proposed, std::int64_t negotiated) {
    if (negotiated >= proposed || proposed == 0) return;
    text += fmt::format("{}{} {} to {}", text.empty() ? "" : ", ", name, proposed, negotiated);
  };
  if (p.local_detail && n.local_detail) compare("PDU size", *p.local_detail, *n.local_detail);
  compare("requests of the client", p.max_outstanding_calling, n.max_outstanding_calling);
  compare("requests of the server", p.max_outstanding_called, n.max_outstanding_called);
  if (p.nesting_level && n.nesting_level) compare("nesting", *p.nesting_level, *n.nesting_level);
  compare("version", p.version, n.version);
  if (text.empty()) return;
  Finding* f = context.findings.raise("negotiation-reduced", context.association, "", "",
                                      initiate_response_);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, initiate_request_.number);
  f->message = fmt::format("The server lowered what the client proposed: {}.", text);
}

void LifecycleTracker::raise_initiate_missing(Context& context) {
  const Association& a = context.association;
  Finding* f = context.findings.raise("initiate-missing", a, "", "", first_data_);
  if (f == nullptr) return;
  std::string_view why = "it was negotiated";
  switch (a.context_source) {
    case ContextSource::user:
      why = "given with --pres-context";
      break;
    case ContextSource::inferred:
      why = "the context that carries valid MMS PDUs";
      break;
    case ContextSource::assumed:
    case ContextSource::none:
      why = "the usual one, and its content is valid MMS";
      break;
    case ContextSource::negotiated:
      break;
  }
  const bool begun = !start_missing() || a.connection->syn_seen || a.connection->syn_ack_seen;
  f->message = fmt::format(
      "{}; decoded with presentation context {} ({}).",
      begun ? "The opening of the association is in the capture, but not the whole of its Initiate"
            : "The association began before the capture",
      a.mms_context, why);
  if (begun) {
    f->cause =
        context.one_direction
            ? "Only one direction was captured, so that the answer to the Initiate is missing."
            : "The packets of the Initiate were cut by a snap length, or the capture lost them.";
    f->next_step =
        "To see what was negotiated, capture again in both directions and without a limit (tcpdump "
        "-s 0). All else is decoded as far as it was captured.";
  }
  set_evidence(*f, "context", a.mms_context);
}

void LifecycleTracker::close_open(Context& context, const ConnectionClose& close) {
  AssociationReport& report = context.report;
  const Association& a = context.association;
  if (abort_.number != 0 && !orderly()) {
    report.closed = abort_;
    report.closed_how = "abort";
    report.closed_by = context.name_of(abort_by_);
    raise_aborted(context);
    return;
  }
  if (orderly()) {
    report.closed = conclude_request_.number != 0 ? conclude_request_ : finish_;
    report.closed_how = conclude_request_.number != 0 ? "conclude" : "release";
    report.closed_by = context.name_of(conclude_request_.number != 0 ? conclude_by_ : finish_by_);
    return;
  }
  const bool rst_first = rst_.number != 0 && fin_.number == 0;
  if (rst_first) {
    report.closed = rst_;
    report.closed_how = "rst";
    report.closed_by = context.name_of(rst_by_);
    raise_reset(context);
  } else if (fin_.number != 0) {
    report.closed = fin_;
    report.closed_how = "fin";
    report.closed_by = context.name_of(fin_by_);
    Finding* f = context.findings.raise("closed-without-conclude", a, "", "", fin_);
    if (f != nullptr) {
      f->message = fmt::format("The {} closed the TCP connection without Conclude or Release{}.",
                               context.name_of(fin_by_), idle_text(last_data_, fin_));
      set_evidence(*f, "idle_s", seconds_between(last_data_, fin_));
      set_evidence(*f, "outstanding", static_cast<std::int64_t>(outstanding_at_end_));
    }
  } else {
    report.closed_how = close_name(close.kind);
  }
}

void LifecycleTracker::raise_aborted(Context& context) {
  Finding* f = context.findings.raise("association-aborted", context.association, "", "", abort_);
  if (f == nullptr) return;
  const AcseFacts& acse = *context.association.acse;
  std::string by(abort_by_provider_ || acse.abort_source.value_or(0) == 1
                     ? "the protocol stack (service provider)"
                     : "the application (service user)");
  f->message = fmt::format("The {} aborted the association, by {}{}.", context.name_of(abort_by_),
                           by, idle_text(last_data_, abort_));
  set_evidence(*f, "side", std::string(context.name_of(abort_by_)));
  if (acse.abort_diagnostic) {
    set_evidence(*f, "diagnostic", std::string(osi::abort_diagnostic_text(*acse.abort_diagnostic)));
  }
  set_evidence(*f, "outstanding", static_cast<std::int64_t>(outstanding_at_end_));
}

void LifecycleTracker::raise_reset(Context& context) {
  Finding* f = context.findings.raise("connection-reset", context.association, "", "", rst_);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, last_data_.number);
  const double idle = seconds_between(last_data_, rst_);
  const bool was_idle = elapsed(last_data_, rst_) > context.settings.idle;
  f->message = fmt::format("The {} reset the open TCP connection{}{}.", context.name_of(rst_by_),
                           idle_text(last_data_, rst_),
                           outstanding_at_end_ == 0
                               ? std::string()
                               : fmt::format(", with {} request{} in flight", outstanding_at_end_,
                                             outstanding_at_end_ == 1 ? "" : "s"));
  set_evidence(*f, "side", std::string(context.name_of(rst_by_)));
  set_evidence(*f, "idle_s", idle);
  set_evidence(*f, "outstanding", static_cast<std::int64_t>(outstanding_at_end_));
  if (was_idle) {
    f->cause = "An idle timeout in the device or in a firewall on the way.";
    f->next_step =
        "Let the client poll or send TCP keep-alives more often than the idle time above.";
  } else {
    f->cause = "The program or the device that sent the reset crashed or was restarted.";
    f->next_step = "Read the event log of the side that sent the reset for a restart at that time.";
  }
}

}  // namespace mmsa::analysis
