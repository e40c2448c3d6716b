#include "analysis/access/setting_groups.h"

#include <string>

#include "analysis/access/access_advice.h"
#include "analysis/access/asked_objects.h"
#include "iec61850/acsi.h"
#include "iec61850/value_text.h"
#include "mms/service_error.h"

namespace mmsa::analysis {
namespace {

using iec61850::Acsi;
using iec61850::Fc;
using iec61850::Reference;

// Steps listed of one association.
constexpr std::size_t kMaxSteps = 512;
constexpr std::size_t kMaxValueText = 80;

// The ACSI service of a write, or none where it is not about setting groups.
Acsi service_of(const Reference& object) {
  switch (sgcb_attribute(object)) {
    case SgcbAttribute::act_sg:
      return Acsi::SelectActiveSG;
    case SgcbAttribute::edit_sg:
      return Acsi::SelectEditSG;
    case SgcbAttribute::cnf_edit:
      return Acsi::ConfirmEditSGValues;
    default:
      return object.fc == Fc::SE && !object.path.empty() ? Acsi::SetEditSGValue : Acsi::none;
  }
}

bool is_about_setting_groups(const asn1::Tree& request) {
  for (const std::uint32_t index : request.objects) {
    const ObjectName name = object_name(request.at(index));
    if (service_of(iec61850::parse_reference(name)) != Acsi::none) return true;
  }
  return false;
}

std::string refusal_text(const MmsMessage& message, asn1::NodeRef result) {
  if (result) {
    if (result.node().role() != asn1::Role::failure) return "ok";
    return "refused: " + access_error_name(result.integer());
  }
  const auto error = mms::service_error(message.pdu);
  if (!error) return "rejected";
  return "refused: " +
         (error->code.empty() ? std::string(error->error_class) : std::string(error->code));
}

}  // namespace

void SettingGroupTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.service() != Service::kWrite || message.request == nullptr) return;
  if (message.pdu.kind == PduKind::confirmed_request || message.request_view == nullptr) return;
  if (!context.asked.constraints.has(Fc::SP) && !context.asked.constraints.has(Fc::SE)) return;
  if (context.report.setting_groups.size() >= kMaxSteps) return;
  if (!is_about_setting_groups(message.request_view->tree())) return;
  const bool answered = message.pdu.kind == PduKind::confirmed_response;
  if (answered && message.pdu.service != Service::kWrite) return;
  AskedObjects asked(context, message.request_view);
  asn1::NodeRef result = answered ? message.pdu.body.first_child() : asn1::NodeRef{};
  for (; asked.value() && (result || !answered); asked.next()) {
    const std::string object = asked.object();
    const Reference reference = iec61850::parse_reference(iec61850::split_reference(object));
    const Acsi service = service_of(reference);
    if (service != Acsi::none && context.report.setting_groups.size() < kMaxSteps) {
      std::string what(acsi_name(service));
      what += ' ';
      iec61850::append_value(what, asked.value(),
                             {.reference = reference, .max_length = kMaxValueText});
      context.report.setting_groups.push_back({.frame = message.request->frame,
                                               .object = object,
                                               .what = std::move(what),
                                               .result = refusal_text(message, result)});
    }
    if (result) result = result.next_sibling(message.pdu.body);
  }
}

}  // namespace mmsa::analysis
