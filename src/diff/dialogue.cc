#include "diff/dialogue.h"

#include <fmt/format.h>

#include <algorithm>

#include "diff/value_facts.h"
#include "iec61850/names.h"
#include "mms/service_error.h"
#include "text/text.h"

namespace mmsa::diff {
namespace {

using iec61850::ControlKind;
using iec61850::ControlView;
using iec61850::Exchange;

// After this long without an answer there is none, whatever the capture still shows.
constexpr TimeNs kNoAnswer = 10 * kNsPerSecond;

constexpr std::string_view kControlComponents[] = {"$SBOw", "$SBO", "$Oper", "$Cancel"};

bool is_command(ControlKind kind) {
  return kind == ControlKind::select || kind == ControlKind::select_with_value ||
         kind == ControlKind::operate || kind == ControlKind::cancel;
}

void append_fact(Vocabulary& vocabulary, Text& text, const FactWriter& facts) {
  std::string all(vocabulary.at(text));
  all += facts.text();
  text = vocabulary.of(all);
}

std::string opt_flds_text(std::uint16_t opt_flds) {
  std::string text;
  const auto names = iec61850::opt_fld_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((opt_flds >> i & 1u) == 0) continue;
    if (!text.empty()) text += ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

void Dialogue::set_name(Step& step, std::string_view service, std::string_view objects) {
  step.service = shared_.vocabulary.of(service);
  std::string key(service);
  if (!objects.empty()) key.append(" ").append(objects);
  step.key = shared_.vocabulary.of(key);
}

void Dialogue::tell(FrameRef frame, std::string_view service, std::string_view objects,
                    const FactWriter& facts) {
  Pending pending;
  set_name(pending.step, service, objects);
  pending.step.sequence = ++sequence_;
  pending.step.frame = frame.number;
  pending.step.clock = frame.clock;
  pending.step.sent = shared_.vocabulary.of(facts.text());
  pending.from_client = false;
  pending.repeats = true;
  keep(std::move(pending));
}

void Dialogue::on_exchange(const Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  life_.on_message(exchange.association(), message);
  if (message.cut) {  // its end is not known: as if it were lost
    holes_.push_back({message.frame.number, message.frame.number});
    if (message.request != nullptr) {
      pending_.erase(id_of(message.request->sender, message.request->invoke_id));
    }
    return;
  }
  if (message.pdu.error) {
    on_malformed(exchange.association(),
                 {*message.pdu.error, message.octets, message.frame, message.sender});
  }
  switch (message.pdu.kind) {
    case PduKind::confirmed_request:
      on_request(exchange);
      break;
    case PduKind::confirmed_response:
    case PduKind::confirmed_error:
    case PduKind::reject:
      on_answer(exchange);
      break;
    case PduKind::unconfirmed:
      on_unconfirmed(exchange);
      break;
    default:
      break;
  }
}

void Dialogue::on_malformed(const Association& association, const MalformedUnit& unit) {
  FactWriter facts;
  const DecodeError& error = unit.error;
  facts.add(Fact::damage, fmt::format("{}: {} {}", layer_name(error.layer), error.field,
                                      errc_text(error.problem)));
  const bool client = unit.sender == association.client;
  tell(unit.frame, "malformed message", client ? "of the client" : "of the server", facts);
}

// --- requests ---

// Whether an Operate has not the ctlNum and T of its SBOw: servers refuse what differs. Where they
// are the same, or the SBOw was not captured, there is nothing to say.
void Dialogue::add_select_facts(const ControlView& control) {
  const std::string object = object_of(control);
  const std::string_view t = as_text(control.parameters.t.bytes());
  if (control.kind == ControlKind::select_with_value) {
    selected_[object] = {control.parameters.ctl_num, std::string(t)};
    return;
  }
  const auto selected = selected_.find(object);
  if (selected == selected_.end()) return;
  if (selected->second.ctl_num != control.parameters.ctl_num) {
    shared_.facts.add(Fact::ctl_num, "not that of the Select");
  }
  if (selected->second.t != t) shared_.facts.add(Fact::control_time, "not that of the Select");
}

std::string Dialogue::object_of(const ControlView& control) const {
  std::string object(control.domain);
  object += '/';
  return object.append(control.object);
}

// A list that comes in parts is one step: how many parts it takes is the size of PDUs.
bool Dialogue::continues_list(const Exchange& exchange, Text key, std::uint64_t id) {
  const MmsPdu& pdu = exchange.message().pdu;
  if (pdu.service != Service::kGetNameList || !pdu.body.child("continueAfter")) return false;
  const auto begun = lists_.find(key);
  if (begun == lists_.end()) return false;
  pending_[id] = std::move(begun->second);
  lists_.erase(begun);
  return true;
}

void Dialogue::on_request(const Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  if (!message.pdu.invoke_id) return;
  const std::uint64_t id = id_of(message.sender, *message.pdu.invoke_id);
  StepName& name = shared_.name;
  name_step(exchange, name);
  Pending pending;
  pending.from_client = exchange.from_client();
  if (!pending.from_client) name.objects.insert(0, "(asked by the server) ");
  set_name(pending.step, name.service, name.objects);
  if (continues_list(exchange, pending.step.key, id)) return;

  shared_.facts.clear();
  describe_request(exchange, shared_.facts);
  const ControlView* control = exchange.control();
  if (control != nullptr && is_command(control->kind)) {
    pending.object = object_of(*control);
    if (control->kind != ControlKind::select) add_select_facts(*control);
  }
  // Writing again what stands there changes nothing.
  pending.repeats =
      name.repeats || (message.pdu.service == Service::kWrite && pending.object.empty());
  pending.step.sent = shared_.vocabulary.of(shared_.facts.text());
  pending.step.sequence = ++sequence_;
  pending.step.frame = message.frame.number;
  pending.step.clock = message.frame.clock;
  if (!pending.object.empty()) {
    commands_[pending.object] = {.sequence = pending.step.sequence,
                                 .id = id,
                                 .operate = control->kind == ControlKind::operate,
                                 .place = std::nullopt};
  }
  pending_[id] = std::move(pending);
}

// --- answers ---

void Dialogue::on_answer(const Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  if (message.request == nullptr) return;
  const auto found = pending_.find(id_of(message.request->sender, message.request->invoke_id));
  if (found == pending_.end()) return;
  Pending pending = std::move(found->second);
  pending_.erase(found);
  const Endpoint& server =
      exchange.association().connection->endpoint[index(exchange.association().server())];
  if (pending.from_client && !message.request->lost_since) {
    shared_.capture.response_times[{server, pending.step.service}].add(message.response_time());
  }
  if (message.pdu.service == Service::kGetNameList) {
    add_part(exchange, std::move(pending));
    return;
  }
  shared_.facts.clear();
  describe_answer(exchange, shared_.facts);
  pending.step.answered = shared_.vocabulary.of(shared_.facts.text());
  pending.step.answer_frame = message.frame.number;
  keep(std::move(pending));
}

void Dialogue::add_part(const Exchange& exchange, Pending&& pending) {
  const MmsPdu& pdu = exchange.message().pdu;
  append_names(pending.names, pdu.body.child("listOfIdentifier"));
  pending.step.answer_frame = exchange.message().frame.number;
  if (mms::more_follows(pdu)) {
    const auto [begun, is_new] = lists_.try_emplace(pending.step.key);
    if (!is_new) keep(std::move(begun->second));  // begun anew before it was whole
    begun->second = std::move(pending);
    return;
  }
  shared_.facts.clear();
  shared_.facts.add(Fact::answer, "ok");
  shared_.facts.add(Fact::names, pending.names);
  pending.step.answered = shared_.vocabulary.of(shared_.facts.text());
  keep(std::move(pending));
}

void Dialogue::on_unanswered(const Association& association, const UnansweredRequest& event) {
  const PendingRequest& request = event.request;
  const auto found = pending_.find(id_of(request.sender, request.invoke_id));
  if (found == pending_.end()) return;
  Pending pending = std::move(found->second);
  pending_.erase(found);
  const Connection& connection = *association.connection;
  const bool heard = connection.facts[index(other(request.sender))].segments > 0;
  const bool waited = event.why != UnansweredWhy::capture_end ||
                      (shared_.end >= 0 && shared_.end - request.frame.clock >= kNoAnswer);
  if (heard && waited && !request.lost_since) {
    shared_.facts.clear();
    shared_.facts.add(Fact::answer, "none");
    pending.step.answered = shared_.vocabulary.of(shared_.facts.text());
  }
  keep(std::move(pending));
}

// --- what comes unasked ---

void Dialogue::on_unconfirmed(const Exchange& exchange) {
  if (exchange.report_header() != nullptr) {
    on_report(exchange);
    return;
  }
  const ControlView* control = exchange.control();
  if (control != nullptr && !is_command(control->kind)) {
    on_outcome(exchange, *control);
    return;
  }
  name_step(exchange, shared_.name);
  FactWriter facts;
  std::string type;
  for (const iec61850::Item& item : exchange.items()) {
    if (!item.value) continue;
    type.clear();
    append_type(type, item.value);
    facts.add(Fact::member_type, type, text::printable(item.ref));
  }
  tell(exchange.message().frame, shared_.name.service, shared_.name.objects, facts);
}

// The header where it is another than before; each member's type once.
void Dialogue::on_report(const Exchange& exchange) {
  const iec61850::ReportHeader& header = *exchange.report_header();
  const FrameRef frame = exchange.message().frame;
  Reported& reported = reported_[std::string(header.rpt_id)];
  const std::string_view data_set = header.dat_set.value_or("");
  const std::uint64_t hash = std::hash<std::string_view>{}(data_set) ^
                             (header.opt_flds * 0x9E37'79B9'7F4A'7C15ull) ^
                             (header.conf_rev.value_or(0) << 32) ^ header.members;
  const std::string name = text::printable(header.rpt_id);
  if (hash != reported.header || reported.members.size() != header.members) {
    reported.header = hash;
    reported.members.assign(header.members, false);
    FactWriter facts;
    facts.add(Fact::opt_flds, opt_flds_text(header.opt_flds));
    if (header.dat_set) facts.add(Fact::report_data_set, text::printable(data_set));
    if (header.conf_rev) facts.add(Fact::conf_rev, std::to_string(*header.conf_rev));
    facts.add(Fact::report_members, std::to_string(header.members));
    tell(frame, "Report", name, facts);
  }
  std::string type;
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    if (!entry.value || entry.member >= reported.members.size()) continue;
    if (reported.members[entry.member]) continue;
    reported.members[entry.member] = true;
    type.clear();
    append_type(type, entry.value);
    FactWriter facts;
    facts.add(Fact::member_type, type);
    const std::string_view ref = exchange.entry_name(entry);
    tell(frame, "Report",
         name + ", member " + std::to_string(entry.member + 1) +
             (ref.empty() ? "" : " " + text::printable(ref)),
         facts);
  }
}

Step* Dialogue::find_command(const std::string& object, bool operate) {
  const auto known = commands_.find(object);
  if (known == commands_.end() || (operate && !known->second.operate)) return nullptr;
  if (known->second.place) return &steps_[*known->second.place];
  const auto waits = pending_.find(known->second.id);
  return waits != pending_.end() && waits->second.step.sequence == known->second.sequence
             ? &waits->second.step
             : nullptr;
}

// LastApplError and CommandTermination belong to the command that they are about.
void Dialogue::on_outcome(const Exchange& exchange, const ControlView& control) {
  const FrameRef frame = exchange.message().frame;
  std::string object = object_of(control);
  if (control.kind == ControlKind::last_appl_error && control.error) {
    object = iec61850::normalised(control.error->cntrl_obj);
    for (const std::string_view component : kControlComponents) {
      if (object.ends_with(component)) object.resize(object.size() - component.size());
    }
  }
  FactWriter facts;
  const bool termination = control.kind == ControlKind::termination;
  if (control.error) facts.add(Fact::last_appl_error, cause_text(*control.error));
  if (termination) {
    facts.add(Fact::termination, control.success ? "positive" : "negative");
  }
  Step* command = find_command(object, termination);
  if (command == nullptr) {
    const Connection& connection = *exchange.association().connection;
    const bool whole = holes_.empty() && (connection.syn_seen || connection.syn_ack_seen);
    if (!whole) return;  // of a command that the capture does not hold
    tell(frame, iec61850::control_kind_name(control.kind), text::printable(object), facts);
    return;
  }
  append_fact(shared_.vocabulary, command->followed, facts);
  command->followed_frame = frame.number;
}

// --- keeping ---

// Where the answer of the first one was not captured, that of a later one takes its place.
bool Dialogue::is_repetition(const Step& step, std::vector<Step>& list) {
  const auto [entry, is_new] = last_.try_emplace(step.key);
  Last& last = entry->second;
  if (!is_new && last.sent == step.sent) {
    if (last.answered == step.answered || step.answered == kUnknown) return true;
    if (last.answered == kUnknown) {
      last.answered = list[last.place].answered = step.answered;
      list[last.place].answer_frame = step.answer_frame;
      return true;
    }
  }
  last = {step.sent, step.answered, list.size()};
  return false;
}

void Dialogue::keep(Pending&& pending) {
  std::vector<Step>& list = pending.from_client ? steps_ : told_;
  if (shared_.steps >= kMaxSteps) {
    ++shared_.capture.left_out;
    return;
  }
  if (pending.repeats && is_repetition(pending.step, list)) return;
  ++shared_.steps;
  list.push_back(pending.step);
  if (pending.object.empty()) return;
  Command& command = commands_[pending.object];
  if (command.sequence == pending.step.sequence) command.place = list.size() - 1;
}

AssociationSteps Dialogue::finish(const Association& association, const ConnectionClose& close) {
  const auto by_sequence = [](const Step& a, const Step& b) { return a.sequence < b.sequence; };
  std::vector<Pending> open;
  for (auto& [key, pending] : lists_) open.push_back(std::move(pending));
  for (auto& [id, pending] : pending_) open.push_back(std::move(pending));
  std::sort(open.begin(), open.end(),
            [&](const Pending& a, const Pending& b) { return by_sequence(a.step, b.step); });
  for (Pending& pending : open) keep(std::move(pending));
  std::sort(steps_.begin(), steps_.end(), by_sequence);
  std::sort(told_.begin(), told_.end(), by_sequence);
  const Connection& connection = *association.connection;
  AssociationSteps out;
  out.stream = connection.stream;
  out.client = connection.endpoint[index(association.client)];
  out.server = connection.endpoint[index(association.server())];
  out.first_frame = connection.first.number;
  out.last_frame = connection.last.number;
  out.last_clock = connection.last.clock;
  out.steps = std::move(steps_);
  out.told = std::move(told_);
  out.holes = std::move(holes_);
  life_.write(association, close, shared_.vocabulary, out);
  return out;
}

}  // namespace mmsa::diff
