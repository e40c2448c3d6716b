// IEC 61850-7-2 clause 20: the state machines of the four control models.
#include "analysis/control/control_verdict.h"

#include <algorithm>
#include <iterator>

#include "analysis/control/control_causes.h"

namespace mmsa::analysis {
namespace {

using iec61850::Command;
using iec61850::CommandRequest;
using iec61850::ControlDifference;
using iec61850::SelectionNote;
using iec61850::Termination;
using Circumstances = ControlCircumstances;

constexpr std::int64_t kTypeInconsistent = 7;  // DataAccessError
// A selection that was used up this long ago belongs to another command.
constexpr TimeNs kOldSelection = 60 * kNsPerSecond;

// The reason is that the object was not selected, as far as it is told.
bool not_selected(const Command& t, const Circumstances& c) {
  const CommandRequest& operate = t.operate;
  if (operate.add_cause == AddCause::kNotSelected) return true;
  if (!c.select_first() || t.select.accepted()) return false;
  if (operate.add_cause) {
    return *operate.add_cause == AddCause::kUnknown ||
           *operate.add_cause == AddCause::kNotSupported ||
           *operate.add_cause == AddCause::kSelectFailed;
  }
  // Nothing else explains it: neither a type that does not fit, nor a command in pieces.
  return operate.access_error != kTypeInconsistent && !t.other_type && !t.apart;
}

bool expired(const Command& t, const Circumstances& c) {
  const SelectionNote& selection = t.selection;
  if (selection.asked.number == 0) return false;
  if (t.operate.add_cause != AddCause::kNotSelected) {
    return !t.operate.add_cause && c.sbo_timeout &&
           elapsed(selection.answered, t.operate.asked) > *c.sbo_timeout;
  }
  return selection.ended.number == 0 || elapsed(selection.ended, t.operate.asked) <= kOldSelection;
}

// Refusals that may mean that Operate is not what was selected.
bool may_mean_mismatch(std::optional<std::int64_t> error) {
  constexpr std::int64_t kErrors[] = {2, 3, 8, 11};  // busy, denied, inconsistent, invalid
  return error && std::ranges::find(kErrors, *error) != std::end(kErrors);
}

bool inconsistent(const Command& t) {
  if (!tells_cause(t.operate.add_cause)) {
    return t.differences != 0 && may_mean_mismatch(t.operate.access_error);
  }
  if (t.operate.add_cause == AddCause::kInconsistentParameters) {
    return t.differences != 0 || t.t_differs;
  }
  return t.operate.add_cause == AddCause::kParameterChange && t.differences != 0;
}

ControlVerdict of_refused_operate(const Command& t, const Circumstances& c) {
  if (t.operate.rejected) return ControlVerdict::none;  // service-rejected
  if (t.operate.asked.number == 0) return ControlVerdict::operate_rejected;
  // A command that does not fit its type says enough.
  if (t.fault && speaks_of_parameters(t.operate.add_cause)) return ControlVerdict::operate_rejected;
  if (expired(t, c)) return ControlVerdict::select_expired;
  if (not_selected(t, c)) {
    const bool never = t.selection.asked.number == 0 && !c.select_may_be_missed;
    if (never || t.selection.ended.number != 0) return ControlVerdict::not_selected;
  }
  return inconsistent(t) ? ControlVerdict::mismatch : ControlVerdict::operate_rejected;
}

bool operated_unselected(const Command& t, const Circumstances& c) {
  return c.select_first() && t.selection.asked.number == 0 && !t.select.accepted() &&
         !t.select.waiting() && !c.select_may_be_missed;
}

bool differs(const Command& t) {
  // Check and Test may differ where the IED accepts it.
  constexpr unsigned kHarmless = ControlDifference::kTest | ControlDifference::kCheck;
  return (t.differences & ~kHarmless) != 0 || t.other_type.has_value();
}

bool unterminated(const Command& t, const Circumstances& c, TimeNs command_timeout) {
  if (!c.enhanced) return false;
  // operTm without a date: the time is not known.
  if (t.time_activated && t.execute_at == 0) return false;
  if (t.cancel.accepted() || c.termination_may_be_missed) return false;
  const TimeNs until = t.termination == Termination::none ? t.watched_to : t.terminated.clock;
  return until - t.due_from() > command_timeout;
}

}  // namespace

bool tells_cause(std::optional<std::int64_t> add_cause) {
  return add_cause && *add_cause != AddCause::kUnknown && *add_cause != AddCause::kNone;
}

bool speaks_of_parameters(std::optional<std::int64_t> add_cause) {
  return !tells_cause(add_cause) || *add_cause == AddCause::kNotSupported;
}

ControlVerdict verdict_of(const Command& t, const Circumstances& c, TimeNs command_timeout) {
  if (t.operate.refused()) return of_refused_operate(t, c);
  if (t.termination == Termination::negative) return ControlVerdict::terminated;
  const bool operated = t.operate.accepted();
  if (operated && operated_unselected(t, c)) return ControlVerdict::accepted_unselected;
  if (t.select.refused() && !t.select.rejected) return ControlVerdict::select_rejected;
  if (operated && differs(t)) return ControlVerdict::mismatch;
  if (operated && unterminated(t, c, command_timeout)) return ControlVerdict::unterminated;
  if (t.cancel.refused() && !t.cancel.rejected) return ControlVerdict::cancel_rejected;
  return ControlVerdict::none;
}

}  // namespace mmsa::analysis
