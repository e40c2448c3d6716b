#include "iec61850/position_watch.h"

namespace mmsa::iec61850 {
namespace {

// What a report may be sent earlier or later than its neighbour, and clocks run differently.
constexpr TimeNs kJitter = kNsPerSecond;

Position read_leaf(asn1::NodeRef value) {
  const DataType type = data_type(value.node());
  if (type == DataType::boolean) return {true, value.boolean()};
  if (type != DataType::bit_string) return {};
  const BitString bits(value.bytes());
  if (bits.size() != 2) return {};
  // Dbpos: 01 off, 10 on; 00 intermediate, 11 bad.
  if (bits[0] == bits[1]) return {true, std::nullopt};
  return {true, bits[0]};
}

}  // namespace

Position read_position(asn1::NodeRef value) {
  if (!value) return {};
  if (data_type(value.node()) != DataType::structure) return read_leaf(value);
  for (asn1::NodeRef m = value.first_child(); m; m = m.next_sibling(value)) {
    const Position position = read_leaf(m);
    if (position.known) return position;
  }
  return {};
}

void PositionWatch::command(bool on, FrameRef asked) {
  wanted_ = on;
  moved_ = false;
  asked_ = asked;
  last_ = {};
}

void PositionWatch::see(Position position, FrameRef frame, bool changed, bool live) {
  if (!position.known) return;
  if (live) {
    last_ = frame;
    last_position_ = position;
  }
  if (changed || position.on == wanted_) moved_ = true;
}

bool LiveEntries::see(std::optional<TimeNs> time_of_entry, FrameRef frame) {
  const bool live = time_of_entry && last_entry_ &&
                    *time_of_entry - *last_entry_ <= elapsed(last_, frame) + kJitter;
  last_entry_ = time_of_entry;
  last_ = frame;
  return live;
}

}  // namespace mmsa::iec61850
