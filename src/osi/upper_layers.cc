// Walks a TSDU through session, presentation and ACSE. Each layer has its own Trouble; the first
// error of the lowest layer is the TSDU's.
#include "osi/upper_layers.h"

#include <algorithm>

#include "mmsanalyze/limits.h"
#include "osi/contexts.h"
#include "osi/recognise.h"

namespace mmsa::osi {
namespace {

// Octets of the element that `octets` begin with, or 0 where it is not whole.
std::size_t element_size(Bytes octets) {
  Trouble trouble(Layer::presentation, octets);
  ber::Reader reader(octets, trouble);
  ber::Element element;
  if (!reader.next(element, "")) return 0;
  return static_cast<std::size_t>(element.end - element.begin);
}

Ppdu ppdu_of(Si si) {
  switch (si) {
    case Si::connect:
      return Ppdu::connect;
    case Si::accept:
      return Ppdu::connect_accept;
    case Si::refuse:
      return Ppdu::connect_reject;
    default:
      return Ppdu::user_data;
  }
}

}  // namespace

bool UpperLayers::is_direct(Bytes tsdu) const {
  if (session_seen_ || tsdu.empty() || !is_mms_tag(tsdu[0])) return false;
  if (direct_ || shared_.looks_like_mms(tsdu)) return true;
  return tsdu[0] == 0xA8 && element_size(tsdu) == tsdu.size();
}

bool UpperLayers::can_begin(Bytes tsdu) const {
  return starts_like_session(tsdu) || is_direct(tsdu) || (!session_seen_ && is_s7comm(tsdu));
}

void UpperLayers::decode(Side sender, Bytes tsdu, TsduContent& content) {
  content.clear();
  shared_.scratch.joined.clear();
  shared_.scratch.acse.clear();
  apdu_sound_ = false;
  if (is_direct(tsdu)) {
    direct_ = true;
    add_pdus(tsdu, 0, content);
    return;
  }
  if (!session_seen_ && !starts_like_session(tsdu)) {
    content.foreign = true;
    content.s7comm = is_s7comm(tsdu);
    return;
  }
  session_seen_ = true;
  decode_session(sender, tsdu, content);
  if (content.error) mask_authentication(content);
}

void UpperLayers::decode_session(Side sender, Bytes tsdu, TsduContent& content) {
  Trouble session(Layer::session, tsdu);
  Bytes rest = tsdu;
  bool first = true;
  while (!rest.empty()) {
    Spdu spdu;
    rest = decode_spdu(rest, first, session, spdu);
    first = false;
    if (spdu.si == Si{}) break;
    if (!spdu.is_used) {
      shared_.undecoded.add(Undecoded::session_unknown);
      break;
    }
    decode_spdu_content(sender, spdu, tsdu, content);
  }
  keep_error(session, content);
}

void UpperLayers::decode_spdu_content(Side sender, const Spdu& spdu, Bytes tsdu,
                                      TsduContent& content) {
  if (spdu.is_data) {
    on_data(sender, spdu, tsdu, content);
  } else if (spdu.si == Si::typed_data) {
    on_typed_data(spdu, tsdu, content);
  } else if (step_of(spdu.si)) {
    on_connection_spdu(spdu, tsdu, content);
  }
}

void UpperLayers::on_connection_spdu(const Spdu& spdu, Bytes unit, TsduContent& content) {
  store(spdu, association_.session.edit());
  content.steps.push_back(*step_of(spdu.si));
  if (spdu.user_data.empty()) return;
  if (spdu.si == Si::abort) {
    on_abort(spdu, unit, content);
    return;
  }
  const Ppdu kind = ppdu_of(spdu.si);
  Trouble trouble(Layer::presentation, unit);
  decode_ppdu(kind, spdu.user_data, shared_.scratch.presentation, trouble);
  const asn1::NodeRef root = shared_.scratch.presentation.root();
  PresentationFacts& facts = association_.presentation.edit();
  if (kind == Ppdu::connect) {
    store_connect(root, facts);
    alteration_ = {};
    settle_mms_context(association_);
  } else if (kind == Ppdu::connect_accept) {
    store_accept(root, facts);
    if (!facts.contexts.empty()) settle_mms_context(association_);
  } else if (kind == Ppdu::connect_reject && root) {
    store_reject(root, facts);
    content.steps.push_back(Step::presentation_refuse);
  }
  on_pdvs(unit, content);
  keep_error(trouble, content);
}

void UpperLayers::on_abort(const Spdu& spdu, Bytes unit, TsduContent& content) {
  Trouble trouble(Layer::presentation, unit);
  decode_ppdu(Ppdu::abort, spdu.user_data, shared_.scratch.presentation, trouble);
  if (const asn1::NodeRef root = shared_.scratch.presentation.root()) {
    if (root.name() == "arp") {
      const asn1::NodeRef reason = root.child("provider-reason");
      const asn1::NodeRef event = root.child("event-identifier");
      if (reason) association_.presentation.edit().abort_reason = reason.integer();
      if (event) association_.presentation.edit().abort_event = event.integer();
      content.steps.push_back(Step::presentation_abort_provider);
    } else {
      content.steps.push_back(Step::presentation_abort_user);
      on_pdvs(unit, content);
    }
  }
  keep_error(trouble, content);
}

void UpperLayers::on_typed_data(const Spdu& spdu, Bytes unit, TsduContent& content) {
  Trouble trouble(Layer::presentation, unit);
  decode_ppdu(Ppdu::typed_data, spdu.user_data, shared_.scratch.presentation, trouble);
  if (const asn1::NodeRef root = shared_.scratch.presentation.root()) {
    PresentationFacts& facts = association_.presentation.edit();
    if (root.name() == "ac") {
      store_alteration(root, facts, alteration_);
    } else if (root.name() == "aca") {
      store_alteration_result(root, facts, alteration_);
      if (!facts.contexts.empty()) settle_mms_context(association_);
    }
    on_pdvs(unit, content);
  }
  keep_error(trouble, content);
}

void UpperLayers::on_data(Side sender, const Spdu& spdu, Bytes tsdu, TsduContent& content) {
  std::optional<JoinBuffer>& ssdu = ssdu_[index(sender)];
  if (!spdu.enclosure || (*spdu.enclosure & 3) == 3) {
    ssdu.reset();
    decode_user_data(Ppdu::user_data, spdu.user_data, tsdu, content);
    return;
  }
  const bool begins = (*spdu.enclosure & 1) != 0;
  const bool ends = (*spdu.enclosure & 2) != 0;
  if (begins) {
    ssdu.emplace(shared_.joined_octets);
  } else if (!ssdu) {  // its beginning is not in the capture
    shared_.undecoded.add(Undecoded::resync_octets, spdu.user_data.size());
    return;
  }
  if (!ssdu->append(spdu.user_data)) {
    ssdu.reset();
    Trouble trouble(Layer::session, tsdu);
    trouble.fail(Errc::too_many, "SSDU", tsdu.data());
    keep_error(trouble, content);
    return;
  }
  if (!ends) {
    content.incomplete = true;
    return;
  }
  shared_.scratch.ssdu.assign(ssdu->octets().begin(), ssdu->octets().end());
  ssdu.reset();
  decode_user_data(Ppdu::user_data, shared_.scratch.ssdu, shared_.scratch.ssdu, content);
}

void UpperLayers::decode_user_data(Ppdu kind, Bytes ppdu, Bytes unit, TsduContent& content) {
  Trouble trouble(Layer::presentation, unit);
  decode_ppdu(kind, ppdu, shared_.scratch.presentation, trouble);
  on_pdvs(unit, content);
  keep_error(trouble, content);
}

void UpperLayers::on_pdvs(Bytes unit, TsduContent& content) {
  std::vector<Pdv>& pdvs = shared_.scratch.pdvs;
  pdvs.clear();
  collect_pdvs(shared_.scratch.presentation, shared_.scratch.joined, pdvs);
  for (const Pdv& pdv : pdvs) {
    if (pdv.value.empty()) continue;
    switch (classify(pdv.context, pdv.value, false, shared_.looks_like_mms, shared_.options,
                     association_)) {
      case Carried::mms:
        add_pdus(pdv.value, pdv.context.value_or(association_.mms_context), content);
        break;
      case Carried::acse:
        on_apdu(pdv.value, unit, content);
        break;
      case Carried::other:
        shared_.undecoded.add(Undecoded::presentation_other_context);
        break;
    }
  }
}

void UpperLayers::on_apdu(Bytes apdu, Bytes unit, TsduContent& content) {
  // A value that had to be joined from pieces lies outside the TSDU.
  const bool inside = apdu.data() >= unit.data() && apdu.data() < unit.data() + unit.size();
  Trouble trouble(Layer::acse, inside ? unit : apdu);
  asn1::Tree& tree = shared_.scratch.acse;
  const std::optional<Step> step = decode_apdu(apdu, tree, trouble, association_.acse.edit());
  if (step) content.steps.push_back(*step);
  std::vector<UserInformation>& items = shared_.scratch.user_information;
  items.clear();
  collect_user_information(tree, shared_.scratch.joined, items);
  for (const UserInformation& item : items) {
    if (item.value.empty()) continue;
    const bool initiate = item.value[0] >= 0xA8 && item.value[0] <= 0xAA;
    if (initiate || classify(item.context, item.value, false, shared_.looks_like_mms,
                             shared_.options, association_) == Carried::mms) {
      add_pdus(item.value, item.context.value_or(association_.mms_context), content);
    } else {
      shared_.undecoded.add(Undecoded::presentation_other_context);
    }
  }
  apdu_sound_ = !trouble.error() && (trouble.quirks() & Quirk::kUnknownElement) == 0;
  keep_error(trouble, content);
}

void UpperLayers::add_pdus(Bytes octets, std::int64_t context, TsduContent& content) {
  // Some stacks put several PDUs into one value. Octets behind a PDU that are none stay with it,
  // for the MMS decoder to judge.
  while (content.pdus.size() < limits::kMaxPdusOfTsdu) {
    const std::size_t size = element_size(octets);
    const Bytes behind = size != 0 ? octets.subspan(size) : Bytes{};
    if (behind.empty() || !is_mms_tag(behind[0]) || !shared_.looks_like_mms(behind)) break;
    content.pdus.push_back({octets.first(size), context});
    octets = behind;
  }
  if (content.pdus.size() < limits::kMaxPdusOfTsdu) {
    content.pdus.push_back({octets, context});
  } else if (!octets.empty()) {
    Trouble trouble(Layer::presentation, octets);
    trouble.fail(Errc::too_many, "MMSpdu", octets.data());
    keep_error(trouble, content);
  }
}

void UpperLayers::keep_error(const Trouble& trouble, TsduContent& content) {
  if (!trouble.error()) return;
  if (content.error && content.error->layer <= trouble.error()->layer) return;
  content.error = trouble.error();
  content.unit = trouble.unit();
}

void UpperLayers::mask_authentication(TsduContent& content) {
  // A unit with an error is shown to people. Where an association request or response was not
  // decoded without doubt, anything behind the error may be its authentication value.
  const Bytes unit = content.unit;
  const Bytes secret = authentication_value(shared_.scratch.acse);
  if (!secret.empty() && secret.data() >= unit.data() &&
      secret.data() + secret.size() <= unit.data() + unit.size()) {
    std::vector<std::uint8_t>& masked = shared_.scratch.masked;
    masked.assign(unit.begin(), unit.end());
    const auto from = masked.begin() + (secret.data() - unit.data());
    std::fill(from, from + static_cast<std::ptrdiff_t>(secret.size()), std::uint8_t{0});
    content.unit = masked;
    if (apdu_sound_) return;
  }
  if (unit[0] == static_cast<std::uint8_t>(Si::connect) ||
      unit[0] == static_cast<std::uint8_t>(Si::accept)) {
    constexpr std::size_t kShown = 2;
    content.unit = content.unit.first(std::min(content.error->offset + kShown, unit.size()));
  }
}

}  // namespace mmsa::osi
