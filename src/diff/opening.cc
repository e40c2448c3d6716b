#include "diff/opening.h"

#include <fmt/format.h>

#include <optional>

#include "osi/texts.h"
#include "text/text.h"

namespace mmsa::diff {
namespace {

using S = mmsa::Step;

std::string hex(std::string_view octets) {
  std::string text;
  text::append_hex(text, {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
  return text;
}

// Collects what is there: an absent parameter is no fact.
class Facts {
 public:
  void put(Fact fact, std::string_view text) {
    if (!text.empty()) writer_.add(fact, text);
  }
  void put_hex(Fact fact, std::string_view octets) { put(fact, hex(octets)); }
  void put_printable(Fact fact, std::string_view wire) { put(fact, text::printable(wire)); }
  template <typename T>
  void put_number(Fact fact, const std::optional<T>& number) {
    if (number) put(fact, std::to_string(*number));
  }
  void put_positive(Fact fact, std::uint64_t number) {
    if (number != 0) put(fact, std::to_string(number));
  }
  Text in(Vocabulary& vocabulary) const {
    return writer_.empty() ? kUnknown : vocabulary.of(writer_.text());
  }

 private:
  FactWriter writer_;
};

std::string contexts_text(const PresentationFacts& presentation) {
  std::string text;
  for (const PresentationContext& context : presentation.contexts) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", context.id, context.abstract_syntax);
  }
  return text;
}

std::string results_text(const PresentationFacts& presentation) {
  std::string text;
  for (const PresentationContext& context : presentation.contexts) {
    if (!context.result) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", context.id, osi::context_result_text(*context.result));
  }
  return text;
}

std::string handshake_text(const Association& association) {
  const Connection& connection = *association.connection;
  if (connection.syn_ack_seen) return "accepted";
  if (!connection.syn_seen) return {};
  const DirectionFacts& client = connection.facts[index(association.client)];
  const DirectionFacts& server = connection.facts[index(association.server())];
  if (client.octets > 0 || server.octets > 0) return {};  // the SYN-ACK was not captured
  return server.rst.number != 0 ? "refused (RST)" : "none";
}

std::string_view carries_text(Association::Carries carries) {
  switch (carries) {
    case Association::Carries::tls:
      return "TLS";
    case Association::Carries::s7comm:
      return "S7comm";
    case Association::Carries::other:
      return "another protocol";
    default:
      return {};
  }
}

std::string associate_text(const AcseFacts& acse) {
  if (!acse.result) return {};
  std::string text(osi::associate_result_text(*acse.result));
  if (acse.diagnostic_user.value_or(0) != 0) {
    text += fmt::format(": {}", osi::associate_diagnostic_user_text(*acse.diagnostic_user));
  }
  if (acse.diagnostic_provider.value_or(0) != 0) {
    text += fmt::format(": {}", osi::associate_diagnostic_provider_text(*acse.diagnostic_provider));
  }
  return text;
}

void put_initiate(Facts& facts, const InitiateValues& values) {
  facts.put_number(Fact::pdu_size, values.local_detail);
  facts.put(Fact::outstanding_calling, std::to_string(values.max_outstanding_calling));
  facts.put(Fact::outstanding_called, std::to_string(values.max_outstanding_called));
  facts.put_number(Fact::nesting_level, values.nesting_level);
  facts.put(Fact::mms_version, std::to_string(values.version));
  facts.put(Fact::parameter_cbb, values.parameter_cbb);
  facts.put(Fact::services_supported, values.services_supported);
}

class Writer {
 public:
  Writer(const Association& association, const Opening& opening, Vocabulary& vocabulary,
         AssociationSteps& out)
      : association_(association), opening_(opening), vocabulary_(vocabulary), out_(out) {}

  void connection() {
    Facts sent;
    sent.put(Fact::carries, carries_text(association_.carries));
    Facts answered;
    answered.put(Fact::handshake, handshake_text(association_));
    put(OpeningLayer::connection, "TCP connection", association_.connection->first.number, 0, sent,
        answered);
  }

  void transport() {
    const CotpFacts& cotp = *association_.cotp;
    if (!cotp.request_seen && !cotp.confirm_seen) return;
    Facts sent;
    if (cotp.request_seen) {
      sent.put_positive(Fact::proposed_tpdu_size, cotp.proposed_tpdu_size);
      sent.put(Fact::transport_class, std::to_string(cotp.transport_class));
      sent.put_hex(Fact::calling_tsap, cotp.calling_tsap);
      sent.put_hex(Fact::called_tsap, cotp.called_tsap);
    }
    Facts answered;
    if (cotp.confirm_seen) {
      answered.put(Fact::cotp_answer, "CC");
      answered.put_positive(Fact::tpdu_size, cotp.tpdu_size);
    } else if (cotp.reject_cause) {
      answered.put(Fact::cotp_answer,
                   fmt::format("ER: {}", osi::cotp_reject_cause_text(*cotp.reject_cause)));
    } else {
      answered.put(Fact::cotp_answer, opening_.no_answer);
    }
    put(OpeningLayer::transport, "COTP connection", frame_of({S::connect_request}),
        frame_of({S::connect_confirm, S::disconnect_request, S::tpdu_error}), sent, answered);
  }

  void session() {
    const SessionFacts& session = *association_.session;
    if (!session.connect_seen && !session.accept_seen && !session.refuse_reason) return;
    Facts sent;
    if (session.connect_seen) {
      sent.put_hex(Fact::calling_session_selector, session.calling_selector);
      sent.put_hex(Fact::called_session_selector, session.called_selector);
    }
    Facts answered;
    if (session.accept_seen) {
      answered.put(Fact::session_answer, "AC");
      answered.put_positive(Fact::session_version, session.version);
      answered.put(Fact::functional_units, fmt::format("{:#06x}", session.requirements));
    } else if (session.refuse_reason) {
      answered.put(Fact::session_answer,
                   fmt::format("RF: {}", osi::session_refuse_reason_text(*session.refuse_reason)));
    } else {
      answered.put(Fact::session_answer, opening_.no_answer);
    }
    put(OpeningLayer::session, "session connection", frame_of({S::session_connect}),
        frame_of({S::session_accept, S::session_refuse}), sent, answered);
  }

  void presentation() {
    const PresentationFacts& presentation = *association_.presentation;
    if (presentation.contexts.empty() && !presentation.refuse_reason) return;
    Facts sent;
    if (opening_.frame_of(S::session_connect) != 0) {
      sent.put(Fact::contexts, contexts_text(presentation));
      sent.put_hex(Fact::calling_presentation_selector, presentation.calling_selector);
      sent.put_hex(Fact::called_presentation_selector, presentation.called_selector);
    }
    Facts answered;
    const std::string results = results_text(presentation);
    if (presentation.refuse_reason) {
      answered.put(Fact::presentation_answer,
                   fmt::format("CPR: {}",
                               osi::presentation_refuse_reason_text(*presentation.refuse_reason)));
    } else if (results.empty()) {
      answered.put(Fact::presentation_answer, opening_.no_answer);
    } else {
      answered.put(Fact::presentation_answer, "CPA");
      answered.put(Fact::context_results, results);
      answered.put_hex(Fact::responding_presentation_selector, presentation.responding_selector);
    }
    put(OpeningLayer::presentation, "presentation connection", frame_of({S::session_connect}),
        frame_of({S::session_accept, S::presentation_refuse}), sent, answered);
  }

  void acse() {
    const AcseFacts& acse = *association_.acse;
    const bool asked = opening_.frame_of(S::associate_request) != 0;
    if (!asked && !acse.result) return;
    Facts sent;
    if (asked) {
      sent.put_printable(Fact::calling_ap_title, acse.calling_ap_title);
      sent.put_printable(Fact::called_ap_title, acse.called_ap_title);
      sent.put_number(Fact::calling_ae_qualifier, acse.calling_ae_qualifier);
      sent.put_number(Fact::called_ae_qualifier, acse.called_ae_qualifier);
      const bool unnamed = acse.mechanism.empty() && acse.authentication_value_seen;
      sent.put(Fact::authentication, unnamed ? "unnamed" : acse.mechanism);
    }
    Facts answered;
    if (acse.result) {
      answered.put(Fact::acse_answer, associate_text(acse));
      answered.put(Fact::application_context, acse.application_context);
      answered.put_printable(Fact::responding_ap_title, acse.responding_ap_title);
      answered.put_number(Fact::responding_ae_qualifier, acse.responding_ae_qualifier);
    } else {
      answered.put(Fact::acse_answer, opening_.no_answer);
    }
    put(OpeningLayer::acse, "ACSE associate", frame_of({S::associate_request}),
        frame_of({S::associate_response}), sent, answered);
  }

  void initiate() {
    const MmsFacts& mms = association_.mms;
    if (mms.proposed == nullptr && mms.negotiated == nullptr) return;
    Facts sent;
    if (mms.proposed != nullptr) put_initiate(sent, *mms.proposed);
    Facts answered;
    if (!opening_.initiate_refusal.empty()) {
      answered.put(Fact::initiate_answer, opening_.initiate_refusal);
    } else if (mms.negotiated == nullptr) {
      answered.put(Fact::initiate_answer, opening_.no_answer);
    } else {
      answered.put(Fact::initiate_answer, "accepted");
      put_initiate(answered, *mms.negotiated);
    }
    put(OpeningLayer::initiate, "MMS Initiate", opening_.initiate_request, opening_.initiate_answer,
        sent, answered);
  }

 private:
  // Of the first that was seen; 0 where none was.
  std::uint64_t frame_of(std::initializer_list<S> steps) const {
    for (const S step : steps) {
      if (opening_.frame_of(step) != 0) return opening_.frame_of(step);
    }
    return 0;
  }

  void put(OpeningLayer layer, std::string_view name, std::uint64_t frame,
           std::uint64_t answer_frame, const Facts& sent, const Facts& answered) {
    Step& step = out_.opening[static_cast<std::size_t>(layer)];
    step.service = step.key = vocabulary_.of(name);
    step.frame = frame != 0 ? frame : answer_frame;
    step.answer_frame = answer_frame;
    step.sent = sent.in(vocabulary_);
    step.answered = answered.in(vocabulary_);
  }

  const Association& association_;
  const Opening& opening_;
  Vocabulary& vocabulary_;
  AssociationSteps& out_;
};

}  // namespace

void write_opening(const Association& association, const Opening& opening, Vocabulary& vocabulary,
                   AssociationSteps& out) {
  Writer writer(association, opening, vocabulary, out);
  writer.connection();
  writer.transport();
  writer.session();
  writer.presentation();
  writer.acse();
  writer.initiate();
}

}  // namespace mmsa::diff
