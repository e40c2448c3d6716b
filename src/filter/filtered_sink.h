// Lets through the messages that a filter selects.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "filter/filter.h"

namespace mmsa::filter {

// What FrameFacts tells, noted while packets are read: by another thread than the one that asks.
class FrameLog : public FrameFacts {
 public:
  void on_packet(const Packet& packet);
  bool find(std::uint64_t frame, TimeNs& since_previous, std::uint32_t& length) const override;
  // Questions that were not answered, because the frame lay too far back.
  std::uint64_t forgotten() const { return forgotten_; }

 private:
  struct Entry {
    std::uint64_t frame = 0;
    TimeNs since_previous = 0;
    std::uint32_t length = 0;
  };
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;  // a ring, by the number of the frame
  std::optional<TimeNs> previous_;
  mutable std::uint64_t forgotten_ = 0;
};

// Events other than messages pass as they are.
class FilteredSink : public iec61850::ExchangeSink {
 public:
  // All outlive this object. `frames` may be null where the filter does not need it.
  FilteredSink(iec61850::ExchangeSink& next, const Filter& filter, const FrameFacts* frames)
      : next_(next), filter_(filter), frames_(frames) {}

  void on(const Association& association, const iec61850::Event& event) override;
  void on_trace_end(TimeNs last) override { next_.on_trace_end(last); }

 private:
  bool selects(const iec61850::Exchange& exchange);

  iec61850::ExchangeSink& next_;
  const Filter& filter_;
  const FrameFacts* frames_;
  std::optional<TimeNs> first_;
  std::string scratch_;
};

}  // namespace mmsa::filter
