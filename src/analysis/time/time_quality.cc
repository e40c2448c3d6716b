// Every message of the server is scanned once, flat: only where something is not good are names
// looked for.
#include "analysis/time/time_quality.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/advice.h"
#include "analysis/time/clock_offset.h"
#include "analysis/wording.h"
#include "iec61850/data_classes.h"
#include "iec61850/names.h"
#include "iec61850/reference.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/limits.h"

namespace mmsa::analysis {
namespace {

// Signals of one association with a quality that is not good, and places in reports that name them:
// more than a bay has points. Beyond it they are counted.
constexpr std::size_t kMaxSignals = 4096;
constexpr std::size_t kMaxKeys = 16'384;
// In place of the number of a signal: a bit-string that looks like a quality.
constexpr std::uint32_t kNoQuality = 0xFFFF'FFFF;
constexpr std::size_t kMaxFrames = 8;  // named as the proof; `count` tells the rest
constexpr std::uint8_t kBadClock = UtcTime::kClockFailure | UtcTime::kClockNotSynchronized;

using iec61850::may_be_quality;

// Validity other than good, test, operatorBlocked.
bool is_bad(const asn1::Node& node) {
  const unsigned used = 0xFFu << node.content[0];
  return ((node.content[1] & 0xC0u) | (node.content[2] & 0x18u & used)) != 0;
}

bool is_kind(const asn1::Tree& tree, std::uint32_t index, asn1::Kind kind) {
  return index < tree.nodes.size() && tree.nodes[index].kind() == kind;
}

// T and operTm of a control, which the server only repeats: { .. ctlNum, T, Test .. } and
// { ctlVal, operTm, origin { orCat, orIdent } .. }.
bool is_from_client(const asn1::Tree& tree, std::uint32_t index) {
  using asn1::Kind;
  if (std::binary_search(tree.values.begin(), tree.values.end(), index)) return false;
  const bool t = index > 0 &&
                 (is_kind(tree, index - 1, Kind::unsigned_integer) ||
                  is_kind(tree, index - 1, Kind::integer)) &&
                 is_kind(tree, index + 1, Kind::boolean);
  const bool oper_tm = is_kind(tree, index + 1, Kind::sequence_of) &&
                       is_kind(tree, index + 2, Kind::integer) &&
                       is_kind(tree, index + 3, Kind::octet_string);
  return t || oper_tm;
}

std::string quality_text(const std::array<std::uint8_t, 3>& bits) {
  std::string text;
  iec61850::append_quality(text, BitString(Bytes(bits.data(), bits.size())));
  return text;
}

// Names of the components on the way to the node `offset` behind that of the value; empty where the
// type does not tell.
std::string path_to(iec61850::TypeRef type, std::uint32_t nodes, std::uint32_t offset) {
  std::string path;
  // Arrays have one node in the type and many in the value.
  if (type == nullptr || type->count != nodes) return path;
  while (offset > 0) {
    iec61850::TypeRef component = iec61850::first_component(type);
    std::uint32_t begin = 1;
    while (component != nullptr && offset >= begin + component->count) {
      begin += component->count;
      component = iec61850::next_component(component, type);
    }
    if (component == nullptr || component->name.empty()) return {};
    path += '$';
    path += component->name;
    offset -= begin;
    type = component;
  }
  return path;
}

bool is_direct_child(asn1::NodeRef parent, std::uint32_t index) {
  for (asn1::NodeRef c = parent.first_child(); c && c.index() <= index;
       c = c.next_sibling(parent)) {
    if (c.index() == index) return true;
  }
  return false;
}

// What the bits that are set say is wrong; the first row that fits.
struct QualityAdvice {
  std::size_t bit;
  Advice advice;
};
constexpr QualityAdvice kQualityAdvice[] = {
    {11,
     {"The function or the whole device is in test mode (Mod = test), or its source is.",
      "Set Mod of the logical device back to on when the test is over."}},
    {12,
     {"An operator or the device has blocked the updating of this value.",
      "Remove the blocking at the station control or at the panel of the device."}},
    {7,
     {"The source no longer sends: a sub-device, a merging unit or a GOOSE publisher is off or cut "
      "off.",
      "Look at the link to the source of this signal and at the subscription that feeds it."}},
    {6,
     {"The input or module behind the value has failed, or is not connected.",
      "Check the wiring of the input and the alarm list of the device."}},
    {2,
     {"The value is beyond what its type or the input can hold.",
      "Check the range of the input and the scaling of the measurement."}},
    {3,
     {"The value is out of its configured range.",
      "Compare the value with the range in the configuration; check the wiring of the input."}},
    {5,
     {"The input changes so fast that the device suppresses it (chattering).",
      "Check contact and wiring of this input, and the chatter filter."}},
};

// Validity alone.
constexpr Advice kNoDetail{
    "The source of the value is missing, switched off or not yet up, or the device does not trust "
    "it; it gives no detail.",
    "Check the input of this signal, then Beh and Health of its logical node."};

Advice quality_advice(const std::array<std::uint8_t, 3>& octets) {
  const BitString bits(Bytes(octets.data(), octets.size()));
  for (const QualityAdvice& row : kQualityAdvice) {
    if (bits[row.bit]) return row.advice;
  }
  return kNoDetail;
}

constexpr Advice kClockFailed{
    "The device says that its clock can not be relied on: the clock itself, not its time source.",
    "Read the self-supervision of the device, restart it, and have it repaired if it comes again. "
    "Until then do not rely on its event times."};

}  // namespace

void TimeQualityTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.sender != context.association.server()) return;
  const bool report = message.pdu.service == Service::kInformationReport;
  if (!report &&
      (message.pdu.service != Service::kRead || message.pdu.kind != PduKind::confirmed_response)) {
    return;
  }
  stamps_.last_seen = message.frame;
  const bool suspicious = scan(message.tree, message.frame);
  if (report) watch_clock(context, message.frame);
  if (report && (suspicious || bad_now_ > 0)) inspect_report(context, message);
}

