// The fields of mms.*, made from the ASN.1 tables with the names that Wireshark makes of the same
// identifiers (asn2wrs): '-' becomes '_', what has no value of its own ends in `_element`, an
// element of a list that has no name is `LIST_item`. A CHOICE is a number: which of its
// alternatives it is.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>
#include <set>
#include <tuple>

#include "filter/field.h"
#include "filter/literal.h"
#include "mms/pdu_types.h"
#include "mms/types.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::filter {
namespace {

using asn1::Kind;
using Reading = Place::Reading;

// Where Wireshark has another word than the rule makes; `of` is the name of the type that the
// component belongs to, empty for any.
struct Spelling {
  std::string_view of;
  std::string_view identifier;
  std::string_view name;
};
constexpr Spelling kSpellings[] = {
    {"Data", "bit-string", "data_bit-string"},
    {"Data", "octet-string", "data.octet-string"},
    {"Data", "visible-string", "data.visible-string"},
    {"Data", "binary-time", "data.binary-time"},
    {"TypeSpecification", "bit-string", "typeSpecification_bit-string"},
    {"TypeSpecification", "octet-string", "typeSpecification.octet-string"},
    {"TypeSpecification", "visible-string", "typeSpecification.visible-string"},
    {"TypeSpecification", "binary-time", "typeSpecification.binary-time"},
    {"TypeSpecification", "booleanArray", "typeSpecification_booleanArray"},
    {"TypeSpecification", "mMSString", "typeSpecification_mMSString"},
    {"FileName", "GraphicString", "FileName_item"},
    {"AlternateAccess", "AlternateAccess", "AlternateAccess_item"},
    {"ScatteredAccessDescription", "item", "ScatteredAccessDescription_item"},
    {"Write-Response", "item", "Write_Response_item"},
    {"Read-Request", "variableAccessSpecification", "variableAccessSpecificatn"},
    {"Write-Request", "variableAccessSpecification", "variableAccessSpecificatn"},
    {"Read-Response", "variableAccessSpecification", "variableAccessSpecificatn"},
    {"GetNameList-Request", "continueAfter", "getNameList-Request_continueAfter"},
    {"FileDirectory-Request", "continueAfter", "fileDirectory-Request_continueAfter"},
    {"GetCapabilityList-Request", "continueAfter", "getCapabilityList-Request_continueAfter"},
    {"GetEventEnrollmentAttributes-Request", "continueAfter",
     "getEventEnrollmentAttributes-Request_continueAfter"},
    {"GetAlarmEnrollmentSummary-Request", "continueAfter",
     "getAlarmEnrollmentSummary-Request_continueAfter"},
    {"GetDomainAttributes-Response", "state", "getDomainAttributes-Response_state"},
    {"GetProgramInvocationAttributes-Response", "state",
     "getProgramInvocationAttributes-Response_state"},
    {"ReportSemaphoreEntryStatus-Request", "state", "reportSemaphoreEntryStatus-Request_state"},
    {"GetAccessControlListAttributes-Response", "name", "accessControlListName"},
    {"AdditionalService-Request", "deleteUC", "unitControlName"},
    {"SEQUENCE", "access", "accesst"},
    {"ReportEventConditionListStatus-Request", "continueAfter", "reportECLStatus_continueAfter"},
    {"", "enrollmentState", "enrollementState"},
    {"", "occurrenceTime", "occurenceTime"},
    {"", "negotiatedMaxServOutstandingCalling", "negociatedMaxServOutstandingCalling"},
    {"", "negotiatedMaxServOutstandingCalled", "negociatedMaxServOutstandingCalled"},
    {"", "negotiatedDataStructureNestingLevel", "negociatedDataStructureNestingLevel"},
    {"", "negotiatedVersionNumber", "negociatedVersionNumber"},
    {"", "negotiatedParameterCBB", "negociatedParameterCBB"},
};

std::string replaced(std::string_view text, char from, char to) {
  std::string result(text);
  for (char& c : result) {
    if (c == from) c = to;
  }
  return result;
}

bool tagged_throughout(const asn1::Type& choice) {
  for (const asn1::Field& alternative : choice.fields) {
    if (alternative.type != nullptr && alternative.tagging == asn1::Tagging::untagged) return false;
  }
  return true;
}

// The number that Wireshark gives an alternative: its tag, or its place where not all have one.
std::int64_t alternative_number(const asn1::Type& choice, const asn1::Field& alternative) {
  return tagged_throughout(choice) ? static_cast<std::int64_t>(alternative.tag.number())
                                   : &alternative - choice.fields.data();
}

bool has_node(const asn1::Field& field) {
  return field.type->kind != Kind::choice || field.tagging != asn1::Tagging::untagged;
}

// The number of the alternative of `choice` that is, or holds, the field; -1 for none.
std::int64_t chosen_alternative(const asn1::Type& choice, const asn1::Field* field) {
  for (const asn1::Field& alternative : choice.fields) {
    if (alternative.type == nullptr) continue;
    if (&alternative == field) return alternative_number(choice, alternative);
    if (!has_node(alternative) && chosen_alternative(*alternative.type, field) >= 0) {
      return alternative_number(choice, alternative);
    }
  }
  return -1;
}

// Types are copied where one production is defined as another.
bool same_type(const asn1::Type* a, const asn1::Type* b) {
  return a == b || (a != nullptr && b != nullptr && a->fields.data() == b->fields.data() &&
                    !a->fields.empty());
}

struct Shape {
  ValueType type;
  Reading reading;
};
Shape shape_of(const asn1::Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return {ValueType::boolean, Reading::content};
    case Kind::integer:
    case Kind::unsigned_integer:
      return {ValueType::integer, Reading::content};
    case Kind::bit_string:
    case Kind::octet_string:
    case Kind::floating_point:
    case Kind::real:
      return {ValueType::octets, Reading::content};
    case Kind::character_string:
    case Kind::object_identifier:
      return {ValueType::string, Reading::content};
    case Kind::utc_time:
    case Kind::time_of_day:
      return {ValueType::string, Reading::time_text};
    case Kind::sequence_of:
      return {ValueType::integer, Reading::children};
    case Kind::choice:
      return {ValueType::integer, Reading::chosen};
    case Kind::generalized_time:
      return {ValueType::time, Reading::content};
    case Kind::sequence:
    case Kind::null:
    case Kind::any:
      break;
  }
  return {ValueType::none, Reading::presence};
}

