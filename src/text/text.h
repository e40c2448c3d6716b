// Values as characters, the same in every output: times, addresses, and wire strings made safe.
// All functions append to a buffer that the caller reuses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mmsanalyze/bytes.h"
#include "mmsanalyze/packet.h"

namespace mmsa::text {

// RFC 3339 in UTC with this many digits of the second (0 to 9), rounded down:
// "2024-02-21T20:46:31.867763356Z". Years outside 0..9999 are clamped.
void append_rfc3339(std::string& out, TimeNs time, int digits = 9);

// "10.0.0.3:102", "[fe80::1]:102" (RFC 5952).
void append_endpoint(std::string& out, const Endpoint& endpoint);
std::string endpoint(const Endpoint& endpoint);
void append_address(std::string& out, const IpAddress& address);

// Decimal.
void append_number(std::string& out, std::uint64_t value);
void append_number(std::string& out, std::int64_t value);
// The shortest decimal that reads back as the same double (or float, where `single`), with a point
// or an exponent; "NaN", "Infinity", "-Infinity". Never depends on the locale.
void append_floating(std::string& out, double value, bool single);

// Lower-case hex without separators.
void append_hex(std::string& out, Bytes octets);

// Dotted OBJECT IDENTIFIER of its content octets (X.690 8.19), "" where they are not one.
void append_oid(std::string& out, Bytes content);

// A wire string inside JSON quotes, with the quotes. Valid UTF-8 stays; other octets above 0x7F are
// read as ISO 8859-1. Control characters (C0, DEL, C1) and bidirectional controls become \u
// escapes.
void append_json_string(std::string& out, std::string_view wire);

// The characters of a wire string as UTF-8, read like append_json_string does, nothing escaped: for
// writers that escape by themselves.
void append_utf8(std::string& out, std::string_view wire);
std::string utf8(std::string_view wire);

// "1 error", "2 errors".
std::string counted(std::uint64_t count, std::string_view noun);
// A code: its name, or its number where it has none.
std::string name_or_number(std::string_view name, std::int64_t number);

// A wire string for a terminal: printable characters of valid UTF-8 stay, everything else (and the
// backslash) becomes \xNN or \u{NNNN}.
void append_printable(std::string& out, std::string_view wire);
std::string printable(std::string_view wire);

// True where the text is valid UTF-8 without surrogates and overlong forms.
bool is_utf8(std::string_view text);

}  // namespace mmsa::text