// Of reports without TimeOfEntry, which tells it better: the time stamps of values that changed.
void TimeQualityTracker::watch_clock(Context& context, FrameRef frame) {
  if (context.clock == nullptr || context.exchange == nullptr) return;
  const iec61850::ReportHeader* header = context.exchange->report_header();
  if (header == nullptr || header->time_of_entry || header->entry_id) return;
  if (!header->has(iec61850::OptFlds::kReasonForInclusion)) return;
  for (const iec61850::ReportEntry& entry : context.exchange->report_entries()) {
    if (entry.reason != iec61850::Reason::kDataChange || !entry.value) continue;
    for (asn1::NodeRef child = entry.value.first_child(); child;
         child = child.next_sibling(entry.value)) {
      UtcTime time;
      if (child.node().kind() == asn1::Kind::utc_time &&
          read_utc_time(child.node().bytes(), time) && time.is_set()) {
        context.clock->add_value(time.time(), frame);
      }
    }
  }
}

bool TimeQualityTracker::scan(const asn1::Tree& tree, FrameRef frame) {
  bool suspicious = false;
  const auto count = static_cast<std::uint32_t>(tree.nodes.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const asn1::Node& node = tree.nodes[i];
    switch (node.kind()) {
      case asn1::Kind::bit_string:
        suspicious = suspicious || (may_be_quality(node) && is_bad(node));
        break;
      case asn1::Kind::utc_time:
        count_stamp(tree, i, frame);
        break;
      default:
        break;
    }
  }
  return suspicious;
}

void TimeQualityTracker::count_stamp(const asn1::Tree& tree, std::uint32_t index, FrameRef frame) {
  UtcTime time;
  if (!read_utc_time(tree.nodes[index].bytes(), time) || !time.is_set()) return;
  if ((time.quality & kBadClock) == 0) {
    ++stamps_.all;
    stamps_.last_good = std::max(stamps_.last_good, time.seconds);
    return;
  }
  if (is_from_client(tree, index)) return;
  ++stamps_.all;
  ++stamps_.bad;
  if ((time.quality & UtcTime::kClockFailure) != 0) ++stamps_.failure;
  stamps_.last_bad = std::max(stamps_.last_bad, time.seconds);
  if (stamps_.last_frame == frame) return;
  stamps_.last_frame = frame;
  if (stamps_.frames.size() < kMaxFrames) stamps_.frames.push_back(frame);
}

