// What the benchmarks are fed with: one MMS message of each kind that fills real captures, and
// sinks that do nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "mmsanalyze/association.h"
#include "mmsanalyze/flow.h"

namespace mmsa::bench {

using Octets = std::vector<std::uint8_t>;

// The answer to a Read of `points` status values: each a structure of stVal, q and t.
Octets read_response(int points);
// An unconfirmed InformationReport with SqNum, TimeOfEntry, DatSet and `points` members.
Octets report(int points);
// The TPKT that carries an MMS PDU in presentation context 3 of an established association.
Octets tpkt_of(const Octets& pdu);

class NoAssociations final : public AssociationSink {
 public:
  void on(Association& association, const AssociationEvent& event) override {
    std::visit([&](const auto& kind) { on_event(association, kind); }, event);
  }
  void on_event(Association&, const StepEvent&) {}
  void on_event(Association&, const PduUnit& unit) { octets += unit.octets.size(); }
  void on_event(Association&, const MalformedUnit&) { ++malformed; }
  void on_event(Association&, const GapEvent&) {}
  void on_event(Association&, const FinEvent&) {}
  void on_event(Association&, const RstEvent&) {}
  void on_event(Association&, const WindowStall&) {}
  void on_event(Association&, const ConnectionClose&) {}

  std::uint64_t octets = 0;
  std::uint64_t malformed = 0;
};

// Consumes what it is shown.
class Drain final : public StreamConsumerFactory {
 public:
  std::unique_ptr<StreamConsumer> open(const Connection&) override {
    return std::make_unique<Consumer>();
  }

 private:
  class Consumer final : public StreamConsumer {
   public:
    std::size_t on_data(Side, Bytes available, std::uint64_t, const FrameIndex&) override {
      return available.size();
    }
    void on_gap(Side, const StreamGap&, Bytes, const FrameIndex&) override {}
    void on_fin(Side, FrameRef) override {}
    void on_rst(Side, FrameRef) override {}
    void on_window_stall(const WindowStall&) override {}
    void on_close(const ConnectionClose&) override {}
  };
};

}  // namespace mmsa::bench
