#include "signals/reader.h"

#include <algorithm>

#include "iec61850/names.h"

namespace mmsa::signals {
namespace {

// Members of a data set that belong together stand together: value, q, t, in any order.
constexpr std::size_t kNeighbours = 3;
// The value itself has just changed. Devices differ in whether a change of the quality or an update
// sets the time stamp anew.
constexpr std::uint8_t kChanged = iec61850::Reason::kDataChange;

// "LD/LN$ST$Pos" of "LD/LN$ST$Pos$q"; empty where the last component is another.
std::string_view holder_of(std::string_view ref, std::string_view component) {
  return ref.ends_with(component) ? ref.substr(0, ref.size() - component.size())
                                  : std::string_view{};
}

bool is_below(std::string_view ref, std::string_view holder) {
  return !holder.empty() && ref.size() > holder.size() && ref.starts_with(holder) &&
         ref[holder.size()] == '$';
}

std::optional<TimeNs> entry_time_of(const std::optional<BinaryTime>& time) {
  if (!time || !time->has_date || !time->is_set()) return std::nullopt;
  return time->time();
}

std::optional<UtcTime> stamp_of(asn1::NodeRef node) {
  UtcTime time;
  if (!node || !read_utc_time(node.bytes(), time) || !time.is_set()) return std::nullopt;
  return time;
}

// Timestamps of a file may be anything.
std::optional<TimeNs> difference(TimeNs later, TimeNs earlier) {
  TimeNs result = 0;
  if (__builtin_sub_overflow(later, earlier, &result)) return std::nullopt;
  return result;
}

// The name of the attribute at the end of a reference: "stVal", "f"; empty where the reference ends
// above the attributes, or in one that has no name.
std::string_view attribute_of(const iec61850::Reference& reference) {
  if (reference.path.find('$') == std::string_view::npos || reference.path.ends_with(']')) {
    return {};
  }
  return reference.last();
}

}  // namespace

std::string_view source_name(Source source) {
  constexpr std::string_view kNames[] = {"report", "read", "write", "log"};
  return kNames[static_cast<std::size_t>(source)];
}

bool Value::good() const {
  return !quality || iec61850::Quality(BitString(quality.bytes())).good();
}

void Reader::on(const Association& /*association*/, const iec61850::Event& event) {
  const auto* exchange = std::get_if<std::reference_wrapper<const iec61850::Exchange>>(&event);
  if (exchange != nullptr) on_exchange(*exchange);
}

void Reader::on_exchange(const iec61850::Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  if (exchange.from_client()) return;
  told_.clear();
  refs_.clear();
  if (exchange.report_header() != nullptr) {
    collect_report(exchange);
    return tell(exchange, Source::report);
  }
  if (message.pdu.service == Service::kInformationReport) {
    if (exchange.acsi() == iec61850::Acsi::CommandTermination ||
        exchange.acsi() == iec61850::Acsi::LastApplError) {
      return;
    }
    collect_items(exchange);
    return tell(exchange, Source::report);
  }
  if (message.pdu.kind != PduKind::confirmed_response) return;
  if (message.pdu.service == Service::kReadJournal) {
    collect_log(exchange);
    tell(exchange, Source::log);
  } else if (message.pdu.service == Service::kRead) {
    collect_items(exchange);
    tell(exchange, Source::read);
  } else if (message.pdu.service == Service::kWrite) {
    collect_items(exchange);
    tell(exchange, Source::write);
  }
}

void Reader::collect_report(const iec61850::Exchange& exchange) {
  const iec61850::ReportHeader& header = *exchange.report_header();
  const std::optional<TimeNs> entry_time = entry_time_of(header.time_of_entry);
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    if (!entry.value) break;
    told_.push_back({.ref = exchange.entry_name(entry),
                     .value = entry.value,
                     .reason = entry.reason,
                     .entry_time = entry_time});
    if (!told_.back().ref.empty()) continue;
    // The place in the data set, by the best name that there is for it.
    const std::size_t begin = refs_.size();
    refs_ += header.dat_set ? *header.dat_set : header.rpt_id;
    refs_ += '[' + std::to_string(entry.member) + ']';
    told_.back().made = refs_.size() - begin;
  }
  // The text has stopped growing: views of it stay.
  std::size_t at = 0;
  for (Told& told : told_) {
    if (told.made == 0) continue;
    told.ref = std::string_view(refs_).substr(at, told.made);
    at += told.made;
  }
}