class Maker {
 public:
  explicit Maker(std::vector<Field>& fields) : fields_(fields) {}

  void add_pdus() {
    for (const asn1::Field& alternative : mms::pdu_alternatives()) {
      add(nullptr, nullptr, "mms", alternative);
    }
  }

 private:
  // A component of `type`, whose own field is called `list`; its node stands inside one of
  // `holder`, which is another type where `type` is a CHOICE without a node.
  void add(const asn1::Type* type, const asn1::Type* holder, std::string_view list,
           const asn1::Field& field) {
    if (field.type == nullptr) return;
    const std::string name = name_of(type, list, field);
    if (!has_node(field)) {
      std::vector<Place> places;
      add_alternatives(holder, *field.type, nullptr, *field.type, places);
      for (const Place& place : places) add_place(name, ValueType::integer, {}, place);
      enter(*field.type, holder, name);
      return;
    }
    const Shape shape = shape_of(*field.type);
    const std::string suffix = shape.type == ValueType::none ? "_element" : "";
    add_place(name + suffix, shape.type, field.type->names, {&field, nullptr, shape.reading, 0});
    add_other_names(type, field, shape);
    if (field.type->kind == Kind::bit_string) add_bits(field);
    enter(*field.type, field.type, name);
  }

  std::string name_of(const asn1::Type* type, std::string_view list, const asn1::Field& field) {
    const std::string_view identifier = field.name;
    for (const Spelling& spelling : kSpellings) {
      if (identifier == spelling.identifier &&
          (spelling.of.empty() || (type != nullptr && type->name == spelling.of))) {
        return std::string(spelling.name);
      }
    }
    if (type != nullptr && type->kind == Kind::sequence_of) {
      const bool defined = identifier != "item" && identifier != "component" &&
                           identifier != "VisibleString" && identifier != "GraphicString";
      if (!defined) return std::string(list) + "_item";
    }
    return replaced(identifier, '-', '_');
  }

