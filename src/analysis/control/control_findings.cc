// IEC 61850-7-2 clause 20, IEC 61850-8-1 clause 20 (LastApplError).
#include "analysis/control/control_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "analysis/control/control_causes.h"
#include "analysis/wording.h"
#include "iec61850/names.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

constexpr std::int64_t kObjectNonExistent = 10;  // DataAccessError
// No IED has a shorter sboTimeout.
constexpr TimeNs kShortestSelection = kNsPerSecond;

class Writer {
 public:
  Writer(Context& context, const ControlTransaction& transaction,
         const ControlCircumstances& circumstances)
      : context_(context), t_(transaction), c_(circumstances) {}

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
  Finding* raise(std::string_view rule, const std::string& key, FrameRef frame);
  void add_figures(Finding& finding, const ControlRequest& request) const;
  void advise(Finding& finding, std::optional<std::int64_t> add_cause,
              std::optional<std::int64_t> access_error) const;
  void tell_near_miss(Finding& finding) const;
  void add_selection(Finding& finding, const ControlRequest& request) const;
  void add_other_client(Finding& finding, const ControlRequest& request) const;
  void add_fault(Finding& finding) const;
  std::string type_source_text() const;
  void advise_select(Finding& finding) const;
  void tell_cancel(Finding& finding) const;
  std::string_view service(const ControlRequest& request) const;

  void raise_expired();
  void raise_without_select();
  void accepted_without_select();
  void mismatch();
  void rejected(const ControlRequest& request);
  void terminated();
  void raise_unterminated();

  Context& context_;
  const ControlTransaction& t_;
  const ControlCircumstances& c_;
};

FrameRef frame_of(const ControlRequest& request) {
  return request.asked.number != 0 ? request.asked : request.error_frame;
}

std::string key_of(const ControlRequest& request, std::string_view what) {
  return fmt::format("{} {} {}", what, request.add_cause ? std::to_string(*request.add_cause) : "",
                     request.add_cause ? "" : request.error);
}

Finding* Writer::raise(std::string_view rule, const std::string& key, FrameRef frame) {
  Finding* f = context_.findings.raise(rule, context_.association, t_.report.object, key, frame);
  if (f == nullptr) return nullptr;
  for (const ControlRequest* request : {&t_.select, &t_.operate, &t_.cancel}) {
    for (const FrameRef part : {request->asked, request->answered, request->error_frame}) {
      FindingCollector::add_frame(*f, part.number);
    }
  }
  FindingCollector::add_frame(*f, t_.terminated.number);
  return f;
}

void Writer::add_figures(Finding& finding, const ControlRequest& request) const {
  if (request.add_cause) {
    set_evidence(finding, "add_cause", *request.add_cause);
    const std::string_view name = iec61850::add_cause_name(*request.add_cause);
    if (!name.empty()) set_evidence(finding, "add_cause_name", std::string(name));
  }
  if (!request.error.empty()) set_evidence(finding, "error", request.error);
  if (request.control_error.value_or(0) != 0) {
    const std::string_view name = iec61850::control_error_name(*request.control_error);
    set_evidence(finding, "control_error",
                 name.empty() ? std::to_string(*request.control_error) : std::string(name));
  }
  if (&request != &t_.select && t_.select.refused()) {
    set_evidence(finding, "select_refused", reason_text(t_.select));
  }
  const ControlResult& report = t_.report;
  if (!report.ctl_model.empty()) set_evidence(finding, "ctl_model", report.ctl_model);
  if (!report.ctl_val.empty()) set_evidence(finding, "ctl_val", report.ctl_val);
  if (!report.originator.empty()) set_evidence(finding, "origin", report.originator);
  if (report.ctl_num >= 0) set_evidence(finding, "ctl_num", report.ctl_num);
  if (request.asked.number != 0) set_evidence(finding, "test", report.test);
  if (request.asked.number != 0 && request.answered.number != 0) {
    set_evidence(finding, "response_ms", milliseconds_between(request.asked, request.answered));
  }
}

