#include "iec61850/reported_values.h"

#include <algorithm>

#include "iec61850/names.h"
#include "iec61850/reference.h"

namespace mmsa::iec61850 {
namespace {

// Changes that wait at a time; a server that tells so few events has them all lost.
constexpr std::size_t kMaxWaiting = 64;
// Between an event and the scan that it is merged into, by the server's cycle.
constexpr TimeNs kCycle = 100 * kNsPerMs;
constexpr std::size_t kQualityBits = 13;  // IEC 61850-8-1 clause 8.2

constexpr std::string_view kStatusAttributes[] = {"stVal",   "general", "phsA",       "phsB",
                                                  "phsC",    "neut",    "dirGeneral", "dirPhsA",
                                                  "dirPhsB", "dirPhsC", "dirNeut"};

bool is_dbpos(const asn1::Node& node) {
  return data_type(node) == DataType::bit_string && BitString(node.bytes()).size() == 2;
}
bool is_quality(const asn1::Node& node) {
  return data_type(node) == DataType::bit_string && BitString(node.bytes()).size() == kQualityBits;
}

// Without a name an integer may be a counter, which needs not report each step.
bool can_be_status(const asn1::Node& node, bool named) {
  switch (data_type(node)) {
    case DataType::boolean:
      return true;
    case DataType::bit_string:
      return is_dbpos(node);
    case DataType::integer:
      return named;
    default:
      return false;
  }
}

std::int64_t number_of(asn1::NodeRef value) {
  switch (data_type(value.node())) {
    case DataType::boolean:
      return value.boolean() ? 1 : 0;
    case DataType::bit_string: {
      const BitString bits(value.bytes());
      return (bits[0] ? 2 : 0) + (bits[1] ? 1 : 0);
    }
    default:
      return value.integer();
  }
}

// Seconds and fraction as one number, to be compared; 0 where it is not set.
std::uint64_t time_number(asn1::NodeRef value) {
  UtcTime time;
  if (!read_utc_time(value.bytes(), time)) return 0;
  return std::uint64_t{time.seconds} << 32 | time.fraction;
}

TimeNs time_of(std::uint64_t number) {
  UtcTime time;
  time.seconds = static_cast<std::uint32_t>(number >> 32);
  time.fraction = static_cast<std::uint32_t>(number);
  return time.time();
}

}  // namespace

void append_status(std::string& out, StatusValue value) {
  constexpr std::string_view kPositions[] = {"intermediate-state", "off", "on", "bad-state"};
  if (value.type == DataType::boolean) {
    out += value.number != 0 ? "true" : "false";
  } else if (value.type == DataType::bit_string) {
    out += kPositions[static_cast<std::size_t>(value.number) % std::size(kPositions)];
  } else {
    out += std::to_string(value.number);
  }
}

bool is_status_attribute(std::string_view name) {
  return std::find(std::begin(kStatusAttributes), std::end(kStatusAttributes), name) !=
         std::end(kStatusAttributes);
}

void ReportedValues::set_members(std::uint32_t members) {
  if (members == slots_.size()) return;
  slots_.assign(members, 0);
  records_.clear();
  attributes_.clear();
  waiting_.clear();
}

void ReportedValues::add_attribute(std::uint8_t child, asn1::NodeRef value) {
  attributes_.push_back({child, data_type(value.node()), 0});
}

// IEC 61850-7-3 puts the status attributes of a common data class before q, and t behind it.
void ReportedValues::follow_structure(asn1::NodeRef value, TypeRef type, bool named) {
  const std::size_t first = attributes_.size();
  bool before_quality = true;
  bool has_time = false;
  TypeRef component = type != nullptr ? first_component(type) : nullptr;
  std::uint8_t child = 0;
  for (asn1::NodeRef c = value.first_child(); c && child < Change::kWhole;
       c = c.next_sibling(value), ++child) {
    if (is_quality(c.node())) before_quality = false;
    has_time = has_time || data_type(c.node()) == DataType::utc_time;
    const bool wanted = component != nullptr ? is_status_attribute(component->name)
                                             : type == nullptr && before_quality;
    if (wanted && can_be_status(c.node(), component != nullptr)) add_attribute(child, c);
    if (component != nullptr) component = next_component(component, type);
  }
  // Without names other structures look alike; with a reference of FC ST few do.
  const bool alike = type == nullptr && (before_quality || (!named && !has_time));
  if (alike) attributes_.resize(first);
}

void ReportedValues::follow(std::uint32_t member, asn1::NodeRef value, std::string_view reference,
                            TypeRef type) {
  Record record;
  record.first = static_cast<std::uint32_t>(attributes_.size());
  const ObjectName name = split_reference(reference);
  const Reference parsed = parse_item(name.domain, name.item);
  const bool named = !reference.empty();
  const bool status = !named || parsed.fc == Fc::ST;
  const DataType data = data_type(value.node());
  if (!status) {
    // measured values, settings, descriptions: nothing to follow
  } else if (data == DataType::structure) {
    const bool fits = type != nullptr && matches(type, value);
    follow_structure(value, fits ? type : nullptr, named);
    record.proven = true;
  } else if (can_be_status(value.node(), named)) {
    if (!named || is_status_attribute(parsed.last())) add_attribute(Change::kWhole, value);
    record.proven = named;
  }
  record.count = static_cast<std::uint8_t>(attributes_.size() - record.first);
  now_.resize(std::max<std::size_t>(now_.size(), record.count));
  records_.push_back(record);
  slots_[member] = static_cast<std::uint32_t>(records_.size());
}

// The attributes of `record` in `value` into now_; false where the value has another shape.
bool ReportedValues::read(const Record& record, asn1::NodeRef value) {
  now_time_ = 0;
  const Attribute* wanted = &attributes_[record.first];
  const Attribute* const end = wanted + record.count;
  const auto take = [&](asn1::NodeRef from) {
    if (data_type(from.node()) != wanted->type) return false;
    now_[record.count - static_cast<std::size_t>(end - wanted)] = number_of(from);
    ++wanted;
    return true;
  };
  if (wanted->child == Change::kWhole) return take(value);
  if (data_type(value.node()) != DataType::structure) return false;
  std::uint8_t child = 0;
  for (asn1::NodeRef c = value.first_child(); c && child < Change::kWhole;
       c = c.next_sibling(value), ++child) {
    if (wanted != end && wanted->child == child) {
      if (!take(c)) return false;
    } else if (data_type(c.node()) == DataType::utc_time) {
      now_time_ = time_number(c);
    }
  }
  return wanted == end;
}

// Whether the change may be so young that the scan itself is its report.
bool ReportedValues::may_be_merged(const Report& report) const {
  if (now_time_ == 0 || !report.entry_time) return report.merged > 0;
  return *report.entry_time - time_of(now_time_) <= report.merged + kCycle;
}

void ReportedValues::see(const Report& report, std::uint32_t member, asn1::NodeRef value,
                         bool event, std::vector<Change>& changes) {
  Record& record = records_[slots_[member] - 1];
  if (record.count == 0) return;
  if (!read(record, value)) {
    record.epoch = 0;
    return;
  }
  const bool known = record.epoch == epoch_;
  if (known && !event) {
    // Taken before what was told last: a scan that was overtaken.
    if (now_time_ != 0 && now_time_ < record.time) return;
    if (report.entry_time && record.entry_time && *report.entry_time < *record.entry_time) return;
  }
  const bool compared = known && !event && record.proven && !may_be_merged(report);
  for (std::uint8_t i = 0; i < record.count; ++i) {
    Attribute& attribute = attributes_[record.first + i];
    if (compared && attribute.value != now_[i]) {
      changes.push_back({.member = member,
                         .child = attribute.child,
                         .before = {attribute.type, attribute.value},
                         .after = {attribute.type, now_[i]},
                         .from = record.frame,
                         .to = report.frame,
                         .has_time = now_time_ != 0 && report.entry_time.has_value()});
    }
    attribute.value = now_[i];
  }
  if (event) {
    record.proven = true;
    if (!waiting_.empty()) told(member, record);
  }
  record.epoch = epoch_;
  record.time = now_time_;
  record.entry_time = report.entry_time;
  record.frame = report.frame;
}

// A report tells what a scan showed before it.
void ReportedValues::told(std::uint32_t member, const Record& record) {
  std::erase_if(waiting_, [&](const Change& change) {
    if (change.member != member) return false;
    for (std::uint8_t i = 0; i < record.count; ++i) {
      const Attribute& attribute = attributes_[record.first + i];
      if (attribute.child == change.child) return attribute.value == change.after.number;
    }
    return false;
  });
}

void ReportedValues::wait(const Change& change) {
  if (waiting_.size() >= kMaxWaiting) {
    ++not_kept_;
    return;
  }
  waiting_.push_back(change);
}

std::vector<ReportedValues::Change> ReportedValues::take_settled(FrameRef now, TimeNs time) {
  std::vector<Change> settled;
  std::erase_if(waiting_, [&](const Change& change) {
    if (elapsed(change.to, now) <= time) return false;
    settled.push_back(change);
    return true;
  });
  return settled;
}

}  // namespace mmsa::iec61850
