// IEC 61850-7-2 clause 17.2 as IEC 61850-8-1 clause 17 maps it; what may look like a fault and is
// none is in PROTOCOL 4.4 and 5.1.
#include "analysis/reports/reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/wording.h"
#include "mmsanalyze/limits.h"

namespace mmsa::analysis {
namespace {

using iec61850::OptFlds;
using iec61850::ReportHeader;

// FNV-1a over what makes two reports the same one: everything behind SqNum.
std::uint64_t content_hash(const MmsMessage& message, const ReportHeader& header) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325u;
  const auto add = [&hash](Bytes octets) {
    for (const std::uint8_t octet : octets) hash = (hash ^ octet) * 0x100'0000'01B3u;
  };
  if (header.entry_id) add(*header.entry_id);
  const asn1::Tree& tree = message.tree;
  for (std::size_t i = header.first; i < tree.values.size(); ++i) {
    add(tree.nodes[tree.values[i]].bytes());
  }
  return hash;
}

}  // namespace

void ReportTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.pdu.service == Service::kInformationReport) {
    on_report(context, message);
  } else {
    blocks_.on_message(context, message, *this);
  }
}

void ReportTracker::on_window_stall(const WindowStall& stall) { stalls_.push_back(stall); }

// --- control blocks ---

// Counted when something was enabled or named anew: reports come more often.
std::size_t ReportTracker::instances(Stream& stream) const {
  if (stream.instances_counted == blocks_.version()) return stream.instances;
  stream.instances_counted = blocks_.version();
  stream.instances = 0;
  blocks_.each_with_rpt_id(stream.rpt_id, [&](const RcbState& block) {
    if (block.here || block.enabled_elsewhere) ++stream.instances;
  });
  stream.instances = std::max<std::size_t>(stream.instances, 1);
  return stream.instances;
}

std::uint64_t ReportTracker::missing_so_far(const Context& context) const {
  const LossMemory& loss = context.loss[index(context.association.server())];
  return loss.gaps + loss.damages + unreadable_;
}

void ReportTracker::on_enabling(Context& context, RcbState& block, FrameRef frame) {
  const auto restart = [&block](Stream& stream) {
    stream.sequences.expect_restart();
    stream.starting.push_back(&block);
    stream.first_since_enable = true;
    stream.age.begin_replay();
    forget_values(stream);
  };
  each_stream_of(block.effective_rpt_id(), restart);
  if (!block.rpt_id) ++unnamed_lives_;
  const auto [begin, end] = streams_of_block_.equal_range(&block);
  for (auto at = begin; at != end; ++at) {
    if (at->second->rpt_id != block.effective_rpt_id()) restart(*at->second);
  }
  block.pending_enable = frame;
  block.pending_losses = missing_so_far(context);
}

void ReportTracker::on_disabled(Context& context, RcbState& block, FrameRef frame) {
  const auto [begin, end] = streams_of_block_.equal_range(&block);
  for (auto at = begin; at != end; ++at) {
    check_silence(context, *at->second, frame);
    at->second->watched_since = 0;
    end_values(context, *at->second, frame);
  }
  if (!block.rpt_id) ++unnamed_lives_;
}

// The block is disabled, or the association ends.
void ReportTracker::end_values(Context& context, Stream& stream, FrameRef frame) {
  const bool whole = stream.value_losses ==
                     missing_so_far(context) + context.loss[index(context.association.client)].gaps;
  if (stream.values.any_waiting() && whole) raise_lost_events(context, stream, frame);
  forget_values(stream);
}

// --- reports ---

// Null where the RptID is one too many: its reports are counted into nobody's numbers.
ReportTracker::Stream* ReportTracker::stream_of(const ReportHeader& header) {
  key_.assign(header.rpt_id);
  key_ += '\n';
  if (header.dat_set) key_ += *header.dat_set;
  if (last_stream_ != nullptr && key_ == last_key_) return last_stream_;
  auto found = streams_.find(key_);
  if (found == streams_.end()) {
    if (streams_.size() >= limits::kMaxReportStreams) return nullptr;
    found = streams_.emplace(key_, Stream{}).first;
    Stream& stream = found->second;
    stream.rpt_id = header.rpt_id;
    stream.data_set = header.dat_set.value_or(std::string_view());
    stream.name = stream.rpt_id;
    last_key_ = key_;
    begin_stream(stream);
  }
  last_key_ = found->first;
  last_stream_ = &found->second;
  return last_stream_;
}

