// MMS PDUs of associations -> messages: decoded, and each answer with its request.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "mms/outstanding.h"
#include "mms/pdu.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/events.h"

namespace mmsa::mms {

// Stands between osi/ and the stage that says what messages mean. Passes all other events on.
class MessageDecoder : public AssociationSink {
 public:
  // `sink` outlives the decoder.
  explicit MessageDecoder(MmsSink& sink) : sink_(sink) {}

  void on(Association& association, const AssociationEvent& event) override;
  void on_trace_end(TimeNs last) override { sink_.on_trace_end(last); }

 private:
  // The request that a message answers; decoded when asked for.
  class LazyRequest : public RequestView {
   public:
    void reset(Bytes octets) {
      octets_ = octets;
      is_decoded_ = false;
    }
    const MmsPdu& pdu() const override;
    const asn1::Tree& tree() const override;

   private:
    void decode() const;
    Bytes octets_;
    mutable bool is_decoded_ = false;
    mutable DecodedPdu decoded_;
  };
  // A request's view of itself.
  class SelfRequest : public RequestView {
   public:
    void reset(const MmsPdu& pdu, const asn1::Tree& tree) {
      pdu_ = &pdu;
      tree_ = &tree;
    }
    const MmsPdu& pdu() const override { return *pdu_; }
    const asn1::Tree& tree() const override { return *tree_; }

   private:
    const MmsPdu* pdu_ = nullptr;
    const asn1::Tree* tree_ = nullptr;
  };

  struct Pairing {
    explicit Pairing(HeldRequests& held)
        : outstanding{OutstandingRequests(held), OutstandingRequests(held)} {}
    OutstandingRequests outstanding[2];     // by the requesting side
    bool answers_seen[2] = {false, false};  // by the requesting side
    // The frame behind the last octets that the capture lost of either direction. Gaps may be told
    // before messages of the other direction that were captured earlier.
    std::uint64_t lost_until = 0;
  };

  void on_pdu(Association& association, const PduUnit& unit);
  void on_gap(const Association& association, const GapEvent& gap);
  void on_close(const Association& association, const ConnectionClose& close);

  Pairing& pairing(const Association& association);
  void pair_request(const Association& association, Pairing& pairing, MmsMessage& message);
  void pair_answer(Pairing& pairing, MmsMessage& message);
  void give_up(const Association& association, const PendingRequest& request, UnansweredWhy why);

  MmsSink& sink_;
  HeldRequests held_;
  std::vector<std::unique_ptr<Pairing>> pairings_;  // by Association::slot
  DecodedPdu decoded_here_;                         // the PDU being told, if nobody did it before
  LazyRequest lazy_request_;
  SelfRequest self_request_;
};

}  // namespace mmsa::mms
