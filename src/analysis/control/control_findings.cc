// IEC 61850-7-2 clause 20, IEC 61850-8-1 clause 20 (LastApplError).
#include "analysis/control/control_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "analysis/access/near_miss.h"
#include "analysis/control/control_causes.h"
#include "analysis/control/control_text.h"
#include "analysis/wording.h"
#include "iec61850/names.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

constexpr std::int64_t kObjectNonExistent = 10;  // DataAccessError
// No IED has a shorter sboTimeout.
constexpr TimeNs kShortestSelection = kNsPerSecond;

using iec61850::CommandRequest;
using iec61850::SelectionNote;
using iec61850::Termination;

double seconds(TimeNs time) { return static_cast<double>(time / kNsPerMs) / 1e3; }

class Writer {
 public:
  Writer(Context& context, const iec61850::Command& command, const ControlResult& result,
         const ControlCircumstances& circumstances)
      : context_(context), t_(command), r_(result), c_(circumstances) {}

  void write(ControlVerdict verdict) {
    switch (verdict) {
      case ControlVerdict::none:
        return;
      case ControlVerdict::select_expired:
        return raise_expired();
      case ControlVerdict::not_selected:
        return raise_without_select();
      case ControlVerdict::accepted_unselected:
        return accepted_without_select();
      case ControlVerdict::mismatch:
        return mismatch();
      case ControlVerdict::select_rejected:
        return rejected(t_.select);
      case ControlVerdict::operate_rejected:
        return rejected(t_.operate);
      case ControlVerdict::cancel_rejected:
        return rejected(t_.cancel);
      case ControlVerdict::terminated:
        return terminated();
      case ControlVerdict::unterminated:
        return raise_unterminated();
    }
  }

 private:
  FindingDraft draft(std::string_view rule, const CommandRequest& request, FrameRef frame) const;
  void advise(Finding& finding, std::optional<std::int64_t> add_cause,
              std::optional<std::int64_t> access_error) const;
  std::string since_select() const;
  bool selected_before(const CommandRequest& request) const;
  void tell_selection(Finding& finding, const CommandRequest& request) const;
  bool selected_by_other(const CommandRequest& request) const;
  void tell_other_client(Finding& finding, const CommandRequest& request) const;
  bool fault_counts(const CommandRequest& request) const;
  void tell_fault(Finding& finding) const;
  void tell_why_absent(Finding& finding, const CommandRequest& request) const;
  void tell_near_name(Finding& finding) const;
  void advise_select(Finding& finding) const;
  void tell_cancel(Finding& finding) const;
  std::string_view service(const CommandRequest& request) const;
  std::string timeout_text() const;
  std::string_view sent_type() const { return t_.other_type ? sent_type_text(*t_.other_type) : ""; }
  std::string_view type_of_object() const {
    return t_.other_type ? data_type_name(t_.other_type->of_object) : "";
  }

  void raise_expired();
  void raise_without_select();
  void accepted_without_select();
  void mismatch();
  void accepted_other_type();
  void rejected(const CommandRequest& request);
  void terminated();
  void raise_unterminated();

  Context& context_;
  const iec61850::Command& t_;
  const ControlResult& r_;
  const ControlCircumstances& c_;
};

FrameRef frame_of(const CommandRequest& request) {
  return request.asked.number != 0 ? request.asked : request.error_frame;
}

// Puts a clause before the full stop.
void append_clause(Finding& finding, const std::string& clause) {
  finding.message.pop_back();
  finding.message += clause + '.';
}

