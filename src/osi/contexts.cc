// The negotiated context list decides. Where it is not in the capture, --pres-context decides, then
// the content: no other protocol's values begin like ACSE's and MMS's do.
#include "osi/contexts.h"

#include "osi/acse.h"
#include "osi/oid.h"

namespace mmsa::osi {
namespace {

// By convention of every IEC 61850 stack; context 1 is ACSE's.
constexpr std::int64_t kUsualMmsContext = 3;

bool is_defined(const PresentationContext& context) {
  return !context.result || *context.result == 0;
}

Carried by_syntax(std::string_view dotted) {
  if (is_mms_syntax(dotted)) return Carried::mms;
  return dotted == kAcseSyntax ? Carried::acse : Carried::other;
}

Carried by_start_missing(std::int64_t id, Bytes value, bool plausible, const StackOptions& options,
                         Association& association) {
  for (const StackOptions::UserContext& context : options.contexts) {
    if (context.id != id) continue;
    const Carried carried = by_syntax(context.abstract_syntax);
    if (carried == Carried::mms && association.context_source == ContextSource::none) {
      association.mms_context = id;
      association.context_source = ContextSource::user;
    }
    return carried;
  }
  if (!value.empty() && is_apdu_tag(value[0])) return Carried::acse;
  if (!plausible) return Carried::other;
  if (association.context_source == ContextSource::none) {
    association.mms_context = id;
    association.context_source =
        id == kUsualMmsContext ? ContextSource::assumed : ContextSource::inferred;
  }
  return Carried::mms;
}

}  // namespace

bool is_mms_tag(std::uint8_t octet) {
  switch (octet) {
    case 0xA0:  // confirmed-RequestPDU
    case 0xA1:  // confirmed-ResponsePDU
    case 0xA2:  // confirmed-ErrorPDU
    case 0xA3:  // unconfirmed-PDU
    case 0xA4:  // rejectPDU
    case 0x85:  // cancel-RequestPDU
    case 0x86:  // cancel-ResponsePDU
    case 0xA7:  // cancel-ErrorPDU
    case 0xA8:  // initiate-RequestPDU
    case 0xA9:  // initiate-ResponsePDU
    case 0xAA:  // initiate-ErrorPDU
    case 0x8B:  // conclude-RequestPDU
    case 0x8C:  // conclude-ResponsePDU
    case 0xAD:  // conclude-ErrorPDU
      return true;
    default:
      return false;
  }
}

void settle_mms_context(Association& association) {
  association.mms_context = 0;
  association.context_source = ContextSource::none;
  for (const PresentationContext& context : association.presentation->contexts) {
    if (is_mms_syntax(context.abstract_syntax) && is_defined(context)) {
      association.mms_context = context.id;
      association.context_source = ContextSource::negotiated;
      return;
    }
  }
}

Carried classify(std::optional<std::int64_t> id, Bytes value, bool cut, PduProbe looks_like_mms,
                 const StackOptions& options, Association& association) {
  const bool mms_tag = !value.empty() && is_mms_tag(value[0]);
  const bool apdu_tag = !value.empty() && is_apdu_tag(value[0]);
  if (!id) {
    if (apdu_tag) return Carried::acse;
    return mms_tag ? Carried::mms : Carried::other;
  }
  if (association.context_source != ContextSource::none && *id == association.mms_context) {
    return apdu_tag ? Carried::acse : Carried::mms;
  }
  const bool plausible = mms_tag && (cut ? *id == kUsualMmsContext : looks_like_mms(value));
  if (association.presentation->contexts.empty()) {
    return by_start_missing(*id, value, plausible, options, association);
  }
  for (const PresentationContext& context : association.presentation->contexts) {
    if (context.id == *id && is_defined(context)) return by_syntax(context.abstract_syntax);
  }
  // Not negotiated, which is worth a finding; what it is shows all the same.
  if (apdu_tag) return Carried::acse;
  return plausible ? Carried::mms : Carried::other;
}

}  // namespace mmsa::osi
