// Pairing follows ISO 9506-2 clause 5.5: invoke ids belong to the requester, so each direction is
// paired by itself, and an answer takes its request with it.
#include "mms/message_decoder.h"

#include <algorithm>

#include "mms/pdu.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/limits.h"

namespace mmsa::mms {
namespace {

// In a capture of one direction no request is ever answered; keeping a few suffices there. No IED
// lets more wait, so that it also suffices once limits::kMaxOutstandingTotal is reached.
constexpr std::size_t kMaxOutstandingWithoutAnswers = 64;

std::string bits_text(asn1::NodeRef node) {
  std::string text;
  if (!node) return text;
  BitString(node.bytes()).append_text(text);
  return text;
}

std::optional<std::int64_t> optional_integer(asn1::NodeRef node) {
  if (!node) return std::nullopt;
  return node.integer();
}

// Initiate-RequestPDU and Initiate-ResponsePDU, ISO 9506-2 clause 8.
InitiateValues initiate_values(asn1::NodeRef body, bool response) {
  const asn1::NodeRef detail =
      body.child(response ? "mmsInitResponseDetail" : "mmsInitRequestDetail");
  InitiateValues values;
  values.local_detail =
      optional_integer(body.child(response ? "localDetailCalled" : "localDetailCalling"));
  values.max_outstanding_calling = body.child(response ? "negotiatedMaxServOutstandingCalling"
                                                       : "proposedMaxServOutstandingCalling")
                                       .integer();
  values.max_outstanding_called = body.child(response ? "negotiatedMaxServOutstandingCalled"
                                                      : "proposedMaxServOutstandingCalled")
                                      .integer();
  values.nesting_level = optional_integer(body.child(
      response ? "negotiatedDataStructureNestingLevel" : "proposedDataStructureNestingLevel"));
  values.version =
      detail.child(response ? "negotiatedVersionNumber" : "proposedVersionNumber").integer();
  values.parameter_cbb =
      bits_text(detail.child(response ? "negotiatedParameterCBB" : "proposedParameterCBB"));
  values.services_supported =
      bits_text(detail.child(response ? "servicesSupportedCalled" : "servicesSupportedCalling"));
  return values;
}

// rejectReason alternatives that name an answer, not a request: the reject comes from the
// requester.
bool rejects_an_answer(asn1::NodeRef reject) {
  return reject.child("confirmed-responsePDU") || reject.child("confirmed-errorPDU") ||
         reject.child("cancel-responsePDU") || reject.child("cancel-errorPDU");
}

}  // namespace

const MmsPdu& MessageDecoder::LazyRequest::pdu() const {
  if (!is_decoded_) decode();
  return decoded_.pdu;
}

const asn1::Tree& MessageDecoder::LazyRequest::tree() const {
  if (!is_decoded_) decode();
  return decoded_.tree;
}

void MessageDecoder::LazyRequest::decode() const {
  decode_pdu(octets_, decoded_);
  is_decoded_ = true;
}

MessageDecoder::Pairing& MessageDecoder::pairing(const Association& association) {
  if (association.slot >= pairings_.size()) pairings_.resize(association.slot + 1);
  std::unique_ptr<Pairing>& pairs = pairings_[association.slot];
  if (pairs == nullptr) pairs = std::make_unique<Pairing>(held_);
  return *pairs;
}

void MessageDecoder::on_pdu(Association& association, const PduUnit& unit) {
  if (unit.decoded == nullptr) decode_pdu(unit.octets, decoded_here_);
  const DecodedPdu& decoded = unit.decoded != nullptr ? *unit.decoded : decoded_here_;
  const MmsPdu& pdu = decoded.pdu;
  MmsMessage message{.pdu = pdu,
                     .tree = decoded.tree,
                     .octets = unit.octets,
                     .sender = unit.sender,
                     .frame = unit.frame,
                     .frames = unit.frames,
                     .context = unit.context,
                     .cut = unit.cut,
                     .acknowledged = unit.acknowledged};
  Pairing& pairs = pairing(association);
  switch (pdu.kind) {
    case PduKind::confirmed_request:
      self_request_.reset(pdu, decoded.tree);
      message.request_view = &self_request_;
      pair_request(association, pairs, message);
      break;
    case PduKind::confirmed_response:
    case PduKind::confirmed_error:
    case PduKind::reject:
      pair_answer(pairs, message);
      break;
    case PduKind::cancel_request:
      if (pdu.invoke_id) {
        PendingRequest* request = pairs.outstanding[index(unit.sender)].find(*pdu.invoke_id);
        if (request != nullptr) request->cancelled = unit.frame;
      }
      break;
    case PduKind::initiate_request:
      association.mms.proposed =
          std::make_shared<const InitiateValues>(initiate_values(pdu.body, false));
      break;
    case PduKind::initiate_response:
      association.mms.negotiated =
          std::make_shared<const InitiateValues>(initiate_values(pdu.body, true));
      break;
    default:
      break;
  }
  sink_.on(association, message);
}

void MessageDecoder::pair_request(const Association& association, Pairing& pairs,
                                  MmsMessage& message) {
  if (!message.pdu.invoke_id) return;
  const std::size_t requester = index(message.sender);
  OutstandingRequests& outstanding = pairs.outstanding[requester];
  if (const PendingRequest* old = outstanding.take(*message.pdu.invoke_id)) {
    give_up(association, *old, UnansweredWhy::reused);
  }
  const bool many = pairs.answers_seen[requester] && held_.slots < limits::kMaxOutstandingTotal;
  const std::size_t cap = many ? limits::kMaxOutstanding : kMaxOutstandingWithoutAnswers;
  if (outstanding.size() >= cap) {
    give_up(association, *outstanding.take_oldest(), UnansweredWhy::crowded_out);
  }
  PendingRequest request;
  request.invoke_id = *message.pdu.invoke_id;
  request.service = message.pdu.service;
  request.sender = message.sender;
  request.frame = message.frame;
  request.cut = message.cut;
  request.lost_since = message.frame.number < pairs.lost_until;
  request.note = sink_.note_of_request(association, message);
  outstanding.insert(request, message.octets);
  message.outstanding = outstanding.size();
}

void MessageDecoder::pair_answer(Pairing& pairs, MmsMessage& message) {
  if (!message.pdu.invoke_id) return;
  Side requester = other(message.sender);
  if (message.pdu.kind == PduKind::reject && rejects_an_answer(message.pdu.body)) return;
  pairs.answers_seen[index(requester)] = true;
  message.request = pairs.outstanding[index(requester)].take(*message.pdu.invoke_id);
  if (message.request != nullptr && !message.request->octets.empty()) {
    lazy_request_.reset(message.request->octets);
    message.request_view = &lazy_request_;
  }
}

void MessageDecoder::give_up(const Association& association, const PendingRequest& request,
                             UnansweredWhy why) {
  sink_.on(association, UnansweredRequest{request, why});
}

void MessageDecoder::on_gap(const Association& association, const GapEvent& event) {
  const StreamGap& gap = event.gap;
  Pairing& pairs = pairing(association);
  pairs.lost_until = gap.after.number != 0 ? std::max(pairs.lost_until, gap.after.number)
                                           : association.connection->last.number + 1;
  for (OutstandingRequests& outstanding : pairs.outstanding) {
    outstanding.for_each([](PendingRequest& request) { request.lost_since = true; });
  }
  sink_.on(association, event);
}

void MessageDecoder::on_close(const Association& association, const ConnectionClose& close) {
  Pairing& pairs = pairing(association);
  const UnansweredWhy why = close.kind == CloseKind::capture_end ? UnansweredWhy::capture_end
                                                                 : UnansweredWhy::connection_ended;
  for (OutstandingRequests& outstanding : pairs.outstanding) {
    outstanding.for_each(
        [&](const PendingRequest& request) { give_up(association, request, why); });
  }
  sink_.on(association, close);
  pairings_[association.slot].reset();
}

void MessageDecoder::on(Association& association, const AssociationEvent& event) {
  std::visit(ByKind{[&](const PduUnit& unit) { on_pdu(association, unit); },
                    [&](const GapEvent& gap) { on_gap(association, gap); },
                    [&](const ConnectionClose& close) { on_close(association, close); },
                    [&](const auto& other) { sink_.on(association, other); }},
             event);
}

}  // namespace mmsa::mms