// With all frames of the command, and the figures that every finding about one has.
FindingDraft Writer::draft(std::string_view rule, const CommandRequest& request,
                           FrameRef frame) const {
  FindingDraft draft = context_.findings.raise(rule, context_.association, frame).object(t_.object);
  for (const CommandRequest* each : {&t_.select, &t_.operate, &t_.cancel}) {
    std::move(draft).also(each->asked).also(each->answered).also(each->error_frame);
  }
  const std::int64_t add_cause = request.add_cause.value_or(0);
  const std::string_view cause_name = iec61850::add_cause_name(add_cause);
  const std::int64_t error = request.control_error.value_or(0);
  const std::string_view error_name = iec61850::control_error_name(error);
  const bool asked = request.asked.number != 0;
  std::move(draft)
      .also(t_.terminated)
      .with_if(request.add_cause.has_value(), "add_cause", add_cause)
      .with_if(request.add_cause && !cause_name.empty(), "add_cause_name", cause_name)
      .with_if(!request.error.empty(), "error", request.error)
      .with_if(error != 0, "control_error",
               error_name.empty() ? std::to_string(error) : std::string(error_name))
      .with_if(&request != &t_.select && t_.select.refused(), "select_refused",
               reason_text(t_.select))
      .with_if(!r_.ctl_model.empty(), "ctl_model", r_.ctl_model)
      .with_if(!r_.ctl_val.empty(), "ctl_val", r_.ctl_val)
      .with_if(!r_.originator.empty(), "origin", r_.originator)
      .with_if(r_.ctl_num >= 0, "ctl_num", r_.ctl_num)
      .with_if(asked, "test", t_.test)
      .with_if(asked && request.answered.number != 0, "response_ms",
               milliseconds_between(request.asked, request.answered));
  return draft;
}

void Writer::advise(Finding& finding, std::optional<std::int64_t> add_cause,
                    std::optional<std::int64_t> access_error) const {
  const bool told = add_cause && (*add_cause != AddCause::kUnknown || !access_error);
  const ControlAdvice* advice = told           ? add_cause_advice(*add_cause, t_.test)
                                : access_error ? access_error_advice(*access_error)
                                               : nullptr;
  if (advice == nullptr) return;
  finding.cause = advice->cause;
  finding.next_step = advice->next_step;
}

// Each control model has its own components: SBOw that of enhanced security with select, SBO that
// of normal security, and status-only none (IEC 61850-8-1 clause 20).
void Writer::tell_why_absent(Finding& finding, const CommandRequest& request) const {
  if (!c_.ctl_model) return tell_near_name(finding);
  const bool select = &request == &t_.select;
  const bool with_value = t_.select_kind == iec61850::ControlKind::select_with_value;
  const bool absent = *c_.ctl_model == 0 || (select && *c_.ctl_model != (with_value ? 4 : 2));
  if (!absent) return;
  finding.cause =
      fmt::format("ctlModel of the object is {}, which has no {}.", r_.ctl_model,
                  select ? iec61850::component_name(t_.select_kind) : std::string_view("control"));
  finding.next_step = "Set the control model of this object in the client to the IED's.";
}

// The object may be one that the server has under a similar name, or without a control.
void Writer::tell_near_name(Finding& finding) const {
  const ObjectName name = iec61850::split_reference(t_.object);
  if (context_.model.has_name(name.domain, name.item)) return;
  const NearMiss near = near_miss(context_.model, name.domain, name.item);
  if (!near.constraint) return tell_near_miss(finding, context_.model, name.domain, name.item);
  finding.evidence.set("near_miss", near.name);
  finding.cause = fmt::format(
      "The IED has the object as {}, but no control of it: it is status-only, or another object "
      "was meant.",
      near.name);
  finding.next_step =
      "Compare the object with the IED's model (SCL), and take the control out of the client if it "
      "is status-only.";
}

std::string Writer::timeout_text() const {
  return fmt::format("sboTimeout {}",
                     c_.sbo_timeout ? duration_text(*c_.sbo_timeout) : "not known");
}

// ", 35 s after its select in frame 12 (sboTimeout 30 s)"
std::string Writer::since_select() const {
  const SelectionNote& selection = t_.selection;
  return fmt::format(", {} after its select in frame {} ({})",
                     duration_text(elapsed(selection.answered, t_.operate.asked)),
                     selection.asked.number, timeout_text());
}

// The request is an Operate whose select was accepted and captured.
bool Writer::selected_before(const CommandRequest& request) const {
  return &request == &t_.operate && t_.select.accepted() && t_.selection.asked.number != 0;
}

// When the object had been selected, and how long a select lasts.
void Writer::tell_selection(Finding& finding, const CommandRequest& request) const {
  if (!selected_before(request)) return;
  append_clause(finding, since_select());
  const TimeNs age = elapsed(t_.selection.answered, request.asked);
  if (request.add_cause || c_.sbo_timeout || age < kShortestSelection) return;
  finding.cause =
      "The IED gives no reason. The selection may have expired, or the command is not allowed: "
      "missing right, local mode, interlocking.";
  finding.next_step =
      "Read sboTimeout of the object (LN$CF$DO$sboTimeout) and compare it with the time since the "
      "select; then check access rights and the local/remote key.";
}

