// Changes that no report told: what a scan shows against what the reports before it said.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/reports/reports.h"
#include "analysis/wording.h"
#include "mmsanalyze/limits.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using iec61850::Reason;
using iec61850::ReportedValues;

constexpr unsigned kScan = Reason::kIntegrity | Reason::kGeneralInterrogation;
// Where BufTm was not seen: longer than anybody sets it.
constexpr TimeNs kUnknownBufTm = 10 * kNsPerSecond;
// The report of an event may come this long behind the scan that showed it, and BufTm.
constexpr TimeNs kBehindScan = kNsPerSecond;

bool is_status(iec61850::TypeRef component) {
  return iec61850::is_status_attribute(component->name);
}

// "$stVal" of a child of a structure; empty where its name is not known.
std::string child_name(iec61850::TypeRef type, std::uint8_t child) {
  if (type == nullptr) return {};
  iec61850::TypeRef component = iec61850::first_component(type);
  for (std::uint8_t i = 0; component != nullptr && i < child; ++i) {
    component = iec61850::next_component(component, type);
  }
  return component != nullptr && is_status(component) ? "$" + std::string(component->name)
                                                      : std::string();
}

std::string value_text(iec61850::StatusValue value) {
  std::string text;
  iec61850::append_status(text, value);
  return text;
}

std::string time_text(TimeNs time) {
  constexpr int kMilliseconds = 3;
  std::string text;
  text::append_rfc3339(text, time, kMilliseconds);
  return text;
}

}  // namespace

TimeNs ReportTracker::merge_time(const Stream& stream) {
  if (stream.block == nullptr || !stream.block->control->buf_tm) return kUnknownBufTm;
  return static_cast<TimeNs>(std::min<std::uint64_t>(*stream.block->control->buf_tm, 1u << 30)) *
         kNsPerMs;
}

// TrgOps has data-change, or a report of this life said so.
bool ReportTracker::reports_changes(const Stream& stream) const {
  const bool told = stream.block != nullptr && stream.block->control->trg_ops.has_value();
  return told ? (*stream.block->control->trg_ops & Reason::kDataChange) != 0 : stream.changes_seen;
}

// What was told before is no measure of what comes: reports may be missing in between, or the block
// was not reporting.
void ReportTracker::forget_values(Stream& stream) {
  stream.values.forget();
  stream.changes_seen = false;
}

std::string ReportTracker::attribute_name(const Context& context,
                                          const iec61850::ReportEntry& entry,
                                          std::uint8_t child) const {
  const std::string_view reference = context.exchange->entry_name(entry);
  if (reference.empty()) return fmt::format("member {} of the data set", entry.member + 1);
  const ObjectName name = iec61850::split_reference(reference);
  return std::string(reference) + child_name(context.model.type_of(name.domain, name.item), child);
}

// The values of one report.
void ReportTracker::check_values(Context& context, Stream& stream,
                                 const iec61850::ReportHeader& header, const SequenceResult& placed,
                                 const MmsMessage& message) {
  using Verdict = SequenceVerdict;
  if (placed.verdict == Verdict::repeated) return;
  const std::uint64_t losses =
      missing_so_far(context) + context.loss[index(context.association.client)].gaps;
  const bool another_life = placed.verdict == Verdict::restart ||
                            placed.verdict == Verdict::first ||
                            placed.verdict == Verdict::other_instance;
  const bool perhaps_another = stream.block == nullptr && stream.unnamed_lives != unnamed_lives_;
  if (losses != stream.value_losses || another_life || perhaps_another ||
      placed.verdict == Verdict::late || header.buf_ovfl.value_or(false) || message.pdu.error ||
      !header.consistent()) {
    forget_values(stream);
    stream.value_losses = losses;
    stream.unnamed_lives = unnamed_lives_;
  }
  if ((reasons_ & Reason::kDataChange) != 0) stream.changes_seen = true;
  const bool readable = !message.pdu.error && header.consistent() && header.inclusion;
  if (!readable || context.one_direction || !reports_changes(stream) || instances(stream) > 1 ||
      !follow_members(stream, header.members)) {
    return;
  }
  ReportedValues::Report report{.frame = message.frame, .entry_time = {}, .merged = 0};
  report.merged = merge_time(stream);
  const auto& entry_time = header.time_of_entry;
  if (entry_time && entry_time->has_date && entry_time->is_set()) {
    report.entry_time = entry_time->time();
  }
  for (const iec61850::ReportEntry& entry : context.exchange->report_entries()) {
    if (!entry.value || entry.value.node().role() == asn1::Role::failure) continue;
    if (!stream.values.follows(entry.member)) {
      const std::string_view reference = context.exchange->entry_name(entry);
      const ObjectName name = iec61850::split_reference(reference);
      stream.values.follow(
          entry.member, entry.value, reference,
          reference.empty() ? nullptr : context.model.type_of(name.domain, name.item));
    }
    const unsigned reason = entry.reason.value_or(0);
    const bool event = (reason & kScan) == 0 || (reason & ~kScan) != 0;
    stream.values.see(report, entry.member, entry.value, event, changes_);
    for (const ReportedValues::Change& change : changes_)
      note_change(context, stream, entry, change);
    changes_.clear();
  }
  if (stream.values.any_waiting()) raise_lost_events(context, stream, message.frame);
}

