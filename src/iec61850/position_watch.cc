#include "iec61850/position_watch.h"

namespace mmsa::iec61850 {
namespace {

// What a report may be sent earlier or later than its neighbour, and clocks run differently.
constexpr TimeNs kJitter = kNsPerSecond;

// "LD/LN$ST$DO" of "LD/LN$CO$DO".
std::string status_name(std::string_view object) {
  std::string name(object);
  const std::size_t at = name.find("$CO$");
  if (at != std::string::npos) name.replace(at, 4, "$ST$");
  return name;
}

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

void PositionWatches::command(std::string_view object, bool on, FrameRef asked) {
  std::string name = status_name(object);
  if (watches_.size() >= kMaxWatched && !watches_.contains(name)) return;
  watches_[std::move(name)].command(on, asked);
}

void PositionWatches::forget(std::string_view object) { watches_.erase(status_name(object)); }

void PositionWatches::see(std::string_view name, asn1::NodeRef value, FrameRef frame, bool changed,
                          bool live) {
  constexpr std::string_view kValue = "$stVal";
  if (name.ends_with(kValue)) name.remove_suffix(kValue.size());
  const auto watch = watches_.find(name);
  if (watch != watches_.end()) watch->second.see(read_position(value), frame, changed, live);
}

bool PositionWatches::is_live(std::uint32_t stream, std::string_view rpt_id,
                              std::optional<TimeNs> time_of_entry, FrameRef frame) {
  auto& entries = entries_[stream];
  auto known = entries.find(rpt_id);
  if (known == entries.end()) {
    if (entries.size() >= kMaxWatched) return false;
    known = entries.try_emplace(std::string(rpt_id)).first;
  }
  return known->second.see(time_of_entry, frame);
}

const PositionWatch* PositionWatches::find(std::string_view object) const {
  const auto known = watches_.find(status_name(object));
  return known == watches_.end() ? nullptr : &known->second;
}

}  // namespace mmsa::iec61850
