#include "analysis/requests/asked_names.h"

#include <fmt/format.h>

#include "iec61850/file_view.h"
#include "iec61850/reference.h"
#include "iec61850/value_text.h"
#include "mms/pdu.h"

namespace mmsa::analysis {

std::string AskedNames::text() const {
  if (count <= 1) return first;
  return fmt::format("{} and {} more", first, count - 1);
}

AskedNames asked_names(const MmsPdu& request, const asn1::Tree& tree) {
  AskedNames names;
  if (request.service == Service::kGetNameList) {
    names.first = request.body.child("objectScope").child("domainSpecific").text();
    names.count = names.first.empty() ? 0 : 1;
    return names;
  }
  names.count = tree.objects.size();
  if (names.count != 0) {
    const asn1::NodeRef object = tree.at(tree.objects[0]);
    iec61850::append_object_name(names.first, object_name(object));
    // The other objects of a definition are its members.
    if (request.service == Service::kDefineNamedVariableList) names.count = 1;
    return names;
  }
  for (const std::string_view field : {"fileName", "fileSpecification", "sourceFile"}) {
    if (const asn1::NodeRef file = request.body.child(field)) {
      iec61850::append_file_name(names.first, file);
      names.count = 1;
      break;
    }
  }
  return names;
}

AskedNames asked_names(const PendingRequest& request) {
  if (request.octets.empty()) return {};
  asn1::Tree tree;
  const MmsPdu pdu = mms::decode_pdu(request.octets, tree);
  return asked_names(pdu, tree);
}

AskedCommand asked_command(const PendingRequest& request) {
  AskedCommand command;
  if (request.octets.empty() || request.cut) return command;
  if (request.service != Service::kRead && request.service != Service::kWrite) return command;
  asn1::Tree tree;
  const MmsPdu pdu = mms::decode_pdu(request.octets, tree);
  const MmsMessage message{.pdu = pdu,
                           .tree = tree,
                           .octets = request.octets,
                           .sender = request.sender,
                           .frame = request.frame,
                           .frames = {}};
  iec61850::ControlView view;
  if (!iec61850::read_control(message, view)) return command;
  command.object = fmt::format("{}/{}", view.domain, view.object);
  command.kind = view.kind;
  if (view.parameters.ctl_val) iec61850::append_value(command.ctl_val, view.parameters.ctl_val);
  return command;
}

}  // namespace mmsa::analysis
