#include "analysis/capture/capture_quality.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/wording.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

constexpr std::size_t kMalformedHex = 16;

}  // namespace

void CaptureQualityTracker::on_message(Context& context, const MmsMessage& message) {
  ++messages_[index(message.sender)];
  if (message.pdu.error && !message.cut) {
    raise_malformed(context, *message.pdu.error, message.octets, message.sender, message.frame);
  } else if ((message.pdu.quirks & Quirk::kImplicitList) != 0) {
    raise_wrong_tag(context, message);
  }
}

// This program reads it, but the client may not have: it waits for its answer then, or gives up.
void CaptureQualityTracker::raise_wrong_tag(Context& context, const MmsMessage& message) {
  const std::string_view who = context.name_of(message.sender);
  const std::string_view service = service_name(message.service());
  Finding* f = context.findings.raise("malformed-message", context.association, message.frame)
                   .party(context.party_of(message.sender))
                   .with("layer", layer_name(Layer::mms))
                   .with("field", service)
                   .with("problem", "[0] IMPLICIT in place of EXPLICIT")
                   .with("sender", who)
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->severity = Severity::note;  // many clients of the field read it, too
  f->message = fmt::format(
      "The list in a {} message of the {} is tagged wrongly: [0] IMPLICIT, where ISO 9506-2 says "
      "[0] EXPLICIT.",
      service, who);
  f->cause = fmt::format(
      "A fault in the software of the {}. It is read here all the same; a strict peer can not, and "
      "waits until it gives up.",
      who);
  f->next_step = fmt::format(
      "Look whether the peer went on behind this frame. Report the fault to the vendor of the {}.",
      who);
}

void CaptureQualityTracker::on_malformed(Context& context, const MalformedUnit& unit) {
  raise_malformed(context, unit.error, unit.unit, unit.sender, unit.frame);
}

void CaptureQualityTracker::raise_malformed(Context& context, const DecodeError& error, Bytes unit,
                                            Side sender, FrameRef frame) {
  const std::string_view who = context.name_of(sender);
  if (error.problem == Errc::too_deep || error.problem == Errc::too_many) {
    Finding* f = context.findings.raise("limit-reached", context.association, frame)
                     .with("limit", errc_text(error.problem))
                     .with("field", error.field)
                     .put();
    if (f == nullptr || f->count > 1) return;
    f->message = fmt::format("A message of the {} was not decoded to its end: {} {}.", who,
                             error.field, errc_text(error.problem));
    f->cause = fmt::format(
        "The {} sent more levels or members than are decoded: a fault of its encoder, or a message "
        "made to do harm.",
        who);
    f->next_step = "Look at the frame in Wireshark, and send it to the vendor of its sender.";
    return;
  }
  std::string hex;
  const std::size_t begin = std::min<std::size_t>(error.offset, unit.size());
  text::append_hex(hex, unit.subspan(begin, std::min(kMalformedHex, unit.size() - begin)));
  Finding* f = context.findings.raise("malformed-message", context.association, frame)
                   .party(context.party_of(sender))
                   .with("layer", layer_name(error.layer))
                   .with("field", error.field)
                   .with("offset", error.offset)
                   .with("problem", errc_text(error.problem))
                   .with("hex", hex)
                   .with("sender", who)
                   .put();
  if (f != nullptr && context.damage != nullptr) {
    context.damage->note(sender, frame, context.findings.id_of(*f));
  }
  if (f == nullptr || f->count > 1) return;
  f->message =
      fmt::format("A message of the {} can not be decoded: {} layer, field {} {} (octet {}).", who,
                  layer_name(error.layer), error.field, errc_text(error.problem), error.offset);
  if (error.layer == Layer::tpkt && error.problem == Errc::truncated) {
    const unsigned announced = unit.size() < 4 ? 0u : unit[2] * 256u + unit[3];
    f->message = fmt::format(
        "TPKT of the {} cut short in frame {}: it announces {} octets, and behind {} of them the "
        "next TPKT begins.",
        who, frame.number, announced, unit.size());
    f->cause =
        "The sender did not send the message to its end, for example because its TCP buffer was "
        "full and the rest of the write was forgotten.";
  }
}