void Writer::advise(Finding& finding, std::optional<std::int64_t> add_cause,
                    std::optional<std::int64_t> access_error) const {
  const bool told = add_cause && (*add_cause != AddCause::kUnknown || !access_error);
  const ControlAdvice* advice = told           ? add_cause_advice(*add_cause, t_.report.test)
                                : access_error ? access_error_advice(*access_error)
                                               : nullptr;
  if (advice == nullptr) return;
  finding.cause = advice->cause;
  finding.next_step = advice->next_step;
}

// The object may be one that the server has under a similar name.
void Writer::tell_near_miss(Finding& finding) const {
  const ObjectName name = iec61850::split_reference(t_.report.object);
  if (c_.ctl_model || context_.model.has_name(name.domain, name.item)) return;
  const std::string near = context_.model.nearest(name.domain, name.item);
  if (near.empty()) return;
  set_evidence(finding, "near_miss", near);
  finding.cause =
      fmt::format("The name is misspelt, or of another configuration: the IED has {}.", near);
}

// When the object had been selected, and how long a select lasts.
void Writer::add_selection(Finding& finding, const ControlRequest& request) const {
  const SelectionNote& selection = t_.selection;
  if (&request != &t_.operate || !t_.select.accepted() || selection.asked.number == 0) return;
  const TimeNs age = elapsed(selection.answered, request.asked);
  finding.message.pop_back();
  finding.message += fmt::format(", {} after its select in frame {} (sboTimeout {}).",
                                 duration_text(age), selection.asked.number,
                                 c_.sbo_timeout ? duration_text(*c_.sbo_timeout) : "not known");
  set_evidence(finding, "seconds_since_select", seconds_between(selection.answered, request.asked));
  if (request.add_cause || c_.sbo_timeout || age < kShortestSelection) return;
  finding.cause =
      "The IED gives no reason. The selection may have expired, or the command is not allowed: "
      "missing right, local mode, interlocking.";
  finding.next_step =
      "Read sboTimeout of the object (LN$CF$DO$sboTimeout) and compare it with the time since the "
      "select; then check access rights and the local/remote key.";
}

// Another client's selection explains the causes that speak of one; without a cause it is likely.
void Writer::add_other_client(Finding& finding, const ControlRequest& request) const {
  if (!t_.other_selection || request.asked.number == 0) return;
  constexpr std::int64_t kCauses[] = {AddCause::kUnknown, AddCause::kSelectFailed, 12, 18, 19, 27};
  if (request.add_cause && std::ranges::find(kCauses, *request.add_cause) == std::end(kCauses)) {
    return;
  }
  const iec61850::ControlSelection& other = *t_.other_selection;
  FindingCollector::add_frame(finding, other.asked.number);
  if (finding.count > 1) return;
  const std::string client = text::endpoint(other.client);
  const std::string age = duration_text(elapsed(other.answered, request.asked));
  set_evidence(finding, "selected_by", client);
  set_evidence(finding, "selected_by_stream", static_cast<std::int64_t>(other.stream));
  finding.cause = fmt::format("{} (stream {}) had selected the object in frame {}, {} before{}.",
                              client, other.stream, other.asked.number, age,
                              c_.sbo_timeout ? "" : "; sboTimeout is not known");
  finding.next_step = fmt::format(
      "Let {} operate or cancel, or wait for sboTimeout; clarify which client is to command.",
      client);
}

// What does not fit the type comes before any advice on codes.
void Writer::add_fault(Finding& finding) const {
  if (!t_.fault) return;
  set_evidence(finding, "parameter_fault", t_.fault.text);
  finding.message.pop_back();
  finding.message += fmt::format("; {}{}.", t_.fault.text, type_source_text());
  if (t_.type_told.number != 0) {
    set_evidence(finding, "type_frame", static_cast<std::int64_t>(t_.type_told.number));
  }
  // A value of another type has advice of its own.
  if (!t_.type_of_command.empty() && !t_.fault.ctl_val) return;
  finding.cause = fmt::format("The command is not what the object takes: {}.", t_.fault.text);
  finding.next_step =
      "Mend the client's command; the IED refuses it whatever its state is. IEC 61850-7-2 clause "
      "20 has the members, and GetVariableAccessAttributes the types of this IED.";
}