// Another client's selection explains the causes that speak of one; without a cause it is likely.
bool Writer::selected_by_other(const CommandRequest& request) const {
  if (!t_.other_selection || request.asked.number == 0) return false;
  constexpr std::int64_t kCauses[] = {AddCause::kUnknown, AddCause::kSelectFailed, 12, 18, 19, 27};
  return !request.add_cause || std::ranges::find(kCauses, *request.add_cause) != std::end(kCauses);
}

void Writer::tell_other_client(Finding& finding, const CommandRequest& request) const {
  const iec61850::ControlSelection& other = *t_.other_selection;
  const std::string client = text::endpoint(other.client);
  finding.evidence.set("selected_by", client);
  finding.evidence.set("selected_by_stream", other.stream);
  const bool left = other.disconnected.number != 0;
  finding.cause = fmt::format(
      "{} (stream {}) had selected the object in frame {}, {} before{}{}.", client, other.stream,
      other.asked.number, duration_text(elapsed(other.answered, request.asked)),
      left ? fmt::format("; its connection ended in frame {}, and the IED kept the selection",
                         other.disconnected.number)
           : std::string(),
      c_.sbo_timeout ? "" : "; sboTimeout is not known");
  if (left) {
    finding.next_step =
        "Wait for sboTimeout. An IED has to free the object when the connection ends: tell its "
        "vendor.";
    return;
  }
  finding.next_step = fmt::format(
      "Let {} operate or cancel, or wait for sboTimeout; clarify which client is to command.",
      client);
}

// Whether the parameter that does not fit can be why the request was refused. Of an object that is
// not there the parameters do not matter, and most causes speak of the state of the IED.
bool Writer::fault_counts(const CommandRequest& request) const {
  return t_.fault && request.access_error != kObjectNonExistent &&
         speaks_of_parameters(request.add_cause);
}

// What does not fit the type comes before any advice on codes.
void Writer::tell_fault(Finding& finding) const {
  append_clause(finding,
                fmt::format("; {}{}", t_.fault.text,
                            t_.type_told.number == 0
                                ? std::string()
                                : fmt::format(" (the server described the type in frame {})",
                                              t_.type_told.number)));
  // A value of another type has advice of its own.
  if (t_.other_type && !t_.fault.ctl_val) return;
  finding.cause = fmt::format("The command is not what the object takes: {}.", t_.fault.text);
  finding.next_step =
      "Mend the client's command; the IED refuses it whatever its state is. IEC 61850-7-2 clause "
      "20 has the members, and GetVariableAccessAttributes the types of this IED.";
}

// What is left to cancel decides what the refusal means.
void Writer::tell_cancel(Finding& finding) const {
  const FrameRef asked = t_.cancel.asked;
  if (t_.operate.accepted()) {
    return append_clause(
        finding, c_.enhanced ? "; the command goes on"
                             : fmt::format("; Operate had been accepted {} before, and may have "
                                           "been carried out already",
                                           duration_text(elapsed(t_.operate.answered, asked))));
  }
  if (t_.select.accepted()) {
    const TimeNs age = elapsed(t_.select.answered, asked);
    const bool over = c_.sbo_timeout && age > *c_.sbo_timeout;
    return append_clause(
        finding, fmt::format("; the object {} (selected {} before in frame {}, {})",
                             over ? "is selected no longer" : "stays selected until sboTimeout",
                             duration_text(age), t_.select.asked.number, timeout_text()));
  }
  if (t_.operate.seen() || t_.select.seen() || c_.select_may_be_missed) return;
  append_clause(finding, "; nothing was selected or executing, so nothing was left to cancel");
  if (tells_cause(t_.cancel.add_cause) && t_.cancel.add_cause != AddCause::kNotSelected) return;
  finding.cause =
      "A Cancel where nothing is selected or executing has no effect; some clients send it after "
      "every command.";
  finding.next_step = "Nothing, if the client sends it by habit.";
}

