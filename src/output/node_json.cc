#include "output/node_json.h"

#include "mmsanalyze/data.h"
#include "mmsanalyze/mms.h"

namespace mmsa::output {
namespace {

using asn1::Field;
using asn1::Kind;
using asn1::Node;
using asn1::Role;
using asn1::Tagging;
using asn1::Tree;
using asn1::Type;

void write_bits(JsonWriter& json, Bytes content) {
  std::string& out = json.value();
  out.push_back('"');
  BitString(content).append_text(out);
  out.push_back('"');
}

void write_floating(JsonWriter& json, Bytes content) {
  bool single = false;
  const double value = read_floating_point(content, single);
  std::string& out = json.value();
  const bool finite = value - value == 0;
  if (!finite) out.push_back('"');
  text::append_floating(out, value, single);
  if (!finite) out.push_back('"');
}

void write_binary_time(JsonWriter& json, Bytes content) {
  BinaryTime time;
  if (!read_binary_time(content, time)) {
    json.null();
  } else if (time.has_date) {
    json.time(time.time(), 3);
  } else {  // "1970-01-01THH:MM:SS.mmmZ" without the date
    std::string text;
    text::append_rfc3339(text, TimeNs{time.milliseconds} * kNsPerMs, 3);
    json.plain_string(std::string_view(text).substr(11, 12));
  }
}

void write_oid(JsonWriter& json, Bytes content) {
  std::string& out = json.value();
  out.push_back('"');
  text::append_oid(out, content);
  out.push_back('"');
}

void write_integer(JsonWriter& json, const Node& node) {
  if (node.length == 0 || node.length > 9) {
    json.null();
  } else if (node.kind() == Kind::unsigned_integer) {
    json.number(ber::unsigned_integer(node.bytes()));
  } else {
    json.number(ber::integer(node.bytes()));
  }
}

void write_primitive_data(JsonWriter& json, const Node& node, DataType type) {
  const Bytes content = node.bytes();
  switch (type) {
    case DataType::boolean:
      if (content.empty()) {
        json.null();
      } else {
        json.boolean(content[0] != 0);
      }
      break;
    case DataType::bit_string:
    case DataType::boolean_array:
      write_bits(json, content);
      break;
    case DataType::integer:
    case DataType::unsigned_integer:
    case DataType::bcd:
      write_integer(json, node);
      break;
    case DataType::floating_point:
      if (content.size() != 5 && content.size() != 9) {  // neither single nor double
        json.null();
      } else {
        write_floating(json, content);
      }
      break;
    case DataType::visible_string:
    case DataType::mms_string:
    case DataType::generalized_time:
      json.string(as_text(content));
      break;
    case DataType::binary_time:
      write_binary_time(json, content);
      break;
    case DataType::object_id:
      write_oid(json, content);
      break;
    default:
      json.hex(content);
      break;
  }
}

void write_utc_time(JsonWriter& json, Bytes content) {
  UtcTime time;
  json.key("value");
  if (!read_utc_time(content, time)) {
    json.null();
    return;
  }
  json.time(time.time());
  json.key("quality");
  json.begin_object();
  json.key("leap_seconds_known");
  json.boolean((time.quality & UtcTime::kLeapSecondsKnown) != 0);
  json.key("clock_failure");
  json.boolean((time.quality & UtcTime::kClockFailure) != 0);
  json.key("clock_not_synchronized");
  json.boolean((time.quality & UtcTime::kClockNotSynchronized) != 0);
  json.key("accuracy");
  json.number(std::uint64_t{time.accuracy()});
  json.end_object();
}

// The component of `type` that a child node stands for: itself, or the untagged CHOICE around it.
const Field* component_of(const Type& type, const Field& child) {
  for (const Field& field : type.fields) {
    if (&field == &child) return &field;
    if (field.tagging == Tagging::untagged && field.type->kind == Kind::choice &&
        component_of(*field.type, child) != nullptr) {
      return &field;
    }
  }
  return nullptr;
}

}  // namespace

void write_data(JsonWriter& json, const Tree& tree, std::uint32_t index) {
  const Node& node = tree.nodes[index];
  json.begin_object();
  if (node.role() == Role::failure) {
    const std::int64_t code = ber::integer(node.bytes());
    json.key("error");
    const std::string_view name = data_access_error_name(code);
    json.plain_string(name.empty() ? "unknown" : name);
    json.key("code");
    json.number(code);
    json.end_object();
    return;
  }
  const DataType type = data_type(node);
  json.key("type");
  json.plain_string(data_type_name(type));
  if (type == DataType::utc_time) {
    write_utc_time(json, node.bytes());
  } else if (type == DataType::structure || type == DataType::array) {
    json.key("value");
    json.begin_array();
    for (std::uint32_t i = index + 1; i < node.end; i = tree.nodes[i].end) {
      if (is_value(tree.nodes[i])) write_data(json, tree, i);
    }
    json.end_array();
  } else {
    json.key("value");
    write_primitive_data(json, node, type);
  }
  json.end_object();
}

void write_plain_value(JsonWriter& json, asn1::NodeRef data) {
  if (data_type(data.node()) == DataType::utc_time) {
    UtcTime time;
    if (read_utc_time(data.bytes(), time)) return json.time(time.time());
    return json.null();
  }
  write_primitive_data(json, data.node(), data_type(data.node()));
}

void write_object_name(JsonWriter& json, asn1::NodeRef node) {
  const ObjectName name = object_name(node);
  if (name.scope == ObjectName::Scope::vmd) {
    json.string(name.item);
    return;
  }
  std::string text;
  if (name.scope == ObjectName::Scope::domain) {
    text = name.domain;
    text += '/';
  } else {
    text = "@";
  }
  text += name.item;
  json.string(text);
}

void DetailWriter::write(JsonWriter& json, const Tree& tree, asn1::NodeRef body,
                         bool data_elsewhere) {
  tree_ = &tree;
  const std::uint32_t index = body.index();
  const Node& node = body.node();
  count_rest(index, node.end, data_elsewhere);
  const Kind kind = node.kind();
  json.begin_object();
  if (!has_rest(index)) {
    // Nothing but names and data.
  } else if (kind == Kind::sequence || kind == Kind::choice) {
    write_components(json, index);
  } else if (kind != Kind::null) {  // a service that is one bare value: named by itself
    json.key(node.field->name);
    write_value(json, index);
  }
  json.end_object();
}

// Marks the leaves that are printed, as prefix sums, so that has_rest is one subtraction.
void DetailWriter::count_rest(std::uint32_t begin, std::uint32_t end, bool data_elsewhere) {
  base_ = begin;
  rest_before_.assign(end - begin + 1, 0);
  std::uint32_t count = 0;
  std::uint32_t skip_until = begin;
  for (std::uint32_t i = begin; i < end; ++i) {
    const Node& node = tree_->nodes[i];
    rest_before_[i - begin] = count;
    const bool elsewhere = node.role() == Role::object_name || (data_elsewhere && is_value(node));
    if (i >= skip_until && elsewhere) skip_until = node.end;
    if (i >= skip_until && node.end == i + 1) ++count;
  }
  rest_before_[end - begin] = count;
}

bool DetailWriter::has_rest(std::uint32_t index) const {
  return rest_before_[tree_->nodes[index].end - base_] != rest_before_[index - base_];
}

void DetailWriter::write_components(JsonWriter& json, std::uint32_t index) {
  const Node& parent = tree_->nodes[index];
  bool unknown = false;
  for (std::uint32_t i = index + 1; i < parent.end; i = tree_->nodes[i].end) {
    const Node& child = tree_->nodes[i];
    if (!child.known()) {
      unknown = true;
      continue;
    }
    if (!has_rest(i)) continue;
    const Field* component = component_of(*parent.field->type, *child.field);
    if (component == nullptr || component == child.field) {
      json.key(child.field->name);
      write_value(json, i);
    } else {
      json.key(component->name);
      if (is_value(child)) {
        write_data(json, *tree_, i);
      } else {
        json.begin_object();
        json.key(child.field->name);
        write_value(json, i);
        json.end_object();
      }
    }
  }
  if (!unknown) return;
  json.key("unknown");
  json.begin_array();
  for (std::uint32_t i = index + 1; i < parent.end; i = tree_->nodes[i].end) {
    if (!tree_->nodes[i].known()) write_value(json, i);
  }
  json.end_array();
}

void DetailWriter::write_elements(JsonWriter& json, std::uint32_t index) {
  const Node& parent = tree_->nodes[index];
  const Field& element = parent.field->type->fields[0];
  const bool alternatives =
      element.tagging == Tagging::untagged && element.type->kind == Kind::choice;
  json.begin_array();
  for (std::uint32_t i = index + 1; i < parent.end; i = tree_->nodes[i].end) {
    const Node& child = tree_->nodes[i];
    if (!has_rest(i)) {  // keeps its place, so that positions match the list of objects
      json.begin_object();
      json.end_object();
    } else if (alternatives && child.known() && !is_value(child)) {
      json.begin_object();
      json.key(child.field->name);
      write_value(json, i);
      json.end_object();
    } else {
      write_value(json, i);
    }
  }
  json.end_array();
}

void DetailWriter::write_value(JsonWriter& json, std::uint32_t index) {
  const Node& node = tree_->nodes[index];
  if (is_value(node)) {
    write_data(json, *tree_, index);
    return;
  }
  switch (node.kind()) {
    case Kind::choice:
      if (node.end > index + 1 && is_value(tree_->nodes[index + 1])) {  // tagged Data
        write_data(json, *tree_, index + 1);
        break;
      }
      [[fallthrough]];
    case Kind::sequence:
      json.begin_object();
      write_components(json, index);
      json.end_object();
      break;
    case Kind::sequence_of:
      write_elements(json, index);
      break;
    default:
      write_primitive(json, node);
      break;
  }
}

void DetailWriter::write_primitive(JsonWriter& json, const Node& node) {
  const Bytes content = node.bytes();
  switch (node.kind()) {
    case Kind::boolean:
      json.boolean(!content.empty() && content[0] != 0);
      break;
    case Kind::integer:
    case Kind::unsigned_integer:
      for (const asn1::NamedNumber& named : node.field->type->names) {
        if (!content.empty() && named.value == ber::integer(content)) {
          json.plain_string(named.name);
          return;
        }
      }
      write_integer(json, node);
      break;
    case Kind::null:
      json.null();
      break;
    case Kind::bit_string: {
      if (node.field->type->names.empty()) {
        write_bits(json, content);
        break;
      }
      const BitString bits(content);
      json.begin_array();
      for (const asn1::NamedNumber& named : node.field->type->names) {
        if (bits[static_cast<std::size_t>(named.value)]) json.plain_string(named.name);
      }
      json.end_array();
      break;
    }
    case Kind::character_string:
    case Kind::generalized_time:
      json.string(as_text(content));
      break;
    case Kind::object_identifier:
      write_oid(json, content);
      break;
    case Kind::floating_point:
      write_floating(json, content);
      break;
    case Kind::time_of_day:
      write_binary_time(json, content);
      break;
    case Kind::utc_time:
      json.begin_object();
      write_utc_time(json, content);
      json.end_object();
      break;
    default:
      json.hex(content);
      break;
  }
}

}  // namespace mmsa::output