void Reader::collect_items(const iec61850::Exchange& exchange) {
  for (const iec61850::Item& item : exchange.items()) {
    if (!item.value || item.error) continue;
    if (item.ref.empty()) {
      ++unnamed_;
      continue;
    }
    told_.push_back({.ref = item.ref, .value = item.value});
  }
}

void Reader::collect_log(const iec61850::Exchange& exchange) {
  read_logged_values(exchange.message(), logged_);
  for (const iec61850::LoggedValue& logged : logged_) {
    told_.push_back({.ref = logged.ref,
                     .value = logged.value,
                     .reason = logged.reason,
                     .entry_time = entry_time_of(logged.entry_time)});
  }
}

// A data set may list the attributes of a data object one by one: their quality and time stamp are
// columns of the value all the same.
void Reader::find_columns() {
  for (std::size_t i = 0; i < told_.size(); ++i) {
    Told& column = told_[i];
    const std::string_view of_q = holder_of(column.ref, "$q");
    const std::string_view of_t = holder_of(column.ref, "$t");
    const std::string_view holder = of_q.empty() ? of_t : of_q;
    if (holder.empty()) continue;
    const DataType type = data_type(column.value.node());
    if (type != (of_q.empty() ? DataType::utc_time : DataType::bit_string)) continue;
    const std::size_t first = i < kNeighbours ? 0 : i - kNeighbours;
    const std::size_t end = std::min(told_.size(), i + kNeighbours + 1);
    for (std::size_t k = first; k < end; ++k) {
      Told& other = told_[k];
      if (k == i || !is_below(other.ref, holder)) continue;
      if (other.ref.ends_with("$q") || other.ref.ends_with("$t")) continue;
      // A log has the same again and again.
      if (other.entry_time != column.entry_time) continue;
      (of_q.empty() ? other.time : other.quality) = column.value;
      column.column = true;
    }
  }
}

void Reader::tell(const iec61850::Exchange& exchange, Source source) {
  if (told_.empty()) return;
  if (told_.size() > 1) find_columns();
  const Association& association = exchange.association();
  Value value;
  value.server = association.connection->endpoint[index(association.server())];
  value.stream = association.connection->stream;
  value.frame = exchange.message().frame;
  value.source = source;
  if (exchange.report_header() != nullptr) value.rpt_id = exchange.report_header()->rpt_id;
  for (const Told& told : told_) {
    if (told.column) continue;
    value.reason = told.reason;
    value.entry_time = told.entry_time;
    const ObjectName name = iec61850::split_reference(told.ref);
    const iec61850::TypeRef type = exchange.model().type_of(name.domain, name.item);
    splitter_.split(told.ref, type, told.value, [&](const iec61850::Attribute& attribute) {
      const ObjectName full = iec61850::split_reference(attribute.ref);
      const iec61850::Reference reference = iec61850::parse_item(full.domain, full.item);
      value.ref = attribute.ref;
      value.value = attribute.value;
      value.iec = iec_value(reference, attribute_of(reference), attribute.value);
      value.quality = attribute.quality ? attribute.quality : told.quality;
      value.time = stamp_of(attribute.time ? attribute.time : told.time);
      value.guessed = attribute.guessed;
      value.delay.reset();
      if (value.source == Source::report && value.time && (value.reason.value_or(0) & kChanged)) {
        value.delay = difference(value.frame.time, value.time->time());
      }
      sink_.on(value);
    });
  }
}

}  // namespace mmsa::signals
