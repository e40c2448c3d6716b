#include "analysis/access/setting_groups.h"

#include <string>

#include "analysis/limit.h"
#include "iec61850/acsi.h"
#include "iec61850/names.h"
#include "iec61850/setting_group.h"
#include "iec61850/value_text.h"
#include "mms/service_error.h"

namespace mmsa::analysis {
namespace {

using iec61850::Acsi;
using iec61850::Fc;
using iec61850::Reference;
using iec61850::SgcbAttribute;

// Steps listed of one association: more than a person edits in a day.
constexpr std::size_t kMaxSteps = 512;
// Characters of a value in a line of the list.
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

std::string result_text(const MmsMessage& message, const iec61850::Item& item) {
  if (item.error) return "refused: " + iec61850::access_error_name(*item.error);
  if (message.pdu.kind == PduKind::confirmed_response) return "ok";
  const auto error = mms::service_error(message.pdu);
  if (!error) return "rejected";
  return "refused: " +
         (error->code.empty() ? std::string(error->error_class) : std::string(error->code));
}

// The items of an answer; of one without results, those of its request, which then all failed.
void add_step(Context& context, const MmsMessage& message, const iec61850::Item& item) {
  const Reference reference = iec61850::parse_reference(item.name());
  const Acsi service = service_of(reference);
  if (service == Acsi::none) return;
  if (context.report.setting_groups.size() >= kMaxSteps) {
    return tell_limit(context, "setting group steps", message.frame,
                      "steps of editing setting groups were not listed; failures are told all the "
                      "same");
  }
  std::string what(acsi_name(service));
  if (item.value) {
    what += ' ';
    iec61850::append_value(what, item.value, {.reference = reference, .max_length = kMaxValueText});
  }
  context.report.setting_groups.push_back({.frame = message.request->frame,
                                           .object = std::string(item.ref),
                                           .what = std::move(what),
                                           .result = result_text(message, item)});
}

}  // namespace

void SettingGroupTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.service() != Service::kWrite || message.request == nullptr) return;
  if (message.pdu.kind == PduKind::confirmed_request || message.request_view == nullptr) return;
  if (!context.asked.constraints.has(Fc::SP) && !context.asked.constraints.has(Fc::SE)) return;
  for (const iec61850::Item& item : context.exchange->items()) {
    add_step(context, message, item);
  }
}

}  // namespace mmsa::analysis