void CaptureQualityTracker::on_gap(Context& context, const StreamGap& gap) {
  if (context.association.carries != Association::Carries::mms &&
      context.association.carries != Association::Carries::iso_on_tcp) {
    return;
  }
  const FrameRef frame = gap.after.number != 0 ? gap.after : gap.before;
  if (gap.limit) {
    Finding* f = context.findings.raise("limit-reached", context.association, frame)
                     .with("limit", "octets behind a hole")
                     .put();
    if (f != nullptr) {
      f->message = fmt::format("{} hole{} could not be waited for: too much was buffered behind.",
                               f->count, plural(f->count));
    }
  }
  if (gap.snapped) {
    raise_cut(context, gap, frame);
    return;
  }
  Finding* f =
      context.findings.raise("capture-loss", context.association, frame).also(gap.before).put();
  if (f == nullptr) return;
  f->evidence.set("holes", f->count);
  const std::int64_t octets = f->evidence.add("octets", gap.length);
  const std::int64_t acknowledged = f->evidence.add("acknowledged_holes", gap.acknowledged ? 1 : 0);
  f->message = fmt::format(
      "{} octets in {} hole{} are missing from the capture{}.", octets, f->count, plural(f->count),
      acknowledged == 0 ? "" : ", though the receiver acknowledged them: the capture lost them");
}

void CaptureQualityTracker::raise_cut(Context& context, const StreamGap& gap, FrameRef frame) {
  Finding* f = context.findings.raise("truncated-packets", context.association, frame)
                   .with("cut_by", gap.trimmed ? "unknown" : "snap-length")
                   .put();
  if (f == nullptr) return;
  f->evidence.set("frames_cut", f->count);
  const std::int64_t octets = f->evidence.add("octets", gap.length);
  if (!gap.trimmed) {
    f->message =
        fmt::format("The snap length cut {} frame{} that carr{} MMS; {} octets are missing.",
                    f->count, plural(f->count), f->count == 1 ? "ies" : "y", octets);
    return;
  }
  f->message = fmt::format(
      "{} frame{} with MMS {} shorter than the IP header says, though the file holds {} to be "
      "whole; {} octets are missing.",
      f->count, plural(f->count), f->count == 1 ? "is" : "are", f->count == 1 ? "it" : "them",
      octets);
  f->cause =
      "Not a snap length: the frames were cut before they were recorded (packet slicing of a TAP "
      "or packet broker), or later by a program that wrote the new length into the file.";
  f->next_step =
      "Switch packet slicing off and capture again, or ask for the file as it was recorded.";
}

void CaptureQualityTracker::on_window_stall(Context& context, const WindowStall& stall) {
  const Association& a = context.association;
  const FrameRef until = stall.reopened.number != 0 ? stall.reopened : a.connection->last;
  const std::string_view who = context.name_of(stall.receiver);
  Finding* f = context.findings.raise("receiver-stalled", a, stall.closed)
                   .party(context.party_of(stall.receiver))
                   .with("receiver", who)
                   .with("stalled_s", seconds_between(stall.closed, until))
                   .with("probes", stall.probes)
                   .with("reopened", stall.reopened.number != 0)
                   .also(stall.reopened)
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format(
      "The {} stopped reading for {}: its TCP window was closed, and data of the "
      "{} had to wait.",
      who, duration_text(elapsed(stall.closed, until)), context.name_of(other(stall.receiver)));
}

void CaptureQualityTracker::on_close(Context& context) {
  if (!context.one_direction || messages_[0] + messages_[1] == 0) return;
  const Association& a = context.association;
  const Side sender = messages_[0] != 0 ? Side::a : Side::b;
  const std::uint64_t count = messages_[index(sender)];
  Finding* f = context.findings.raise("one-direction-capture", a, a.connection->first)
                   .with("captured", context.name_of(sender))
                   .with("messages", count)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format(
      "Only the packets of the {} were captured ({} message{}); requests and answers can not be "
      "paired.",
      context.name_of(sender), count, plural(count));
}

}  // namespace mmsa::analysis
