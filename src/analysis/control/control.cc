#include "analysis/control/control.h"

#include <fmt/format.h>

#include <algorithm>

#include "iec61850/names.h"
#include "mms/service_error.h"

namespace mmsa::analysis {
namespace {

using iec61850::ControlKind;
using iec61850::ControlView;

// More control objects than any IED has; beyond it the commands so far are finished.
constexpr std::size_t kMaxObjects = 4096;
// Commands of one object that wait for their ends at a time.
constexpr std::size_t kMaxOpen = 4;
// Writes of members this far apart are no more one command.
constexpr TimeNs kBetweenParts = 5 * kNsPerSecond;
// An Operate this soon after its refused select is the same command.
constexpr TimeNs kRefusedSelect = 30 * kNsPerSecond;

// Control objects have CO.
bool may_be_control(const Context& context, const MmsMessage& message) {
  switch (message.pdu.kind) {
    case PduKind::confirmed_request:
    case PduKind::confirmed_response:
    case PduKind::confirmed_error:
    case PduKind::reject: {
      const std::uint16_t service = message.service();
      return (service == Service::kRead || service == Service::kWrite) &&
             context.asked.constraints.has(iec61850::Fc::CO);
    }
    case PduKind::unconfirmed:
      return message.pdu.service == Service::kInformationReport;
    default:
      return false;
  }
}

iec61850::TypeRef ctl_val_type(const Context& context, std::string_view domain,
                               const std::string& item) {
  const iec61850::TypeRef type = context.model.type_of(domain, item);
  return type == nullptr ? nullptr : iec61850::find_component(type, "ctlVal");
}

// The structure that ctlVal is the first member of.
asn1::NodeRef structure_of(const MmsMessage& message, const ControlView& view) {
  if (view.parameters.apart) return {};
  const asn1::NodeRef first = view.parameters.ctl_val;
  return first && first.index() > 0 ? message.tree.at(first.index() - 1) : asn1::NodeRef{};
}

// Why a request was refused, from its answer.
void set_refusal(ControlRequest& request, const MmsMessage& message, const ControlView& view) {
  if (view.access_error) {
    request.access_error = view.access_error;
    request.error = iec61850::access_error_name(*view.access_error);
  } else if (message.pdu.kind == PduKind::confirmed_error) {
    const auto error = mms::service_error(message.pdu);
    request.error = !error ? "confirmed-ErrorPDU"
                           : fmt::format("{}/{}", error->error_class,
                                         error->code.empty() ? std::to_string(error->number)
                                                             : std::string(error->code));
  } else if (message.pdu.kind == PduKind::reject) {
    request.rejected = true;
    request.error = "rejectPDU";
  } else {
    request.error = "empty reference";
  }
}

}  // namespace

void ControlTracker::on_message(Context& context, const MmsMessage& message) {
  feedback_.on_message(context);
  if (!may_be_control(context, message)) return;
  // An answer to a request that could not be kept is as good as lost.
  if (message.request != nullptr && message.request_view == nullptr) {
    holes_[index(message.sender)].add(message.frame.clock);
  }
  if (context.exchange == nullptr || context.exchange->control() == nullptr) return;
  const ControlView& view = *context.exchange->control();
  switch (view.kind) {
    case ControlKind::termination:
      return on_termination(context, message, view);
    case ControlKind::last_appl_error:
      return on_error(context, message, view);
    default:
      return view.answer ? on_answer(context, message, view) : on_request(context, message, view);
  }
}

ControlTracker::Object& ControlTracker::object(Context& context, std::string_view domain,
                                               std::string_view item) {
  key_.assign(domain);
  if (!domain.empty()) key_ += '/';
  key_ += item;
  const auto known = objects_.find(key_);
  if (known != objects_.end()) return known->second;
  if (objects_.size() >= kMaxObjects) {
    finish_all(context, now_);
    objects_.clear();
    last_asked_ = nullptr;
  }
  const auto added = objects_.try_emplace(key_).first;
  Object& object = added->second;
  object.name = added->first;
  object.domain = object.name.substr(0, domain.size());
  object.item = object.name.substr(object.name.size() - item.size());
  return object;
}

// Room for one more command of the object: those that are over are finished.
ControlTransaction& ControlTracker::begin(Context& context, Object& object) {
  std::vector<ControlTransaction>& open = object.open;
  for (ControlTransaction& transaction : open) {
    if (!transaction.executing()) finish(context, object, transaction, now_);
  }
  std::erase_if(open, [](const ControlTransaction& t) { return !t.executing(); });
  if (open.size() >= kMaxOpen) {
    finish(context, object, open.front(), now_);
    open.erase(open.begin());
  }
  ControlTransaction& transaction = open.emplace_back();
  transaction.report.object = object.name;
  return transaction;
}

// The command that this request adds a member to, as clients do that write each by itself.
ControlTransaction* ControlTracker::part_of(Object& object, const ControlView& view) const {
  if (!view.parameters.apart || object.open.empty()) return nullptr;
  ControlTransaction& last = object.open.back();
  const ControlRequest& request = last.request(view.kind);
  if (!last.apart || request.asked.number == 0) return nullptr;
  if (now_ - request.asked.clock > kBetweenParts || view.parameters.ctl_val) return nullptr;
  return &last;
}

// The transaction that a request belongs to, an old one or a new one.
ControlTransaction& ControlTracker::place_request(Context& context, Object& object,
                                                  const ControlView& view) {
  if (ControlTransaction* const whole = part_of(object, view)) return *whole;
  if (!object.open.empty() && view.kind != ControlKind::select &&
      view.kind != ControlKind::select_with_value) {
    ControlTransaction& last = object.open.back();
    if (view.kind == ControlKind::cancel) {
      const bool running = last.awaits_operate() ? !last.select.refused() : last.executing();
      if (running && !last.cancel.seen()) return last;
    } else if (last.awaits_operate()) {
      // A refused select is only joined by what repeats it.
      if (!last.select.refused()) return last;
      if (now_ - last.select.answered.clock <= kRefusedSelect &&
          last.identity.matches(view.parameters.or_cat, view.parameters.or_ident,
                                view.parameters.ctl_num)) {
        return last;
      }
    }
  }
  return begin(context, object);
}

void ControlTracker::on_request(Context& context, const MmsMessage& message,
                                const ControlView& view) {
  Object& object = this->object(context, view.domain, view.object);
  last_asked_ = &object;
  ControlTransaction& transaction = place_request(context, object, view);
  ControlRequest& request = transaction.request(view.kind);
  if (transaction.apart && request.accepted()) request.answer = Answer::none;
  request.asked = message.frame;
  transaction.apart = view.parameters.apart;
  find_fault(context, object, transaction, message, view);
  std::string_view what = iec61850::control_kind_name(view.kind);
  switch (view.kind) {
    case ControlKind::select:
    case ControlKind::select_with_value:
      transaction.select_kind = view.kind;
      object.asked_value.assign(message.cut ? asn1::NodeRef{} : structure_of(message, view));
      object.asked_frame = message.frame.number;
      break;
    case ControlKind::operate:
      on_operate(context, object, transaction, message, view);
      if (transaction.time_activated) what = "TimeActivatedOperate";
      break;
    default:
      break;
  }
  if (view.kind != ControlKind::select &&
      (view.kind != ControlKind::cancel || !transaction.operate.seen())) {
    const std::string item = fmt::format("{}${}", object.item, component_name(view.kind));
    note_parameters(transaction, view.parameters, ctl_val_type(context, object.domain, item));
  }
  request.step = add_step(transaction, message.frame, what);
}

// What does not fit is looked for before anything else: a server that refuses it says little.
void ControlTracker::find_fault(Context& context, const Object& object,
                                ControlTransaction& transaction, const MmsMessage& message,
                                const ControlView& view) {
  if (message.cut || message.pdu.error || view.kind == ControlKind::select) return;
  if (view.parameters.apart) {
    transaction.fault.text = iec61850::oversized_text(view.parameters);
    return;
  }
  if (message.tree.values.size() != 1) return;
  const iec61850::TypeSource type = context.model.type_source(
      object.domain, fmt::format("{}${}", object.item, component_name(view.kind)));
  transaction.fault = iec61850::find_parameter_fault(message.tree.at(message.tree.values[0]),
                                                     type.type, view.kind == ControlKind::cancel);
  transaction.type_told = transaction.fault.of_type ? type.frame : FrameRef{};
}

// Compares Operate with what was selected and with the type of the object.
void ControlTracker::on_operate(Context& context, Object& object, ControlTransaction& transaction,
                                const MmsMessage& message, const ControlView& view) {
  const iec61850::ControlParameters& operate = view.parameters;
  transaction.time_activated = operate.time_activated();
  transaction.execute_at = iec61850::execution_time(operate);
  feedback_.on_operate(object.name, operate, message.frame);
  if (auto* known = context.model.controls().of(object.name)) known->operated = message.frame;
  const Selection& selection = object.selection;
  transaction.selection = {selection.asked, selection.answered, selection.ended, selection.ended_by,
                           select_may_be_missed(context, message.frame.clock)};
  if (message.cut || message.pdu.error || !operate.well_formed) return;
  const iec61850::TypeRef type =
      ctl_val_type(context, object.domain, fmt::format("{}$Oper", object.item));
  if (type != nullptr && !iec61850::matches(type, operate.ctl_val)) {
    transaction.type_of_object = data_type_name(type->type);
    transaction.type_of_command = data_type_name(data_type(operate.ctl_val.node()));
    // The same alternative with other members or another size.
    if (transaction.type_of_object == transaction.type_of_command) {
      transaction.type_of_command = "other members or size";
    }
  }
  const bool joined =
      transaction.select.accepted() && transaction.select_kind == ControlKind::select_with_value;
  if (!joined || !selection.value.root()) return;
  const auto selected = iec61850::read_control_parameters(selection.value.root(), false);
  if (!selected.well_formed) return;
  transaction.differences = iec61850::compare_operate(selected, operate);
  transaction.t_differs =
      iec61850::compare_operate(selected, operate, true) != transaction.differences;
  if (transaction.differences != 0) {
    transaction.selected_values = members_text(selected, transaction.differences);
    transaction.operated_values = members_text(operate, transaction.differences);
  }
}

void ControlTracker::on_answer(Context& context, const MmsMessage& message,
                               const ControlView& view) {
  Object& object = this->object(context, view.domain, view.object);
  const std::uint64_t asked = message.request->frame.number;
  // From the newest: one frame may carry several requests.
  const auto found = std::find_if(object.open.rbegin(), object.open.rend(), [&](auto& t) {
    const ControlRequest& request = t.request(view.kind);
    return request.waiting() && request.asked.number == asked;
  });
  if (found == object.open.rend()) return;
  ControlTransaction& transaction = *found;
  ControlRequest& request = transaction.request(view.kind);
  ControlStep* step = step_at(transaction, request.step);
  request.answered = message.frame;
  if (step != nullptr) {
    step->response_ms = response_milliseconds(message.request->frame, message.frame);
  }
  const bool unreadable = message.pdu.kind == PduKind::confirmed_response && !view.success &&
                          !view.access_error && (message.cut || message.pdu.error);
  if (unreadable) {
    if (step != nullptr) step->result = "answer not readable";
    return;
  }
  if (view.success) {
    request.answer = Answer::accepted;
    if (step != nullptr) step->result = "ok";
    on_accepted(context, object, transaction, view.kind, message.frame);
    return;
  }
  request.answer = Answer::refused;
  set_refusal(request, message, view);
  if (step != nullptr) step->result = "refused: " + request.error;
  transaction.other_selection = context.model.controls().other_selection(
      object.name, context.association.connection->stream, request.asked.clock);
  if (view.kind == ControlKind::operate) {
    end_selection(context, object, request.asked, "a refused Operate");
  }
}

void ControlTracker::end_selection(Context& context, Object& object, FrameRef by,
                                   std::string_view what) {
  if (object.selection.ended.number != 0) return;
  object.selection.ended = by;
  object.selection.ended_by = what;
  context.model.controls().end_selection(object.name, context.association.connection->stream, by);
}

void ControlTracker::on_accepted(Context& context, Object& object, ControlTransaction& transaction,
                                 ControlKind kind, FrameRef frame) {
  Selection& selection = object.selection;
  switch (kind) {
    case ControlKind::select:
    case ControlKind::select_with_value:
      selection.asked = transaction.select.asked;
      selection.answered = frame;
      selection.ended = {};
      selection.ended_by = {};
      selection.value.assign({});
      // A later select may have been sent before this one was answered.
      if (object.asked_frame == transaction.select.asked.number) {
        std::swap(selection.value, object.asked_value);
      }
      if (auto* known = context.model.controls().of(object.name)) {
        if (kind == ControlKind::select_with_value) known->inferred_model = 4;
        const Association& association = context.association;
        known->selection = {.stream = association.connection->stream,
                            .client = association.connection->endpoint[index(association.client)],
                            .asked = selection.asked,
                            .answered = frame,
                            .ended = {}};
      }
      return;
    case ControlKind::operate:
    case ControlKind::cancel:
      return end_selection(context, object, transaction.request(kind).asked,
                           kind == ControlKind::operate ? "an Operate" : "a Cancel");
    default:
      return;
  }
}

}  // namespace mmsa::analysis