std::string_view Writer::service(const CommandRequest& request) const {
  if (t_.kind_unknown) return "A command to";
  if (&request == &t_.select) return iec61850::control_kind_name(t_.select_kind);
  if (&request == &t_.cancel) return "Cancel";
  return t_.time_activated ? "TimeActivatedOperate" : "Operate";
}

void Writer::raise_expired() {
  const SelectionNote& selection = t_.selection;
  const std::string_view ended_by = selection_end_text(selection.ended_by);
  Finding* f =
      draft("select-expired", t_.operate, t_.operate.asked)
          .with("seconds_since_select", seconds_between(selection.answered, t_.operate.asked))
          .with_if(c_.sbo_timeout.has_value(), "sbo_timeout_s", seconds(c_.sbo_timeout.value_or(0)))
          .with_if(!ended_by.empty(), "selection_ended_by", ended_by)
          .also(selection.asked)
          .also(selection.answered)
          .also(selection.ended)
          .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("Operate {} was refused: {}{}.", t_.object, reason_text(t_.operate),
                           since_select());
  if (!ended_by.empty()) {
    append_clause(*f, fmt::format("; {} in frame {} had ended the selection", ended_by,
                                  selection.ended.number));
    f->cause =
        "The selection had been used up: one select allows one Operate, unless sboClass is "
        "operate-many.";
    f->next_step = "Select again before each Operate, or set sboClass to operate-many.";
  } else if (c_.sbo_timeout && elapsed(selection.answered, t_.operate.asked) <= *c_.sbo_timeout) {
    f->cause =
        "The IED dropped the selection before sboTimeout: a restart, a command at its panel "
        "or another client ended it.";
    f->next_step = "Look in the IED's event list between select and Operate.";
  }
}

void Writer::raise_without_select() {
  const bool by_other = t_.other_selection.has_value();
  const bool used_up = !by_other && !t_.select.refused() && t_.selection.asked.number != 0;
  Finding* f = draft("operate-without-select", t_.operate, t_.operate.asked)
                   .with("answer", "refused")
                   .also(by_other ? t_.other_selection->asked : FrameRef{})
                   .also(used_up ? t_.selection.asked : FrameRef{})
                   .also(used_up ? t_.selection.ended : FrameRef{})
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("Operate {} was refused: {}; {}.", t_.object, reason_text(t_.operate),
                           t_.select.refused()              ? "its select had been refused"
                           : t_.selection.asked.number != 0 ? "it was not selected again"
                                                            : "there was no select before");
  if (selected_by_other(t_.operate)) return tell_other_client(*f, t_.operate);
  if (!t_.select.refused()) return advise_select(*f);
  f->cause = "The select was refused, and the client sent Operate all the same.";
  f->next_step = "Find out why the select was refused; the client should stop there.";
  if (t_.select.add_cause) {
    const ControlAdvice* advice = add_cause_advice(*t_.select.add_cause, t_.test);
    if (advice != nullptr) f->next_step = advice->next_step;
  }
}

// Of an Operate that was refused because nothing, or nothing any more, was selected.
void Writer::advise_select(Finding& finding) const {
  const SelectionNote& selection = t_.selection;
  if (selection.asked.number != 0) {
    finding.cause = fmt::format("The select of frame {}, {} before, was used up by {} in frame {}.",
                                selection.asked.number,
                                duration_text(elapsed(selection.asked, t_.operate.asked)),
                                selection_end_text(selection.ended_by), selection.ended.number);
    finding.next_step =
        "Select again before each Operate, or set sboClass of the object to operate-many.";
    return;
  }
  finding.cause =
      c_.select_first()
          ? fmt::format(
                "ctlModel of the object is {}, and the client operated it without a select.",
                r_.ctl_model)
          : std::string("The IED wants a select first, and the client operated without one.");
  finding.next_step =
      c_.select_first()
          ? "Set the control model of this object in the client to the IED's, or let it select "
            "first."
          : "Read ctlModel of the object (LN$CF$DO$ctlModel) and set the client to the same: 2 and "
            "4 need a select, 1 and 3 do not.";
}

