// The control model of IEC 61850-7-2 clause 20 as IEC 61850-8-1 clause 20 maps it: what a message
// says to or about a control object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "iec61850/data_copy.h"
#include "iec61850/reference.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// The members of an SBOw, Oper or Cancel structure. Views into the message or copy it is read from.
struct ControlParameters {
  asn1::NodeRef ctl_val;  // may be a structure (analogue set points)
  asn1::NodeRef oper_tm;  // only of time activated control
  std::optional<std::int64_t> or_cat;
  Bytes or_ident;
  std::optional<std::uint64_t> ctl_num;
  asn1::NodeRef t;  // utc-time; binary-time of some products of edition 1
  std::optional<bool> test;
  asn1::NodeRef check;  // none in a Cancel

  // The members came in the order and the types of the standard.
  bool well_formed = false;
  // They came as variables of their own, `LN$CO$DO$Oper$ctlVal`, and not as one structure.
  bool apart = false;

  // operTm that is there and not zero, which would mean "now".
  bool time_activated() const;
  bool synchrocheck() const { return check && BitString(check.bytes())[0]; }
  bool interlock_check() const { return check && BitString(check.bytes())[1]; }
};
ControlParameters read_control_parameters(asn1::NodeRef structure, bool is_cancel);

// Sets the member of this name, "ctlVal" or "origin$orCat"; other names are left out.
void set_member(ControlParameters& parameters, std::string_view name, asn1::NodeRef value);

// The most octets of orIdent: OCTET STRING64 of IEC 61850-7-2 clause 20 (Originator).
inline constexpr std::size_t kMaxOrIdent = 64;

// What in an SBOw, Oper or Cancel does not fit, beginning with the first member.
struct ParameterFault {
  // "member 1 is a structure, but ctlVal is boolean". Empty where everything fits.
  std::string text;
  bool ctl_val = false;  // what stands first is not the value
  bool of_type = false;  // compared with the type that the server described

  explicit operator bool() const { return !text.empty(); }
};
// Of the structure that was written, compared with its type as the server described it; where that
// is null, with the order and the types of the standard.
ParameterFault find_parameter_fault(asn1::NodeRef structure, TypeRef type, bool is_cancel);
// Of members that hold more than any type allows: an orIdent that is too long.
std::string oversized_text(const ControlParameters& parameters);

// In what Operate differs from its SelectWithValue: flags.
struct ControlDifference {
  static constexpr std::uint8_t kCtlVal = 1;
  static constexpr std::uint8_t kOrigin = 2;
  static constexpr std::uint8_t kCtlNum = 4;
  static constexpr std::uint8_t kT = 8;
  static constexpr std::uint8_t kTest = 16;
  static constexpr std::uint8_t kCheck = 32;
};
// T is left out unless asked for: clients that set it anew are accepted by servers.
std::uint8_t compare_operate(const ControlParameters& selected, const ControlParameters& operate,
                             bool with_t = false);
// "ctlVal, origin"
void append_differences(std::string& out, std::uint8_t differences);

// LastApplError, IEC 61850-8-1 clause 20.8.
struct LastApplError {
  std::string_view cntrl_obj;  // as on the wire
  std::int64_t error = 0;
  std::optional<std::int64_t> or_cat;
  Bytes or_ident;
  std::optional<std::uint64_t> ctl_num;
  std::int64_t add_cause = 0;
  bool well_formed = false;

  // cntrl_obj without padding: its domain and item, '.' or '$' as the server writes them.
  ObjectName object() const { return split_reference(cntrl_obj); }
};
LastApplError read_last_appl_error(asn1::NodeRef structure);

enum class ControlKind : std::uint8_t {
  select,             // Read SBO
  select_with_value,  // Write SBOw
  operate,            // Write Oper
  cancel,             // Write Cancel
  termination,        // CommandTermination
  last_appl_error,    // LastApplError by itself
};
std::string_view control_kind_name(ControlKind kind);  // the ACSI service

// What one message says about one control object. Views into the message and, for answers, into
// its request.
struct ControlView {
  ControlKind kind = ControlKind::operate;
  std::string_view domain;
  std::string_view object;       // `LN$CO$DO`; of a bare LastApplError as the server spells it
  std::string_view component;    // "SBO", "SBOw", "Oper", "Cancel"; empty where an error names none
  ControlParameters parameters;  // of the request for answers; none of select and last_appl_error

  bool answer = false;                       // to select, select_with_value, operate, cancel
  bool success = true;                       // of answers and terminations
  std::optional<std::int64_t> access_error;  // DataAccessError of a refused read or write
  std::string_view selected;                 // what a Read of SBO answered
  std::optional<LastApplError> error;        // of last_appl_error and negative terminations
};
// The first control object that the message touches; false where there is none. No allocation.
// The requests of answers are decoded only where the answer may be one to a control.
bool read_control(const MmsMessage& message, ControlView& view);

}  // namespace mmsa::iec61850
