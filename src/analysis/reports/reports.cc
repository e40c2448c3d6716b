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

void append_range(std::string& text, std::uint64_t first, std::uint64_t count,
                  std::uint64_t modulus) {
  constexpr std::size_t kMaxText = 120;
  if (text.size() > kMaxText) {
    if (!text.ends_with("...")) text += ", ...";
    return;
  }
  if (!text.empty()) text += ", ";
  text += std::to_string(first);
  if (count > 1) text += fmt::format("-{}", (first + count - 1) % modulus);
}

std::int64_t add_figure(Finding& finding, std::string_view key, std::int64_t value) {
  for (auto& [name, old] : finding.evidence) {
    if (name == key) {
      old = std::get<std::int64_t>(old) + value;
      return std::get<std::int64_t>(old);
    }
  }
  finding.evidence.emplace_back(key, value);
  return value;
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

std::size_t ReportTracker::instances(std::string_view rpt_id) {
  std::size_t count = 0;
  for (const RcbState& block : blocks_.blocks()) {
    if ((block.enabled || block.enabled_elsewhere) && block.effective_rpt_id() == rpt_id) ++count;
  }
  return std::max<std::size_t>(count, 1);
}

void ReportTracker::on_enabling(Context& context, RcbState& block, FrameRef frame) {
  const std::uint64_t losses = context.loss[index(context.association.server())].gaps;
  for (auto& [key, stream] : streams_) {
    if (stream.rpt_id != block.effective_rpt_id()) continue;
    stream.sequences.expect_restart(frame, losses);
    stream.first_since_enable = true;
    stream.age.begin_replay();
  }
  block.pending_enable = frame;
  block.pending_losses = losses;
}

void ReportTracker::on_disabled(Context& context, RcbState& block, FrameRef frame) {
  for (auto& [key, stream] : streams_) {
    if (stream.block != &block) continue;
    check_silence(context, stream, frame);
    stream.watched_since = 0;
  }
}

// --- reports ---

ReportTracker::Stream& ReportTracker::stream_of(const ReportHeader& header) {
  key_.assign(header.rpt_id);
  key_ += '\n';
  if (header.dat_set) key_ += *header.dat_set;
  if (last_stream_ != nullptr && key_ == last_key_) return *last_stream_;
  auto found = streams_.find(key_);
  if (found == streams_.end() && streams_.size() >= limits::kMaxReportStreams) {
    found = std::prev(streams_.end());  // counted somewhere rather than kept without bound
  } else if (found == streams_.end()) {
    found = streams_.emplace(key_, Stream{}).first;
    Stream& stream = found->second;
    stream.rpt_id = header.rpt_id;
    stream.data_set = header.dat_set.value_or(std::string_view());
    stream.name = stream.rpt_id;
    attach_block(stream);
    for (RcbState& block : blocks_.blocks()) {
      if (block.pending_enable.number == 0 || block.effective_rpt_id() != stream.rpt_id) continue;
      stream.sequences.expect_restart(block.pending_enable, block.pending_losses);
      stream.first_since_enable = true;
      stream.age.begin_replay();
    }
  }
  last_key_ = key_;
  last_stream_ = &found->second;
  return *last_stream_;
}

// The block that sends these reports, where only one can.
void ReportTracker::attach_block(Stream& stream) {
  RcbState* only = nullptr;
  for (RcbState& block : blocks_.blocks()) {
    if (block.effective_rpt_id() != stream.rpt_id) continue;
    if (!block.enabled && !block.enabled_elsewhere && block.pending_enable.number == 0) continue;
    if (only != nullptr) return;
    only = &block;
  }
  if (only == nullptr) return;
  stream.block = only;
  stream.name = only->reference;
  stream.buffered = only->buffered;
}

void ReportTracker::on_report(Context& context, const MmsMessage& message) {
  ReportHeader header;
  if (!iec61850::read_report_header(message, header) || message.cut) return;
  reports_seen_ = true;
  Stream& stream = stream_of(header);
  if (stream.block == nullptr) attach_block(stream);
  stream.buffered = stream.buffered || header.entry_id || header.buf_ovfl;
  RcbReport& out = printed(stream);
  if (out.rpt_id.empty()) out.rpt_id = stream.rpt_id;
  if (out.data_set.empty()) out.data_set = stream.data_set;
  if (!out.buffered && stream.buffered) out.buffered = true;
  ++out.segments;
  if (header.sub_sq_num.value_or(0) == 0) ++out.reports;
  if (out.first_report.number == 0) out.first_report = message.frame;
  out.last_report = message.frame;
  if (header.sq_num) {
    if (!out.first_sq_num) out.first_sq_num = *header.sq_num;
    out.last_sq_num = *header.sq_num;
  }
  watch_integrity(context, stream, message.frame);
  check_sequence(context, stream, header, message);
  check_overflow(context, stream, header, message.frame);
  check_conf_rev(context, stream, header, message.frame);
  if (header.time_of_entry && header.time_of_entry->has_date && header.time_of_entry->is_set()) {
    stream.age.add(message.frame.time, header.time_of_entry->time(), message.frame, stream.buffered,
                   context.settings.stale);
  }
  stream.last = message.frame;
  stream.first_since_enable = false;
  if (stream.block != nullptr) stream.block->purged = false;
}

void ReportTracker::check_sequence(Context& context, Stream& stream, const ReportHeader& header,
                                   const MmsMessage& message) {
  if (!header.sq_num) {
    if (header.has(OptFlds::kSequenceNumber)) return;  // malformed: its own finding
    Finding* f = context.findings.raise("report-without-sqnum", context.association, stream.name,
                                        "", message.frame);
    if (f != nullptr && f->count == 1) {
      f->message = "The reports carry no sequence number: lost ones can not be noticed.";
    }
    return;
  }
  SequenceNumbers numbers;
  numbers.sq_num = *header.sq_num;
  numbers.sub_sq_num = header.sub_sq_num;
  numbers.more_segments = header.more_segments_follow.value_or(false);
  numbers.buffered = stream.buffered;
  numbers.content = content_hash(message, header);
  numbers.losses = context.loss[index(message.sender)].gaps;
  numbers.frame = message.frame;
  stream.sequences.set_instances(instances(stream.rpt_id));
  const SequenceResult result = stream.sequences.add(numbers);
  if (result.segment_missing_before) {
    raise_segment_missing(context, stream, result.uncertain, result.previous, message.frame);
  }
  switch (result.verdict) {
    case SequenceVerdict::gap:
      raise_gap(context, stream, result, header, message.frame);
      break;
    case SequenceVerdict::segment_missing:
      raise_segment_missing(context, stream, result.uncertain, result.previous, message.frame);
      break;
    case SequenceVerdict::repeated: {
      Finding* f = context.findings.raise("report-repeated", context.association, stream.name, "",
                                          message.frame);
      if (f == nullptr) break;
      FindingCollector::add_frame(*f, result.previous.number);
      f->message = fmt::format("{} report{} came a second time with the same SqNum and content.",
                               f->count, plural(f->count));
      break;
    }
    default:
      break;
  }
}

void ReportTracker::raise_gap(Context& context, Stream& stream, const SequenceResult& result,
                              const ReportHeader& header, FrameRef frame) {
  const bool uncertain = result.uncertain || context.one_direction;
  printed(stream).missing += result.missing;
  Finding* f = context.findings.raise(uncertain ? "report-gap-uncertain" : "report-gap",
                                      context.association, stream.name, stream.data_set, frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, result.previous.number);
  if (!uncertain && !stream.buffered) f->severity = Severity::warning;
  const std::uint64_t modulus = stream.buffered || *header.sq_num > 255 ? 65'536 : 256;
  append_range(stream.missing_text, result.expected, result.missing, modulus);
  const std::int64_t missing = add_figure(*f, "missing", static_cast<std::int64_t>(result.missing));
  set_evidence(*f, "missing_sq_num", stream.missing_text);
  set_evidence(*f, "gaps", static_cast<std::int64_t>(f->count));
  set_evidence(*f, "buffered", stream.buffered);
  if (uncertain) {
    f->message = fmt::format("{} report{} missing (SqNum {}), but the capture lost bytes there.",
                             missing, missing == 1 ? " is" : "s are", stream.missing_text);
  } else {
    f->message = fmt::format(
        "{} report{} missing (SqNum {}) though the TCP stream is whole: the server never sent {}.",
        missing, missing == 1 ? " is" : "s are", stream.missing_text, missing == 1 ? "it" : "them");
  }
}

void ReportTracker::raise_segment_missing(Context& context, Stream& stream, bool uncertain,
                                          FrameRef previous, FrameRef frame) {
  Finding* f = context.findings.raise(uncertain ? "report-gap-uncertain" : "report-segment-missing",
                                      context.association, stream.name, "segment", frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, previous.number);
  f->message = uncertain ? "Segments of a report are missing, but the capture lost bytes there."
                         : "A segmented report is not complete: segments of it were never sent.";
  set_evidence(*f, "reports", static_cast<std::int64_t>(f->count));
}

void ReportTracker::check_overflow(Context& context, Stream& stream, const ReportHeader& header,
                                   FrameRef frame) {
  if (!header.buf_ovfl) return;
  const bool began = *header.buf_ovfl && !stream.overflow;
  stream.overflow = *header.buf_ovfl;
  if (!began) return;  // some servers keep it set until the buffer is purged
  ++printed(stream).overflows;
  const RcbState* block = stream.block;
  const bool entry_id = block != nullptr && block->entry_id_refused;
  const bool purged = block != nullptr && block->purged;
  // Common servers set it in the first report after an enable that named no entry, and after a
  // purge.
  const bool expected =
      (stream.first_since_enable && !entry_id) || purged || (stream.last.number == 0 && !entry_id);
  Finding* f = context.findings.raise("report-buffer-overflow", context.association, stream.name,
                                      expected ? "expected" : "", frame);
  if (f == nullptr) return;
  if (expected) {
    f->severity = Severity::note;
    f->message =
        "BufOvfl is set in the first report after an enable or a purge: usual, nothing need be "
        "lost.";
    f->cause = "The client enabled the block without writing the EntryID it knows.";
    f->next_step =
        "None needed; write EntryID before RptEna to continue where reporting broke off.";
  } else {
    f->message =
        "The buffer of the report control block overflowed: events were lost in the device.";
  }
  set_evidence(*f, "after_enable", stream.first_since_enable);
  set_evidence(*f, "after_purge", purged);
}

void ReportTracker::check_conf_rev(Context& context, Stream& stream, const ReportHeader& header,
                                   FrameRef frame) {
  if (!header.conf_rev) return;
  const auto changed = [&](std::uint64_t before, FrameRef where, std::string_view how) {
    Finding* f =
        context.findings.raise("conf-rev-changed", context.association, stream.name, how, frame);
    if (f == nullptr || f->count > 1) return;
    FindingCollector::add_frame(*f, where.number);
    f->message = fmt::format("ConfRev is {} in the report, {} {}.", *header.conf_rev, before, how);
    set_evidence(*f, "before", static_cast<std::int64_t>(before));
    set_evidence(*f, "now", static_cast<std::int64_t>(*header.conf_rev));
  };
  if (stream.conf_rev && *stream.conf_rev != *header.conf_rev) {
    changed(*stream.conf_rev, stream.conf_rev_frame, "in the one before");
  } else if (!stream.conf_rev && stream.block != nullptr && stream.block->conf_rev &&
             *stream.block->conf_rev != *header.conf_rev) {
    changed(*stream.block->conf_rev, {}, "when the block was read");
  }
  if (stream.conf_rev != header.conf_rev) stream.conf_rev_frame = frame;
  stream.conf_rev = header.conf_rev;
}

// --- the end ---

void ReportTracker::close_stream(Context& context, Stream& stream, FrameRef closed) {
  check_silence(context, stream, closed);
  constexpr TimeNs kSegmentTime = kNsPerSecond;
  const auto unfinished = stream.sequences.unfinished();
  if (unfinished && elapsed(*unfinished, closed) > kSegmentTime) {
    const std::uint64_t losses = context.loss[index(context.association.server())].gaps;
    raise_segment_missing(context, stream, losses != stream.watched_losses, *unfinished,
                          *unfinished);
  }
  TimeNs offset = 0;
  if (stream.age.steady_offset(offset)) {
    Finding* f = context.findings.raise_between_hosts("clock-offset", context.association, "",
                                                      printed(stream).first_report);
    if (f != nullptr) {
      f->object = stream.name;
      f->message = fmt::format("The server's clock is {} {} the capture's in {} reports.",
                               duration_text(offset < 0 ? -offset : offset),
                               offset > 0 ? "behind" : "ahead of", stream.age.samples());
      set_evidence(*f, "offset_s", static_cast<double>(-offset / kNsPerMs) / 1e3);
      set_evidence(*f, "reports", static_cast<std::int64_t>(stream.age.samples()));
    }
    return;
  }
  for (const ReportAge::Old& old : stream.age.old()) {
    Finding* f =
        context.findings.raise("report-stale", context.association, stream.name, "", old.frame);
    if (f == nullptr) return;
    f->count = stream.age.old_count();
    f->message = fmt::format("{} report{} carried entries up to {} old.", f->count,
                             plural(f->count), duration_text(stream.age.worst()));
    set_evidence(*f, "oldest_s", static_cast<double>(stream.age.worst() / kNsPerMs) / 1e3);
  }
}

void ReportTracker::on_close(Context& context, FrameRef opened, FrameRef closed) {
  for (auto& [key, stream] : streams_) close_stream(context, stream, closed);
  // Blocks that were enabled and never sent a report.
  for (RcbState& block : blocks_.blocks()) {
    if (!block.enabled || block.report.segments != 0) continue;
    Stream silent;
    silent.block = &block;
    silent.name = block.reference;
    silent.watched_since = block.enabled_at.clock;
    silent.watched_frame = block.enabled_at;
    silent.watched_losses = context.loss[index(context.association.server())].gaps;
    if (silent.watched_losses == 0 && instances(block.effective_rpt_id()) == 1) {
      check_silence(context, silent, closed);
    }
  }
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
