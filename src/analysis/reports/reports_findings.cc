// What is said of reports, and in which words.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "analysis/reports/reports.h"
#include "analysis/wording.h"

namespace mmsa::analysis {
namespace {

using iec61850::OptFlds;
using iec61850::ReportHeader;
using Doubt = SequenceGap::Doubt;

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

// Why the server can not be blamed, as a clause behind "N reports are missing".
std::string_view doubt_text(Doubt doubt, bool one_direction) {
  switch (doubt) {
    case Doubt::lost:
      return "the capture lost octets there";
    case Doubt::damaged:
      return "a message of the server there could not be decoded";
    case Doubt::disorder:
      return "this server sends out of order, and the capture may not hold all";
    case Doubt::none:
      break;
  }
  return one_direction ? "only one direction was captured" : "";
}

// One of several that make a report.
bool is_segment(const ReportHeader& header) {
  return header.sub_sq_num.value_or(0) > 0 || header.more_segments_follow.value_or(false);
}

std::optional<std::int64_t> negotiated_size(const Association& association) {
  return association.mms.negotiated != nullptr ? association.mms.negotiated->local_detail
                                               : std::nullopt;
}

}  // namespace

void ReportTracker::raise_gaps(Context& context, Stream& stream) {
  for (const SequenceGap& gap : stream.sequences.gaps()) {
    printed(stream).missing += gap.count;
    if (gap.overflow) continue;  // told with the overflow of the buffer
    const bool uncertain = gap.doubt != Doubt::none || context.one_direction;
    const auto draft = [&](std::string_view rule) {
      return context.findings.raise(rule, context.association, gap.after)
          .object(stream.name)
          .also(gap.before);
    };
    Finding* f = uncertain ? draft("report-gap-uncertain").with("what", "reports").put()
                           : draft("report-gap").put();
    if (f == nullptr) continue;
    if (!uncertain && !stream.buffered) f->severity = Severity::warning;
    append_range(stream.missing_text, gap.first, gap.count, gap.modulus);
    const std::int64_t missing = f->evidence.add("missing", gap.count);
    f->evidence.set("missing_sq_num", stream.missing_text);
    f->evidence.set("gaps", f->count);
    f->evidence.set("buffered", stream.buffered);
    if (!uncertain && !gap.lost.empty()) {
      if (!stream.lost_text.empty()) stream.lost_text += ", ";
      stream.lost_text += gap.lost;
      f->evidence.set("lost_events", stream.lost_text);
    }
    const std::string_view many = missing == 1 ? " is" : "s are";
    if (uncertain) {
      f->message = fmt::format("{} report{} missing (SqNum {}), but {}.", missing, many,
                               stream.missing_text, doubt_text(gap.doubt, context.one_direction));
      if (gap.doubt == Doubt::damaged) {
        f->cause = "The damaged messages may be these reports.";
        f->next_step = "See what damaged them first (malformed-message).";
      } else if (gap.doubt == Doubt::disorder) {
        f->cause = "The reports came before the capture began or after it ended.";
        f->next_step = "Solve the order first (report-order).";
      }
    } else {
      f->message = fmt::format(
          "{} report{} missing (SqNum {}) though the TCP stream is whole: the server never sent "
          "{}.",
          missing, many, stream.missing_text, missing == 1 ? "it" : "them");
      if (!stream.lost_text.empty()) {
        f->message += fmt::format(" Lost with them, as later values show: {}.", stream.lost_text);
      }
    }
  }
  stream.sequences.gaps().clear();
}

void ReportTracker::raise_late(Context& context, Stream& stream, const SequenceResult& result,
                               std::uint64_t sq_num, FrameRef frame) {
  Finding* f = context.findings.raise("report-order", context.association, frame)
                   .object(stream.name)
                   .with("first_late_sq_num", sq_num)
                   .also(result.previous)
                   .put();
  if (f == nullptr) return;
  f->evidence.set("late", f->count);
  f->message = fmt::format("{} report{} came behind later ones: the server sent them out of order.",
                           f->count, plural(f->count));
}

void ReportTracker::check_segments(Context& context, Stream& stream, const ReportHeader& header,
                                   const SequenceResult& result, FrameRef frame) {
  std::string what;
  if (result.verdict == SequenceVerdict::segment_missing) {
    what = fmt::format(
        "The report with SqNum {} goes on with SubSqNum {} where {} was due: a "
        "segment was never sent.",
        *header.sq_num, *header.sub_sq_num, result.expected);
  } else if (result.first_segment_missing) {
    what = fmt::format(
        "The report with SqNum {} begins with SubSqNum {}: its first segment, "
        "SubSqNum 0, was never sent.",
        *header.sq_num, *header.sub_sq_num);
  } else if (result.segment_missing_before) {
    what = fmt::format(
        "The report in frame {} announces more segments, but the next report came "
        "instead: they were never sent.",
        result.previous.number);
  } else {
    return;
  }
  raise_segment_missing(context, stream, result.uncertain, result.previous, frame, std::move(what));
}

Finding* ReportTracker::raise_segment_missing(Context& context, Stream& stream, bool uncertain,
                                              FrameRef previous, FrameRef frame, std::string what) {
  uncertain = uncertain || context.one_direction;
  const auto draft = [&](std::string_view rule) {
    return context.findings.raise(rule, context.association, frame)
        .object(stream.name)
        .also(previous);
  };
  Finding* f = uncertain ? draft("report-gap-uncertain").with("what", "segments").put()
                         : draft("report-segment-missing").put();
  if (f == nullptr) return nullptr;
  if (uncertain) {
    f->message =
        "Segments of a report are missing, but the capture lost octets or messages there could "
        "not be decoded.";
  } else if (f->count == 1) {
    f->message = std::move(what);
  } else {
    f->message = fmt::format(
        "{} segmented reports are not complete: segments of them were never sent.", f->count);
  }
  f->evidence.set("reports", f->count);
  return f;
}

void ReportTracker::check_overflow(Context& context, Stream& stream, const ReportHeader& header,
                                   const SequenceResult& placed, FrameRef frame) {
  if (placed.skipped_at_restart > 0) {
    stream.lost_in_buffer.clear();
    append_range(stream.lost_in_buffer, placed.expected, placed.skipped_at_restart, 65'536);
  } else if (placed.verdict == SequenceVerdict::restart) {
    stream.lost_in_buffer.clear();
  }
  if (!header.buf_ovfl) return;
  stream.overflow = *header.buf_ovfl;
  if (!*header.buf_ovfl || placed.overflow_before)
    return;  // some servers keep it set until the buffer is purged
  ++printed(stream).overflows;
  std::string missing = stream.lost_in_buffer;
  if (placed.verdict == SequenceVerdict::skipped) {
    append_range(missing, placed.expected, placed.missing, 65'536);
  }
  const RcbState* block = stream.block;
  const bool positioned = block != nullptr && block->control->position.known();
  const bool purged = block != nullptr && block->control->purged;
  // Common servers set it in the first report after an enable that named no entry, and after a
  // purge.
  const bool expected = missing.empty() && ((placed.new_life && !positioned) || purged ||
                                            (stream.last.number == 0 && !positioned));
  Finding* f = context.findings
                   .raise(expected ? "report-overflow-usual" : "report-buffer-overflow",
                          context.association, frame)
                   .object(stream.name)
                   .put();
  if (f == nullptr) return;
  if (expected) {
    f->message =
        "BufOvfl is set in the first report after an enable or a purge: usual, nothing need be "
        "lost.";
  } else if (missing.empty()) {
    f->message =
        "The buffer of the report control block overflowed: events were lost in the device.";
  } else {
    f->message = fmt::format(
        "The buffer of the report control block overflowed: the reports with SqNum {} were lost in "
        "the device.",
        missing);
    f->evidence.set("missing_sq_num", missing);
  }
  if (header.inclusion && header.included == 0 && !is_segment(header)) {
    f->message +=
        fmt::format(" The report (frame {}) carries no member: it only tells this.", frame.number);
  }
  if (!expected) explain_overflow(*f, stream, placed.new_life);
  f->evidence.set("after_enable", placed.new_life);
  f->evidence.set("after_purge", purged);
}

// How the buffer came to be full, as far as the capture shows it.
// `first`: it is told in the first report since an enable.
void ReportTracker::explain_overflow(Finding& finding, const Stream& stream, bool first) {
  const RcbState* const block = stream.block;
  if (!first) {
    if (stream.last.number == 0) return;
    finding.cause =
        "The block was reporting all the time: more events came than its buffer holds until the "
        "server could send them, often measured values in a data set with positions, or a client "
        "that reads slowly.";
  } else if (block != nullptr && block->control->position.refused) {
    finding.cause = fmt::format(
        "The server refused the EntryID that the client wrote (frame {}): that entry is no longer "
        "in the buffer, and those behind it may be lost, too.",
        block->control->position.frame.number);
  } else if (block != nullptr && block->control->position.named) {
    finding.cause = fmt::format(
        "The client wrote EntryID to go on where it was (frame {}), but entries behind that one "
        "were lost: it was away longer than the buffer lasts.",
        block->control->position.frame.number);
  }
}

// What a report announces against what it carries.
void ReportTracker::check_contents(Context& context, Stream& stream, const ReportHeader& header,
                                   const SequenceResult& placed, FrameRef frame) {
  const auto raise = [&](std::string_view item, std::string_view problem) -> Finding* {
    Finding* f = context.findings.raise("report-inconsistent", context.association, frame)
                     .object(stream.name)
                     .with("item", item)
                     .with("problem", problem)
                     .put();
    if (f != nullptr) f->evidence.set("reports", f->count);
    return f;
  };
  const bool block_buffered = stream.block != nullptr && stream.block->buffered;
  if (header.left_out != 0 && header.consistent() && !block_buffered) {
    left_out_ = header.left_out_name();
    left_out_of_ = &stream;
    left_out_frame_ = frame;
    ++left_out_count_;
  }
  if (!header.consistent() || (header.left_out != 0 && block_buffered)) {
    const std::string_view item =
        header.consistent() ? header.left_out_name() : std::string_view(header.problem_item);
    const std::string_view problem = iec61850::report_problem_text(
        header.consistent() ? iec61850::ReportProblem::wrong_type : header.problem);
    if (Finding* f = raise(item, problem)) {
      f->message = fmt::format("{} report{} not carry what {} announce{}: {} ({}).", f->count,
                               f->count == 1 ? " does" : "s do", f->count == 1 ? "it" : "they",
                               f->count == 1 ? "s" : "", problem, item);
    }
    return;
  }
  if (!header.inclusion || header.included > 0) {
    stream.only_empty = false;
    check_reasons(context, stream, frame);
    return;
  }
  if (!is_segment(header)) {
    stream.only_empty = false;
    if (header.buf_ovfl.value_or(false) && !placed.overflow_before) return;  // told with it
    if (Finding* f = raise("inclusion-bitstring", "no member")) {
      f->message = fmt::format("{} report{} no member of the data set at all.", f->count,
                               f->count == 1 ? " carries" : "s carry");
      f->cause = "The server made a report though no member had changed.";
      f->next_step = "Make sure that the client accepts it; some give up the association.";
    }
    return;
  }
  stream.only_empty = header.sub_sq_num.value_or(0) == 0 || stream.only_empty;
  Finding* f = raise("segments", "no member");
  if (f == nullptr) return;
  const auto size = negotiated_size(context.association);
  f->message = fmt::format("{} segment{} of a report carr{} no member: the report never gets on.",
                           f->count, plural(f->count), f->count == 1 ? "ies" : "y");
  if (size) {
    f->evidence.set("negotiated_size", *size);
    f->cause = fmt::format(
        "The negotiated size of {} octets is too small for one member beside the header of the "
        "report, so the server sends segments without end.",
        *size);
  } else {
    f->cause =
        "The negotiated size is too small for one member beside the header of the report, so the "
        "server sends segments without end.";
  }
  f->next_step = "Raise the message size that the client proposes; report the fault to the vendor.";
}

// Reasons that TrgOps does not allow; the bits of both have the same numbers. Not of buffered
// blocks, whose entries were made before, and not general interrogation, whose bit edition 1 does
// not have.
void ReportTracker::check_reasons(Context& context, Stream& stream, FrameRef frame) {
  using iec61850::Reason;
  if (stream.block == nullptr || stream.buffered || !stream.block->enabled) return;
  const auto& allowed = stream.block->control->trg_ops;
  constexpr unsigned kChecked =
      Reason::kDataChange | Reason::kQualityChange | Reason::kDataUpdate | Reason::kIntegrity;
  if (!allowed || (reasons_ & kChecked & ~unsigned{*allowed}) == 0) return;
  Finding* f = context.findings.raise("report-inconsistent", context.association, frame)
                   .object(stream.name)
                   .with("item", "reason-for-inclusion")
                   .with("problem", "TrgOps does not switch it on")
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format("{} report{} a reason for inclusion that TrgOps does not switch on.",
                           f->count, f->count == 1 ? " gives" : "s give");
  f->cause = "The server ignores TrgOps, or another client changed them without being captured.";
  f->next_step = "Read TrgOps of the block and compare.";
  f->evidence.set("reports", f->count);
}

// TimeOfEntry against the values' own time.
void ReportTracker::check_entry_time(Context& context, Stream& stream, const ReportHeader& header,
                                     TimeNs entry, FrameRef frame) {
  if (is_segment(header)) return;
  const auto newest = [&] {
    TimeNs time = 0;
    for (const iec61850::ReportEntry& member : context.exchange->report_entries()) {
      if (!member.value) continue;
      const std::span nodes(&member.value.node(), member.value.node().end - member.value.index());
      for (const asn1::Node& node : nodes) {
        UtcTime stamp;
        const bool is_time = is_value(node) && data_type(node) == DataType::utc_time;
        if (is_time && read_utc_time(node.bytes(), stamp)) time = std::max(time, stamp.time());
      }
    }
    return time;
  };
  if (!stream.entry_time.stands_still(entry, frame, newest)) return;
  stream.entry_time_stands_still = true;
  Finding* f = context.findings.raise("report-inconsistent", context.association, frame)
                   .object(stream.name)
                   .with("item", "TimeOfEntry")
                   .with("problem", "it stands still")
                   .also(stream.entry_time.first())
                   .put();
  if (f == nullptr) return;
  f->evidence.set("reports", f->count);
  f->message = fmt::format(
      "TimeOfEntry stands still from frame {} on, while the time stamps of the values advance by "
      "{}.",
      stream.entry_time.first().number, duration_text(stream.entry_time.advance()));
  f->cause = "The server stamps its reports with a time that it does not renew.";
  f->next_step =
      "Let the client take the time stamps of the values, not TimeOfEntry, and report the fault to "
      "the vendor of the server.";
}

// A client that ends the connection right behind a report that it could not digest.
void ReportTracker::check_last_report(Context& context, FrameRef closed) {
  constexpr TimeNs kAtOnce = kNsPerSecond / 2;
  if (left_out_of_ == nullptr || left_out_count_ > 1) return;  // it read the one before
  if (elapsed(left_out_frame_, closed) > kAtOnce) return;
  const std::string& how = context.report.closed_how;
  if (context.report.closed_by != "client" || how == "conclude" || how == "release") return;
  Finding* f = context.findings.raise("report-inconsistent", context.association, left_out_frame_)
                   .object(left_out_of_->name)
                   .with("item", left_out_)
                   .also(closed)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format(
      "The client ended the connection {} behind the report in frame {}, whose OptFlds announce "
      "{} without the field.",
      duration_text(elapsed(left_out_frame_, closed)), left_out_frame_.number, left_out_);
  f->cause =
      "Unbuffered blocks may leave these fields out (IEC 61850-7-2 17.2.5.2); the client can not "
      "read such a report.";
  f->next_step = "Let the client not set these bits of OptFlds in unbuffered blocks.";
}

void ReportTracker::check_conf_rev(Context& context, Stream& stream, const ReportHeader& header,
                                   FrameRef frame) {
  if (!header.conf_rev) return;
  const auto changed = [&](std::uint64_t before, FrameRef where, std::string_view with,
                           std::string_view how) {
    Finding* f = context.findings.raise("conf-rev-changed", context.association, frame)
                     .object(stream.name)
                     .with("compared_with", with)
                     .with("before", before)
                     .with("now", *header.conf_rev)
                     .also(where)
                     .put();
    if (f == nullptr || f->count > 1) return;
    f->message = fmt::format("ConfRev is {} in the report, {} {}.", *header.conf_rev, before, how);
  };
  if (stream.conf_rev && *stream.conf_rev != *header.conf_rev) {
    changed(*stream.conf_rev, stream.conf_rev_frame, "report before", "in the one before");
  } else if (!stream.conf_rev && stream.block != nullptr &&
             stream.block->control->conf_rev_told.number != 0) {
    const iec61850::ReportControl& control = *stream.block->control;
    if (control.conf_rev && *control.conf_rev != *header.conf_rev) {
      changed(*control.conf_rev, control.conf_rev_told, "block as read", "when the block was read");
    }
  }
  if (stream.conf_rev != header.conf_rev) stream.conf_rev_frame = frame;
  stream.conf_rev = header.conf_rev;
}

}  // namespace mmsa::analysis
