#include "filter/value.h"

#include <algorithm>
#include <cstring>

namespace mmsa::filter {

std::string_view value_type_name(ValueType type) {
  switch (type) {
    case ValueType::none:
      return "presence";
    case ValueType::protocol:
      return "layer";
    case ValueType::boolean:
      return "boolean";
    case ValueType::integer:
      return "integer";
    case ValueType::string:
      return "string";
    case ValueType::octets:
      return "octets";
    case ValueType::address:
      return "address";
    case ValueType::time:
      return "time";
    case ValueType::duration:
      return "duration";
  }
  return {};
}

int compare(ValueType type, const Value& a, const Value& b) {
  if (has_number(type)) return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
  if (type == ValueType::address) {
    if (a.address == b.address) return 0;
    return a.address < b.address ? -1 : 1;
  }
  const std::size_t common = std::min(a.octets.size(), b.octets.size());
  const int order = common == 0 ? 0 : std::memcmp(a.octets.data(), b.octets.data(), common);
  if (order != 0) return order;
  return a.octets.size() < b.octets.size() ? -1 : a.octets.size() > b.octets.size() ? 1 : 0;
}

bool same_network(const IpAddress& a, const IpAddress& b, int prefix) {
  if (a.is_v6 != b.is_v6) return false;
  std::size_t octet = 0;
  for (; prefix >= 8; prefix -= 8, ++octet) {
    if (a.octets[octet] != b.octets[octet]) return false;
  }
  return prefix == 0 || ((a.octets[octet] ^ b.octets[octet]) >> (8 - prefix)) == 0;
}

}  // namespace mmsa::filter