// Blocks that were enabled before their first report.
void ReportTracker::begin_stream(Stream& stream) {
  const auto expect = [&](RcbState& block) {
    if (block.pending_enable.number == 0) return;
    stream.sequences.expect_restart();
    stream.starting.push_back(&block);
    stream.first_since_enable = true;
    stream.age.begin_replay();
  };
  attach_block(stream);
  blocks_.each_with_rpt_id(stream.rpt_id, expect);
  if (stream.block != nullptr && stream.block->effective_rpt_id() != stream.rpt_id) {
    expect(*stream.block);
  }
}

// The block that sends these reports, where only one can: by RptID, then among several or among
// those whose RptID was never told by the data set, then because only one is enabled here.
RcbState* ReportTracker::sender_of(const Stream& stream) {
  // Where very many are enabled the data set alone tells nothing.
  constexpr std::size_t kMaxCandidates = 64;
  const auto fits = [&](const RcbState& block) {
    const std::optional<std::string>& dat_set = block.control->dat_set;
    return stream.data_set.empty() || !dat_set || *dat_set == stream.data_set;
  };
  RcbState* only = nullptr;
  std::size_t named = 0;
  std::size_t fitting = 0;
  RcbState* by_data_set = nullptr;
  blocks_.each_with_rpt_id(stream.rpt_id, [&](RcbState& block) {
    if (!block.here && !block.enabled_elsewhere) return;
    only = &block;
    ++named;
    if (!fits(block)) return;
    by_data_set = &block;
    ++fitting;
  });
  if (named == 1) return only;
  if (named > 1) return fitting == 1 ? by_data_set : nullptr;
  const std::vector<RcbState*>& unnamed = blocks_.enabled_unnamed();
  if (unnamed.empty() || unnamed.size() > kMaxCandidates) return nullptr;
  for (RcbState* const block : unnamed) {
    if (!fits(*block)) continue;
    by_data_set = block;
    ++fitting;
  }
  return fitting == 1 ? by_data_set : nullptr;
}

void ReportTracker::attach_block(Stream& stream) {
  if (stream.block != nullptr || stream.sought == blocks_.version()) return;
  stream.sought = blocks_.version();
  RcbState* const block = sender_of(stream);
  if (block == nullptr) return;
  stream.block = block;
  stream.name = block->reference;
  stream.buffered = block->buffered;
  streams_of_block_.emplace(block, &stream);
}

void ReportTracker::on_report(Context& context, const MmsMessage& message) {
  const ReportHeader* const read = context.exchange->report_header();
  left_out_of_ = nullptr;
  if (read == nullptr || message.cut) {
    if (read != nullptr || message.pdu.error) ++unreadable_;
    return;
  }
  const ReportHeader& header = *read;
  reports_seen_ = true;
  Stream* const found = stream_of(header);
  if (found == nullptr) {
    ++not_followed_;
    last_unattributed_ = message.frame;
    return;
  }
  Stream& stream = *found;
  attach_block(stream);
  if (stream.block == nullptr) last_unattributed_ = message.frame;
  stream.buffered = stream.buffered || header.entry_id || header.buf_ovfl;
  const SequenceResult placed = place(context, stream, header, message);
  set_sender(stream, placed);
  count(context, stream, header, message.frame);
  watch_integrity(context, stream, message.frame);
  if (!message.pdu.error) check_contents(context, stream, header, placed, message.frame);
  check_sequence(context, stream, header, placed, message);
  check_values(context, stream, header, placed, message);
  check_conf_rev(context, stream, header, message.frame);
  if (header.time_of_entry && header.time_of_entry->has_date && header.time_of_entry->is_set()) {
    const TimeNs entry = header.time_of_entry->time();
    stream.age.add(entry, message.frame, stream.buffered);
    check_entry_time(context, stream, header, entry, message.frame);
    if (context.clock != nullptr) {
      // Of 32 bits; what a damaged answer says more is no time.
      constexpr std::uint64_t kMost = 0xFFFF'FFFF;
      const std::uint64_t buf_tm =
          stream.block != nullptr ? stream.block->control->buf_tm.value_or(0) : 0;
      context.clock->add_entry(entry, message.frame, stream.buffered,
                               static_cast<TimeNs>(std::min(buf_tm, kMost)) * kNsPerMs);
    }
  }
  stream.last = message.frame;
  stream.first_since_enable = false;
  if (stream.block != nullptr) iec61850::ReportControls::reported(*stream.block->control);
}