  // The nodes that an untagged CHOICE, or one inside it, can be.
  void add_alternatives(const asn1::Type* inside, const asn1::Type& outer,
                        const asn1::Field* outer_alternative, const asn1::Type& choice,
                        std::vector<Place>& places) {
    for (const asn1::Field& alternative : choice.fields) {
      if (alternative.type == nullptr) continue;
      const asn1::Field& top = outer_alternative != nullptr ? *outer_alternative : alternative;
      if (has_node(alternative)) {
        places.push_back(
            {&alternative, inside, Reading::alternative, alternative_number(outer, top)});
      } else {
        add_alternatives(inside, outer, &top, *alternative.type, places);
      }
    }
  }

  void add_other_names(const asn1::Type* type, const asn1::Field& field, const Shape& shape) {
    // Wireshark 4.6 has a name of its own for the item of an ObjectName.
    if (type != nullptr && field.name == std::string_view("itemId")) {
      add_place("objectName_domain_specific_itemId", shape.type, {},
                {&field, nullptr, shape.reading, 0});
    }
    // And two spellings of the length of an indexRange.
    if (type != nullptr && field.name == std::string_view("numberOfElements") &&
        type->fields[0].name == std::string_view("lowIndex")) {
      add_place("nmberOfElements", shape.type, {}, {&field, nullptr, shape.reading, 0});
    }
  }

  void add_bits(const asn1::Field& field) {
    for (const asn1::NamedNumber& bit : field.type->names) {
      add_place(std::string(field.type->name) + "." + replaced(bit.name, '-', '.'),
                ValueType::boolean, {}, {&field, nullptr, Reading::bit, bit.value});
    }
  }

  void enter(const asn1::Type& type, const asn1::Type* holder, const std::string& name) {
    const std::string list = type.kind == Kind::sequence_of ? name : "";
    if (!entered_.insert({type.fields.data(), holder->fields.data(), list}).second) return;
    for (const asn1::Field& field : type.fields) add(&type, holder, name, field);
  }

  void add_place(const std::string& short_name, ValueType type,
                 std::span<const asn1::NamedNumber> names, const Place& place) {
    const std::string name = "mms." + short_name;
    for (Field& field : fields_) {
      if (field.name != name || field.type != type) continue;
      for (const Place& known : field.places) {
        if (known.field == place.field && same_type(known.inside, place.inside)) return;
      }
      field.places.push_back(place);
      if (field.names.empty()) {
        field.names = names;
      } else if (!names.empty() && field.names.data() != names.data()) {
        field.names = {};  // the codes differ by place
      }
      return;
    }
    Field field;
    field.name = name;
    field.type = type;
    field.names = names;
    field.places.push_back(place);
    fields_.push_back(std::move(field));
  }

  std::vector<Field>& fields_;
  std::set<std::tuple<const asn1::Field*, const asn1::Field*, std::string>> entered_;
};

// --- reading ---

constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// "Nov 22, 2026 08:44:25.084999978 UTC", as Wireshark prints times.
void append_wireshark_time(std::string& out, TimeNs time) {
  TimeNs seconds = time / kNsPerSecond;
  TimeNs fraction = time % kNsPerSecond;
  if (fraction < 0) {
    fraction += kNsPerSecond;
    --seconds;
  }
  const std::time_t whole = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%s %2d, %d %02d:%02d:%02d.%09d UTC", kMonths[parts.tm_mon],
                parts.tm_mday, parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(fraction));
  out += text;
}

