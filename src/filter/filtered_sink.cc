#include "filter/filtered_sink.h"

namespace mmsa::filter {
namespace {

// Frames that are remembered. A message is told after its frame was read: when the holes before it
// are given up, at most a minute of capture later, and when the second thread comes to it. A
// million frames are that minute on a mirror port, in 24 MB.
constexpr std::size_t kRemembered = 1 << 20;

}  // namespace

void FrameLog::on_packet(const Packet& packet) {
  const std::lock_guard lock(mutex_);
  if (entries_.empty()) entries_.resize(kRemembered);
  const TimeNs time = packet.frame.time;
  entries_[packet.frame.number % kRemembered] = {
      packet.frame.number, previous_ ? time - *previous_ : 0, packet.original_length};
  previous_ = time;
}

bool FrameLog::find(std::uint64_t frame, TimeNs& since_previous, std::uint32_t& length) const {
  const std::lock_guard lock(mutex_);
  if (!entries_.empty()) {
    const Entry& entry = entries_[frame % kRemembered];
    if (entry.frame == frame) {
      since_previous = entry.since_previous;
      length = entry.length;
      return true;
    }
  }
  ++forgotten_;
  return false;
}

void FilteredSink::on(const Association& association, const iec61850::Event& event) {
  if (const auto* exchange =
          std::get_if<std::reference_wrapper<const iec61850::Exchange>>(&event)) {
    if (!selects(*exchange)) return;
  }
  next_.on(association, event);
}

bool FilteredSink::selects(const iec61850::Exchange& exchange) {
  const FrameRef& frame = exchange.message().frame;
  // FrameRef::clock counts from the first frame.
  if (!first_) first_ = frame.time - frame.clock;
  return filter_.matches({exchange, *first_, frames_, scratch_});
}

}  // namespace mmsa::filter
