#include "signals/clocks.h"

namespace mmsa::signals {
namespace {

// As of the rule clock-offset.
constexpr TimeNs kLeastOffset = kNsPerSecond;

}  // namespace

void Clocks::on(const Association& association, const iec61850::Event& event) {
  const auto* told = std::get_if<std::reference_wrapper<const iec61850::Exchange>>(&event);
  if (told == nullptr) return;
  const iec61850::Exchange& exchange = *told;
  const iec61850::ReportHeader* header = exchange.report_header();
  if (header == nullptr) return;
  const FrameRef frame = exchange.message().frame;
  Server& server = servers_[association.connection->endpoint[index(association.server())]];
  server.known = false;
  if (header->time_of_entry) {
    const BinaryTime& entry = *header->time_of_entry;
    const bool buffered = header->entry_id.has_value() || header->buf_ovfl.has_value();
    if (entry.has_date && entry.is_set()) server.clock.add_entry(entry.time(), frame, buffered);
    return;
  }
  if (header->entry_id) return;  // it may be replayed
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    if (entry.reason != iec61850::Reason::kDataChange || !entry.value) continue;
    for (asn1::NodeRef c = entry.value.first_child(); c; c = c.next_sibling(entry.value)) {
      UtcTime time;
      if (data_type(c.node()) == DataType::utc_time && read_utc_time(c.bytes(), time) &&
          time.is_set()) {
        server.clock.add_value(time.time(), frame);
      }
    }
  }
}

TimeNs Clocks::correction(const Endpoint& server, TimeNs captured) const {
  const auto found = servers_.find(server);
  if (found == servers_.end()) return 0;
  const Server& known = found->second;
  if (!known.known) {
    known.offsets = known.clock.clocks();
    known.known = true;
  }
  // A clock may be set in the middle of a capture.
  const analysis::ServerClock::Offset* best = nullptr;
  for (const analysis::ServerClock::Offset& offset : known.offsets) {
    const bool then = captured >= offset.first.time && captured <= offset.last.time;
    if (then || best == nullptr) best = &offset;
    if (then) break;
  }
  if (best == nullptr || (best->behind >= 0 && best->behind <= kLeastOffset)) return 0;
  return best->behind;
}

}  // namespace mmsa::signals