namespace {

// The one behind the last that is kept takes up all others.
void note_interval(std::vector<SqNumInterval>& intervals, std::uint64_t number, bool fresh) {
  if (intervals.empty() || (fresh && intervals.size() <= kMaxSqNumIntervals)) {
    intervals.push_back({number, number});
  } else {
    intervals.back().last = number;
  }
}

}  // namespace

void ReportTracker::count(Context& context, Stream& stream, const ReportHeader& header,
                          FrameRef frame) {
  RcbResult& out = printed(stream);
  if (out.rpt_id.empty()) out.rpt_id = stream.rpt_id;
  if (out.data_set.empty()) out.data_set = stream.data_set;
  if (!out.buffered && stream.buffered) out.buffered = true;
  ++out.segments;
  reasons_ = 0;
  for (const iec61850::ReportEntry& entry : context.exchange->report_entries()) {
    reasons_ = static_cast<std::uint8_t>(reasons_ | entry.reason.value_or(0));
  }
  if (header.sub_sq_num.value_or(0) == 0) {
    ++out.reports;
    if ((reasons_ & iec61850::Reason::kIntegrity) != 0) ++out.integrity_reports;
  }
  if (out.first_report.number == 0) out.first_report = frame;
  out.last_report = frame;
  if (header.sq_num) {
    if (!out.first_sq_num) out.first_sq_num = *header.sq_num;
    out.last_sq_num = *header.sq_num;
    note_interval(out.sq_nums, *header.sq_num, stream.first_since_enable);
  }
}

SequenceResult ReportTracker::place(const Context& context, Stream& stream,
                                    const ReportHeader& header, const MmsMessage& message) {
  if (!header.sq_num) {
    SequenceResult unnumbered;
    unnumbered.verdict = SequenceVerdict::next;
    unnumbered.new_life = stream.first_since_enable;
    unnumbered.overflow_before = stream.overflow;
    return unnumbered;
  }
  SequenceNumbers numbers;
  numbers.sq_num = *header.sq_num;
  numbers.sub_sq_num = header.sub_sq_num;
  numbers.more_segments = header.more_segments_follow.value_or(false);
  numbers.buffered = stream.buffered;
  numbers.overflow = header.buf_ovfl.value_or(false);
  numbers.content = content_hash(message, header);
  const LossMemory& loss = context.loss[index(message.sender)];
  numbers.losses = loss.gaps;
  numbers.damages = loss.damages + unreadable_;
  numbers.frame = message.frame;
  stream.sequences.set_instances(instances(stream));
  return stream.sequences.add(numbers);
}

// Several blocks of one RptID: each begins its numbers in the order in which they were enabled.
void ReportTracker::set_sender(Stream& stream, const SequenceResult& placed) {
  if (placed.new_life && !stream.starting.empty()) {
    if (stream.senders.size() <= placed.sequence) stream.senders.resize(placed.sequence + 1);
    stream.senders[placed.sequence] = stream.starting.front();
    stream.starting.erase(stream.starting.begin());
  }
  if (placed.sequence >= stream.senders.size() || stream.senders[placed.sequence] == nullptr)
    return;
  RcbState* const block = stream.senders[placed.sequence];
  if (stream.block == block) return;
  if (stream.block == nullptr) streams_of_block_.emplace(block, &stream);
  stream.block = block;
  stream.name = block->reference;
}

void ReportTracker::check_sequence(Context& context, Stream& stream, const ReportHeader& header,
                                   const SequenceResult& placed, const MmsMessage& message) {
  check_overflow(context, stream, header, placed, message.frame);
  if (!header.sq_num) {
    if (header.has(OptFlds::kSequenceNumber)) return;  // contradicts itself: its own finding
    Finding* f = context.findings.raise("report-without-sqnum", context.association, message.frame)
                     .object(stream.name)
                     .put();
    if (f != nullptr && f->count == 1) {
      f->message = "The reports carry no sequence number: lost ones can not be noticed.";
    }
    return;
  }
  check_segments(context, stream, header, placed, message.frame);
  if (placed.verdict == SequenceVerdict::late) {
    raise_late(context, stream, placed, *header.sq_num, message.frame);
  }
  if (placed.verdict == SequenceVerdict::repeated) {
    Finding* f = context.findings.raise("report-repeated", context.association, message.frame)
                     .object(stream.name)
                     .also(placed.previous)
                     .put();
    if (f != nullptr) {
      f->message = fmt::format("{} report{} came a second time with the same SqNum and content.",
                               f->count, plural(f->count));
    }
  }
  if (!stream.sequences.gaps().empty()) raise_gaps(context, stream);
}

