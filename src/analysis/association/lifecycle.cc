// PROTOCOL 1.8: the life of an association, and where it may break off. The deepest layer that gave
// an answer names the reason.
#include "analysis/association/lifecycle.h"

#include <fmt/format.h>

#include <algorithm>

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

void LifecycleTracker::on_step(Context& context, Step step, Side sender, FrameRef frame) {
  switch (step) {
    case Step::connect_request:
      if (cotp_request_.number == 0 && context.load != nullptr) others_ = context.load->open;
      set_first(cotp_request_, frame);
      break;
    case Step::connect_confirm:
      set_first(cotp_confirm_, frame);
      break;
    case Step::disconnect_request:
      if (cotp_disconnect_.number == 0) cotp_disconnect_by_ = sender;
      set_first(cotp_disconnect_, frame);
      note_ending(context, Ending::How::disconnect, sender, frame);
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
      note_ending(context, Ending::How::release, sender, frame);
      break;
    case Step::session_abort:
    case Step::abort:
    case Step::presentation_abort_user:
    case Step::presentation_abort_provider:
      if (abort_.number == 0) abort_by_ = sender;
      set_first(abort_, frame);
      note_ending(context, Ending::How::abort, sender, frame);
      if (abort_.number == frame.number) note_abort_layer(step);
      break;
    default:
      break;
  }
}

void LifecycleTracker::note_abort_layer(Step step) {
  const AbortLayer layer = step == Step::abort ? AbortLayer::acse
                           : step == Step::presentation_abort_provider
                               ? AbortLayer::presentation_provider
                           : step == Step::presentation_abort_user ? AbortLayer::presentation_user
                                                                   : AbortLayer::session;
  abort_layer_ = std::max(abort_layer_, layer);
}

// The first one counts.
void LifecycleTracker::note_ending(Context& context, Ending::How how, Side by, FrameRef frame) {
  if (ending_.how != Ending::How::none) return;
  ending_ = {
      .how = how, .by = by, .frame = frame, .last_data = last_data_, .open = {open_[0], open_[1]}};
  ending_.heard = context.association.connection->facts[index(other(by))].last_segment;
  if (counted_ && context.load != nullptr) context.load->closed();
  counted_ = false;
}

void LifecycleTracker::on_unanswered(const PendingRequest& request, UnansweredWhy) {
  std::uint32_t& open = open_[index(request.sender)];
  if (open > 0) --open;
}

void LifecycleTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.pdu.kind == PduKind::confirmed_request && message.pdu.invoke_id) {
    ++open_[index(message.sender)];
  } else if (message.request != nullptr) {
    std::uint32_t& open = open_[index(message.request->sender)];
    if (open > 0) --open;
  }
  if (message.pdu.kind == PduKind::unconfirmed || context.asked.constraints.has(iec61850::Fc::BR) ||
      context.asked.constraints.has(iec61850::Fc::RP)) {
    blocks_.on_message(context, message);
  }
  switch (message.pdu.kind) {
    case PduKind::initiate_request:
      set_first(initiate_request_, message.frame);
      break;
    case PduKind::initiate_response:
      set_first(initiate_response_, message.frame);
      count_in(context);
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
      note_ending(context, Ending::How::conclude, other(message.sender),
                  first_of({conclude_request_, message.frame}));
      break;
    case PduKind::reject:
      // One that names no request may be of Conclude, which has no invoke id.
      if (!message.pdu.invoke_id && conclude_request_.number != 0 &&
          message.sender != conclude_by_ && conclude_response_.number == 0) {
        set_first(conclude_error_, message.frame);
      }
      break;
    case PduKind::conclude_error:
      set_first(conclude_error_, message.frame);
      break;
    default:
      set_first(first_data_, message.frame);
      last_data_ = message.frame;
      count_in(context);
      break;
  }
}

// Only once, and not again after its end.
void LifecycleTracker::count_in(Context& context) {
  if (counted_ || context.load == nullptr || ending_.how != Ending::How::none) return;
  counted_ = true;
  context.load->opened();
}

void LifecycleTracker::on_fin(Context& context, Side sender, FrameRef frame) {
  if (fin_.number == 0) fin_by_ = sender;
  set_first(fin_, frame);
  note_ending(context, Ending::How::fin, sender, frame);
}

void LifecycleTracker::on_rst(Context& context, Side sender, FrameRef frame) {
  if (rst_.number == 0) rst_by_ = sender;
  set_first(rst_, frame);
  note_ending(context, Ending::How::rst, sender, frame);
}

