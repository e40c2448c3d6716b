// What a server tells about commands without being asked: LastApplError and CommandTermination.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/control/control.h"

namespace mmsa::analysis {
namespace {

using iec61850::ControlKind;
using iec61850::ControlView;

// A LastApplError this long after the negative answer still belongs to it.
constexpr TimeNs kLateError = 1 * kNsPerSecond;

std::string error_step_text(const iec61850::LastApplError& error) {
  return error.well_formed ? add_cause_text(error.add_cause) : "undecodable";
}

void add_error(ControlTransaction& transaction, ControlRequest& request,
               const iec61850::LastApplError& error, FrameRef frame) {
  const std::size_t place = add_step(transaction, frame, "LastApplError");
  if (ControlStep* step = step_at(transaction, place)) step->result = error_step_text(error);
  if (request.error_frame.number != 0) return;  // told twice
  request.error_frame = frame;
  request.control_error = error.error;
  if (!error.well_formed) return;
  request.add_cause = error.add_cause;
  transaction.report.add_cause = add_cause_short(error.add_cause);
}

}  // namespace

// The object of a LastApplError: servers write its reference in several ways.
ControlTracker::Object* ControlTracker::find_object(Context& context, const ControlView& view) {
  const std::string name = iec61850::normalised(view.object, view.domain);
  const auto known = objects_.find(name);
  if (known != objects_.end()) return &known->second;
  if (last_asked_ != nullptr && !last_asked_->open.empty()) {
    const ControlTransaction& last = last_asked_->open.back();
    const bool waits = last.select.waiting() || last.operate.waiting() || last.cancel.waiting();
    const bool named =
        view.object.empty()  // no reference at all: the number tells
            ? waits && last.identity.matches(view.error->or_cat, view.error->or_ident,
                                             view.error->ctl_num)
            : (view.domain.empty() || view.domain == last_asked_->domain) &&
                  iec61850::names_item(view.object, last_asked_->domain, last_asked_->item);
    if (named) return last_asked_;
  }
  if (view.object.empty()) return nullptr;
  const ObjectName unseen = iec61850::split_reference(name);
  return &object(context, unseen.domain, unseen.item);
}

// The request of a transaction that a LastApplError may belong to. `loosely`: though origin and
// number differ, which some servers do not copy.
ControlRequest* ControlTracker::request_of(ControlTransaction& transaction, const ControlView& view,
                                           bool loosely) const {
  if (!loosely && !transaction.identity.matches(view.error->or_cat, view.error->or_ident,
                                                view.error->ctl_num)) {
    return nullptr;
  }
  for (const ControlKind kind :
       {ControlKind::operate, ControlKind::cancel, transaction.select_kind}) {
    if (!view.component.empty() && view.component != component_name(kind)) continue;
    ControlRequest& request = transaction.request(kind);
    const bool late = request.answer == Answer::refused && request.answered.number != 0 &&
                      now_ - request.answered.clock <= kLateError;
    if (request.waiting() || late) return &request;
  }
  return nullptr;
}

void ControlTracker::on_error(Context& context, const MmsMessage& message,
                              const ControlView& view) {
  const iec61850::LastApplError& error = *view.error;
  Object* const object = find_object(context, view);
  if (object == nullptr) return;
  if (auto* known = context.model.controls().of(object->name)) known->outcome_told = message.frame;
  for (const bool loosely : {false, true}) {
    for (auto t = object->open.rbegin(); t != object->open.rend(); ++t) {
      if (ControlRequest* request = request_of(*t, view, loosely)) {
        add_error(*t, *request, error, message.frame);
        return;
      }
      if (!loosely && t->operate.accepted() && t->executing() &&
          (view.component.empty() || view.component == "Oper") &&
          t->identity.matches(error.or_cat, error.or_ident, error.ctl_num)) {
        // Some servers send a negative termination without its second variable.
        return terminate(context, *object, *t, message, view);
      }
    }
  }
  // Its request was not captured.
  ControlTransaction& transaction = begin(context, *object);
  transaction.kind_unknown = view.component.empty();
  const ControlKind kind = view.component == "SBO"      ? ControlKind::select
                           : view.component == "SBOw"   ? ControlKind::select_with_value
                           : view.component == "Cancel" ? ControlKind::cancel
                                                        : ControlKind::operate;
  transaction.select_kind = kind;
  iec61850::ControlParameters parameters;
  parameters.or_cat = error.or_cat;
  parameters.or_ident = error.or_ident;
  parameters.ctl_num = error.ctl_num;
  note_parameters(transaction, parameters, nullptr);
  add_error(transaction, transaction.request(kind), error, message.frame);
}

void ControlTracker::on_termination(Context& context, const MmsMessage& message,
                                    const ControlView& view) {
  Object& object = this->object(context, view.domain, view.object);
  const iec61850::ControlParameters& parameters = view.parameters;
  const auto same = [&](const ControlTransaction& t) {
    return t.identity.matches(parameters.or_cat, parameters.or_ident, parameters.ctl_num);
  };
  std::vector<ControlTransaction>& open = object.open;
  // The one that it names; else the only one that waits; else one that got one already, as time
  // activated commands get two.
  auto found = std::find_if(open.begin(), open.end(),
                            [&](const auto& t) { return t.executing() && same(t); });
  if (found == open.end() && std::ranges::count_if(open, &ControlTransaction::executing) == 1) {
    found = std::ranges::find_if(open, &ControlTransaction::executing);
  }
  if (found == open.end()) {
    found = std::find_if(open.begin(), open.end(),
                         [&](const auto& t) { return t.operate.seen() && same(t); });
  }
  if (found != open.end()) return terminate(context, object, *found, message, view);
  ControlTransaction& transaction = begin(context, object);
  note_parameters(transaction, parameters, nullptr);
  terminate(context, object, transaction, message, view);
}

void ControlTracker::terminate(Context& context, Object& object, ControlTransaction& transaction,
                               const MmsMessage& message, const ControlView& view) {
  if (auto* known = context.model.controls().of(object.name)) {
    known->terminates = true;
    known->outcome_told = message.frame;
  }
  const std::string_view what = view.kind == ControlKind::last_appl_error ? "LastApplError"
                                : view.success                            ? "CommandTermination+"
                                                                          : "CommandTermination-";
  const std::size_t place = add_step(transaction, message.frame, what);
  if (ControlStep* step = step_at(transaction, place)) {
    step->result = view.success ? "ok" : error_step_text(*view.error);
    if (transaction.operate.asked.number != 0) {
      step->response_ms = response_milliseconds(transaction.operate.asked, message.frame);
    }
  }
  if (transaction.termination == Termination::negative) return;
  transaction.termination = view.success ? Termination::positive : Termination::negative;
  transaction.terminated = message.frame;
  if (!view.success && view.error->well_formed) {
    transaction.termination_cause = view.error->add_cause;
    transaction.report.add_cause = add_cause_short(view.error->add_cause);
  }
  if (!view.success) transaction.termination_error = view.error->error;
}

}  // namespace mmsa::analysis