// From where the type is known that the command does not fit.
std::string Writer::type_source_text() const {
  return t_.type_told.number == 0
             ? std::string()
             : fmt::format(" (the server described the type in frame {})", t_.type_told.number);
}

// What is left to cancel decides what the refusal means.
void Writer::tell_cancel(Finding& finding) const {
  std::string_view left;
  if (t_.operate.accepted()) {
    left = "the command goes on";
  } else if (t_.select.accepted()) {
    left = "the object stays selected until sboTimeout";
  } else if (!t_.operate.seen() && !t_.select.seen() && !t_.selection.may_be_missed) {
    left = "nothing was selected or executing, so nothing was left to cancel";
    if (t_.cancel.add_cause == AddCause::kNotSelected) {
      finding.cause =
          "A Cancel where nothing was selected has no effect; some clients send it "
          "after every command.";
      finding.next_step = "Nothing, if the client sends it by habit.";
    }
  }
  if (left.empty()) return;
  finding.message.pop_back();
  finding.message += fmt::format("; {}.", left);
}

std::string_view Writer::service(const ControlRequest& request) const {
  if (t_.kind_unknown) return "A command to";
  if (&request == &t_.select) return iec61850::control_kind_name(t_.select_kind);
  if (&request == &t_.cancel) return "Cancel";
  return t_.time_activated ? "TimeActivatedOperate" : "Operate";
}

void Writer::raise_expired() {
  const SelectionNote& selection = t_.selection;
  Finding* f = raise("select-expired", key_of(t_.operate, selection.ended_by), t_.operate.asked);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, selection.asked.number);
  FindingCollector::add_frame(*f, selection.answered.number);
  FindingCollector::add_frame(*f, selection.ended.number);
  if (f->count > 1) return;
  const TimeNs age = elapsed(selection.answered, t_.operate.asked);
  f->message = fmt::format(
      "Operate {} was refused: {}, {} after its select{}.", t_.report.object,
      reason_text(t_.operate), duration_text(age),
      c_.sbo_timeout ? fmt::format(" (sboTimeout {})", duration_text(*c_.sbo_timeout)) : "");
  set_evidence(*f, "seconds_since_select", seconds_between(selection.answered, t_.operate.asked));
  if (c_.sbo_timeout) {
    set_evidence(*f, "sbo_timeout_s", static_cast<double>(*c_.sbo_timeout / kNsPerMs) / 1e3);
  }
  add_figures(*f, t_.operate);
  if (selection.ended.number != 0) {
    set_evidence(*f, "selection_ended_by", std::string(selection.ended_by));
    f->message.pop_back();
    f->message += fmt::format("; {} in frame {} had ended the selection.", selection.ended_by,
                              selection.ended.number);
    f->cause =
        "The selection had been used up: one select allows one Operate, unless sboClass is "
        "operate-many.";
    f->next_step = "Select again before each Operate, or set sboClass to operate-many.";
  } else if (c_.sbo_timeout && age <= *c_.sbo_timeout) {
    f->cause =
        "The IED dropped the selection before sboTimeout: a restart, a command at its panel "
        "or another client ended it.";
    f->next_step = "Look in the IED's event list between select and Operate.";
  }
}

void Writer::raise_without_select() {
  Finding* f = raise("operate-without-select", key_of(t_.operate, "refused"), t_.operate.asked);
  if (f == nullptr || f->count > 1) return;
  f->message =
      fmt::format("Operate {} was refused: {}; {}.", t_.report.object, reason_text(t_.operate),
                  t_.select.refused()              ? "its select had been refused"
                  : t_.selection.asked.number != 0 ? "it was not selected again"
                                                   : "there was no select before");
  add_figures(*f, t_.operate);
  if (t_.other_selection) return add_other_client(*f, t_.operate);
  if (!t_.select.refused()) return advise_select(*f);
  f->cause = "The select was refused, and the client sent Operate all the same.";
  f->next_step = "Find out why the select was refused; the client should stop there.";
  if (t_.select.add_cause) {
    const ControlAdvice* advice = add_cause_advice(*t_.select.add_cause, t_.report.test);
    if (advice != nullptr) f->next_step = advice->next_step;
  }
}