void LifecycleTracker::on_close(Context& context, const ConnectionClose& close) {
  AssociationResult& report = context.report;
  const Connection& connection = *context.association.connection;
  report.opened = connection.first;
  report.closed = first_of({rst_.number != 0 && fin_.number == 0 ? rst_ : fin_, close.frame});
  note_other_traffic(context);
  if (counted_ && context.load != nullptr) context.load->closed();
  counted_ = false;
  const bool ours = context.association.carries == Association::Carries::mms ||
                    context.association.carries == Association::Carries::iso_on_tcp ||
                    context.association.carries == Association::Carries::nothing;
  if (!ours) {
    report.opened_how = "not MMS";
    report.closed_how = close.kind == CloseKind::capture_end ? "open at the end" : "closed";
    return;
  }
  const bool refused = refused_by_layer(context);
  if (refused) {
    report.closed_how = close_name(close.kind);
    if (close.kind == CloseKind::fin || close.kind == CloseKind::rst) {
      report.closed_by = context.name_of(close.by);
    }
  } else if (opened() && ended_before(initiate_response_)) {
    report.closed_how = close_name(close.kind);
    report.closed_by = context.name_of(ending_.by);
    raise_answered_late(context, "association request (Initiate)",
                        first_of({session_connect_, initiate_request_}), initiate_response_);
  } else if (opened()) {
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
    if (Finding* f = context.findings.raise("encrypted-connection", association, frame).put()) {
      f->message =
          "The connection is encrypted with TLS (IEC 62351-3): nothing above TCP can be read.";
    }
  } else if (association.carries == Carries::s7comm || association.carries == Carries::other) {
    const bool s7 = association.carries == Carries::s7comm;
    Finding* f = context.findings.raise("foreign-protocol", association, frame)
                     .with("protocol", s7 ? "s7comm" : "unknown")
                     .put();
    if (f != nullptr) {
      f->message = fmt::format("Port {} carries {}, not MMS.",
                               association.connection->endpoint[index(association.server())].port,
                               s7 ? "S7comm (Siemens PLC programming)" : "another protocol");
    }
  }
}

// --- an open association ---

void LifecycleTracker::note_reduced(Context& context) {
  const MmsFacts& mms = context.association.mms;
  if (!mms.proposed || !mms.negotiated) return;
  const InitiateValues& p = *mms.proposed;
  const InitiateValues& n = *mms.negotiated;
  constexpr std::string_view kPduSize = "PDU size";
  std::string text;
  std::string zero;
  const auto compare = [&](std::string_view name, std::int64_t proposed, std::int64_t negotiated) {
    if (negotiated >= proposed || proposed == 0) return;
    if (negotiated == 0) zero += fmt::format("{}{}", zero.empty() ? "" : ", ", name);
    text += fmt::format("{}{} {} to {}", text.empty() ? "" : ", ", name, proposed, negotiated);
  };
  if (p.local_detail && n.local_detail) compare(kPduSize, *p.local_detail, *n.local_detail);
  compare("requests of the client", p.max_outstanding_calling, n.max_outstanding_calling);
  compare("requests of the server", p.max_outstanding_called, n.max_outstanding_called);
  if (p.nesting_level && n.nesting_level) compare("nesting", *p.nesting_level, *n.nesting_level);
  compare("version", p.version, n.version);
  if (text.empty()) return;
  Finding* f =
      context.findings.raise("negotiation-reduced", context.association, initiate_response_)
          .with_if(!zero.empty(), "zero", zero)
          .also(initiate_request_)
          .put();
  if (f == nullptr) return;
  f->message = fmt::format("The server lowered what the client proposed: {}.", text);
  if (zero.empty()) return;
  if (zero == kPduSize) {  // some servers declare no limit in this way
    f->cause = "The server declares no limit of its own for the size of messages by a 0.";
    f->next_step =
        "Nothing, if the client goes on. One that takes the 0 by the word can send nothing.";
    return;
  }
  f->severity = Severity::warning;
  f->cause =
      "The server does not fill in these values: taken by the word, no request may be sent. "
      "Clients "
      "differ in what they make of it.";
  f->next_step =
      "If the client hangs up, sends nothing or one request at a time, this is why: send the frame "
      "of the answer to the server's vendor.";
}

void LifecycleTracker::raise_initiate_missing(Context& context) {
  const Association& a = context.association;
  Finding* f = context.findings.raise("initiate-missing", a, first_data_)
                   .with("context", a.mms_context)
                   .put();
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
      if (context.one_direction) why = "the one that the captured side uses";
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
            : "The packets of the Initiate were cut (snap length, packet slicing), or the capture "
              "lost them.";
    f->next_step =
        "To see what was negotiated, capture again in both directions and without a limit (tcpdump "
        "-s 0). All else is decoded as far as it was captured.";
  }
}

}  // namespace mmsa::analysis
