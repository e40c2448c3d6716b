#include "signals/table.h"

#include <algorithm>
#include <string_view>

#include "iec61850/value_text.h"
#include "mmsanalyze/limits.h"

namespace mmsa::signals {
namespace {

// Characters of a value in the table: what is longer is better read as CSV.
constexpr std::size_t kMaxText = 32;
constexpr std::string_view kCutOff = "...";
// Blocks whose delays are told; a client enables some dozens.
constexpr std::size_t kMaxBlocks = 4096;

// FNV-1a of type and content: equal values have equal ones.
std::uint64_t hash_of(asn1::NodeRef node) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325u;
  const auto add = [&hash](std::uint8_t octet) { hash = (hash ^ octet) * 0x100'0000'01B3u; };
  if (!node) return 0;
  add(static_cast<std::uint8_t>(data_type(node.node())));
  for (const std::uint8_t octet : node.bytes()) add(octet);
  return hash;
}

std::optional<double> number_of(asn1::NodeRef node) {
  switch (data_type(node.node())) {
    case DataType::boolean:
      return node.boolean() ? 1 : 0;
    case DataType::integer:
      return static_cast<double>(node.integer());
    case DataType::unsigned_integer:
      return static_cast<double>(node.unsigned_integer());
    case DataType::floating_point: {
      bool single = false;
      const double value = read_floating_point(node.bytes(), single);
      return value - value == 0 ? std::optional(value) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

// "true", "on", "230.5": a value as people read it.
void assign_value_text(std::string& out, const Value& value) {
  out.clear();
  const ObjectName name = iec61850::split_reference(value.ref);
  iec61850::ValueContext context;
  context.reference = iec61850::parse_item(name.domain, name.item);
  context.max_length = kMaxText;
  if (value.iec.kind == iec61850::IecValue::Kind::named) {
    out = value.iec.name;
  } else {
    iec61850::append_value(out, value.value, context);
  }
  if (out.size() <= kMaxText) return;
  std::size_t end = kMaxText - kCutOff.size();
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  out.resize(end);
  out += kCutOff;
}

}  // namespace

// Where there is no room, every second one goes, and from then on every second one is kept.
void Curve::add(double value) {
  if (count_++ % every_ != 0) return;
  if (size_ == kPoints) {
    for (std::size_t i = 0; i < kPoints / 2; ++i) points_[i] = points_[2 * i];
    size_ = kPoints / 2;
    every_ *= 2;
  }
  points_[size_++] = static_cast<float>(value);
}

Signal* Table::find(const Value& value) {
  key_.assign(reinterpret_cast<const char*>(value.server.address.octets.data()),
              value.server.address.octets.size());
  key_.push_back(value.server.address.is_v6 ? '6' : '4');
  key_.push_back(static_cast<char>(value.server.port & 0xFF));
  key_.push_back(static_cast<char>(value.server.port >> 8));
  key_ += value.ref;
  const auto found = signals_.find(key_);
  if (found != signals_.end()) return &found->second;
  if (signals_.size() >= kMaxSignals || value.ref.size() > limits::kMaxReference) {
    ++left_out_;
    return nullptr;
  }
  Signal& signal = signals_[key_];
  signal.server = value.server;
  signal.ref = value.ref;
  return &signal;
}

bool Table::add(const Value& value) {
  Signal* const signal = find(value);
  if (signal == nullptr) return true;
  const std::uint64_t hash = hash_of(value.value);
  const std::uint64_t quality = hash_of(value.quality);
  const bool first = signal->values++ == 0;
  const bool changed = !first && hash != signal->value_hash;
  // A message without quality says nothing of it.
  const bool quality_changed = quality != 0 && quality != signal->quality_hash;
  signal->value_hash = hash;
  if (quality != 0) signal->quality_hash = quality;
  if (!value.good()) ++signal->bad;
  if (changed) ++signal->changes;
  if (first || changed) {
    assign_value_text(signal->last, value);
  }
  if (first) {
    signal->first = signal->last;
    signal->first_frame = value.frame;
  }
  signal->last_frame = value.frame;
  signal->guessed = value.guessed;
  if (const auto number = number_of(value.value)) signal->curve.add(*number);
  return first || changed || quality_changed;
}

void Table::add_delay(const Endpoint& server, std::string_view rpt_id, TimeNs delay) {
  const std::pair<Endpoint, std::string> key(server, rpt_id);
  auto found = delays_.find(key);
  if (found == delays_.end()) {
    if (delays_.size() >= kMaxBlocks) return;
    found = delays_.emplace(key, BlockDelay{server, key.second, {}}).first;
  }
  found->second.delays.add(std::max<TimeNs>(delay, 0));
}

std::vector<const Signal*> Table::signals() const {
  std::vector<const Signal*> list;
  list.reserve(signals_.size());
  for (const auto& [key, signal] : signals_) list.push_back(&signal);
  std::ranges::sort(list, [](const Signal* a, const Signal* b) {
    return std::tie(a->server, a->ref) < std::tie(b->server, b->ref);
  });
  return list;
}

std::vector<const BlockDelay*> Table::delays() const {
  std::vector<const BlockDelay*> list;
  for (const auto& [key, delay] : delays_) list.push_back(&delay);
  return list;
}

}  // namespace mmsa::signals