// Memory for the members of one more data set, where there is some left.
bool ReportTracker::follow_members(Stream& stream, std::uint32_t members) {
  if (stream.followed_members == members) return true;
  const std::size_t all = followed_members_ - stream.followed_members + members;
  if (all > limits::kMaxFollowedMembers) {
    ++members_not_followed_;
    return false;
  }
  followed_members_ = all;
  stream.followed_members = members;
  stream.values.set_members(members);
  return true;
}

// A gap between what was told last and this scan explains the change, and says what it lost.
void ReportTracker::note_change(const Context& context, Stream& stream,
                                const iec61850::ReportEntry& entry,
                                const ReportedValues::Change& change) {
  const auto text = [&] {
    return fmt::format("{} {} -> {}", attribute_name(context, entry, change.child),
                       value_text(change.before), value_text(change.after));
  };
  if (stream.sequences.skipped_since(change.from)) {
    stream.sequences.note_lost(change.from, text());
    return;
  }
  stream.values.wait(change);
  if (stream.names_of_changes.size() < kMaxNamed) {
    stream.names_of_changes.try_emplace({change.member, change.child},
                                        attribute_name(context, entry, change.child));
  }
}

// Those that no report told within the time in which one could have come.
void ReportTracker::raise_lost_events(Context& context, Stream& stream, FrameRef now) {
  const auto lost = stream.values.take_settled(now, merge_time(stream) + kBehindScan);
  for (const ReportedValues::Change& change : lost) {
    if (stream.sequences.disordered()) return;  // a server that sends out of order may do so here
    const auto named = stream.names_of_changes.find({change.member, change.child});
    const std::string attribute = named != stream.names_of_changes.end()
                                      ? named->second
                                      : fmt::format("member {} of the data set", change.member + 1);
    const std::string text =
        fmt::format("{} changed from {} to {} between frame {} ({}) and frame {} ({})", attribute,
                    value_text(change.before), value_text(change.after), change.from.number,
                    time_text(change.from.time), change.to.number, time_text(change.to.time));
    Finding* f = context.findings.raise("event-not-reported", context.association, change.to)
                     .object(stream.name)
                     .with("attribute", attribute)
                     .with("before", value_text(change.before))
                     .with("after", value_text(change.after))
                     .with("told_frame", change.from.number)
                     .with("shown_frame", change.to.number)
                     .with("window_s", seconds_between(change.from, change.to))
                     .also(change.from)
                     .put();
    if (f == nullptr) return;
    f->evidence.set("changes", f->count);
    if (f->count > 1) {
      f->message = fmt::format("{} changes were told by no report. The first: {}.", f->count,
                               stream.first_lost);
      continue;
    }
    stream.first_lost = text;
    f->message = text + ", and no report told it though data-change is enabled in TrgOps.";
    if (!change.has_time) {
      f->cause +=
          " Or it changed in the same moment as the scan, and the server merged both: the value "
          "has no time stamp to tell.";
    }
  }
}

}  // namespace mmsa::analysis
