#include "diff/life.h"

#include <fmt/format.h>

#include "diff/describe.h"
#include "osi/texts.h"

namespace mmsa::diff {
namespace {

constexpr std::string_view kConfirmed = "yes";

std::string_view name_of(const Association& association, Side side) {
  return side == association.client ? "the client" : "the server";
}

Text fact_text(Vocabulary& vocabulary, Fact fact, std::string_view value) {
  if (value.empty()) return kUnknown;
  FactWriter facts;
  facts.add(fact, value);
  return vocabulary.of(facts.text());
}

}  // namespace

// The first ending counts: what comes behind it follows from it. An answer to a Conclude or a
// release is what came next.
void Life::end(How how, std::string text, std::uint64_t frame) {
  if (how_ == How::open) {
    how_ = how;
    end_text_ = std::move(text);
    end_frame_ = frame;
  } else if (how_ == how && end_frame_ == frame) {
    end_text_ = std::move(text);  // the layer above says more
  } else if ((how_ == How::conclude || how_ == How::release) && end_answer_.empty() &&
             how > How::release) {
    end_answer_ = "no: " + text;
    end_answer_frame_ = frame;
  }
}

void Life::on_step(const Association& association, const StepEvent& event) {
  std::uint64_t& frame = opening_.frames[static_cast<std::size_t>(event.step)];
  if (frame == 0) frame = event.frame.number;
  const std::string_view by = name_of(association, event.sender);
  switch (event.step) {
    case mmsa::Step::session_finish:
    case mmsa::Step::release_request:
      end(How::release, fmt::format("release by {}", by), event.frame.number);
      break;
    case mmsa::Step::session_disconnect:
    case mmsa::Step::release_response:
      if (how_ == How::release && end_answer_.empty()) {
        end_answer_ = kConfirmed;
        end_answer_frame_ = event.frame.number;
      }
      break;
    case mmsa::Step::session_abort:
      end(How::abort, fmt::format("session abort by {}", by), event.frame.number);
      break;
    case mmsa::Step::presentation_abort_user:
      end(How::abort, fmt::format("presentation abort by {}", by), event.frame.number);
      break;
    case mmsa::Step::presentation_abort_provider:
      end(How::abort,
          fmt::format("presentation provider abort by {}: {}", by,
                      osi::presentation_abort_reason_text(
                          association.presentation->abort_reason.value_or(0))),
          event.frame.number);
      break;
    case mmsa::Step::abort:
      end(How::abort,
          fmt::format("ABRT by {} ({})", by,
                      osi::abort_source_text(association.acse->abort_source.value_or(0))),
          event.frame.number);
      break;
    case mmsa::Step::disconnect_request:
      end(How::disconnect,
          fmt::format(
              "COTP disconnect by {}: {}", by,
              osi::cotp_disconnect_reason_text(association.cotp->disconnect_reason.value_or(0))),
          event.frame.number);
      break;
    default:
      break;
  }
}

void Life::on_fin(const Association& association, const FinEvent& event) {
  end(How::tcp, fmt::format("TCP FIN by {}", name_of(association, event.sender)),
      event.frame.number);
}

void Life::on_rst(const Association& association, const RstEvent& event) {
  end(How::tcp, fmt::format("TCP RST by {}", name_of(association, event.sender)),
      event.frame.number);
}

void Life::on_message(const Association& association, const MmsMessage& message) {
  const std::uint64_t frame = message.frame.number;
  switch (message.pdu.kind) {
    case PduKind::initiate_request:
      if (opening_.initiate_request == 0) opening_.initiate_request = frame;
      break;
    case PduKind::initiate_error:
      opening_.initiate_refusal = refusal_text(message.pdu);
      [[fallthrough]];
    case PduKind::initiate_response:
      if (opening_.initiate_answer == 0) opening_.initiate_answer = frame;
      break;
    case PduKind::conclude_request:
      end(How::conclude, fmt::format("Conclude by {}", name_of(association, message.sender)),
          frame);
      break;
    case PduKind::conclude_response:
      if (how_ == How::conclude && end_answer_.empty()) {
        end_answer_ = kConfirmed;
        end_answer_frame_ = frame;
      }
      break;
    case PduKind::conclude_error:  // the association goes on
      if (how_ == How::conclude) how_ = How::open;
      break;
    default:
      break;
  }
}

// Where the capture lost octets an answer that it does not hold may have come all the same.
void Life::write(const Association& association, const ConnectionClose& close,
                 Vocabulary& vocabulary, AssociationSteps& out) const {
  const Connection& connection = *association.connection;
  const bool lossy =
      !out.holes.empty() || connection.facts[index(association.server())].segments == 0;
  out.start_seen = connection.syn_seen || connection.syn_ack_seen || association.cotp->request_seen;
  out.end_seen = how_ != How::open || close.kind == CloseKind::fin || close.kind == CloseKind::rst;
  if (out.start_seen) {
    Opening opening = opening_;
    if (!lossy && how_ != How::open) opening.no_answer = "none; then " + end_text_;
    write_opening(association, opening, vocabulary, out);
  }
  if (how_ == How::open) return;
  out.close.service = out.close.key = vocabulary.of("end of the association");
  out.close.frame = end_frame_;
  out.close.answer_frame = end_answer_frame_;
  out.close.sent = fact_text(vocabulary, Fact::end, end_text_);
  if (!lossy || end_answer_ == kConfirmed) {
    out.close.answered = fact_text(vocabulary, Fact::end_answer, end_answer_);
  }
}

}  // namespace mmsa::diff
