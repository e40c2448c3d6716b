// What fields have and literals are: one value, compared by its type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mmsanalyze/bytes.h"
#include "mmsanalyze/packet.h"

namespace mmsa::filter {

// Wireshark's FT_ types, as far as a message has fields of them.
enum class ValueType : std::uint8_t {
  none,      // is there or is not
  protocol,  // a layer: is there or is not; of `mms` the octets of the PDU
  boolean,   // Value::number, 0 or 1
  integer,   // Value::number; unsigned numbers that int64 can not hold are its maximum
  string,    // Value::octets; also OBJECT IDENTIFIERs, dotted
  octets,    // Value::octets
  address,   // Value::address, IPv4 or IPv6
  time,      // Value::number, nanoseconds since 1970
  duration,  // Value::number, nanoseconds
};
std::string_view value_type_name(ValueType type);

// Views: into the message, the filter, or the scratch text of a Subject.
struct Value {
  std::int64_t number = 0;
  Bytes octets{};
  IpAddress address{};

  static Value of_number(std::int64_t number) { return {.number = number}; }
  static Value of_text(std::string_view text) { return {.octets = as_bytes(text)}; }
  static Value of_octets(Bytes octets) { return {.octets = octets}; }
  static Value of_address(const IpAddress& address) { return {.address = address}; }
};

// Whether values of the type are octets in a row, which can be sliced and searched.
constexpr bool has_octets(ValueType type) {
  return type == ValueType::protocol || type == ValueType::string || type == ValueType::octets;
}
constexpr bool has_number(ValueType type) {
  return type == ValueType::boolean || type == ValueType::integer || type == ValueType::time ||
         type == ValueType::duration;
}

// Less than, equal to, greater than 0, like memcmp. Octets are compared one by one, as Wireshark
// does; of two that begin alike the shorter one is less.
int compare(ValueType type, const Value& a, const Value& b);

// Whether the first `prefix` bits of two addresses of one family are equal.
bool same_network(const IpAddress& a, const IpAddress& b, int prefix);

}  // namespace mmsa::filter