std::uint64_t TimeQualityTracker::stream_of(const iec61850::ReportHeader& header) {
  const std::string_view data_set = header.dat_set.value_or(std::string_view{});
  const auto is_it = [&](const Stream& stream) {
    return stream.rpt_id == header.rpt_id && stream.data_set == data_set;
  };
  std::vector<Stream>& streams = watched_->streams;
  std::size_t& last = watched_->last_stream;
  if (last < streams.size() && is_it(streams[last])) return last;
  auto found = std::find_if(streams.begin(), streams.end(), is_it);
  if (found == streams.end()) {
    if (streams.size() >= limits::kMaxReportStreams) return limits::kMaxReportStreams;
    streams.push_back({std::string(header.rpt_id), std::string(data_set)});
    found = streams.end() - 1;
  }
  last = static_cast<std::size_t>(found - streams.begin());
  return last;
}

void TimeQualityTracker::inspect_report(Context& context, const MmsMessage& message) {
  if (context.exchange->report_header() == nullptr) return;
  const std::uint64_t stream = stream_of(*context.exchange->report_header());
  if (stream >= limits::kMaxReportStreams) {
    ++watched_->not_followed;
    return;
  }
  for (const iec61850::ReportEntry& entry : context.exchange->report_entries()) {
    if (entry.value) inspect_entry(context, message, entry, stream);
  }
}