void append_time_text(std::string& out, const asn1::Node& node) {
  UtcTime utc;
  BinaryTime binary;
  if (node.kind() == Kind::utc_time && read_utc_time(node.bytes(), utc)) {
    append_wireshark_time(out, utc.time());
  } else if (node.kind() == Kind::time_of_day && read_binary_time(node.bytes(), binary)) {
    if (binary.has_date) {
      append_wireshark_time(out, binary.time());
      return;
    }
    const std::uint32_t ms = binary.milliseconds;
    char text[32];
    std::snprintf(text, sizeof text, "%02u:%02u:%02u.%03u", ms / 3'600'000, ms / 60'000 % 60,
                  ms / 1000 % 60, ms % 1000);
    out += text;
  }
}

Value content_of(const asn1::Node& node, std::string& scratch) {
  const Bytes content = node.bytes();
  switch (node.kind()) {
    case Kind::boolean:
      return Value::of_number(!content.empty() && content[0] != 0 ? 1 : 0);
    case Kind::integer:
      return Value::of_number(ber::integer(content));
    case Kind::unsigned_integer:
      return Value::of_number(static_cast<std::int64_t>(std::min<std::uint64_t>(
          ber::unsigned_integer(content), std::numeric_limits<std::int64_t>::max())));
    case Kind::bit_string:  // behind the number of unused bits
      return Value::of_octets(content.empty() ? content : content.subspan(1));
    case Kind::object_identifier:
      scratch.clear();
      text::append_oid(scratch, content);
      return Value::of_text(scratch);
    case Kind::generalized_time: {
      Value value;
      read_generalized_time(as_text(content), value.number);
      return value;
    }
    default:
      return Value::of_octets(content);
  }
}

std::int64_t children_of(const asn1::Tree& tree, std::uint32_t index) {
  std::int64_t count = 0;
  const std::uint32_t end = tree.nodes[index].end;
  for (std::uint32_t child = index + 1; child < end; child = tree.nodes[child].end) ++count;
  return count;
}

const asn1::Type* type_around(const asn1::Tree& tree, std::uint32_t index) {
  for (std::uint32_t i = index; i-- > 0;) {
    if (tree.nodes[i].end > index) return tree.nodes[i].field->type;
  }
  return nullptr;
}

// True where the place has a value there, which is put into `value`.
bool read_place(const Place& place, const asn1::Tree& tree, std::uint32_t index,
                std::string& scratch, Value& value) {
  const asn1::Node& node = tree.nodes[index];
  switch (place.reading) {
    case Reading::presence:
      return true;
    case Reading::content:
      value = content_of(node, scratch);
      return true;
    case Reading::alternative:
      value.number = place.number;
      return true;
    case Reading::chosen: {
      if (index + 1 >= node.end) return false;
      value.number = chosen_alternative(*node.field->type, tree.nodes[index + 1].field);
      return value.number >= 0;
    }
    case Reading::children:
      value.number = children_of(tree, index);
      return true;
    case Reading::bit: {
      const BitString bits(node.bytes());
      if (static_cast<std::size_t>(place.number) >= bits.size()) return false;
      value.number = bits[static_cast<std::size_t>(place.number)] ? 1 : 0;
      return true;
    }
    case Reading::time_text:
      scratch.clear();
      append_time_text(scratch, node);
      value = Value::of_text(scratch);
      return true;
  }
  return false;
}

}  // namespace

bool visit_places(const Field& field, const Subject& subject, const Visitor& visitor) {
  const asn1::Tree& tree = subject.message().tree;
  for (std::uint32_t index = 0; index < tree.nodes.size(); ++index) {
    const asn1::Field* const here = tree.nodes[index].field;
    for (const Place& place : field.places) {
      if (place.field != here) continue;
      if (place.inside != nullptr && !same_type(type_around(tree, index), place.inside)) continue;
      Value value;
      if (read_place(place, tree, index, subject.scratch, value) && visitor(value)) return true;
    }
  }
  return false;
}

void add_asn1_fields(std::vector<Field>& fields) { Maker(fields).add_pdus(); }

}  // namespace mmsa::filter