// --- the end ---

void ReportTracker::close_stream(Context& context, Stream& stream, FrameRef closed) {
  check_silence(context, stream, closed);
  end_values(context, stream, closed);
  stream.sequences.finish();
  raise_gaps(context, stream);
  constexpr TimeNs kSegmentTime = kNsPerSecond;
  const auto unfinished = stream.sequences.unfinished();
  if (unfinished && elapsed(*unfinished, closed) > kSegmentTime && !stream.only_empty) {
    Finding* f = raise_segment_missing(
        context, stream, missing_so_far(context) != stream.watched_losses, *unfinished, *unfinished,
        fmt::format("The report in frame {} announces more segments, but none came in the {} until "
                    "the association ended: they were never sent.",
                    unfinished->number, duration_text(elapsed(*unfinished, closed))));
    if (f != nullptr && stream.block != nullptr && !stream.block->enabled) {
      f->cause = "The client disabled the block before the report was complete.";
      f->next_step = "Let the client wait for the last segment before it disables the block.";
    }
  }
  raise_stale(context, stream);
}

void ReportTracker::raise_stale(Context& context, const Stream& stream) const {
  const ServerClock unknown;
  const auto old =
      stream.age.old(context.clock != nullptr ? *context.clock : unknown, context.settings.stale);
  if (old.empty() || stream.entry_time_stands_still) return;
  TimeNs oldest = 0;
  Finding* f = nullptr;
  for (const ReportAge::Old& report : old) {
    oldest = std::max(oldest, report.age);
    f = context.findings.raise("report-stale", context.association, report.frame)
            .object(stream.name)
            .put();
    if (f == nullptr) return;
  }
  f->message = fmt::format("{}{} report{} carried entries up to {} old.", f->count,
                           old.size() >= ReportAge::kMostOld ? " or more" : "", plural(f->count),
                           duration_text(oldest));
  f->evidence.set("oldest_s", static_cast<double>(oldest / kNsPerMs) / 1e3);
}

void ReportTracker::on_close(Context& context, FrameRef opened, FrameRef closed) {
  for (auto& [key, stream] : streams_) close_stream(context, stream, closed);
  check_silent_blocks(context, closed);
  check_last_report(context, closed);
  const auto limit = [&](std::string_view what, std::uint64_t count, const std::string& message) {
    if (count == 0) return;
    Finding* f = context.findings.raise("limit-reached", closed)
                     .with("limit", what)
                     .with("count", count)
                     .put();
    if (f != nullptr) f->message = message;
  };
  limit("RptIDs of an association", not_followed_,
        fmt::format("{} reports of further RptIDs were not followed, because {} of one association "
                    "are.",
                    not_followed_, limits::kMaxReportStreams));
  limit("reported values of an association", members_not_followed_,
        fmt::format("The values of {} reports were not compared with those before, because {} "
                    "members of data sets of one association are.",
                    members_not_followed_, limits::kMaxFollowedMembers));
  std::uint64_t not_kept = 0;
  for (const auto& [key, stream] : streams_) not_kept += stream.values.not_kept();
  limit("changes that wait for their report", not_kept,
        fmt::format("{} changes that a scan showed were not followed, because too many of one "
                    "block waited for their reports.",
                    not_kept));
  blocks_.on_close(context, reports_seen_, opened, closed);
  for (RcbState& block : blocks_.blocks()) {
    if (block.report.steps == 0 && block.report.segments == 0) continue;
    context.report.report_control_blocks.push_back(std::move(block.report));
  }
  for (auto& [key, stream] : streams_) {
    if (stream.block == nullptr) {
      context.report.report_control_blocks.push_back(std::move(stream.report));
    }
  }
}

}  // namespace mmsa::analysis
