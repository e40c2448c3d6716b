#include "iec61850/named_objects.h"

#include "iec61850/reference.h"

namespace mmsa::iec61850 {

void NamedObjects::add_members(asn1::NodeRef list_of_variable) {
  for (asn1::NodeRef v = list_of_variable.first_child(); v; v = v.next_sibling(list_of_variable)) {
    append_variable(refs_, v);
    ends_.push_back(refs_.size());
  }
}

void NamedObjects::add_objects(const asn1::Tree& tree, std::size_t first) {
  for (std::size_t i = first; i < tree.objects.size(); ++i) {
    append_object_name(refs_, object_name(tree.at(tree.objects[i])));
    ends_.push_back(refs_.size());
  }
}

void NamedObjects::read(const MmsMessage* given) {
  data_set_.clear();
  refs_.clear();
  ends_.clear();
  if (given == nullptr) return;
  const MmsMessage& message = *given;
  const bool by_request = message.request_view != nullptr;
  const asn1::Tree& tree = by_request ? message.request_view->tree() : message.tree;
  const MmsPdu& pdu = by_request ? message.request_view->pdu() : message.pdu;
  const std::uint16_t service = message.service();
  const bool of_list = service == Service::kDefineNamedVariableList ||
                       service == Service::kGetNamedVariableListAttributes;
  if (of_list && (by_request || message.pdu.kind == PduKind::confirmed_request) &&
      !tree.objects.empty()) {
    append_object_name(data_set_, object_name(tree.at(tree.objects[0])));
  }
  switch (service) {
    case Service::kGetNameList:
      if (const auto domain = pdu.body.child("objectScope").child("domainSpecific")) {
        refs_ += domain.text();
        ends_.push_back(refs_.size());
      }
      break;
    case Service::kDefineNamedVariableList:
      add_members(pdu.body.child("listOfVariable"));
      break;
    case Service::kGetNamedVariableListAttributes:
      add_members(message.pdu.body.child("listOfVariable"));
      break;
    case Service::kDeleteNamedVariableList:
      add_objects(tree, 0);
      if (ends_.size() == 1) data_set_ = refs_;
      break;
    default:
      add_objects(tree, 0);
  }
}

}  // namespace mmsa::iec61850
