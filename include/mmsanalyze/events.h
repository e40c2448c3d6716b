// What the decoder half of the program tells the analysis and the outputs. One sink, one call for
// each kind of event, in the order of the capture. Views are valid during the call only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mmsanalyze/association.h"
#include "mmsanalyze/mms.h"

namespace mmsa {

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
  std::uint64_t mark = 0;   // what a sink wrote to MmsMessage::mark
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
  // Of a response, error or reject whose request was captured; null for all others.
  const PendingRequest* request = nullptr;
  // The decoded request of such an answer, null where its octets were not kept; for a confirmed
  // request the message itself; else null.
  const RequestView* request_view = nullptr;
  // Confirmed requests of this direction that wait for an answer, this one included.
  std::size_t outstanding = 0;
  // Of a confirmed request that waits for its answer, else null: what a sink writes here it finds
  // again in the PendingRequest of the answer. There is one for all sinks.
  std::uint64_t* mark = nullptr;

  bool from_client(const Association& association) const { return sender == association.client; }
  // The service of the PDU, or of the request that it answers.
  std::uint16_t service() const {
    return pdu.service != Service::kNone || request == nullptr ? pdu.service : request->service;
  }
  // Between the frames that completed the request and the answer; never negative. Only with a
  // request.
  TimeNs response_time() const {
    return frame.clock > request->frame.clock ? frame.clock - request->frame.clock : 0;
  }
};

// A request that never got an answer.
enum class UnansweredWhy : std::uint8_t {
  connection_ended,
  reused,  // another request took its invoke id
  capture_end,
  crowded_out,  // limits::kMaxOutstanding
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on_step(const Association&, Step, Side, FrameRef) {}
  virtual void on_message(const Association&, const MmsMessage&) {}
  virtual void on_malformed(const Association&, const MalformedUnit&) {}
  virtual void on_gap(const Association&, Side, const StreamGap&) {}
  virtual void on_fin(const Association&, Side, FrameRef) {}
  virtual void on_rst(const Association&, Side, FrameRef) {}
  virtual void on_window_stall(const Association&, const WindowStall&) {}
  // A request is given up: told before the on_close of its association, or when its id is reused.
  virtual void on_unanswered(const Association&, const PendingRequest&, UnansweredWhy) {}
  virtual void on_close(const Association&, const ConnectionClose&) {}
  // All packets are read; `last` is the greatest time of any. What is still open is closed next.
  virtual void on_trace_end(TimeNs /*last*/) {}
};

}  // namespace mmsa
