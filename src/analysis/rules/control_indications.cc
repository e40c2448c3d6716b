// What a server tells about commands without being asked: LastApplError and CommandTermination.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/rules/control.h"

namespace mmsa::analysis {
namespace {

using iec61850::ControlKind;
using iec61850::ControlView;

// A LastApplError this long after the negative answer still belongs to it.
constexpr TimeNs kLateError = 1 * kNsPerSecond;

void set_error(ControlRequest& request, const iec61850::LastApplError& error, FrameRef frame) {
  request.error_frame = frame;
  if (error.well_formed) request.add_cause = error.add_cause;
  request.control_error = error.error;
}

std::string error_step_text(const std::optional<iec61850::LastApplError>& error) {
  return error && error->well_formed ? add_cause_text(error->add_cause) : "undecodable";
}

}  // namespace

// The object of a LastApplError: servers write its reference in several ways.
ControlTracker::Object* ControlTracker::find_object(const ControlView& view) {
  const auto known =
      objects_.find(iec61850::normalised(fmt::format("{}/{}", view.domain, view.object)));
  if (known != objects_.end()) return &known->second;
  if (last_asked_ == nullptr || last_asked_->open.empty()) return nullptr;
  const bool named = iec61850::names_item(view.object, last_asked_->domain, last_asked_->item) &&
                     (view.domain.empty() || view.domain == last_asked_->domain);
  if (named) return last_asked_;
  // No usable reference: the command that waits for its answer with the same number.
  const ControlTransaction& last = last_asked_->open.back();
  const bool waits = last.select.waiting() || last.operate.waiting() || last.cancel.waiting();
  const bool same =
      last.identity.matches(view.error->or_cat, view.error->or_ident, view.error->ctl_num);
  return view.object.empty() && waits && same ? last_asked_ : nullptr;
}

void ControlTracker::on_error(Context& context, const MmsMessage& message,
                              const ControlView& view) {
  const iec61850::LastApplError& error = *view.error;
  Object* object = find_object(view);
  if (object == nullptr) {
    if (view.object.empty()) return;
    object = &this->object(context, view.domain, view.object);
  }
  const auto is_it = [&](const ControlTransaction& t, const ControlRequest& request,
                         ControlKind kind) {
    const bool component = view.component.empty() || view.component == component_name(kind);
    const bool open = request.waiting() || (request.answer == Answer::refused &&
                                            now_ - request.answered.time <= kLateError);
    return component && open && request.error_frame.number == 0 &&
           t.identity.matches(error.or_cat, error.or_ident, error.ctl_num);
  };
  for (auto t = object->open.rbegin(); t != object->open.rend(); ++t) {
    ControlRequest* request = is_it(*t, t->operate, ControlKind::operate) ? &t->operate
                              : is_it(*t, t->cancel, ControlKind::cancel) ? &t->cancel
                              : is_it(*t, t->select, t->select_kind)      ? &t->select
                                                                          : nullptr;
    if (request == nullptr && t->operate.accepted() && t->executing() &&
        (view.component.empty() || view.component == "Oper") &&
        t->identity.matches(error.or_cat, error.or_ident, error.ctl_num)) {
      // Some servers send a negative termination without its second variable.
      return terminate(*object, *t, message, view);
    }
    if (request == nullptr) continue;
    set_error(*request, error, message.frame);
    if (error.well_formed) t->report.add_cause = add_cause_short(error.add_cause);
    const std::size_t place = add_step(*t, message.frame, "LastApplError");
    if (ControlStep* step = step_at(*t, place)) step->result = error_step_text(view.error);
    return;
  }
  // Its request was not captured.
  ControlTransaction& transaction = begin(context, *object);
  transaction.kind_unknown = view.component.empty();
  const ControlKind kind = view.component == "SBO"      ? ControlKind::select
                           : view.component == "SBOw"   ? ControlKind::select_with_value
                           : view.component == "Cancel" ? ControlKind::cancel
                                                        : ControlKind::operate;
  transaction.select_kind = kind;
  set_error(transaction.request(kind), error, message.frame);
  iec61850::ControlParameters parameters;
  parameters.or_cat = error.or_cat;
  parameters.or_ident = error.or_ident;
  parameters.ctl_num = error.ctl_num;
  note_parameters(transaction, parameters, nullptr);
  if (error.well_formed) transaction.report.add_cause = add_cause_short(error.add_cause);
  const std::size_t place = add_step(transaction, message.frame, "LastApplError");
  step_at(transaction, place)->result = error_step_text(view.error);
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
  if (found != open.end()) return terminate(object, *found, message, view);
  ControlTransaction& transaction = begin(context, object);
  note_parameters(transaction, parameters, nullptr);
  terminate(object, transaction, message, view);
}

void ControlTracker::terminate(Object& object, ControlTransaction& transaction,
                               const MmsMessage& message, const ControlView& view) {
  object.terminates = true;
  const std::string_view what = view.kind == ControlKind::last_appl_error ? "LastApplError"
                                : view.success                            ? "CommandTermination+"
                                                                          : "CommandTermination-";
  const std::size_t place = add_step(transaction, message.frame, what);
  if (ControlStep* step = step_at(transaction, place)) {
    step->result = view.success ? "ok" : error_step_text(view.error);
    if (transaction.operate.asked.number != 0) {
      step->response_ms = milliseconds(transaction.operate.asked.time, message.frame.time);
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
