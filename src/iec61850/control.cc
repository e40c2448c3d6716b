#include "iec61850/control.h"

namespace mmsa::iec61850 {
namespace {

// The first control object among the names of a PDU, and the place of its name.
struct Found {
  std::size_t position = 0;
  ObjectName name;
  ControlItem item;
};

std::optional<Found> find_control(const asn1::Tree& tree) {
  for (std::size_t i = 0; i < tree.objects.size(); ++i) {
    const ObjectName name = object_name(tree.at(tree.objects[i]));
    if (name.scope != ObjectName::Scope::domain) continue;
    if (const auto item = control_item(name.item)) return Found{i, name, *item};
  }
  return std::nullopt;
}

asn1::NodeRef value_at(const asn1::Tree& tree, std::size_t i) {
  return i < tree.values.size() ? tree.at(tree.values[i]) : asn1::NodeRef{};
}

void set_object(ControlView& view, const Found& found) {
  view.domain = found.name.domain;
  view.object = found.item.object;
  view.component = found.name.item.substr(found.item.object.size() + 1);
  view.component = view.component.substr(0, view.component.find('$'));
}

// Whether variable `i` is a member of the same component of the same object.
bool belongs_to(const Found& found, const asn1::Tree& tree, std::size_t i,
                std::string_view& member) {
  const ObjectName name = object_name(tree.at(tree.objects[i]));
  if (name.domain != found.name.domain) return false;
  const auto item = control_item(name.item);
  if (!item || item->object != found.item.object || item->component != found.item.component) {
    return false;
  }
  member = item->member;
  return true;
}

// Members that are written as variables of their own; their names tell what they are.
ControlParameters read_members(const Found& found, const asn1::Tree& tree) {
  ControlParameters parameters;
  parameters.apart = true;
  for (std::size_t i = found.position; i < tree.objects.size(); ++i) {
    std::string_view member;
    const asn1::NodeRef value = value_at(tree, i);
    if (value && belongs_to(found, tree, i, member)) set_member(parameters, member, value);
  }
  return parameters;
}

// The request of a control service, and where its variable stands in the list.
bool read_request(const MmsPdu& pdu, const asn1::Tree& tree, ControlView& view,
                  std::size_t& position) {
  const bool read = pdu.service == Service::kRead;
  if (!read && pdu.service != Service::kWrite) return false;
  const auto found = find_control(tree);
  if (!found || read != (found->item.component == ControlComponent::sbo)) return false;
  position = found->position;
  set_object(view, *found);
  switch (found->item.component) {
    case ControlComponent::sbo:
      view.kind = ControlKind::select;
      return true;
    case ControlComponent::sbow:
      view.kind = ControlKind::select_with_value;
      break;
    case ControlComponent::oper:
      view.kind = ControlKind::operate;
      break;
    case ControlComponent::cancel:
      view.kind = ControlKind::cancel;
      break;
  }
  view.parameters =
      !found->item.member.empty()
          ? read_members(*found, tree)
          : read_control_parameters(value_at(tree, position), view.kind == ControlKind::cancel);
  return true;
}

// Only a string or a failure can answer a Read of SBO.
bool may_answer_select(const asn1::Tree& tree) {
  for (const std::uint32_t index : tree.values) {
    const DataType type = data_type(tree.nodes[index]);
    if (type == DataType::visible_string || type == DataType::failure) return true;
  }
  return false;
}

asn1::NodeRef nth_child(asn1::NodeRef parent, std::size_t n) {
  asn1::NodeRef child = parent.first_child();
  for (; child && n > 0; --n) child = child.next_sibling(parent);
  return child;
}

// The results of a command whose members were written as variables of their own: all must be good.
void read_results(const Found& found, const asn1::Tree& request, const MmsMessage& message,
                  ControlView& view) {
  asn1::NodeRef result = nth_child(message.pdu.body, found.position);
  view.success = static_cast<bool>(result);
  for (std::size_t i = found.position; result && i < request.objects.size(); ++i) {
    std::string_view member;
    if (belongs_to(found, request, i, member) && result.node().role() == asn1::Role::failure) {
      view.success = false;
      view.access_error = result.integer();
      return;
    }
    result = result.next_sibling(message.pdu.body);
  }
}

bool read_answer(const MmsMessage& message, ControlView& view) {
  const std::uint16_t service = message.service();
  if (message.request_view == nullptr) return false;
  if (service != Service::kWrite && service != Service::kRead) return false;
  const bool response = message.pdu.kind == PduKind::confirmed_response;
  if (response && service == Service::kRead && !may_answer_select(message.tree)) return false;
  std::size_t position = 0;
  const RequestView& request = *message.request_view;
  if (!read_request(request.pdu(), request.tree(), view, position)) return false;
  view.answer = true;
  view.success = false;
  if (!response) return true;
  if (view.parameters.apart) {
    read_results(*find_control(request.tree()), request.tree(), message, view);
    return true;
  }
  const asn1::NodeRef result = service == Service::kRead ? value_at(message.tree, position)
                                                         : nth_child(message.pdu.body, position);
  if (!result) return true;
  if (result.node().role() == asn1::Role::failure) {
    view.access_error = result.integer();
  } else if (service == Service::kWrite) {
    view.success = true;
  } else {  // an empty string refuses the selection
    view.selected = result.text();
    view.success = !view.selected.empty();
  }
  return true;
}

// The object of a LastApplError that came by itself.
void set_object(ControlView& view, const LastApplError& error) {
  const ObjectName name = error.object();
  view.domain = name.domain;
  view.object = name.item;
  const std::size_t last = name.item.find_last_of("$.");
  if (last == std::string_view::npos) return;
  const std::string_view component = name.item.substr(last + 1);
  if (component == "Oper" || component == "SBOw" || component == "SBO" || component == "Cancel") {
    view.object = name.item.substr(0, last);
    view.component = component;
  }
}

bool read_information_report(const MmsMessage& message, ControlView& view) {
  const asn1::Tree& tree = message.tree;
  if (tree.objects.empty()) return false;
  const ObjectName first = object_name(tree.at(tree.objects[0]));
  const bool failed = first.scope == ObjectName::Scope::vmd && first.item == "LastApplError";
  if (!failed && first.scope != ObjectName::Scope::domain) return false;
  if (failed) {
    view.success = false;
    view.error = read_last_appl_error(value_at(tree, 0));
  }
  const auto found = find_control(tree);
  const std::size_t position = failed ? 1 : 0;
  if (found && found->position == position && found->item.component == ControlComponent::oper &&
      found->item.member.empty()) {
    view.kind = ControlKind::termination;
    set_object(view, *found);
    view.parameters = read_control_parameters(value_at(tree, position), false);
    return true;
  }
  if (!failed) return false;
  view.kind = ControlKind::last_appl_error;
  set_object(view, *view.error);
  return true;
}

}  // namespace

std::string_view control_kind_name(ControlKind kind) {
  switch (kind) {
    case ControlKind::select:
      return "Select";
    case ControlKind::select_with_value:
      return "SelectWithValue";
    case ControlKind::operate:
      return "Operate";
    case ControlKind::cancel:
      return "Cancel";
    case ControlKind::termination:
      return "CommandTermination";
    case ControlKind::last_appl_error:
      return "LastApplError";
  }
  return "";
}

bool read_control(const MmsMessage& message, ControlView& view) {
  view = {};
  std::size_t position = 0;
  switch (message.pdu.kind) {
    case PduKind::confirmed_request:
      return read_request(message.pdu, message.tree, view, position);
    case PduKind::confirmed_response:
    case PduKind::confirmed_error:
    case PduKind::reject:
      return read_answer(message, view);
    case PduKind::unconfirmed:
      return message.pdu.service == Service::kInformationReport &&
             read_information_report(message, view);
    default:
      return false;
  }
}

}  // namespace mmsa::iec61850