// Of an Operate that was refused because nothing, or nothing any more, was selected.
void Writer::advise_select(Finding& finding) const {
  const SelectionNote& selection = t_.selection;
  if (selection.asked.number != 0) {
    FindingCollector::add_frame(finding, selection.asked.number);
    FindingCollector::add_frame(finding, selection.ended.number);
    finding.cause = fmt::format("The select of frame {}, {} before, was used up by {} in frame {}.",
                                selection.asked.number,
                                duration_text(elapsed(selection.asked, t_.operate.asked)),
                                selection.ended_by, selection.ended.number);
    finding.next_step =
        "Select again before each Operate, or set sboClass of the object to operate-many.";
    return;
  }
  finding.cause =
      c_.select_first()
          ? fmt::format(
                "ctlModel of the object is {}, and the client operated it without a select.",
                t_.report.ctl_model)
          : std::string("The IED wants a select first, and the client operated without one.");
  finding.next_step =
      c_.select_first()
          ? "Set the control model of this object in the client to the IED's, or let it select "
            "first."
          : "Read ctlModel of the object (LN$CF$DO$ctlModel) and set the client to the same: 2 and "
            "4 need a select, 1 and 3 do not.";
}

void Writer::accepted_without_select() {
  Finding* f = raise("operate-without-select", "accepted", t_.operate.asked);
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("Operate {} was accepted without a select, though ctlModel is {}.",
                           t_.report.object, t_.report.ctl_model);
  add_figures(*f, t_.operate);
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
  const bool type_only = what.empty();
  Finding* f =
      raise("control-mismatch", fmt::format("{} {}", what, refused ? "refused" : "accepted"),
            t_.operate.asked);
  if (f == nullptr || f->count > 1) return;
  if (type_only) {
    f->message = fmt::format("Operate {} was accepted with a ctlVal of type {}; the object has {}.",
                             t_.report.object, t_.type_of_command, t_.type_of_object);
    f->cause = "The client's point type is not that of the object; the IED converts it.";
    f->next_step = "Set the point type in the client to the type in the finding.";
  } else {
    f->message =
        fmt::format("Operate {} differs from its select in {}; the IED {}.", t_.report.object, what,
                    refused ? fmt::format("refused it: {}", reason_text(t_.operate))
                            : std::string("accepted it"));
    set_evidence(*f, "differs", what);
    f->cause = fmt::format(
        "The client fills in {} of Operate anew instead of repeating the select.", what);
    f->next_step =
        refused ? fmt::format("Let the client send {} of the select again in Operate.", what)
                : std::string(
                      "Nothing for this IED, which carries the command out. Others refuse it "
                      "with inconsistent-parameters: let the client repeat its select.");
    if ((t_.differences & iec61850::ControlDifference::kCtlVal) != 0) {
      f->cause =
          "One value was selected and another one operated: two operators, two clients, or a "
          "fault in the client.";
      f->next_step =
          "Clarify before the next command which value was meant; then see where the "
          "client takes the value of Operate from.";
    }
    if (!t_.selected_values.empty()) {
      set_evidence(*f, "selected", t_.selected_values);
      set_evidence(*f, "operated", t_.operated_values);
    }
  }
  if (!t_.type_of_command.empty()) {
    set_evidence(*f, "type_sent", std::string(t_.type_of_command));
    set_evidence(*f, "type_of_object", std::string(t_.type_of_object));
  }
  if (refused && !t_.operate.add_cause) {
    f->cause =
        "The IED gives no AddCause. That Operate does not repeat its select is the likely reason.";
  }
  add_figures(*f, t_.operate);
}

