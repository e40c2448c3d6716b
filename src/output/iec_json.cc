#include "output/iec_json.h"

#include <algorithm>
#include <cctype>
#include <functional>

#include "iec61850/iec_value.h"
#include "iec61850/member_names.h"
#include "iec61850/names.h"
#include "output/node_json.h"

namespace mmsa::output {
namespace {

using iec61850::IecValue;
using iec61850::Quality;
using iec61850::Reference;
using iec61850::TypeRef;

// A value of a whole logical node is nested five deep; hostile ones as deep as the decoder allows.
constexpr int kMaxDepth = 8;
constexpr int kMicrosecondDigits = 6;
constexpr TimeNs kNsPerMicrosecond = 1000;

bool is_readable(Bytes octets) {
  return std::ranges::all_of(octets,
                             [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7F; });
}

// Identifiers of IEC 61850: what else a server calls a component is no name of the standard.
bool is_identifier(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  });
}

void write_quality(JsonWriter& json, const BitString& bits) {
  const Quality quality(bits);
  json.begin_object();
  json.key("validity");
  json.plain_string(iec61850::validity_name(quality.validity()));
  constexpr std::uint32_t kFirstDetail = 2;
  const auto details = iec61850::quality_detail_names();
  std::uint32_t set = 0;
  for (std::uint32_t i = 0; i < details.size(); ++i) set |= bits[i + kFirstDetail] ? 1u << i : 0u;
  if (set != 0) {
    json.key("detail");
    write_bit_names(json, set, details);
  }
  if (quality.substituted()) {
    json.key("source");
    json.plain_string("substituted");
  }
  json.key("test");
  json.boolean(quality.test());
  if (quality.operator_blocked()) {
    json.key("operatorBlocked");
    json.boolean(true);
  }
  json.end_object();
}

std::uint32_t bits_of(const BitString& bits) {
  std::uint32_t set = 0;
  for (std::uint32_t i = 0; i < bits.size() && i < 32; ++i) set |= bits[i] ? 1u << i : 0u;
  return set;
}

// Whether an earlier component of the type has this name: a server may describe anything, and no
// key is written twice.
bool is_repeated(TypeRef component, TypeRef type) {
  for (TypeRef other = first_component(type); other != component;
       other = next_component(other, type)) {
    if (other->name == component->name) return true;
  }
  return false;
}

// Sorts out most names with one look: components are compared where two share a bit only.
class NameBits {
 public:
  bool may_have(std::string_view name) {
    const std::uint64_t bit = std::uint64_t{1} << (std::hash<std::string_view>{}(name) % 64);
    const bool had = (bits_ & bit) != 0;
    bits_ |= bit;
    return had;
  }

 private:
  std::uint64_t bits_ = 0;
};

class IecWriter {
 public:
  IecWriter(JsonWriter& json, const Reference& reference) : json_(json), reference_(reference) {}

  bool guessed() const { return guessed_; }

  // False, and nothing written, where nothing can be said.
  bool value(std::string_view name, asn1::NodeRef node, TypeRef type, int depth) {
    switch (data_type(node.node())) {
      case DataType::structure:
        return structure(name, node, type, depth);
      case DataType::array:
        return array(name, node, type, depth);
      case DataType::utc_time:
        return utc_time(node.bytes());
      case DataType::octet_string:
        if (name == "orIdent") return or_ident(node);
        break;
      case DataType::bit_string:
        if (coded(iec_value(reference_, name, node), node)) return true;
        break;
      case DataType::integer:
        if (coded(iec_value(reference_, name, node), node)) return true;
        break;
      case DataType::failure:
        return false;
      default:
        break;
    }
    write_plain_value(json_, node);
    return true;
  }

  // Whether value() tells more than the value itself does.
  bool says_more(std::string_view name, asn1::NodeRef node) const {
    const DataType type = data_type(node.node());
    return type == DataType::utc_time || name == "orIdent" ||
           iec_value(reference_, name, node).kind != IecValue::Kind::none;
  }

  bool structure(std::string_view name, asn1::NodeRef node, TypeRef type, int depth) {
    if (depth > kMaxDepth) return false;
    const auto begin = json_.mark();
    json_.begin_object();
    const bool any = type != nullptr && type->type == DataType::structure
                         ? by_type(node, type, depth)
                         : by_layout(name, node, depth);
    if (!any) {
      json_.rewind(begin);
      return false;
    }
    json_.end_object();
    return true;
  }

 private:
  bool member(std::string_view name, asn1::NodeRef node, TypeRef type, int depth) {
    const auto begin = json_.mark();
    json_.key(name);
    if (value(name, node, type, depth + 1)) return true;
    json_.rewind(begin);
    return false;
  }

  bool by_type(asn1::NodeRef node, TypeRef type, int depth) {
    bool any = false;
    NameBits seen;
    const Reference whole = reference_;
    TypeRef component = first_component(type);
    for (asn1::NodeRef m = node.first_child(); m && component != nullptr;
         m = m.next_sibling(node), component = next_component(component, type)) {
      if (!is_identifier(component->name) || component->type != data_type(m.node())) continue;
      if (seen.may_have(component->name) && is_repeated(component, type)) continue;
      // A logical node holds functional constraints, those hold data objects.
      if (whole.fc == iec61850::Fc::none) {
        reference_.fc = iec61850::fc_from(component->name);
      } else if (whole.path.empty()) {
        reference_.path = component->name;
      }
      any |= member(component->name, m, component, depth);
      reference_ = whole;
    }
    return any;
  }

