// IEC 61850-8-1 clause 7.3 (access by functional constraint) and clause 16 (setting groups) with
// IEC 61850-7-2 clause 16; the errors that servers use are in PROTOCOL 2.8 and 4.6.
#include "analysis/access/access_advice.h"

#include <array>

#include "mmsanalyze/data.h"

namespace mmsa::analysis {
namespace {

using iec61850::Fc;
using iec61850::Reference;
using iec61850::SettingGroupControl;
using iec61850::SgcbAttribute;

// By code of DataAccessError.
constexpr std::array<Advice, 12> kReadAdvice{{
    {"The object was deleted, or what it refers to no longer exists.",
     "Connect anew; if the object was defined by the client, define it again."},
    {"The device says that the hardware behind the value has failed or is missing: a module, a "
     "sensor, or the sub-device behind a gateway.",
     "Look at the self-supervision of the device (LPHD PhyHealth, alarm list) and at the module "
     "that feeds this value."},
    {"The value exists but can not be given now: the device is starting, the function is switched "
     "off, or a gateway has lost its sub-device.",
     "Read it again later. If it stays, look at Beh and Health of the logical node and at the link "
     "to the sub-device."},
    {"The object exists, but this client may not read it: access rights or role, or a functional "
     "constraint that can not be read.",
     "Check the client's access rights in the device; take the object out of the point list if it "
     "is not meant to be read."},
    {"The device does not know this object.",
     "Compare the name with the SCD version that is loaded in the device."},
    {"The address does not fit the object: an element of an array beyond its end, or a component "
     "that is not there.",
     "Compare index and component with the type of the object."},
    {"The device can not send the type of this object.",
     "Read the components of the object one by one."},
    {"The way of access does not fit the type of the object, for example an index into something "
     "that is no array.",
     "Compare the request with the type of the object (getVariableAccessAttributes)."},
    {"Attributes of the object contradict each other.",
     "Send the frames of request and answer to the vendor of the device."},
    {"The device has the object but can not read it in this way: as a whole structure, or as part "
     "of one.",
     "Read the components one by one, or the whole object instead of its part."},
    {"The device has no object of this name: wrong spelling or functional constraint, or another "
     "configuration in the device.",
     "Compare the name, upper and lower case and the functional constraint with the SCD version "
     "that is loaded in the device."},
    {"The request holds a value that the device does not accept.",
     "Compare the request with the type of the object."},
}};

constexpr std::array<Advice, 12> kWriteAdvice{{
    {"The object was deleted, or what it refers to no longer exists.",
     "Connect anew; if the object was defined by the client, define it again."},
    {"The device could not store the value: memory or the hardware behind the object has failed.",
     "Look at the self-supervision of the device (LPHD PhyHealth, alarm list)."},
    {"The object can not be written now: another client is using or editing it, or the device is "
     "busy or blocked.",
     "Close the other tool or wait, then write again."},
    {"The object is read-only, the device is in local mode, or the client lacks the right.",
     "Check local/remote and the access rights at the device, and whether this object can be "
     "written at all."},
    {"The device does not know this object.",
     "Compare the name with the SCD version that is loaded in the device."},
    {"The address does not fit the object: an element of an array beyond its end, or a component "
     "that is not there.",
     "Compare index and component with the type of the object."},
    {"The device can not take values of this type.",
     "Read the object first and write the same type."},
    {"The value has another type or length than the object.",
     "Read the object first and write the same type: integer and floating-point, signed and "
     "unsigned, and the length of bit-strings differ."},
    {"The value contradicts other attributes of the object.",
     "Read the whole object and compare it with what is written."},
    {"The device has the object but does not let it be written in this way: as a whole structure, "
     "or at all.",
     "Write single attributes; check whether this object can be written at all."},
    {"The device has no object of this name: wrong spelling or functional constraint, or another "
     "configuration in the device.",
     "Compare the name, upper and lower case and the functional constraint with the SCD version "
     "that is loaded in the device."},
    {"The value is out of range, or not one of those allowed.",
     "Compare the value with minVal, maxVal and stepSize of the object, or with its list of "
     "values."},
}};

Advice by_code(const std::array<Advice, 12>& table, std::int64_t code) {
  if (code < 0 || code >= static_cast<std::int64_t>(table.size())) return {};
  return table[static_cast<std::size_t>(code)];
}

// Refusals because of the state of the device: which of the two codes is used varies.
bool is_refusal(std::int64_t code) {
  return code == AccessError::kTemporarilyUnavailable || code == AccessError::kObjectAccessDenied ||
         code == AccessError::kObjectAccessUnsupported;
}

bool is_written(SgcbAttribute attribute) {
  return attribute != SgcbAttribute::num_of_sg && attribute != SgcbAttribute::other;
}

Advice sgcb_advice(SgcbAttribute attribute, std::int64_t code, bool editing) {
  if (attribute == SgcbAttribute::act_sg) {
    if (code == AccessError::kObjectValueInvalid) {
      return {"There is no setting group of this number.",
              "Read NumOfSG of the same block and activate a group from 1 to that number."};
    }
    if (is_refusal(code)) {
      return {
          "The device does not let the active group be changed now: it is in local mode, the "
          "client lacks the right, or a group is just being edited.",
          "Check local/remote and the access rights; end the editing (EditSG = 0), then try "
          "again."};
    }
  }
  if (attribute == SgcbAttribute::edit_sg) {
    if (code == AccessError::kObjectValueInvalid) {
      return {"There is no setting group of this number.",
              "Read NumOfSG of the same block and edit a group from 1 to that number."};
    }
    if (is_refusal(code)) {
      return {
          "Another client may have a setting group open for editing, the device is in local "
          "mode, or the client lacks the right.",
          "Look for another client or the panel that edits settings: it must confirm (CnfEdit) or "
          "give up (EditSG = 0). Then check local/remote and the access rights."};
    }
  }
  if (attribute == SgcbAttribute::cnf_edit) {
    if (code == AccessError::kObjectValueInvalid) {
      return {"Only TRUE can be written to CnfEdit, and only while a group is open for editing.",
              "Write EditSG, the values with functional constraint SE, then CnfEdit = TRUE; give "
              "up with EditSG = 0."};
    }
    if (is_refusal(code) && !editing) {
      return {"No setting group is open for editing, so there is nothing to confirm.",
              "Write EditSG first, then the values with functional constraint SE, then CnfEdit."};
    }
  }
  if (!is_written(attribute) && is_refusal(code)) {
    return {"This attribute of the setting group control block can only be read.",
            "Only ActSG, EditSG, CnfEdit and ResvTms are written by clients."};
  }
  return {};
}

Advice editable_setting_advice(std::int64_t code, bool editing) {
  if (!is_refusal(code)) return {};
  if (editing) {
    return {
        "The setting group is open for editing, but the device refuses this value: it is "
        "locked, or the client lacks the right.",
        "Check the access rights for settings and whether this setting can be changed in the "
        "device's current state."};
  }
  return {"No setting group was opened for editing by this client, or another client has it open.",
          "Write EditSG first, then the values with functional constraint SE, then CnfEdit = TRUE, "
          "all in one association."};
}

// Refused because of the functional constraint of the object.
Advice constraint_advice(Fc fc) {
  switch (fc) {
    case Fc::SG:
      return {"SG is the active setting and can only be read.",
              "Open a group with EditSG, write the value with functional constraint SE instead of "
              "SG, then CnfEdit = TRUE."};
    case Fc::ST:
    case Fc::MX:
      return {"Status and measured values come from the process and can not be written.",
              "To replace a value by hand, substitute it (functional constraint SV); to change a "
              "position, use a control."};
    case Fc::LG:
      return {"The log control block is enabled or may not be changed by this client.",
              "Write LogEna = FALSE first, then the other attributes, then LogEna = TRUE."};
    case Fc::GO:
    case Fc::GS:
    case Fc::MS:
    case Fc::US:
      return {"The control block is enabled, or comes from the configuration and is fixed.",
              "Disable the block first; if that does not help, change it in the SCD instead."};
    case Fc::EX:
    case Fc::OR:
    case Fc::SR:
    case Fc::BL:
      return {"Attributes with this functional constraint are written by the device itself.",
              "Take the write out of the client."};
    default:
      return {};
  }
}

}  // namespace

Advice read_advice(const Reference& object, std::int64_t code) {
  if (object.fc == Fc::SE && is_refusal(code)) {
    return {
        "Values with functional constraint SE can only be read while a setting group is open "
        "for editing.",
        "Write EditSG first, or read the active value with functional constraint SG."};
  }
  return by_code(kReadAdvice, code);
}

Advice write_advice(const Reference& object, std::int64_t code,
                    const SettingGroupControl& setting_groups, std::uint32_t stream) {
  Advice advice;
  const bool editing = setting_groups.edited_by(stream);
  if (const SgcbAttribute attribute = sgcb_attribute(object); attribute != SgcbAttribute::none) {
    advice = sgcb_advice(attribute, code, editing);
  } else if (object.fc == Fc::SE) {
    advice = editable_setting_advice(code, editing);
  } else if (is_refusal(code)) {
    advice = constraint_advice(object.fc);
  }
  return advice.cause.empty() ? by_code(kWriteAdvice, code) : advice;
}

}  // namespace mmsa::analysis
