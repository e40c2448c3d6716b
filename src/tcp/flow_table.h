// Segments -> two ordered byte streams for each connection.
#pragma once

#include <cstdint>
#include <memory>

#include "mmsanalyze/flow.h"
#include "mmsanalyze/packet.h"
#include "mmsanalyze/undecoded.h"

namespace mmsa::tcp {

// Owns all connections. Feeds each one's StreamConsumer in stream order.
class FlowTable {
 public:
  FlowTable(StreamConsumerFactory& factory, UndecodedCounters& undecoded);
  ~FlowTable();
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // A quoted segment gives its connection a stream number; the connection opens at the first
  // segment of its own.
  void feed(const Segment& segment);

  // The trace has ended: open holes are stepped over, every connection is closed in the order of
  // its stream number.
  void finish();

  std::uint64_t connections() const;  // so far
  std::uint64_t evicted() const;      // dropped at limits::kMaxConnections

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmsa::tcp
