#include "analysis/capture/capture_quality.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/wording.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

constexpr std::size_t kMalformedHex = 16;

std::int64_t figure(const Finding& finding, std::string_view key) {
  for (const auto& [name, value] : finding.evidence) {
    if (name == key) return std::get<std::int64_t>(value);
  }
  return 0;
}

}  // namespace

void CaptureQualityTracker::on_message(Context& context, const MmsMessage& message) {
  ++messages_[index(message.sender)];
  if (message.pdu.error && !message.cut) {
    raise_malformed(context, *message.pdu.error, message.octets, message.sender, message.frame);
  }
}

void CaptureQualityTracker::on_malformed(Context& context, const MalformedUnit& unit) {
  raise_malformed(context, unit.error, unit.unit, unit.sender, unit.frame);
}

void CaptureQualityTracker::raise_malformed(Context& context, const DecodeError& error, Bytes unit,
                                            Side sender, FrameRef frame) {
  if (error.problem == Errc::too_deep || error.problem == Errc::too_many) {
    Finding* f = context.findings.raise("limit-reached", context.association, "",
                                        errc_text(error.problem), frame);
    if (f == nullptr || f->count > 1) return;
    f->message = fmt::format("A message of the {} was not decoded to its end: {} {}.",
                             context.name_of(sender), error.field, errc_text(error.problem));
    set_evidence(*f, "field", std::string(error.field));
    return;
  }
  const std::string cause = fmt::format("{} {} {} {}", layer_name(error.layer), error.field,
                                        errc_text(error.problem), context.name_of(sender));
  Finding* f = context.findings.raise("malformed-message", context.association, "", cause, frame);
  if (f == nullptr || f->count > 1) return;
  std::string hex;
  const std::size_t begin = std::min<std::size_t>(error.offset, unit.size());
  text::append_hex(hex, unit.subspan(begin, std::min(kMalformedHex, unit.size() - begin)));
  f->message =
      fmt::format("A message of the {} can not be decoded: {} layer, field {} {} (octet {}).",
                  context.name_of(sender), layer_name(error.layer), error.field,
                  errc_text(error.problem), error.offset);
  if (error.layer == Layer::tpkt && error.problem == Errc::truncated) {
    const unsigned announced = unit.size() < 4 ? 0u : unit[2] * 256u + unit[3];
    f->message = fmt::format(
        "TPKT of the {} cut short in frame {}: it announces {} octets, and behind {} of them the "
        "next TPKT begins.",
        context.name_of(sender), frame.number, announced, unit.size());
    f->cause =
        "The sender did not send the message to its end, for example because its TCP buffer was "
        "full and the rest of the write was forgotten.";
  }
  set_evidence(*f, "layer", std::string(layer_name(error.layer)));
  set_evidence(*f, "field", std::string(error.field));
  set_evidence(*f, "offset", static_cast<std::int64_t>(error.offset));
  set_evidence(*f, "problem", std::string(errc_text(error.problem)));
  set_evidence(*f, "hex", hex);
  set_evidence(*f, "sender", std::string(context.name_of(sender)));
}

void CaptureQualityTracker::on_gap(Context& context, const StreamGap& gap) {
  if (context.association.carries != Association::Carries::mms &&
      context.association.carries != Association::Carries::iso_on_tcp) {
    return;
  }
  const FrameRef frame = gap.after.number != 0 ? gap.after : gap.before;
  const auto length = static_cast<std::int64_t>(gap.length);
  if (gap.limit) {
    Finding* f = context.findings.raise("limit-reached", context.association, "", "buffer", frame);
    if (f != nullptr) {
      f->message = fmt::format("{} hole{} could not be waited for: too much was buffered behind.",
                               f->count, plural(f->count));
    }
  }
  if (gap.snapped) {
    Finding* f = context.findings.raise("truncated-packets", context.association, "", "", frame);
    if (f == nullptr) return;
    const std::int64_t octets = figure(*f, "octets") + length;
    set_evidence(*f, "frames_cut", static_cast<std::int64_t>(f->count));
    set_evidence(*f, "octets", octets);
    f->message =
        fmt::format("The snap length cut {} frame{} that carr{} MMS; {} octets are missing.",
                    f->count, plural(f->count), f->count == 1 ? "ies" : "y", octets);
    return;
  }
  Finding* f = context.findings.raise("capture-loss", context.association, "", "", frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, gap.before.number);
  const std::int64_t octets = figure(*f, "octets") + length;
  const std::int64_t acknowledged = figure(*f, "acknowledged_holes") + (gap.acknowledged ? 1 : 0);
  set_evidence(*f, "holes", static_cast<std::int64_t>(f->count));
  set_evidence(*f, "octets", octets);
  set_evidence(*f, "acknowledged_holes", acknowledged);
  f->message = fmt::format(
      "{} octets in {} hole{} are missing from the capture{}.", octets, f->count, plural(f->count),
      acknowledged == 0 ? "" : ", though the receiver acknowledged them: the capture lost them");
}

void CaptureQualityTracker::on_window_stall(Context& context, const WindowStall& stall) {
  const Association& a = context.association;
  Finding* f = context.findings.raise("receiver-stalled", a, "", context.name_of(stall.receiver),
                                      stall.closed);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, stall.reopened.number);
  const FrameRef until = stall.reopened.number != 0 ? stall.reopened : a.connection->last;
  const double seconds = seconds_between(stall.closed, until);
  const std::string_view who = context.name_of(stall.receiver);
  const std::string_view other_side = context.name_of(other(stall.receiver));
  f->message = fmt::format(
      "The {} stopped reading for {}: its TCP window was closed, and data of the "
      "{} had to wait.",
      who, duration_text(elapsed(stall.closed, until)), other_side);
  set_evidence(*f, "receiver", std::string(who));
  set_evidence(*f, "stalled_s", seconds);
  set_evidence(*f, "probes", static_cast<std::int64_t>(stall.probes));
  set_evidence(*f, "reopened", stall.reopened.number != 0);
}

void CaptureQualityTracker::on_close(Context& context) {
  if (!context.one_direction || messages_[0] + messages_[1] == 0) return;
  const Association& a = context.association;
  const Side sender = messages_[0] != 0 ? Side::a : Side::b;
  Finding* f = context.findings.raise("one-direction-capture", a, "", "", a.connection->first);
  if (f == nullptr) return;
  const std::uint64_t count = messages_[index(sender)];
  f->message = fmt::format(
      "Only the packets of the {} were captured ({} message{}); requests and answers can not be "
      "paired.",
      context.name_of(sender), count, plural(count));
  set_evidence(*f, "captured", std::string(context.name_of(sender)));
  set_evidence(*f, "messages", static_cast<std::int64_t>(count));
}

}  // namespace mmsa::analysis
