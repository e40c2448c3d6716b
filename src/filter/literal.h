// Texts of a filter, and of the wire, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "filter/value.h"

namespace mmsa::filter {

// Decimal, 0x.., 0b.., octal with a leading 0, each with a sign.
std::optional<std::int64_t> read_integer(std::string_view text);
// Seconds, with a fraction.
std::optional<TimeNs> read_duration(std::string_view text);
// "2026-11-22 08:44:25.085", "2026-11-22T08:44:25Z", "Nov 22, 2026 08:44:25.085 UTC", seconds since
// 1970. Without Z or UTC it is local time, as in Wireshark.
std::optional<TimeNs> read_time(std::string_view text);
// "0a:0b", "0a-0b", "0a.0b", "0a0b", "0x0a0b"; nothing where it is not hex.
std::optional<std::string> read_octets(std::string_view text);

struct Network {
  IpAddress address;
  int prefix = 0;  // all bits where the text gives none
};
// IPv4 or IPv6 with or without "/n".
std::optional<Network> read_network(std::string_view text);

// GeneralizedTime of the wire: "20261122084715.000Z". False where it is none.
bool read_generalized_time(std::string_view text, TimeNs& time);

}  // namespace mmsa::filter
