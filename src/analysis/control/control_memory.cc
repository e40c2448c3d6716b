// What ControlTracker remembers besides the commands: holes of the capture; and how it finishes
// a command.
#include <algorithm>

#include "analysis/control/control.h"
#include "iec61850/names.h"

namespace mmsa::analysis {
namespace {

// Kept for the report; AssociationResult::controls_total counts the others.
constexpr std::size_t kMaxControls = 1000;
// Holes beyond it are rather assumed than forgotten.
constexpr std::size_t kMaxHoles = 4096;

}  // namespace

bool ControlTracker::Holes::any(TimeNs from, TimeNs to) const {
  if (times.size() >= kMaxHoles) return true;
  return std::ranges::any_of(times, [&](TimeNs time) { return time >= from && time <= to; });
}

void ControlTracker::Holes::add(TimeNs time) {
  if (times.size() < kMaxHoles) times.push_back(time);
}

void ControlTracker::note_holes(const Context& context) {
  for (const Side side : {Side::a, Side::b}) {
    const LossMemory& loss = context.loss[index(side)];
    Holes& holes = holes_[index(side)];
    if (loss.gaps == holes.seen) continue;
    holes.seen = loss.gaps;
    // The hole lies before the frame behind it, which may not be known.
    const TimeNs time = loss.last.number != 0 ? loss.last.clock : now_;
    holes.add(time);
  }
}

bool ControlTracker::select_may_be_missed(const Context& context, TimeNs now) const {
  const bool start_seen = context.association.mms.negotiated != nullptr;
  const TimeNs from = now - iec61850::kLongestSelection;
  if (!start_seen && first_time_ > from) return true;
  return holes_[0].any(from, now) || holes_[1].any(from, now);
}

void ControlTracker::finish(Context& context, Object& object, ControlTransaction& transaction,
                            TimeNs end) {
  ControlCircumstances circumstances;
  circumstances.ctl_model = context.model.ctl_model(object.domain, object.item);
  const auto* known = context.model.controls().of(object.name);
  const bool terminates = known != nullptr && known->terminates;
  if (!circumstances.ctl_model && known != nullptr) circumstances.ctl_model = known->inferred_model;
  // Only enhanced security terminates; which of the two is known only where no select was missed.
  if (!circumstances.ctl_model && terminates && !transaction.selection.may_be_missed &&
      transaction.operate.asked.number != 0 && !transaction.select.seen()) {
    circumstances.ctl_model = 3;
  }
  circumstances.enhanced = circumstances.ctl_model
                               ? *circumstances.ctl_model == 3 || *circumstances.ctl_model == 4
                               : terminates;
  if (known != nullptr) circumstances.sbo_timeout = known->sbo_timeout;
  circumstances.end = end;
  circumstances.termination_may_be_missed = holes_[index(context.association.server())].any(
      transaction.operate.asked.clock, transaction.due_from() + context.settings.command_timeout);
  ControlResult& report = transaction.report;
  if (circumstances.ctl_model) {
    const std::string_view name = iec61850::ctl_model_name(*circumstances.ctl_model);
    report.ctl_model = name.empty() ? std::to_string(*circumstances.ctl_model) : std::string(name);
  }
  raise_control_finding(context, transaction, circumstances);
  const bool holes = holes_[0].any(transaction.operate.asked.clock, end) ||
                     holes_[1].any(transaction.operate.asked.clock, end);
  feedback_.on_finished(context, transaction, circumstances.enhanced, holes);
  report.outcome = outcome_of(transaction, circumstances.enhanced);
  ++context.report.controls_total;
  if (context.report.controls.size() < kMaxControls) {
    context.report.controls.push_back(std::move(report));
  }
}

void ControlTracker::finish_all(Context& context, TimeNs end) {
  std::vector<std::pair<Object*, ControlTransaction*>> all;
  for (auto& [name, object] : objects_) {
    for (ControlTransaction& transaction : object.open) all.emplace_back(&object, &transaction);
  }
  std::ranges::stable_sort(all, {},
                           [](const auto& entry) { return entry.second->first_frame().number; });
  for (const auto& [object, transaction] : all) finish(context, *object, *transaction, end);
  for (auto& [name, object] : objects_) object.open.clear();
}

void ControlTracker::on_close(Context& context, FrameRef closed) {
  now_ = closed.clock;
  note_holes(context);
  const bool open = context.report.closed_how == "open at the end";
  finish_all(context, open ? std::max(closed.clock, context.trace_end.clock) : closed.clock);
  std::ranges::stable_sort(context.report.controls, {}, [](const ControlResult& report) {
    return report.steps.empty() ? 0 : report.steps.front().frame.number;
  });
  objects_.clear();
  context.model.controls().end_selections(context.association.connection->stream, closed);
}

}  // namespace mmsa::analysis
