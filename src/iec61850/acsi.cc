// The recognition rules. Names decide wherever there are names, so that other users of MMS are not
// called IEC 61850: ICCP (IEC 60870-6) shares the port, the stack and the services.
#include "iec61850/acsi.h"

#include <array>

#include "iec61850/reference.h"
#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {
namespace {

constexpr std::array<std::string_view, 51> kNames{
    "",
    "Associate",
    "Release",
    "Abort",
    "GetServerDirectory",
    "GetLogicalDeviceDirectory",
    "GetLogicalNodeDirectory",
    "GetDataDefinition",
    "GetAllDataValues",
    "GetDataValues",
    "SetDataValues",
    "GetDataSetValues",
    "SetDataSetValues",
    "CreateDataSet",
    "DeleteDataSet",
    "GetDataSetDirectory",
    "Report",
    "GetBRCBValues",
    "SetBRCBValues",
    "GetURCBValues",
    "SetURCBValues",
    "GetLCBValues",
    "SetLCBValues",
    "GetLogStatusValues",
    "QueryLogByTime",
    "QueryLogAfter",
    "SelectActiveSG",
    "SelectEditSG",
    "SetEditSGValue",
    "ConfirmEditSGValues",
    "GetEditSGValue",
    "GetSGCBValues",
    "GetGoCBValues",
    "SetGoCBValues",
    "GetGsCBValues",
    "SetGsCBValues",
    "GetMSVCBValues",
    "SetMSVCBValues",
    "GetUSVCBValues",
    "SetUSVCBValues",
    "Select",
    "SelectWithValue",
    "Operate",
    "TimeActivatedOperate",
    "Cancel",
    "CommandTermination",
    "LastApplError",
    "GetFile",
    "SetFile",
    "DeleteFile",
    "GetFileAttributeValues",
};
static_assert(kNames.size() == static_cast<std::size_t>(Acsi::GetFileAttributeValues) + 1);

struct ControlBlockServices {
  Acsi get;
  Acsi set;
};
// Of the functional constraints that are control blocks.
ControlBlockServices control_block_services(Fc fc) {
  switch (fc) {
    case Fc::BR:
      return {Acsi::GetBRCBValues, Acsi::SetBRCBValues};
    case Fc::RP:
      return {Acsi::GetURCBValues, Acsi::SetURCBValues};
    case Fc::LG:
      return {Acsi::GetLCBValues, Acsi::SetLCBValues};
    case Fc::GO:
      return {Acsi::GetGoCBValues, Acsi::SetGoCBValues};
    case Fc::GS:
      return {Acsi::GetGsCBValues, Acsi::SetGsCBValues};
    case Fc::MS:
      return {Acsi::GetMSVCBValues, Acsi::SetMSVCBValues};
    case Fc::US:
      return {Acsi::GetUSVCBValues, Acsi::SetUSVCBValues};
    default:
      return {Acsi::none, Acsi::none};
  }
}

bool is_log_status(std::string_view attribute) {
  return attribute == "OldEntrTm" || attribute == "NewEntrTm" || attribute == "OldEntr" ||
         attribute == "NewEntr";
}

bool is_sgcb(const Reference& reference) {
  return reference.fc == Fc::SP &&
         (reference.path == "SGCB" || reference.path.starts_with("SGCB$"));
}

// A named variable list is a data set where its name is one of IEC 61850: `LN$name` or the
// association's own.
bool is_data_set(const ObjectName& name) {
  if (name.scope == ObjectName::Scope::association) return true;
  return name.scope == ObjectName::Scope::domain && is_list_item(name.item);
}

Acsi classify_read(const Reference& reference, std::string_view item) {
  if (reference.path.empty()) return Acsi::GetAllDataValues;
  switch (reference.fc) {
    case Fc::CO: {
      const auto control = control_item(item);
      const bool select = control && control->component == ControlComponent::sbo;
      return select ? Acsi::Select : Acsi::GetDataValues;
    }
    case Fc::SP:
      return is_sgcb(reference) ? Acsi::GetSGCBValues : Acsi::GetDataValues;
    case Fc::SG:
    case Fc::SE:
      return Acsi::GetEditSGValue;
    case Fc::LG:
      return is_log_status(reference.last()) ? Acsi::GetLogStatusValues : Acsi::GetLCBValues;
    default: {
      const Acsi get = control_block_services(reference.fc).get;
      return get == Acsi::none ? Acsi::GetDataValues : get;
    }
  }
}

// IEC 61850-8-1 clause 20.7: an Oper structure of seven members has operTm second; zero is "now".
bool is_time_activated(const asn1::Tree& tree) {
  if (tree.values.empty()) return false;
  const asn1::NodeRef value = tree.at(tree.values[0]);
  if (data_type(value.node()) != DataType::structure) return false;
  const asn1::NodeRef ctl_val = value.first_child();
  if (!ctl_val) return false;
  const asn1::NodeRef second = ctl_val.next_sibling(value);
  if (!second || data_type(second.node()) != DataType::utc_time) return false;
  UtcTime time;
  return read_utc_time(second.bytes(), time) && time.is_set();
}

Acsi classify_write(const Reference& reference, std::string_view item, const asn1::Tree& tree) {
  if (reference.fc == Fc::CO) {
    const auto control = control_item(item);
    if (!control) return Acsi::SetDataValues;
    switch (control->component) {
      case ControlComponent::sbow:
        return Acsi::SelectWithValue;
      case ControlComponent::oper:
        return is_time_activated(tree) ? Acsi::TimeActivatedOperate : Acsi::Operate;
      case ControlComponent::cancel:
        return Acsi::Cancel;
      case ControlComponent::sbo:
        return Acsi::SetDataValues;
    }
  }
  if (reference.fc == Fc::SE && !reference.path.empty()) return Acsi::SetEditSGValue;
  if (is_sgcb(reference)) {
    const std::string_view attribute = reference.last();
    if (attribute == "ActSG") return Acsi::SelectActiveSG;
    if (attribute == "EditSG") return Acsi::SelectEditSG;
    if (attribute == "CnfEdit") return Acsi::ConfirmEditSGValues;
  }
  if (!reference.path.empty()) {
    const Acsi set = control_block_services(reference.fc).set;
    if (set != Acsi::none) return set;
  }
  return Acsi::SetDataValues;
}

Acsi classify_variable_access(const MmsPdu& pdu, const asn1::Tree& tree) {
  if (tree.objects.empty() || !pdu.body) return Acsi::none;
  const bool read = pdu.service == Service::kRead;
  const ObjectName name = object_name(tree.at(tree.objects[0]));
  const asn1::NodeRef specification = access_specification(pdu);
  if (names_a_list(specification)) {
    if (!is_data_set(name)) return Acsi::none;
    return read ? Acsi::GetDataSetValues : Acsi::SetDataSetValues;
  }
  if (name.scope != ObjectName::Scope::domain || !is_iec61850_item(name.item)) return Acsi::none;
  const Reference reference = parse_reference(name);
  return read ? classify_read(reference, name.item) : classify_write(reference, name.item, tree);
}

Acsi classify_name_list(const MmsPdu& pdu) {
  constexpr std::int64_t kNamedVariable = 0;
  constexpr std::int64_t kNamedVariableList = 2;
  constexpr std::int64_t kJournal = 8;
  constexpr std::int64_t kDomain = 9;
  const asn1::NodeRef object_class = pdu.body.child("extendedObjectClass").child("objectClass");
  const asn1::NodeRef scope = pdu.body.child("objectScope").first_child();
  if (!object_class || !scope) return Acsi::none;
  const bool in_domain = scope.name() == "domainSpecific";
  switch (object_class.integer()) {
    case kDomain:
      return scope.name() == "vmdSpecific" ? Acsi::GetServerDirectory : Acsi::none;
    case kNamedVariable:
      return in_domain ? Acsi::GetLogicalDeviceDirectory : Acsi::none;
    case kNamedVariableList:
      return in_domain || scope.name() == "aaSpecific" ? Acsi::GetLogicalNodeDirectory : Acsi::none;
    case kJournal:
      return in_domain ? Acsi::GetLogicalNodeDirectory : Acsi::none;
    default:
      return Acsi::none;
  }
}

bool first_name_is_data_set(const asn1::Tree& tree) {
  return !tree.objects.empty() && is_data_set(object_name(tree.at(tree.objects[0])));
}

Acsi classify_delete(const MmsPdu& pdu, const asn1::Tree& tree) {
  if (!tree.objects.empty()) {
    return first_name_is_data_set(tree) ? Acsi::DeleteDataSet : Acsi::none;
  }
  return pdu.body.child("scopeOfDelete").integer() != 0 ? Acsi::DeleteDataSet : Acsi::none;
}

Acsi classify_journal(const MmsPdu& pdu, const asn1::Tree& tree) {
  if (tree.objects.empty() || !is_list_item(object_name(tree.at(tree.objects[0])).item)) {
    return Acsi::none;
  }
  return pdu.body.child("entryToStartAfter") ? Acsi::QueryLogAfter : Acsi::QueryLogByTime;
}

// File names say nothing about the standard; ICCP has no file services.
Acsi classify_file(std::uint16_t service, bool requested_by_client) {
  switch (service) {
    case Service::kFileOpen:
    case Service::kFileRead:
    case Service::kFileClose:
      return requested_by_client ? Acsi::GetFile : Acsi::SetFile;
    case Service::kObtainFile:
      return Acsi::SetFile;
    case Service::kFileDelete:
      return Acsi::DeleteFile;
    case Service::kFileDirectory:
      return Acsi::GetFileAttributeValues;
    default:
      return Acsi::none;
  }
}

Acsi classify_request(const MmsPdu& pdu, const asn1::Tree& tree) {
  switch (pdu.service) {
    case Service::kRead:
    case Service::kWrite:
      return classify_variable_access(pdu, tree);
    case Service::kGetNameList:
      return classify_name_list(pdu);
    case Service::kGetVariableAccessAttributes: {
      if (tree.objects.empty()) return Acsi::none;
      const ObjectName name = object_name(tree.at(tree.objects[0]));
      const bool known = name.scope == ObjectName::Scope::domain && is_iec61850_item(name.item);
      return known ? Acsi::GetDataDefinition : Acsi::none;
    }
    case Service::kDefineNamedVariableList:
      return first_name_is_data_set(tree) ? Acsi::CreateDataSet : Acsi::none;
    case Service::kGetNamedVariableListAttributes:
      return first_name_is_data_set(tree) ? Acsi::GetDataSetDirectory : Acsi::none;
    case Service::kDeleteNamedVariableList:
      return classify_delete(pdu, tree);
    case Service::kReadJournal:
      return classify_journal(pdu, tree);
    default:
      return Acsi::none;
  }
}

// IEC 61850-8-1 clause 17.2.3: results begin with RptID and OptFlds. Other users of MMS may have a
// list of that name.
bool has_report_header(const MmsPdu& pdu, const asn1::Tree& tree) {
  if (tree.values.size() < 2) return pdu.error.has_value();
  return data_type(tree.nodes[tree.values[0]]) == DataType::visible_string &&
         data_type(tree.nodes[tree.values[1]]) == DataType::bit_string;
}

bool is_oper(const asn1::Tree& tree, std::size_t i) {
  if (i >= tree.objects.size()) return false;
  const ObjectName name = object_name(tree.at(tree.objects[i]));
  if (name.scope != ObjectName::Scope::domain) return false;
  const auto control = control_item(name.item);
  return control && control->component == ControlComponent::oper;
}

Acsi classify_information_report(const MmsPdu& pdu, const asn1::Tree& tree) {
  if (tree.objects.empty() || !pdu.body) return Acsi::none;
  const ObjectName name = object_name(tree.at(tree.objects[0]));
  const bool of_vmd = name.scope == ObjectName::Scope::vmd;
  if (names_a_list(pdu.body.first_child())) {
    const bool report = of_vmd && name.item == "RPT" && has_report_header(pdu, tree);
    return report ? Acsi::Report : Acsi::none;
  }
  if (of_vmd && name.item == "LastApplError") {
    return is_oper(tree, 1) ? Acsi::CommandTermination : Acsi::LastApplError;
  }
  return is_oper(tree, 0) ? Acsi::CommandTermination : Acsi::none;
}

}  // namespace