  bool by_layout(std::string_view name, asn1::NodeRef node, int depth) {
    std::size_t count = 0;
    for (asn1::NodeRef m = node.first_child(); m; m = m.next_sibling(node)) ++count;
    const auto names = depth == 0         ? iec61850::standard_members(reference_, count)
                       : name == "origin" ? iec61850::originator_members()
                                          : std::span<const std::string_view>{};
    if (names.size() != count) return depth == 0 && by_shape(node);
    bool any = false;
    std::size_t i = 0;
    for (asn1::NodeRef m = node.first_child(); m; m = m.next_sibling(node)) {
      any |= member(names[i++], m, nullptr, depth);
    }
    return any;
  }

  // A whole data object: its value comes first, the thirteen bits of a quality are no other
  // attribute's, and the time behind them is t (IEC 61850-7-3).
  bool by_shape(asn1::NodeRef node) {
    if (!is_data_object(reference_)) return false;
    const iec61850::Fc fc = reference_.fc;
    if (fc != iec61850::Fc::ST && fc != iec61850::Fc::MX) return false;
    bool quality = false;
    bool time = false;
    bool first = true;
    bool value_first = false;
    for (asn1::NodeRef m = node.first_child(); m; m = m.next_sibling(node), first = false) {
      const DataType type = data_type(m.node());
      if (type == DataType::bit_string && BitString(m.bytes()).size() == Quality::kBits) {
        if (!quality) member("q", m, nullptr, 0);
        quality = true;
      } else if (type == DataType::utc_time && quality && !time) {
        member("t", m, nullptr, 0);
        time = true;
      } else if (first && fc == iec61850::Fc::ST && type != DataType::structure &&
                 type != DataType::array) {
        value_first = member(first_status_member(reference_), m, nullptr, 0);
      }
    }
    guessed_ = value_first && quality;
    return quality;
  }

  // Element by element; nothing where one of them can not be told.
  bool array(std::string_view name, asn1::NodeRef node, TypeRef type, int depth) {
    const TypeRef element =
        type != nullptr && type->type == DataType::array ? first_component(type) : nullptr;
    if (element == nullptr || depth > kMaxDepth) return false;
    const auto begin = json_.mark();
    json_.begin_array();
    for (asn1::NodeRef m = node.first_child(); m; m = m.next_sibling(node)) {
      if (element->type == data_type(m.node()) && value(name, m, element, depth + 1)) continue;
      json_.rewind(begin);
      return false;
    }
    json_.end_array();
    return true;
  }

  bool utc_time(Bytes content) {
    UtcTime time;
    if (!read_utc_time(content, time) || !time.is_set()) return false;
    // Whole milliseconds have no exact fraction of 2^-24: rounded, not cut.
    json_.time(time.time() + kNsPerMicrosecond / 2, kMicrosecondDigits);
    return true;
  }

  bool or_ident(asn1::NodeRef node) {
    if (is_readable(node.bytes())) {
      json_.string(node.text());
    } else {
      json_.hex(node.bytes());
    }
    return true;
  }

  bool coded(const IecValue& meaning, asn1::NodeRef node) {
    const BitString bits(node.bytes());
    switch (meaning.kind) {
      case IecValue::Kind::none:
        return false;
      case IecValue::Kind::named:
        json_.plain_string(meaning.name);
        return true;
      case IecValue::Kind::quality:
        write_quality(json_, bits);
        return true;
      case IecValue::Kind::opt_flds:
        write_bit_names(json_, bits_of(bits), iec61850::opt_fld_names());
        return true;
      case IecValue::Kind::trg_ops:
        write_bit_names(json_, bits_of(bits), iec61850::trg_op_names());
        return true;
      case IecValue::Kind::check:
        write_bit_names(json_, bits_of(bits), iec61850::check_names());
        return true;
    }
    return false;
  }

  JsonWriter& json_;
  Reference reference_;
  bool guessed_ = false;
};

// Of a value by itself, whatever its name: most say all there is.
bool may_say_more(DataType type) {
  return type == DataType::structure || type == DataType::bit_string || type == DataType::integer ||
         type == DataType::utc_time || type == DataType::octet_string;
}

}  // namespace

void write_bit_names(JsonWriter& json, std::uint32_t bits,
                     std::span<const std::string_view> names) {
  json.begin_array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((bits & 1u << i) != 0) json.plain_string(names[i]);
  }
  json.end_array();
}

void write_iec(JsonWriter& json, std::string_view ref, asn1::NodeRef value,
               const iec61850::ServerModel& model) {
  const DataType type = data_type(value.node());
  if (!may_say_more(type)) return;
  const ObjectName name = iec61850::split_reference(ref);
  const Reference reference = iec61850::parse_reference(name);
  if (!iec61850::is_iec61850_item(name.item)) return;
  IecWriter writer(json, reference);
  const auto begin = json.mark();
  json.key("iec");
  if (type == DataType::structure) {
    if (!writer.structure({}, value, model.type_of(name.domain, name.item), 0)) json.rewind(begin);
  } else {
    const std::string_view attribute = reference.last();
    bool any = false;
    if (!is_data_object(reference) && is_identifier(attribute) &&
        writer.says_more(attribute, value)) {
      json.begin_object();
      json.key(attribute);
      any = writer.value(attribute, value, nullptr, 0);
    }
    if (any) {
      json.end_object();
    } else {
      json.rewind(begin);
    }
  }
  if (writer.guessed()) {
    json.key("guessed");
    json.boolean(true);
  }
}

}  // namespace mmsa::output
