// Object references: how IEC 61850-8-1 clause 7.3 writes logical nodes, data and control blocks as
// names of MMS variables, `LD/LN$FC$DO$DA`, and how people write them, `LD/LN.DO.DA [FC]`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mmsanalyze/mms.h"

namespace mmsa::iec61850 {

// Functional constraints, IEC 61850-7-2 table 20; GS and the later SR, OR, BL of both editions.
enum class Fc : std::uint8_t {
  none,
  ST,
  MX,
  CO,
  SP,
  SV,
  CF,
  DC,
  SG,
  SE,
  SR,
  OR,
  BL,
  EX,
  BR,
  RP,
  LG,
  GO,
  GS,
  MS,
  US,
};
std::string_view fc_name(Fc fc);     // "ST"; empty for none
std::string_view fc_meaning(Fc fc);  // "status"
Fc fc_from(std::string_view name);   // none where it is not one

// Functional constraints, as a set.
class FcSet {
 public:
  FcSet() = default;
  explicit FcSet(std::uint32_t bits) : bits_(bits) {}

  void insert(Fc fc) { bits_ |= 1u << static_cast<unsigned>(fc); }
  bool has(Fc fc) const { return (bits_ >> static_cast<unsigned>(fc) & 1u) != 0; }
  std::uint32_t bits() const { return bits_; }

 private:
  std::uint32_t bits_ = 0;
};
// Those of all object names of a PDU: what the PDU can be about, at a glance.
FcSet constraints_of(const asn1::Tree& tree);

// An item of a domain taken apart. Views into the names that it was read from.
struct Reference {
  std::string_view domain{};  // logical device with its IED name; empty where not given
  std::string_view ln{};
  Fc fc = Fc::none;
  std::string_view path{};  // what follows, components separated by '$'

  std::string_view data_object() const { return path.substr(0, path.find('$')); }
  std::string_view last() const { return path.substr(path.rfind('$') + 1); }
  std::string_view ln_class() const;  // "XCBR" of "Q0XCBR1"; empty where there is none
};

// Of `LN`, `LN$FC`, `LN$FC$DO..`; of a data set or log `LN$name` fc is none and path its name.
Reference parse_item(std::string_view domain, std::string_view item);
inline Reference parse_reference(const ObjectName& name) {
  return parse_item(name.domain, name.item);
}
// Splits `LD/item` at the slash; without one the domain is empty. A name that begins with '@' is
// association specific. NUL octets and blanks behind the text are dropped: some servers pad.
ObjectName split_reference(std::string_view text);

// Whether an item can be a name of IEC 61850: `LN$FC..` with a functional constraint, or a logical
// node. Names of ICCP (IEC 60870-6) and of plain MMS are not.
bool is_iec61850_item(std::string_view item);
// Prefix, a class of the standard, instance number: IEC 61850-7-2 clause 22.2. For names without
// '$', where nothing else tells a logical node from any other MMS variable.
bool is_logical_node(std::string_view name);
// `LN$name` with a logical node in front: a data set or a log.
bool is_list_item(std::string_view item);

// "IED1LD0/XCBR1$ST$Pos$stVal"
void append_mms(std::string& out, const Reference& reference);
// "IED1LD0/XCBR1.Pos.stVal [ST]"
void append_acsi(std::string& out, const Reference& reference);
// The ObjectName as outputs show it: "LD/item", a VMD name bare, an association's "@name".
void append_object_name(std::string& out, const ObjectName& name);
// listOfVariable or variableListName of a Read, Write or InformationReport. The specification of a
// Read has a tag of its own, that of the others has none.
asn1::NodeRef access_specification(const MmsPdu& pdu);
bool names_a_list(asn1::NodeRef access_specification);
// One element of a listOfVariable, with its alternate access: "LD/GGIO9$MX$Har$ar(3)$mag$f".
// Nothing where it is no named variable.
void append_variable(std::string& out, asn1::NodeRef variable);

// Any of the spellings that occur ('.' or '$', FC inside or in brackets behind, with or without the
// logical device) as `LD/LN$FC$DO$DA`; `domain` where the text names none.
std::string normalised(std::string_view text, std::string_view domain = {});
// Whether `text`, in MMS spelling with '$' or '.', padded or not, names this item.
bool names_item(std::string_view text, std::string_view domain, std::string_view item);

// The services of a control object are components of it: `LN$CO$DO$Oper`.
enum class ControlComponent : std::uint8_t { sbo, sbow, oper, cancel };
struct ControlItem {
  ControlComponent component = ControlComponent::oper;
  std::string_view object{};  // `LN$CO$DO`
  // "ctlVal", "origin$orCat": of the component; empty where the name is that of the whole one.
  std::string_view member{};
};
std::optional<ControlItem> control_item(std::string_view item);

}  // namespace mmsa::iec61850