void Writer::accepted_without_select() {
  Finding* f = draft("operate-without-select", t_.operate, t_.operate.asked)
                   .with("answer", "accepted")
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("Operate {} was accepted without a select, though ctlModel is {}.",
                           t_.object, r_.ctl_model);
  f->cause = t_.select.refused()
                 ? "The select was refused, and the client sent Operate all the same; the IED does "
                   "not insist on the selection."
                 : "The client uses direct control, and the IED does not insist on its ctlModel.";
}

void Writer::mismatch() {
  const bool refused = t_.operate.refused();
  std::string what;
  iec61850::append_differences(what, t_.differences);
  if (t_.t_differs && t_.differences == 0 && refused) what = "T";
  if (what.empty()) return accepted_other_type();
  std::string selected;
  std::string operated;
  if (t_.selected.root() && t_.operated.root()) {
    selected =
        members_text(iec61850::read_control_parameters(t_.selected.root(), false), t_.differences);
    operated =
        members_text(iec61850::read_control_parameters(t_.operated.root(), false), t_.differences);
  }
  const std::string_view sent = sent_type();
  Finding* f = draft("control-mismatch", t_.operate, t_.operate.asked)
                   .with("answer", refused ? "refused" : "accepted")
                   .with("differs", what)
                   .with_if(!selected.empty(), "selected", selected)
                   .with_if(!operated.empty(), "operated", operated)
                   .with_if(!sent.empty(), "type_sent", sent)
                   .with_if(!sent.empty(), "type_of_object", type_of_object())
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message =
      fmt::format("Operate {} differs in {} from its select in frame {}, {} before; the IED {}.",
                  t_.object, what, t_.selection.asked.number,
                  duration_text(elapsed(t_.selection.answered, t_.operate.asked)),
                  refused ? fmt::format("refused it: {}", reason_text(t_.operate))
                          : std::string("accepted it"));
  const bool value = (t_.differences & iec61850::ControlDifference::kCtlVal) != 0;
  f->cause = value ? "One value was selected and another one operated: two operators, two clients, "
                     "or a fault in the client."
                   : fmt::format(
                         "The client fills in {} of Operate anew instead of repeating the "
                         "select.",
                         what);
  f->next_step =
      value     ? "Clarify before the next command which value was meant; then see where the "
                  "client takes the value of Operate from."
      : refused ? fmt::format("Let the client send {} of the select again in Operate.", what)
                : "Nothing for this IED, which carries the command out. Others refuse it with "
                  "inconsistent-parameters: let the client repeat its select.";
  if (refused && !tells_cause(t_.operate.add_cause)) {
    f->cause =
        "The IED gives no cause. That Operate does not repeat its select is the likely reason.";
  }
}

void Writer::accepted_other_type() {
  const std::string_view sent = sent_type();
  Finding* f = draft("control-mismatch", t_.operate, t_.operate.asked)
                   .with("answer", "accepted")
                   .with("type_sent", sent)
                   .with("type_of_object", type_of_object())
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("Operate {} was accepted with a ctlVal of type {}; the object has {}.",
                           t_.object, sent, type_of_object());
  f->cause = "The client's point type is not that of the object; the IED converts it.";
  f->next_step = "Set the point type in the client to the type in the finding.";
}

