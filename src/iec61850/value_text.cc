#include "iec61850/value_text.h"

#include <algorithm>
#include <span>

#include "iec61850/iec_value.h"
#include "iec61850/member_names.h"
#include "iec61850/names.h"
#include "text/text.h"

namespace mmsa::iec61850 {
namespace {

constexpr std::size_t kMaxBits = 64;
constexpr std::size_t kMaxOctets = 32;
constexpr std::size_t kMaxCharacters = 129;
constexpr std::string_view kCutOff = "...";
constexpr TimeNs kNsPerMicrosecond = 1000;

void append_bits(std::string& out, const BitString& bits) {
  bits.append_text(out, kMaxBits);
  if (bits.size() > kMaxBits) out += kCutOff;
}

void append_octets(std::string& out, Bytes octets) {
  if (octets.empty()) out += "(empty)";
  text::append_hex(out, octets.first(std::min(octets.size(), kMaxOctets)));
  if (octets.size() > kMaxOctets) out += kCutOff;
}

void append_quoted(std::string& out, std::string_view wire) {
  out.push_back('"');
  text::append_printable(out, wire.substr(0, kMaxCharacters));
  if (wire.size() > kMaxCharacters) out += kCutOff;
  out.push_back('"');
}

void append_padded(std::string& out, std::uint32_t value, int width) {
  std::uint32_t scale = 1;
  for (int i = 1; i < width; ++i) scale *= 10;
  for (; scale > 0; scale /= 10) out.push_back(static_cast<char>('0' + value / scale % 10));
}

void append_bit_string(std::string& out, const BitString& bits, const IecValue& meaning) {
  switch (meaning.kind) {
    case IecValue::Kind::none:
      return append_bits(out, bits);
    case IecValue::Kind::named:
      out += meaning.name;
      return;
    case IecValue::Kind::quality:
      return append_quality(out, bits);
    case IecValue::Kind::opt_flds:
      return append_opt_flds(out, bits);
    case IecValue::Kind::trg_ops:
      return append_trg_ops(out, bits);
    case IecValue::Kind::check:
      return append_check(out, bits);
  }
}

void append_integer(std::string& out, std::int64_t code, const IecValue& meaning) {
  if (meaning.name.empty()) {
    text::append_number(out, code);
    return;
  }
  out += meaning.name;
  out += " (";
  text::append_number(out, code);
  out.push_back(')');
}

void append_failure(std::string& out, std::int64_t code) {
  const std::string_view name = data_access_error_name(code);
  out += "failure ";
  if (name.empty()) {
    text::append_number(out, code);
  } else {
    out += name;
  }
}

void append_floating(std::string& out, Bytes content) {
  bool single = false;
  const double value = read_floating_point(content, single);
  text::append_floating(out, value, single);
}

bool is_readable(Bytes octets) {
  return !octets.empty() && std::ranges::all_of(octets, [](std::uint8_t octet) {
    return octet >= 0x20 && octet < 0x7F;
  });
}

class Writer {
 public:
  Writer(std::string& out, const ValueContext& context)
      : out_(out), context_(context), end_(out.size() + context.max_length) {}

  // `name` is that of the attribute, known or guessed; empty where it is neither.
  void value(asn1::NodeRef node, std::string_view name, TypeRef type, int depth) {
    const Bytes content = node.bytes();
    switch (data_type(node.node())) {
      case DataType::failure:
        return append_failure(out_, node.integer());
      case DataType::structure:
      case DataType::array:
        return members(node, type, depth);
      case DataType::boolean:
        out_ += node.boolean() ? "true" : "false";
        return;
      case DataType::bit_string:
        return append_bit_string(out_, BitString(content),
                                 iec_value(context_.reference, name, node));
      case DataType::boolean_array:
        return append_bits(out_, BitString(content));
      case DataType::integer:
        return append_integer(out_, node.integer(), iec_value(context_.reference, name, node));
      case DataType::unsigned_integer:
      case DataType::bcd:
        return text::append_number(out_, node.unsigned_integer());
      case DataType::floating_point:
        return append_floating(out_, content);
      case DataType::octet_string:
        return name == "orIdent" && is_readable(content) ? append_quoted(out_, node.text())
                                                         : append_octets(out_, content);
      case DataType::visible_string:
      case DataType::mms_string:
      case DataType::generalized_time:
        return append_quoted(out_, node.text());
      case DataType::binary_time:
        return append_binary_time(out_, content);
      case DataType::utc_time:
        return append_utc_time(out_, content);
      case DataType::object_id:
        return text::append_oid(out_, content);
      case DataType::real:
        break;
    }
    append_octets(out_, content);
  }

