// Nodes as indented text, one line for each: "name value". What tests compare.
#pragma once

#include <cstdio>
#include <string>

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/ber.h"

namespace mmsa::test {

inline std::string hex_of(Bytes octets) {
  std::string text;
  char buffer[3];
  for (const std::uint8_t octet : octets) {
    std::snprintf(buffer, sizeof buffer, "%02x", octet);
    text += buffer;
  }
  return text;
}

// "0101 {name, name}"
inline std::string bits_of(Bytes content, const asn1::Type& type) {
  std::string bits;
  std::string names;
  const std::size_t unused = content.empty() ? 0 : content[0] & 7u;
  const std::size_t count = content.size() <= 1 ? 0 : (content.size() - 1) * 8 - unused;
  for (std::size_t i = 0; i < count; ++i) {
    const bool set = (content[1 + i / 8] & (0x80u >> (i % 8))) != 0;
    bits += set ? '1' : '0';
    if (set && !type.names.empty()) {
      names += names.empty() ? "" : ", ";
      names += asn1::named(type, static_cast<std::int64_t>(i));
    }
  }
  return names.empty() ? bits : bits + " {" + names + "}";
}

inline std::string value_of(const asn1::Node& node) {
  if (!node.known()) return hex_of(node.bytes());
  const asn1::Type& type = *node.field->type;
  switch (type.kind) {
    case asn1::Kind::sequence:
    case asn1::Kind::sequence_of:
    case asn1::Kind::choice:
    case asn1::Kind::null:
      return {};
    case asn1::Kind::boolean:
      return node.length > 0 && node.content[0] != 0 ? "TRUE" : "FALSE";
    case asn1::Kind::integer: {
      const std::int64_t value = ber::integer(node.bytes());
      const std::string_view name = asn1::named(type, value);
      return std::to_string(value) + (name.empty() ? "" : " " + std::string(name));
    }
    case asn1::Kind::unsigned_integer:
      return std::to_string(ber::unsigned_integer(node.bytes()));
    case asn1::Kind::bit_string:
      return bits_of(node.bytes(), type);
    case asn1::Kind::character_string:
    case asn1::Kind::generalized_time:
      return "\"" + std::string(as_text(node.bytes())) + "\"";
    default:
      return hex_of(node.bytes());
  }
}

inline std::string dump(const asn1::Tree& tree) {
  std::string text;
  std::vector<std::uint32_t> ends;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    const asn1::Node& node = tree.nodes[i];
    text.append(2 * ends.size(), ' ');
    text += node.field->name;
    const std::string value = value_of(node);
    if (!value.empty()) text += " " + value;
    text += '\n';
    ends.push_back(node.end);
  }
  return text;
}

}  // namespace mmsa::test
