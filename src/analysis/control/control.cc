#include "analysis/control/control.h"

#include <algorithm>

#include "analysis/control/control_findings.h"
#include "analysis/control/control_text.h"
#include "analysis/control/feedback.h"
#include "analysis/limit.h"

namespace mmsa::analysis {
namespace {

using iec61850::Command;
using iec61850::Commands;
using iec61850::ControlKind;

// Commands listed of one association: more nobody reads. AssociationResult::controls_total counts
// all, and the outputs say both.
constexpr std::size_t kMaxControls = 1000;
// Beyond it one is rather assumed than forgotten, so that nobody is blamed for it.
constexpr std::size_t kMaxHoles = 4096;

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

void tell_cap(Context& context, Commands::Cap cap, FrameRef frame) {
  if (cap == Commands::Cap::objects) {
    tell_limit(
        context, "control objects", frame,
        "A message about a control object was left out, because the client commanded too many "
        "objects");
  } else if (cap == Commands::Cap::open && !context.one_direction) {
    tell_limit(context, "open commands", frame,
               "A command was given up, because too many of one object waited for their ends");
  }
}

}  // namespace

void ControlTracker::on_message(Context& context, const MmsMessage& message) {
  watch_positions(context);
  if (!may_be_control(context, message)) return;
  // An answer to a request that could not be kept is as good as lost.
  if (message.request != nullptr && message.request_view == nullptr) {
    holes_[index(message.sender)].add(message.frame.clock);
  }
  const iec61850::ControlView* const view = context.exchange->control();
  if (view == nullptr) return;
  commands_.see(context.association, context.model, message, *view);
  tell_cap(context, commands_.cap_reached(), message.frame);
  if (view->kind == ControlKind::operate && !view->answer) watch_command(context, *view);
  for (const Command& command : commands_.take_over()) judge(context, command);
}

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
    holes.add(loss.last.number != 0 ? loss.last.clock : now_);
  }
}

bool ControlTracker::select_may_be_missed(const Context& context, TimeNs now) const {
  const bool start_seen = context.association.mms.negotiated != nullptr;
  const TimeNs from = now - iec61850::kLongestSelection;
  if (!start_seen && first_time_ > from) return true;
  return holes_[0].any(from, now) || holes_[1].any(from, now);
}

ControlCircumstances ControlTracker::circumstances_of(const Context& context,
                                                      const Command& command) const {
  ControlCircumstances c;
  const ObjectName name = iec61850::split_reference(command.object);
  c.select_may_be_missed =
      select_may_be_missed(context, command.operate.asked.number != 0 ? command.operate.asked.clock
                                                                      : command.cancel.asked.clock);
  c.ctl_model = context.model.ctl_model(name.domain, name.item);
  const auto* known = context.model.controls().of(command.object);
  const bool terminates = known != nullptr && known->terminates;
  if (!c.ctl_model && known != nullptr) c.ctl_model = known->inferred_model;
  // Only enhanced security terminates; which of the two is known only where no select was missed.
  if (!c.ctl_model && terminates && !c.select_may_be_missed && command.operate.asked.number != 0 &&
      !command.select.seen()) {
    c.ctl_model = 3;
  }
  c.enhanced = c.ctl_model ? *c.ctl_model == 3 || *c.ctl_model == 4 : terminates;
  if (known != nullptr) c.sbo_timeout = known->sbo_timeout;
  const TimeNs asked = command.operate.asked.clock;
  c.termination_may_be_missed = holes_[index(context.association.server())].any(
      asked, command.due_from() + context.settings.command_timeout);
  c.holes = holes_[0].any(asked, command.watched_to) || holes_[1].any(asked, command.watched_to);
  return c;
}

void ControlTracker::judge(Context& context, const Command& command) const {
  const ControlCircumstances circumstances = circumstances_of(context, command);
  ControlResult result = result_of(command, circumstances, context.model);
  raise_control_finding(context, command, result, circumstances);
  raise_no_feedback(context, command, circumstances);
  ++context.report.controls_total;
  if (context.report.controls.size() < kMaxControls) {
    context.report.controls.push_back(std::move(result));
  }
}

void ControlTracker::on_close(Context& context, FrameRef closed) {
  now_ = closed.clock;
  note_holes(context);
  const bool open = context.report.closed_how == "open at the end";
  const TimeNs end = open ? std::max(closed.clock, context.trace_end.clock) : closed.clock;
  for (const Command& command : commands_.take_open(end)) judge(context, command);
  std::ranges::stable_sort(context.report.controls, {}, [](const ControlResult& result) {
    return result.steps.empty() ? 0 : result.steps.front().frame.number;
  });
}

}  // namespace mmsa::analysis