void Writer::rejected(const CommandRequest& request) {
  const std::string_view what = service(request);
  const bool by_other = selected_by_other(request);
  const bool fault = fault_counts(request);
  const std::string_view sent = sent_type();
  Finding* f = draft("control-rejected", request, frame_of(request))
                   .with_if(!t_.kind_unknown, "service", what)
                   .with_if(!sent.empty(), "type_sent", sent)
                   .with_if(!sent.empty(), "type_of_object", type_of_object())
                   .with_if(fault, "parameter_fault", t_.fault.text)
                   .with_if(fault && t_.type_told.number != 0, "type_frame", t_.type_told.number)
                   .with_if(selected_before(request), "seconds_since_select",
                            seconds_between(t_.selection.answered, request.asked))
                   .with_if(selected_before(request) && c_.sbo_timeout, "sbo_timeout_s",
                            seconds(c_.sbo_timeout.value_or(0)))
                   .also(by_other ? t_.other_selection->asked : FrameRef{})
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("{} {} was refused: {}.", what, t_.object, reason_text(request));
  if (&request == &t_.operate && t_.select.refused()) {
    append_clause(*f, "; its select had been refused before: " + reason_text(t_.select));
  }
  advise(*f, request.add_cause, request.access_error);
  if (request.access_error == kObjectNonExistent) tell_why_absent(*f, request);
  if (&request == &t_.select && t_.select_kind == iec61850::ControlKind::select &&
      !request.add_cause && !request.access_error) {
    f->cause =
        "The object is selected by another client, or the IED does not allow a select now: "
        "local mode, interlocking, another command.";
    f->next_step =
        "Select by Read gives no cause. Look for another client that commands this "
        "object, then at the local/remote key and the IED's event list.";
  }
  if (t_.apart && !request.add_cause) {
    f->cause =
        "Oper was written member by member. Most servers take a command only as one structure.";
    f->next_step = "Write Oper (SBOw, Cancel) as one structure; the client may have an option.";
    if (&request == &t_.operate && c_.select_first() && !t_.select.accepted()) {
      f->cause += " Or: ctlModel asks for a select, and none was granted.";
      f->next_step += " Let the client select first.";
    }
  }
  tell_selection(*f, request);
  if (&request == &t_.cancel) tell_cancel(*f);
  if (by_other) tell_other_client(*f, request);
  if (fault) tell_fault(*f);
  if (!sent.empty() && !t_.fault.ctl_val && !request.add_cause) {
    f->cause = fmt::format("ctlVal was sent as {}, and the object has {}.", sent, type_of_object());
  }
}

void Writer::terminated() {
  const std::string cause =
      t_.termination_cause ? add_cause_text(*t_.termination_cause) : "no AddCause";
  const bool asked = t_.operate.asked.number != 0;
  CommandRequest termination = t_.operate;
  termination.add_cause = t_.termination_cause;
  termination.control_error = t_.termination_error;
  termination.error.clear();
  std::string differs;
  iec61850::append_differences(differs, t_.differences);
  Finding* f = draft("control-terminated", termination, asked ? t_.operate.asked : t_.terminated)
                   .with_if(asked, "seconds_to_termination",
                            seconds_between(t_.operate.asked, t_.terminated))
                   .with_if(!differs.empty(), "differs_from_select", differs)
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("{} {} failed in execution: {}.", service(t_.operate), t_.object, cause);
  if (asked) {
    append_clause(*f, fmt::format(", {} after Operate",
                                  duration_text(elapsed(t_.operate.asked, t_.terminated))));
  }
  advise(*f, t_.termination_cause, std::nullopt);
}

void Writer::raise_unterminated() {
  const bool late = t_.termination != Termination::none;
  const TimeNs waited = (late ? t_.terminated.clock : t_.watched_to) - t_.due_from();
  const bool later = t_.due_from() != t_.operate.answered.clock;
  Finding* f = draft("control-unterminated", t_.operate, t_.operate.asked)
                   .with("termination", late ? "late" : "never")
                   .with("seconds_watched", seconds(waited))
                   .with_if(later, "oper_tm_in_s", seconds(t_.execute_at - t_.operate.asked.time))
                   .with("limit_s", static_cast<double>(context_.settings.command_timeout) / 1e9)
                   .put();
  if (f == nullptr || f->count > 1) return;
  const std::string_view since = later ? "its time (operTm)" : "it was accepted";
  f->message =
      late ? fmt::format("The CommandTermination of {} {} came only {} after {}.",
                         service(t_.operate), t_.object, duration_text(waited), since)
           : fmt::format("{} {} was accepted, but no CommandTermination came in {} after {}.",
                         service(t_.operate), t_.object, duration_text(waited), since);
  if (late) {
    f->cause = "The switch takes longer than the time allowed here.";
    f->next_step =
        "If the switch is that slow, use --command-timeout and give the client the same "
        "time; else check the drive.";
  } else if (later) {
    f->cause =
        "The command was not executed at its time, the IED does not send the termination, or its "
        "clock is behind.";
    f->next_step =
        "See in the reports whether the switch moved at operTm, and compare the IED's clock with "
        "that of the capture.";
  }
}

}  // namespace

void raise_control_finding(Context& context, const iec61850::Command& command,
                           const ControlResult& result, const ControlCircumstances& circumstances) {
  Writer(context, command, result, circumstances)
      .write(verdict_of(command, circumstances, context.settings.command_timeout));
}

}  // namespace mmsa::analysis