void Writer::rejected(const ControlRequest& request) {
  const std::string_view what = service(request);
  const std::string reason = reason_text(request);
  Finding* f = raise("control-rejected", key_of(request, what), frame_of(request));
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("{} {} was refused: {}.", what, t_.report.object, reason);
  add_figures(*f, request);
  if (&request == &t_.operate && t_.select.refused()) {
    f->message.pop_back();
    f->message += fmt::format("; its select had been refused before: {}.", reason_text(t_.select));
  }
  advise(*f, request.add_cause, request.access_error);
  if (request.access_error == kObjectNonExistent) tell_near_miss(*f);
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
  }
  add_selection(*f, request);
  if (&request == &t_.cancel) tell_cancel(*f);
  add_other_client(*f, request);
  // Of an object that is not there the parameters do not matter.
  const bool exists = request.access_error != kObjectNonExistent;
  if (exists && (!request.add_cause || *request.add_cause == AddCause::kUnknown)) add_fault(*f);
  if (!t_.type_of_command.empty()) {
    set_evidence(*f, "type_sent", std::string(t_.type_of_command));
    set_evidence(*f, "type_of_object", std::string(t_.type_of_object));
    if (!t_.fault.ctl_val && !request.add_cause) {
      f->cause = fmt::format("ctlVal was sent as {}, and the object has {}.", t_.type_of_command,
                             t_.type_of_object);
    }
  }
}

void Writer::terminated() {
  const std::string cause =
      t_.termination_cause ? add_cause_text(*t_.termination_cause) : "no AddCause";
  const FrameRef asked = t_.operate.asked.number != 0 ? t_.operate.asked : t_.terminated;
  Finding* f = raise("control-terminated", cause, asked);
  if (f == nullptr || f->count > 1) return;
  f->message =
      fmt::format("{} {} failed in execution: {}", service(t_.operate), t_.report.object, cause);
  f->message += t_.operate.asked.number == 0
                    ? "."
                    : fmt::format(", {} after Operate.",
                                  duration_text(elapsed(t_.operate.asked, t_.terminated)));
  ControlRequest termination = t_.operate;
  termination.add_cause = t_.termination_cause;
  termination.control_error = t_.termination_error;
  termination.error.clear();
  add_figures(*f, termination);
  if (t_.operate.asked.number != 0) {
    set_evidence(*f, "seconds_to_termination", seconds_between(t_.operate.asked, t_.terminated));
  }
  if (t_.differences != 0) {
    std::string what;
    iec61850::append_differences(what, t_.differences);
    set_evidence(*f, "differs_from_select", what);
  }
  advise(*f, t_.termination_cause, std::nullopt);
}

void Writer::raise_unterminated() {
  const bool late = t_.termination != Termination::none;
  Finding* f = raise("control-unterminated", late ? "late" : "never", t_.operate.asked);
  if (f == nullptr || f->count > 1) return;
  const TimeNs until = late ? t_.terminated.clock : c_.end;
  const bool later = t_.due_from() != t_.operate.answered.clock;
  const std::string waited = duration_text(until - t_.due_from());
  const std::string_view since = later ? "its time (operTm)" : "it was accepted";
  f->message =
      late ? fmt::format("The CommandTermination of {} {} came only {} after {}.",
                         service(t_.operate), t_.report.object, waited, since)
           : fmt::format("{} {} was accepted, but no CommandTermination came in {} after {}.",
                         service(t_.operate), t_.report.object, waited, since);
  set_evidence(*f, "seconds_watched",
               static_cast<double>((until - t_.due_from()) / kNsPerMs) / 1e3);
  if (later) {
    set_evidence(*f, "oper_tm_in_s",
                 static_cast<double>((t_.execute_at - t_.operate.asked.time) / kNsPerMs) / 1e3);
    f->cause =
        "The command was not executed at its time, the IED does not send the termination, or its "
        "clock is behind.";
    f->next_step =
        "See in the reports whether the switch moved at operTm, and compare the IED's clock with "
        "that of the capture.";
  }
  set_evidence(*f, "limit_s", static_cast<double>(context_.settings.command_timeout) / 1e9);
  add_figures(*f, t_.operate);
  if (late) {
    f->cause = "The switch takes longer than the time allowed here.";
    f->next_step =
        "If the switch is that slow, use --command-timeout and give the client the same "
        "time; else check the drive.";
  }
}

}  // namespace

void raise_control_finding(Context& context, const ControlTransaction& transaction,
                           const ControlCircumstances& circumstances) {
  Writer(context, transaction, circumstances)
      .write(verdict_of(transaction, circumstances, context.settings.command_timeout));
}

}  // namespace mmsa::analysis
