#include "iec61850/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "iec61850/names.h"
#include "mms/service_error.h"

namespace mmsa::iec61850 {
namespace {

// More control objects than any IED has.
constexpr std::size_t kMaxObjects = 4096;
// Commands of one object that wait for their ends at a time; an IED executes one.
constexpr std::size_t kMaxOpen = 4;
// Writes of members this far apart are no more one command.
constexpr TimeNs kBetweenParts = 5 * kNsPerSecond;
// An Operate this soon after its refused select is the same command.
constexpr TimeNs kRefusedSelect = 30 * kNsPerSecond;
// A LastApplError this long after the negative answer still belongs to it.
constexpr TimeNs kLateError = 1 * kNsPerSecond;

// The structure that ctlVal is the first member of.
asn1::NodeRef structure_of(const MmsMessage& message, const ControlView& view) {
  if (view.parameters.apart || message.cut) return {};
  const asn1::NodeRef first = view.parameters.ctl_val;
  return first && first.index() > 0 ? message.tree.at(first.index() - 1) : asn1::NodeRef{};
}

TypeRef ctl_val_type(const ServerModel& model, std::string_view domain, std::string_view item,
                     ControlKind kind) {
  const TypeRef type = model.type_of(domain, fmt::format("{}${}", item, component_name(kind)));
  return type == nullptr ? nullptr : find_component(type, "ctlVal");
}

CommandStep::What what_of(const Command& command, ControlKind kind) {
  switch (kind) {
    case ControlKind::select:
      return CommandStep::What::select;
    case ControlKind::select_with_value:
      return CommandStep::What::select_with_value;
    case ControlKind::cancel:
      return CommandStep::What::cancel;
    default:
      return command.time_activated ? CommandStep::What::time_activated_operate
                                    : CommandStep::What::operate;
  }
}

// Value, originator, number and flags of a command.
void note_parameters(Command& command, const ControlParameters& parameters, ControlKind kind) {
  if (parameters.ctl_val && !command.fault.ctl_val) {
    command.ctl_val.assign(parameters.ctl_val);
    command.ctl_val_of = kind;
  }
  if (parameters.or_cat || !parameters.or_ident.empty()) {
    command.identity.or_cat = parameters.or_cat;
    command.identity.or_ident = as_text(parameters.or_ident);
  }
  if (parameters.ctl_num) command.identity.ctl_num = parameters.ctl_num;
  if (parameters.test) command.test = *parameters.test;
}

// Why a request was refused, from its answer.
void note_refusal(CommandRequest& request, const MmsMessage& message, const ControlView& view) {
  if (view.access_error) {
    request.access_error = view.access_error;
    request.error = access_error_name(*view.access_error);
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

void note_error(Command& command, CommandRequest& request, const LastApplError& error,
                FrameRef frame) {
  command.add_step(
      {.frame = frame,
       .what = CommandStep::What::last_appl_error,
       .result = CommandStep::Result::error,
       .add_cause = error.well_formed ? std::optional(error.add_cause) : std::nullopt});
  if (request.error_frame.number != 0) return;  // told twice
  request.error_frame = frame;
  request.control_error = error.error;
  if (!error.well_formed) return;
  request.add_cause = error.add_cause;
  command.last_cause = error.add_cause;
}

bool same(const Command& command, const LastApplError& error) {
  return command.identity.matches(error.or_cat, error.or_ident, error.ctl_num);
}
bool same(const Command& command, const ControlParameters& parameters) {
  return command.identity.matches(parameters.or_cat, parameters.or_ident, parameters.ctl_num);
}

}  // namespace

void Commands::see(const Association& association, ServerModel& model, const MmsMessage& message,
                   const ControlView& view) {
  cap_ = Cap::none;
  const Scene scene{association, model, message, view};
  switch (view.kind) {
    case ControlKind::termination:
      return on_termination(scene);
    case ControlKind::last_appl_error:
      return on_error(scene);
    default:
      return view.answer ? on_answer(scene) : on_request(scene);
  }
}

Commands::Object* Commands::object(std::string_view domain, std::string_view item) {
  key_.assign(domain);
  if (!domain.empty()) key_ += '/';
  key_ += item;
  const auto known = objects_.find(key_);
  if (known != objects_.end()) return &known->second;
  if (objects_.size() >= kMaxObjects) {
    cap_ = Cap::objects;
    return nullptr;
  }
  const auto added = objects_.try_emplace(key_).first;
  Object& object = added->second;
  object.name = added->first;
  object.domain = object.name.substr(0, domain.size());
  object.item = object.name.substr(object.name.size() - item.size());
  return &object;
}

// The object of a LastApplError: servers write its reference in several ways.
Commands::Object* Commands::find_object(const Scene& scene) {
  const ControlView& view = scene.view;
  const std::string name = normalised(view.object, view.domain);
  const auto known = objects_.find(name);
  if (known != objects_.end()) return &known->second;
  if (last_asked_ != nullptr && !last_asked_->open.empty()) {
    const Command& last = last_asked_->open.back();
    const bool waits = last.select.waiting() || last.operate.waiting() || last.cancel.waiting();
    const bool named = view.object.empty()  // no reference at all: the number tells
                           ? waits && same(last, *view.error)
                           : (view.domain.empty() || view.domain == last_asked_->domain) &&
                                 names_item(view.object, last_asked_->domain, last_asked_->item);
    if (named) return last_asked_;
  }
  if (view.object.empty()) return nullptr;
  const ObjectName unseen = split_reference(name);
  return object(unseen.domain, unseen.item);
}

void Commands::finish(Command&& command, TimeNs now) {
  command.watched_to = now;
  over_.push_back(std::move(command));
}

// Room for one more command of the object: those that are over are taken off.
Command& Commands::begin(const Scene& scene, Object& object) {
  const TimeNs now = scene.frame().clock;
  std::vector<Command>& open = object.open;
  for (Command& command : open) {
    if (!command.executing()) finish(std::move(command), now);
  }
  std::erase_if(open, [](const Command& command) { return command.watched_to != 0; });
  if (open.size() >= kMaxOpen) {
    // Where security is normal nothing more was to come.
    const auto* const known = scene.model.controls().of(object.name);
    if (known != nullptr && known->terminates) cap_ = Cap::open;
    finish(std::move(open.front()), now);
    open.erase(open.begin());
  }
  Command& command = open.emplace_back();
  command.object = object.name;
  return command;
}

std::vector<Command> Commands::take_open(TimeNs now) {
  std::vector<Command> all;
  for (auto& [name, object] : objects_) {
    std::ranges::move(object.open, std::back_inserter(all));
  }
  objects_.clear();
  last_asked_ = nullptr;
  for (Command& command : all) command.watched_to = now;
  std::ranges::stable_sort(all, {},
                           [](const Command& command) { return command.first_frame().number; });
  return all;
}

// The command that this request adds a member to, as clients do that write each by itself.
Command* Commands::part_of(const Scene& scene, Object& object) {
  const ControlParameters& parameters = scene.view.parameters;
  if (!parameters.apart || object.open.empty()) return nullptr;
  Command& last = object.open.back();
  const CommandRequest& request = last.request(scene.view.kind);
  if (!last.apart || request.asked.number == 0) return nullptr;
  if (elapsed(request.asked, scene.frame()) > kBetweenParts || parameters.ctl_val) return nullptr;
  return &last;
}

// The command that a request belongs to, an old one or a new one.
Command& Commands::place_request(const Scene& scene, Object& object) {
  if (Command* const whole = part_of(scene, object)) return *whole;
  const ControlKind kind = scene.view.kind;
  if (!object.open.empty() && kind != ControlKind::select &&
      kind != ControlKind::select_with_value) {
    Command& last = object.open.back();
    if (kind == ControlKind::cancel) {
      const bool running = last.awaits_operate() ? !last.select.refused() : last.executing();
      if (running && !last.cancel.seen()) return last;
    } else if (last.awaits_operate()) {
      // A refused select is only joined by what repeats it.
      if (!last.select.refused()) return last;
      if (elapsed(last.select.answered, scene.frame()) <= kRefusedSelect &&
          same(last, scene.view.parameters)) {
        return last;
      }
    }
  }
  return begin(scene, object);
}

void Commands::on_request(const Scene& scene) {
  const ControlView& view = scene.view;
  Object* const object = this->object(view.domain, view.object);
  if (object == nullptr) return;
  last_asked_ = object;
  Command& command = place_request(scene, *object);
  CommandRequest& request = command.request(view.kind);
  if (command.apart && request.accepted()) request.answer = Answer::none;
  request.asked = scene.frame();
  command.apart = view.parameters.apart;
  find_fault(scene, *object, command);
  if (view.kind == ControlKind::select || view.kind == ControlKind::select_with_value) {
    command.select_kind = view.kind;
    object->asked_value.assign(structure_of(scene.message, view));
    object->asked_frame = scene.frame().number;
  } else if (view.kind == ControlKind::operate) {
    on_operate(scene, *object, command);
  }
  if (view.kind != ControlKind::select &&
      (view.kind != ControlKind::cancel || !command.operate.seen())) {
    note_parameters(command, view.parameters, view.kind);
  }
  request.step = command.add_step({.frame = scene.frame(), .what = what_of(command, view.kind)});
}

// What does not fit is looked for before anything else: a server that refuses it says little.
void Commands::find_fault(const Scene& scene, const Object& object, Command& command) {
  const MmsMessage& message = scene.message;
  const ControlKind kind = scene.view.kind;
  if (message.cut || message.pdu.error || kind == ControlKind::select) return;
  if (scene.view.parameters.apart) {
    // Each write has some of the members.
    std::string text = oversized_text(scene.view.parameters);
    if (!text.empty()) command.fault.text = std::move(text);
    return;
  }
  if (message.tree.values.size() != 1) return;
  const TypeSource type = scene.model.type_source(
      object.domain, fmt::format("{}${}", object.item, component_name(kind)));
  command.fault = find_parameter_fault(message.tree.at(message.tree.values[0]), type.type,
                                       kind == ControlKind::cancel);
  command.type_told = command.fault.of_type ? type.frame : FrameRef{};
}

// Compares Operate with what was selected and with the type of the object.
void Commands::on_operate(const Scene& scene, const Object& object, Command& command) {
  const ControlParameters& operate = scene.view.parameters;
  if (!command.apart || operate.oper_tm) {
    command.time_activated = operate.time_activated();
    command.execute_at = execution_time(operate);
  }
  if (auto* known = scene.model.controls().of(object.name)) known->operated = scene.frame();
  const Selection& selection = object.selection;
  command.selection = {selection.asked, selection.answered, selection.ended, selection.ended_by};
  if (scene.message.cut || scene.message.pdu.error || !operate.well_formed) return;
  const TypeRef type = ctl_val_type(scene.model, object.domain, object.item, ControlKind::operate);
  if (type != nullptr && !matches(type, operate.ctl_val)) {
    command.other_type = {data_type(operate.ctl_val.node()), type->type};
  }
  const bool joined =
      command.select.accepted() && command.select_kind == ControlKind::select_with_value;
  if (!joined || !selection.value.root()) return;
  const ControlParameters selected = read_control_parameters(selection.value.root(), false);
  if (!selected.well_formed) return;
  command.differences = compare_operate(selected, operate);
  command.t_differs = compare_operate(selected, operate, true) != command.differences;
  if (command.differences == 0) return;
  command.selected.assign(selection.value.root());
  command.operated.assign(structure_of(scene.message, scene.view));
}

void Commands::on_answer(const Scene& scene) {
  const auto& [association, model, message, view] = scene;
  Object* const object = this->object(view.domain, view.object);
  if (object == nullptr) return;
  const std::uint64_t asked = message.request->frame.number;
  // From the newest: one frame may carry several requests.
  const auto found = std::find_if(object->open.rbegin(), object->open.rend(), [&](auto& command) {
    const CommandRequest& request = command.request(view.kind);
    return request.waiting() && request.asked.number == asked;
  });
  if (found == object->open.rend()) return;
  Command& command = *found;
  CommandRequest& request = command.request(view.kind);
  request.answered = message.frame;
  const bool unreadable = message.pdu.kind == PduKind::confirmed_response && !view.success &&
                          !view.access_error && (message.cut || message.pdu.error);
  if (view.success) {
    request.answer = Answer::accepted;
    on_accepted(scene, *object, command);
  } else if (!unreadable) {
    request.answer = Answer::refused;
    note_refusal(request, message, view);
    command.other_selection =
        model.controls().other_selection(object->name, scene.stream(), request.asked.clock);
    if (view.kind == ControlKind::operate) {
      end_selection(scene, *object, request.asked, SelectionEnd::refused_operate);
    }
  }
  if (CommandStep* const step = command.step(request.step)) {
    step->took = elapsed(message.request->frame, message.frame);
    step->result = unreadable     ? CommandStep::Result::unreadable
                   : view.success ? CommandStep::Result::ok
                                  : CommandStep::Result::refused;
    step->error = request.error;
  }
}

void Commands::end_selection(const Scene& scene, Object& object, FrameRef by, SelectionEnd what) {
  if (object.selection.ended.number != 0) return;
  object.selection.ended = by;
  object.selection.ended_by = what;
  scene.model.controls().end_selection(object.name, scene.stream(), by);
}

void Commands::on_accepted(const Scene& scene, Object& object, Command& command) {
  const ControlKind kind = scene.view.kind;
  if (kind == ControlKind::operate || kind == ControlKind::cancel) {
    return end_selection(
        scene, object, command.request(kind).asked,
        kind == ControlKind::operate ? SelectionEnd::operate : SelectionEnd::cancel);
  }
  Selection& selection = object.selection;
  selection = {};
  selection.asked = command.select.asked;
  selection.answered = scene.frame();
  // A later select may have been sent before this one was answered.
  if (object.asked_frame == command.select.asked.number) {
    std::swap(selection.value, object.asked_value);
  }
  auto* const known = scene.model.controls().of(object.name);
  if (known == nullptr) return;
  if (kind == ControlKind::select_with_value) known->inferred_model = 4;
  const Association& a = scene.association;
  known->selection = {.stream = scene.stream(),
                      .client = a.connection->endpoint[index(a.client)],
                      .asked = selection.asked,
                      .answered = selection.answered,
                      .ended = {},
                      .disconnected = {}};
}

// The request of a command that a LastApplError may belong to. `loosely`: though origin and number
// differ, which some servers do not copy.
CommandRequest* Commands::request_of(const Scene& scene, Command& command, bool loosely) {
  if (!loosely && !same(command, *scene.view.error)) return nullptr;
  for (const ControlKind kind : {ControlKind::operate, ControlKind::cancel, command.select_kind}) {
    if (!scene.view.component.empty() && scene.view.component != component_name(kind)) continue;
    CommandRequest& request = command.request(kind);
    const bool late = request.answer == Answer::refused && request.answered.number != 0 &&
                      elapsed(request.answered, scene.frame()) <= kLateError;
    if (request.waiting() || late) return &request;
  }
  return nullptr;
}

void Commands::on_error(const Scene& scene) {
  const ControlView& view = scene.view;
  const LastApplError& error = *view.error;
  Object* const object = find_object(scene);
  if (object == nullptr) return;
  if (auto* known = scene.model.controls().of(object->name)) known->outcome_told = scene.frame();
  for (const bool loosely : {false, true}) {
    for (auto command = object->open.rbegin(); command != object->open.rend(); ++command) {
      if (CommandRequest* const request = request_of(scene, *command, loosely)) {
        return note_error(*command, *request, error, scene.frame());
      }
      if (!loosely && command->operate.accepted() && command->executing() &&
          (view.component.empty() || view.component == "Oper") && same(*command, error)) {
        // Some servers send a negative termination without its second variable.
        return terminate(scene, *command);
      }
    }
  }
  // Its request was not captured.
  Command& command = begin(scene, *object);
  command.kind_unknown = view.component.empty();
  const ControlKind kind = view.component == "SBO"      ? ControlKind::select
                           : view.component == "SBOw"   ? ControlKind::select_with_value
                           : view.component == "Cancel" ? ControlKind::cancel
                                                        : ControlKind::operate;
  command.select_kind = kind;
  ControlParameters parameters;
  parameters.or_cat = error.or_cat;
  parameters.or_ident = error.or_ident;
  parameters.ctl_num = error.ctl_num;
  note_parameters(command, parameters, kind);
  note_error(command, command.request(kind), error, scene.frame());
}

void Commands::on_termination(const Scene& scene) {
  Object* const object = this->object(scene.view.domain, scene.view.object);
  if (object == nullptr) return;
  const ControlParameters& parameters = scene.view.parameters;
  std::vector<Command>& open = object->open;
  // The one that it names; else the only one that waits; else one that got one already, as time
  // activated commands get two.
  auto found = std::ranges::find_if(open, [&](const Command& command) {
    return command.executing() && same(command, parameters);
  });
  if (found == open.end() && std::ranges::count_if(open, &Command::executing) == 1) {
    found = std::ranges::find_if(open, &Command::executing);
  }
  if (found == open.end()) {
    found = std::ranges::find_if(open, [&](const Command& command) {
      return command.operate.seen() && same(command, parameters);
    });
  }
  if (found != open.end()) return terminate(scene, *found);
  Command& command = begin(scene, *object);
  note_parameters(command, parameters, ControlKind::operate);
  terminate(scene, command);
}

void Commands::terminate(const Scene& scene, Command& command) {
  const ControlView& view = scene.view;
  if (auto* known = scene.model.controls().of(command.object)) {
    known->terminates = true;
    known->outcome_told = scene.frame();
  }
  CommandStep step{.frame = scene.frame(),
                   .what = view.kind == ControlKind::last_appl_error
                               ? CommandStep::What::last_appl_error
                           : view.success ? CommandStep::What::termination_positive
                                          : CommandStep::What::termination_negative,
                   .result = view.success ? CommandStep::Result::ok : CommandStep::Result::error};
  if (!view.success && view.error->well_formed) step.add_cause = view.error->add_cause;
  if (command.operate.asked.number != 0) {
    step.took = elapsed(command.operate.asked, scene.frame());
  }
  command.add_step(step);
  if (command.termination == Termination::negative) return;
  command.termination = view.success ? Termination::positive : Termination::negative;
  command.terminated = scene.frame();
  if (view.success) return;
  command.termination_error = view.error->error;
  if (!view.error->well_formed) return;
  command.termination_cause = command.last_cause = view.error->add_cause;
}

}  // namespace mmsa::iec61850