 private:
  std::span<const std::string_view> known_members(asn1::NodeRef node, int depth) const {
    if (depth > 0 || (context_.reference.fc != Fc::CO && context_.reference.fc != Fc::SP &&
                      context_.reference.fc < Fc::BR)) {
      return {};
    }
    std::size_t count = 0;
    for (asn1::NodeRef m = node.first_child(); m; m = m.next_sibling(node)) ++count;
    return standard_members(context_.reference, count);
  }

  // A whole data object with FC ST begins with its value, whatever that is called there.
  bool begins_with_status(int depth) const {
    return depth == 0 && context_.reference.fc == Fc::ST && is_data_object(context_.reference);
  }

  void members(asn1::NodeRef node, TypeRef type, int depth) {
    const bool is_array = data_type(node.node()) == DataType::array;
    out_.push_back(is_array ? '[' : '{');
    const auto names = is_array ? std::span<const std::string_view>{} : known_members(node, depth);
    TypeRef component =
        type != nullptr && type->type == data_type(node.node()) ? first_component(type) : nullptr;
    std::size_t i = 0;
    for (asn1::NodeRef m = node.first_child(); m; m = m.next_sibling(node), ++i) {
      if (i > 0) out_ += ", ";
      if (depth >= context_.max_depth || out_.size() >= end_) {
        out_ += kCutOff;
        break;
      }
      std::string_view name = component != nullptr ? component->name : std::string_view{};
      if (name.empty() && i < names.size()) name = names[i];
      if (!name.empty()) {
        text::append_printable(out_, name);
        out_.push_back(' ');
      } else if (i == 0 && !is_array && begins_with_status(depth)) {
        name = "stVal";
      }
      value(m, name, component, depth + 1);
      if (component != nullptr && !is_array) component = next_component(component, type);
    }
    out_.push_back(is_array ? ']' : '}');
  }

  std::string& out_;
  const ValueContext& context_;
  const std::size_t end_;
};

}  // namespace

void append_value(std::string& out, asn1::NodeRef value, const ValueContext& context) {
  if (!value) {
    out += "missing";
    return;
  }
  const Reference& reference = context.reference;
  // A path of one component names a data object; its attributes begin with the second.
  const bool names_attribute = reference.path.find('$') != std::string_view::npos;
  const std::string_view name = names_attribute ? reference.last() : std::string_view{};
  Writer(out, context).value(value, name, context.type, 0);
}

void append_utc_time(std::string& out, Bytes content) {
  UtcTime time;
  if (!read_utc_time(content, time)) {
    append_octets(out, content);
    return;
  }
  if (!time.is_set()) {
    out += "not set";
  } else {
    // Whole milliseconds have no exact fraction of 2^-24: rounded, not cut.
    text::append_rfc3339(out, time.time() + kNsPerMicrosecond / 2, 6);
  }
  if ((time.quality & UtcTime::kClockFailure) != 0) out += " clock failure";
  if ((time.quality & UtcTime::kClockNotSynchronized) != 0) out += " clock not synchronized";
}

void append_binary_time(std::string& out, Bytes content) {
  BinaryTime time;
  if (!read_binary_time(content, time)) {
    append_octets(out, content);
  } else if (!time.is_set()) {
    out += "not set";
  } else if (time.has_date) {
    text::append_rfc3339(out, time.time(), 3);
  } else {
    const std::uint32_t seconds = time.milliseconds / 1000;
    append_padded(out, seconds / 3600, 2);
    out.push_back(':');
    append_padded(out, seconds / 60 % 60, 2);
    out.push_back(':');
    append_padded(out, seconds % 60, 2);
    out.push_back('.');
    append_padded(out, time.milliseconds % 1000, 3);
  }
}

}  // namespace mmsa::iec61850
