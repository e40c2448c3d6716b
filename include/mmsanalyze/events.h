// What the stages tell each other about an association: one variant for what osi/ tells, one for
// what mms/ tells, in the order of the capture. A new kind of event is a struct and a row of the
// variants here; stages pass on what they do not know. Views are valid during the call only.
#pragma once

#include <cstdint>
#include <span>
#include <variant>

#include "mmsanalyze/association.h"
#include "mmsanalyze/mms.h"

namespace mmsa {

struct StepEvent {
  Step step{};
  Side sender = Side::a;
  FrameRef frame;
};

// Octets that a layer below MMS could not decode, or an MMS PDU that carries an error.
struct MalformedUnit {
  DecodeError error;
  Bytes unit;
  FrameRef frame;
  Side sender = Side::a;
};

// Octets of `sender` are missing.
struct GapEvent {
  Side sender = Side::a;
  StreamGap gap;
};
struct FinEvent {
  Side sender = Side::a;
  FrameRef frame;
};
struct RstEvent {
  Side sender = Side::a;
  FrameRef frame;
};

// An MMS PDU as it was found, with the frames that carry it.
struct PduUnit {
  Bytes octets;
  Side sender = Side::a;
  FrameRef frame;                         // completed it
  std::span<const std::uint64_t> frames;  // all that carry it, ascending
  // The capture lost its end (snap length or a hole): what is there is right, what is missing is
  // nobody's fault.
  bool cut = false;
  std::int64_t context = 0;  // presentation context id it came in
  // DirectionFacts::acknowledged of the other side, when this came.
  FrameRef acknowledged;
  // What the octets say, if it was decoded on the way, else null.
  const DecodedPdu* decoded = nullptr;
};

// What osi/ tells, in stream order. Of a connection that carries nothing of ours, only a FIN, an
// RST and the close are told, and those only where expected_here is set.
using AssociationEvent = std::variant<PduUnit, StepEvent, MalformedUnit, GapEvent, FinEvent,
                                      RstEvent, WindowStall, ConnectionClose>;

class AssociationSink {
 public:
  virtual ~AssociationSink() = default;
  // ConnectionClose is the last event of an association.
  virtual void on(Association& association, const AssociationEvent& event) = 0;
  // All packets are read; `last` is the greatest FrameRef::clock of any. What is still open is
  // closed next.
  virtual void on_trace_end(TimeNs /*last*/) {}
};

// A confirmed request that waits for its answer. Kept from the request until then.
struct PendingRequest {
  std::uint32_t invoke_id = 0;
  std::uint16_t service = Service::kNone;
  Side sender = Side::a;
  FrameRef frame;  // completed the request
  // The request PDU, copied; empty where limits::kMaxHeldRequests did not let it be kept.
  Bytes octets;
  bool cut = false;         // its end is not there: the capture lost it, or it was not kept
  bool lost_since = false;  // the capture lost octets of either direction since
  FrameRef cancelled;       // of the cancel-RequestPDU that named it; number 0: none
  std::uint64_t note = 0;   // what MmsSink::note_of_request() wants to be reminded of
};

// The request that a message is or answers, decoded when it is first asked for.
class RequestView {
 public:
  virtual ~RequestView() = default;
  virtual const MmsPdu& pdu() const = 0;
  virtual const asn1::Tree& tree() const = 0;
};

// One MMS PDU.
struct MmsMessage {
  const MmsPdu& pdu;
  const asn1::Tree& tree;
  Bytes octets;
  Side sender = Side::a;
  FrameRef frame;                         // completed the PDU
  std::span<const std::uint64_t> frames;  // all that carry it
  std::int64_t context = 0;               // presentation context id
  bool cut = false;                       // the capture lost its end
  // The segment by which `sender` had acknowledged all that the other side had sent by then; the
  // last one. Number 0: there was none.
  FrameRef acknowledged = {};
  // Of a response, error or reject whose request was captured; null for all others.
  const PendingRequest* request = nullptr;
  // The decoded request of such an answer, null where its octets were not kept; for a confirmed
  // request the message itself; else null.
  const RequestView* request_view = nullptr;
  // Confirmed requests of this direction that wait for an answer, this one included.
  std::size_t outstanding = 0;

  bool from_client(const Association& association) const { return sender == association.client; }
  // The service of the PDU, or of the request that it answers.
  std::uint16_t service() const {
    return pdu.service != Service::kNone || request == nullptr ? pdu.service : request->service;
  }
  // Between the frames that completed the request and the answer; never negative. Only with a
  // request.
  TimeNs response_time() const { return elapsed(request->frame, frame); }
};

// A request that never got an answer.
enum class UnansweredWhy : std::uint8_t {
  connection_ended,
  reused,  // another request took its invoke id
  capture_end,
  crowded_out,  // limits::kMaxOutstanding
};
// A request is given up: told before the close of its association, or when its id is reused.
struct UnansweredRequest {
  const PendingRequest& request;
  UnansweredWhy why;
};

// What mms/ tells: messages in place of PDUs.
using MmsEvent = std::variant<MmsMessage, StepEvent, MalformedUnit, GapEvent, FinEvent, RstEvent,
                              WindowStall, UnansweredRequest, ConnectionClose>;

class MmsSink {
 public:
  virtual ~MmsSink() = default;
  virtual void on(const Association& association, const MmsEvent& event) = 0;
  // Of a confirmed request that waits for its answer: what the sink wants to find again in the
  // PendingRequest of the answer. Asked before the event of the request.
  virtual std::uint64_t note_of_request(const Association&, const MmsMessage& /*request*/) {
    return 0;
  }
  virtual void on_trace_end(TimeNs /*last*/) {}
};

// For std::visit: lambdas by kind of event.
template <typename... Lambdas>
struct ByKind : Lambdas... {
  using Lambdas::operator()...;
};
template <typename... Lambdas>
ByKind(Lambdas...) -> ByKind<Lambdas...>;

}  // namespace mmsa