std::string_view acsi_name(Acsi service) { return kNames[static_cast<std::size_t>(service)]; }

Acsi acsi_from(std::string_view name) {
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Acsi>(i);
  }
  return Acsi::none;
}

Acsi classify(const MmsMessage& message, bool from_client) {
  const MmsPdu& pdu = message.pdu;
  switch (pdu.kind) {
    case PduKind::confirmed_request: {
      const Acsi file = classify_file(pdu.service, from_client);
      return file != Acsi::none ? file : classify_request(pdu, message.tree);
    }
    case PduKind::confirmed_response:
    case PduKind::confirmed_error:
    case PduKind::reject: {
      const Acsi file = classify_file(message.service(), !from_client);
      if (file != Acsi::none) return file;
      if (message.request_view == nullptr) return Acsi::none;
      return classify_request(message.request_view->pdu(), message.request_view->tree());
    }
    case PduKind::unconfirmed:
      return pdu.service == Service::kInformationReport
                 ? classify_information_report(pdu, message.tree)
                 : Acsi::none;
    case PduKind::initiate_request:
    case PduKind::initiate_response:
    case PduKind::initiate_error:
      return Acsi::Associate;
    case PduKind::conclude_request:
    case PduKind::conclude_response:
    case PduKind::conclude_error:
      return Acsi::Release;
    default:
      return Acsi::none;
  }
}

}  // namespace mmsa::iec61850
