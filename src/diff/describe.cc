#include "diff/describe.h"

#include <fmt/format.h>

#include "diff/value_facts.h"
#include "iec61850/names.h"
#include "iec61850/value_text.h"
#include "mms/service_error.h"
#include "text/text.h"

namespace mmsa::diff {
namespace {

using iec61850::Acsi;
using iec61850::ControlKind;
using iec61850::ControlView;
using iec61850::Exchange;
using iec61850::Item;

// Services that only ask: clients that poll repeat them, for as long as the capture lasts.
bool only_asks(std::uint16_t service) {
  switch (service) {
    case Service::kStatus:
    case Service::kGetNameList:
    case Service::kIdentify:
    case Service::kRead:
    case Service::kGetVariableAccessAttributes:
    case Service::kGetNamedVariableListAttributes:
    case Service::kReadJournal:
    case Service::kFileRead:
    case Service::kFileDirectory:
      return true;
    default:
      return false;
  }
}

void append_separated(std::string& out, std::string_view wire) {
  if (!out.empty()) out += ", ";
  text::append_printable(out, wire);
}

// "namedVariable of IED1LD0"
void name_list(const MmsPdu& request, std::string& objects) {
  const asn1::NodeRef object_class = request.body.child("extendedObjectClass").first_child();
  if (object_class && object_class.node().known()) {
    const std::int64_t number = object_class.integer();
    const std::string_view name = asn1::named(*object_class.node().field->type, number);
    objects += name.empty() ? std::to_string(number) : std::string(name);
  }
  if (const auto domain = request.body.child("objectScope").child("domainSpecific")) {
    objects += " of ";
    text::append_printable(objects, domain.text());
  }
}

void name_control(const ControlView& control, StepName& name) {
  name.service = iec61850::control_kind_name(control.kind);
  name.objects = text::printable(control.domain);
  if (!name.objects.empty()) name.objects += '/';
  text::append_printable(name.objects, control.object);
  name.repeats = false;
}

void name_by_items(const Exchange& exchange, std::string& objects) {
  if (!exchange.data_set().empty()) {
    append_separated(objects, exchange.data_set());
    return;
  }
  for (const Item& item : exchange.items()) {
    if (!item.ref.empty()) append_separated(objects, item.ref);
  }
}

// A list of variables is named by the list: its members are facts.
std::size_t names_that_identify(const MmsMessage& message) {
  return message.service() == Service::kDefineNamedVariableList ? 1 : message.tree.objects.size();
}

// The reading of one variable, where there are several.
std::string of_item(const Exchange& exchange, const Item& item, std::size_t i) {
  if (exchange.items().size() == 1) return {};
  return item.ref.empty() ? fmt::format("[{}]", i) : text::printable(item.ref);
}

void add_members(FactWriter& facts, asn1::NodeRef list_of_variable) {
  if (!list_of_variable) return;
  std::string members;
  std::string member;
  for (asn1::NodeRef v = list_of_variable.first_child(); v; v = v.next_sibling(list_of_variable)) {
    member.clear();
    iec61850::append_variable(member, v);
    append_separated(members, member.empty() ? "(unnamed)" : std::string_view(member));
  }
  facts.add(Fact::members, members);
}

void add_parameters(FactWriter& facts, const iec61850::ControlParameters& p) {
  std::string text;
  if (p.ctl_val) {
    iec61850::append_value(text, p.ctl_val);
    facts.add(Fact::ctl_val, text);
  }
  if (p.or_cat) {
    const std::string_view name = iec61850::or_cat_name(*p.or_cat);
    text = name.empty() ? std::to_string(*p.or_cat) : std::string(name);
    text += " \"";
    text::append_printable(text, as_text(p.or_ident));
    facts.add(Fact::origin, text + '"');
  }
  if (p.time_activated()) facts.add(Fact::oper_tm, "at a time");
  if (p.test) facts.add(Fact::test, *p.test ? "true" : "false");
  if (p.check) {
    text.clear();
    iec61850::append_check(text, BitString(p.check.bytes()));
    facts.add(Fact::check, text);
  }
}

void describe_items_sent(const Exchange& exchange, FactWriter& facts) {
  std::size_t i = 0;
  std::string type;
  for (const Item& item : exchange.items()) {
    const std::string of = of_item(exchange, item, i++);
    if (!item.value) continue;
    type.clear();
    append_type(type, item.value);
    facts.add(Fact::sent_type, type, of);
    const auto reference = iec61850::parse_reference(item.name());
    if (is_setting(reference)) add_settings(facts, reference, item.value, of);
  }
}

// Of an answer to a Write only errors are said: its values were sent.
void describe_items_answered(const Exchange& exchange, FactWriter& facts) {
  const bool read = exchange.message().service() == Service::kRead;
  std::size_t i = 0;
  std::string type;
  for (const Item& item : exchange.items()) {
    const std::string of = of_item(exchange, item, i++);
    if (item.error) {
      facts.add(Fact::item_error, iec61850::access_error_name(*item.error), of);
    } else if (read && item.value) {
      type.clear();
      append_type(type, item.value);
      facts.add(Fact::answered_type, type, of);
      const auto reference = iec61850::parse_reference(item.name());
      if (is_setting(reference)) add_settings(facts, reference, item.value, of);
    }
  }
}

void describe_type(const MmsPdu& answer, FactWriter& facts) {
  std::vector<iec61850::TypeNode> nodes;
  iec61850::read_type(answer.body.child("typeSpecification"), nodes);
  if (nodes.empty()) return;
  std::string text;
  append_description(text, nodes.data());
  facts.add(Fact::type_description, text);
}

void describe_identity(const MmsPdu& answer, FactWriter& facts) {
  for (const char* part : {"vendorName", "modelName", "revision"}) {
    const asn1::NodeRef node = answer.body.child(part);
    if (node) facts.add(Fact::identity, text::printable(node.text()), part);
  }
}

void describe_status(const MmsPdu& answer, FactWriter& facts) {
  for (const char* part : {"vmdLogicalStatus", "vmdPhysicalStatus"}) {
    const asn1::NodeRef node = answer.body.child(part);
    if (!node || !node.node().known()) continue;
    const std::string_view name = asn1::named(*node.node().field->type, node.integer());
    facts.add(Fact::identity, name.empty() ? std::to_string(node.integer()) : std::string(name),
              part);
  }
}

std::string named_error(std::string_view what, std::string_view group, std::string_view code,
                        std::int64_t number) {
  return fmt::format("{}: {}, {}", what, group,
                     code.empty() ? std::to_string(number) : std::string(code));
}

}  // namespace

void name_step(const Exchange& exchange, StepName& name) {
  const MmsMessage& message = exchange.message();
  const std::uint16_t service = message.service();
  const Acsi acsi = exchange.acsi();
  name.service = service == Service::kGetNameList || acsi == Acsi::none ? service_name(service)
                                                                        : iec61850::acsi_name(acsi);
  if (name.service.empty()) name.service = fmt::format("service {}", service);
  name.objects.clear();
  name.repeats = only_asks(service);
  if (exchange.control() != nullptr) {
    name_control(*exchange.control(), name);
  } else if (const iec61850::FileView* file = exchange.file()) {
    name.service = service_name(service);
    for (const asn1::NodeRef part : {file->name, file->second_name}) {
      std::string text;
      if (part) iec61850::append_file_name(text, part);
      if (!text.empty()) append_separated(name.objects, text);
    }
  } else if (service == Service::kGetNameList) {
    name_list(message.pdu, name.objects);
  } else if (!exchange.items().empty()) {
    name_by_items(exchange, name.objects);
  } else {
    std::string text;
    for (std::size_t i = 0; i < names_that_identify(message); ++i) {
      if (i >= message.tree.objects.size()) break;
      text.clear();
      iec61850::append_object_name(text, object_name(message.tree.at(message.tree.objects[i])));
      append_separated(name.objects, text);
    }
  }
}

void describe_request(const Exchange& exchange, FactWriter& facts) {
  const MmsMessage& message = exchange.message();
  if (message.pdu.service == Service::kDefineNamedVariableList) {
    add_members(facts, message.pdu.body.child("listOfVariable"));
  }
  if (message.pdu.service != Service::kWrite) return;
  if (exchange.control() == nullptr) {
    describe_items_sent(exchange, facts);
    return;
  }
  const ControlView& control = *exchange.control();
  std::string type;
  for (const Item& item : exchange.items()) {
    if (!item.value) continue;
    if (!type.empty()) type += ", ";
    append_type(type, item.value);
  }
  facts.add(Fact::sent_type, type);
  add_parameters(facts, control.parameters);
}

std::string refusal_text(const MmsPdu& pdu) {
  if (const auto error = mms::service_error(pdu)) {
    return named_error("error", error->error_class, error->code, error->number);
  }
  if (const auto reject = mms::reject_reason(pdu)) {
    return named_error("reject", reject->pdu, reject->code, reject->number);
  }
  return pdu.kind == PduKind::confirmed_error || pdu.kind == PduKind::reject ? "error" : "";
}

void describe_answer(const Exchange& exchange, FactWriter& facts) {
  const MmsMessage& message = exchange.message();
  const std::string refusal = refusal_text(message.pdu);
  facts.add(Fact::answer, refusal.empty() ? "ok" : refusal);
  if (!refusal.empty()) return;
  const ControlView* control = exchange.control();
  if (control != nullptr && control->kind == ControlKind::select && !control->access_error) {
    facts.add(Fact::selected, control->success ? "selected" : "refused (empty reference)");
    return;
  }
  switch (message.pdu.service) {
    case Service::kRead:
    case Service::kWrite:
      describe_items_answered(exchange, facts);
      break;
    case Service::kGetVariableAccessAttributes:
      describe_type(message.pdu, facts);
      break;
    case Service::kGetNamedVariableListAttributes:
      add_members(facts, message.pdu.body.child("listOfVariable"));
      break;
    case Service::kIdentify:
      describe_identity(message.pdu, facts);
      break;
    case Service::kStatus:
      describe_status(message.pdu, facts);
      break;
    default:
      break;
  }
}

std::string cause_text(const iec61850::LastApplError& error) {
  const std::string_view cause = iec61850::add_cause_name(error.add_cause);
  const std::string_view name = iec61850::control_error_name(error.error);
  return fmt::format("AddCause {}{}{}{}, error {}", error.add_cause, cause.empty() ? "" : " (",
                     cause, cause.empty() ? "" : ")",
                     name.empty() ? std::to_string(error.error) : std::string(name));
}

void append_names(std::string& out, asn1::NodeRef list_of_identifier) {
  for (asn1::NodeRef name = list_of_identifier.first_child(); name;
       name = name.next_sibling(list_of_identifier)) {
    append_separated(out, name.text());
  }
}

}  // namespace mmsa::diff
