// TSDUs whose end is missing from the capture. Only headers are read: every length in them reaches
// behind the last octet, which is nobody's fault.
#include <algorithm>

#include "osi/contexts.h"
#include "osi/upper_layers.h"

namespace mmsa::osi {
namespace {

// Steps into the element with this identifier octet; its content then reaches to where the octets
// end, or nearer. False where it does not begin here.
bool enter(Bytes& octets, std::uint8_t identifier) {
  if (octets.size() < 2 || octets[0] != identifier) return false;
  std::size_t header = 2;
  std::size_t length = octets[1];
  if (length > 0x80) {
    const std::size_t count = length & 0x7F;
    if (count > 4 || octets.size() < header + count) return false;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | octets[header + i];
    header += count;
  } else if (length == 0x80) {
    length = octets.size();
  }
  octets = octets.subspan(header);
  octets = octets.first(std::min(length, octets.size()));
  return true;
}

}  // namespace

void UpperLayers::decode_cut(Side sender, Bytes tsdu, TsduContent& content) {
  content.clear();
  shared_.scratch.joined.clear();
  ssdu_[index(sender)].reset();
  if (is_direct(tsdu) || (direct_ && !tsdu.empty() && is_mms_tag(tsdu[0]))) {
    direct_ = true;
    content.pdus.push_back({tsdu, 0});
    return;
  }
  if (!starts_like_session(tsdu)) return;
  session_seen_ = true;
  Trouble ignored(Layer::session, tsdu);
  Bytes rest = tsdu;
  bool first = true;
  while (!rest.empty()) {
    Spdu spdu;
    rest = decode_spdu(rest, first, ignored, spdu);
    first = false;
    if (!spdu.is_used || spdu.si == Si{}) return;
    if (spdu.is_data) {
      if (!spdu.enclosure) on_cut_user_data(spdu.user_data, content);
    } else if (const std::optional<Step> step = step_of(spdu.si)) {
      // What stands before the cut is right; presentation and ACSE are not whole.
      store(spdu, association_.session.edit());
      content.steps.push_back(*step);
    }
  }
}

void UpperLayers::on_cut_user_data(Bytes octets, TsduContent& content) {
  std::optional<std::int64_t> context;
  if (!enter(octets, 0x60)) {
    if (!enter(octets, 0x61) || !enter(octets, 0x30)) return;
    Trouble ignored(Layer::presentation, octets);
    ber::Reader reader(octets, ignored);
    ber::Element element;
    reader.match(ber::kObjectIdentifier, element, "transfer-syntax-name");
    if (!reader.expect(ber::kInteger, element, "presentation-context-identifier")) return;
    context = ber::integer(element.content);
    octets = reader.rest();
    if (!enter(octets, 0xA0) && !enter(octets, 0x81)) return;
  }
  if (octets.empty()) return;
  const Carried carried =
      classify(context, octets, true, shared_.looks_like_mms, shared_.options, association_);
  if (carried == Carried::mms) {
    content.pdus.push_back({octets, context.value_or(association_.mms_context)});
  }
}

}  // namespace mmsa::osi