void TimeQualityTracker::inspect_entry(Context& context, const MmsMessage& message,
                                       const iec61850::ReportEntry& entry, std::uint64_t stream) {
  const asn1::Tree& tree = message.tree;
  const asn1::Node& value = entry.value.node();
  // 2^10 streams, 2^32 members, 2^20 nodes of one value.
  const std::uint64_t key = (stream << 52) | (std::uint64_t{entry.member} << 20);
  if (may_be_quality(value)) {
    // A quality by itself: only its name tells it from another bit-string.
    const auto known = watched_->signal_of_key.find(key);
    if (known != watched_->signal_of_key.end()
            ? known->second != kNoQuality
            : is_bad(value) && is_quality_member(context, entry, key)) {
      on_quality(context, entry, tree, entry.value.index(), key, message.frame);
    }
    return;
  }
  // A quality inside a structure stands right before its time stamp.
  for (std::uint32_t i = entry.value.index() + 1; i + 1 < value.end; ++i) {
    if (!may_be_quality(tree.nodes[i]) || tree.nodes[i + 1].kind() != asn1::Kind::utc_time)
      continue;
    const std::uint64_t offset = i - entry.value.index();
    on_quality(context, entry, tree, i, key | (offset & 0xF'FFFF), message.frame);
  }
}

bool TimeQualityTracker::is_quality_member(Context& context, const iec61850::ReportEntry& entry,
                                           std::uint64_t key) {
  if (member_name(context, entry).ends_with("$q")) return true;
  if (watched_->signal_of_key.size() < kMaxKeys) watched_->signal_of_key.emplace(key, kNoQuality);
  return false;
}

void TimeQualityTracker::on_quality(Context& context, const iec61850::ReportEntry& entry,
                                    const asn1::Tree& tree, std::uint32_t index, std::uint64_t key,
                                    FrameRef frame) {
  const asn1::Node& node = tree.nodes[index];
  if (!is_bad(node)) {
    const auto known = watched_->signal_of_key.find(key);
    if (known == watched_->signal_of_key.end()) return;
    Signal& good = watched_->signals[known->second];
    if (good.good_again.number != 0) return;
    good.good_again = frame;
    --bad_now_;
    return;
  }
  Signal* bad = signal(context, entry, tree, index, key);
  if (bad == nullptr) return;
  const QualityBits bits{node.content[0], node.content[1], node.content[2]};
  if (bad->count == 0) {
    bad->first_bits = bits;
    ++bad_now_;
  } else if (bad->good_again.number != 0) {
    ++bad_now_;
  }
  bad->same = bad->same && bits == bad->first_bits;
  bad->last_bits = bits;
  bad->good_again = {};
  bad->last = frame;
  ++bad->count;
  if (bad->frames.size() < kMaxFrames) bad->frames.push_back(frame);
}

std::string TimeQualityTracker::member_name(Context& context,
                                            const iec61850::ReportEntry& entry) const {
  if (!entry.data_reference.empty()) return iec61850::normalised(entry.data_reference);
  const std::string_view member = context.exchange->entry_name(entry);
  if (!member.empty()) return std::string(member);
  return fmt::format("{}[{}]", context.exchange->report_header()->rpt_id, entry.member);
}

TimeQualityTracker::Signal* TimeQualityTracker::signal(Context& context,
                                                       const iec61850::ReportEntry& entry,
                                                       const asn1::Tree& tree, std::uint32_t index,
                                                       std::uint64_t key) {
  const auto known = watched_->signal_of_key.find(key);
  if (known != watched_->signal_of_key.end()) return &watched_->signals[known->second];
  if (watched_->signals.size() >= kMaxSignals || watched_->signal_of_key.size() >= kMaxKeys) {
    ++watched_->not_followed;
    return nullptr;
  }
  std::string name = member_name(context, entry);
  const std::uint32_t offset = index - entry.value.index();
  if (offset != 0) {
    const ObjectName member = iec61850::split_reference(name);
    const asn1::Node& value = tree.nodes[entry.value.index()];
    std::string path = path_to(context.model.type_of(member.domain, member.item),
                               value.end - entry.value.index(), offset);
    if (path.empty() && !name.ends_with(']') && is_direct_child(entry.value, index)) path = "$q";
    if (path.empty() && !is_direct_child(entry.value, index)) path = fmt::format("[{}]", offset);
    name += path;
  }
  const auto [place, fresh] =
      watched_->signal_of_name.emplace(name, static_cast<std::uint32_t>(watched_->signals.size()));
  if (fresh) watched_->signals.emplace_back().name = std::move(name);
  watched_->signal_of_key.emplace(key, place->second);
  return &watched_->signals[place->second];
}

void TimeQualityTracker::on_close(Context& context) {
  raise_clock_offset(context);
  if (stamps_.bad > 0) raise_clock(context);
  if (!watched_.made()) return;
  for (const Signal& signal : watched_->signals) raise_quality(context, signal);
  if (watched_->not_followed == 0) return;
  Finding* f = context.findings.raise("limit-reached", context.association, stamps_.last_seen)
                   .with("limit", "values that are not good")
                   .with("count", watched_->not_followed)
                   .put();
  if (f == nullptr) return;
  f->message =
      fmt::format("{} values that are not good were not followed, because too many others were.",
                  watched_->not_followed);
}

void TimeQualityTracker::raise_clock(Context& context) const {
  Finding* f =
      context.findings.raise("clock-not-synchronized", context.association, stamps_.frames.front())
          .of_server()
          .also(stamps_.frames)
          .put();
  if (f == nullptr) return;
  f->count += stamps_.bad - 1;
  f->time = std::min(f->time, stamps_.frames.front().time);
  f->last_time = std::max(f->last_time, stamps_.last_frame.time);
  const std::int64_t bad = f->evidence.add("bad_time_stamps", stamps_.bad);
  const std::int64_t all = f->evidence.add("time_stamps", stamps_.all);
  const std::int64_t failure = f->evidence.add("clock_failure", stamps_.failure);
  f->message = fmt::format("{} of {} time stamps of the server say that its clock {}.", bad, all,
                           failure == 0     ? "is not synchronized"
                           : failure == bad ? "has failed"
                                            : "is not synchronized or has failed");
  // Values that have not changed since keep the time stamp of then.
  const bool better_now = stamps_.last_good > stamps_.last_bad;
  f->evidence.set("good_later", better_now);
  if (failure == bad) use_advice(*f, kClockFailed);
  if (!better_now) return;
  f->cause =
      "The clock was not synchronized when these values changed last, for example right "
      "after the start of the device. Later time stamps are good.";
  f->next_step =
      "Do not rely on the times of these values. If it comes again, check the time "
      "source of the device.";
}

void TimeQualityTracker::raise_quality(Context& context, const Signal& signal) {
  const std::string quality = quality_text(signal.first_bits);
  const bool recovered = signal.good_again.number != 0;
  Finding* f = context.findings.raise("quality-bad", context.association, signal.frames.front())
                   .object(signal.name)
                   .with("quality", quality)
                   .also(signal.frames)
                   .put();
  if (f == nullptr) return;
  f->count += signal.count - 1;
  f->last_time = std::max(f->last_time, signal.last.time);
  f->message =
      fmt::format("{} was reported as {}{}{}.", signal.name, quality,
                  signal.same ? "" : ", later as " + quality_text(signal.last_bits),
                  recovered ? fmt::format("; good again in frame {}", signal.good_again.number)
                            : "; it did not become good again");
  if (!signal.same) f->evidence.set("last_quality", quality_text(signal.last_bits));
  f->evidence.set("reported", signal.count);
  f->evidence.set("good_again", recovered);
  use_advice(*f, quality_advice(signal.first_bits));
}

}  // namespace mmsa::analysis
