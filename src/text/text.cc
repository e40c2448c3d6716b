#include "text/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace mmsa::text {
namespace {

constexpr std::int64_t kNsPerDay = 86'400 * kNsPerSecond;

struct CivilDate {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

// Days since 1970-01-01 in the proleptic Gregorian calendar; eras of 400 years begin on 1 March.
CivilDate civil_date(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

// Writes exactly `width` digits and returns the place behind them.
char* put_padded(char* at, std::uint32_t value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return at + width;
}

char* put_number(char* at, std::uint32_t value) {
  return std::to_chars(at, at + std::numeric_limits<std::uint32_t>::digits10 + 1, value).ptr;
}

constexpr char kHexDigits[] = "0123456789abcdef";

// Length of the valid UTF-8 sequence at the start of `text`, 0 where there is none; its code point.
std::size_t utf8_sequence(std::string_view text, std::uint32_t& code_point) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = octet(0);
  std::size_t length = 0;
  std::uint32_t least = 0;
  if (first < 0x80) {
    code_point = first;
    return 1;
  }
  if ((first & 0xE0) == 0xC0) {
    length = 2, least = 0x80, code_point = first & 0x1Fu;
  } else if ((first & 0xF0) == 0xE0) {
    length = 3, least = 0x800, code_point = first & 0x0Fu;
  } else if ((first & 0xF8) == 0xF0) {
    length = 4, least = 0x10000, code_point = first & 0x07u;
  } else {
    return 0;
  }
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return 0;
    code_point = code_point << 6 | (octet(i) & 0x3Fu);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point < least || code_point > 0x10FFFF || surrogate ? 0 : length;
}

// Characters that steer a terminal or reorder what is read: never printed as they are.
bool is_unsafe(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x061C ||
         (code_point >= 0x200B && code_point <= 0x200F) ||
         (code_point >= 0x2028 && code_point <= 0x202E) ||
         (code_point >= 0x2060 && code_point <= 0x206F) || code_point == 0xFEFF ||
         (code_point >= 0xFFF0 && code_point <= 0xFFFB) ||
         (code_point >= 0xE0000 && code_point <= 0xE0FFF);
}

void append_hex_number(std::string& out, std::uint32_t value, int width) {
  for (int shift = (width - 1) * 4; shift >= 0; shift -= 4) {
    out.push_back(kHexDigits[value >> shift & 0xF]);
  }
}

void append_json_escape(std::string& out, std::uint32_t code_point) {
  if (code_point > 0xFFFF) {  // a surrogate pair, RFC 8259 section 7
    code_point -= 0x10000;
    append_json_escape(out, 0xD800 + (code_point >> 10));
    append_json_escape(out, 0xDC00 + (code_point & 0x3FF));
    return;
  }
  out += "\\u";
  append_hex_number(out, code_point, 4);
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

// How many characters from `from` on are plain. Eight at a time: an octet of a word is 0 where it
// is the one looked for, and subtracting 1 from each carries into the top bit of those only, or of
// one behind, which the loop over single characters then finds plain.
std::size_t plain_end(std::string_view text, std::size_t from) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kTops = 0x80 * kOnes;
  const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  std::size_t i = from;
  for (; text.size() - i >= sizeof(std::uint64_t); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    const std::uint64_t found = word | ((word - 0x20 * kOnes) & ~word) |
                                has_zero(word ^ (0x7F * kOnes)) | has_zero(word ^ ('"' * kOnes)) |
                                has_zero(word ^ ('\\' * kOnes));
    if ((found & kTops) != 0) break;
  }
  while (i < text.size() && is_plain(text[i])) ++i;
  return i;
}

}  // namespace

void append_rfc3339(std::string& out, TimeNs time, int digits) {
  std::int64_t days = time / kNsPerDay;
  std::int64_t in_day = time % kNsPerDay;
  if (in_day < 0) {
    in_day += kNsPerDay;
    --days;
  }
  const CivilDate date = civil_date(days);
  std::array<char, 32> buffer;  // "1970-01-01T00:00:00.000000000Z" are 30
  char* at = buffer.data();
  at = put_padded(at, static_cast<std::uint32_t>(std::clamp<std::int64_t>(date.year, 0, 9999)), 4);
  *at++ = '-';
  at = put_padded(at, date.month, 2);
  *at++ = '-';
  at = put_padded(at, date.day, 2);
  *at++ = 'T';
  const auto seconds = static_cast<std::uint32_t>(in_day / kNsPerSecond);
  at = put_padded(at, seconds / 3600, 2);
  *at++ = ':';
  at = put_padded(at, seconds / 60 % 60, 2);
  *at++ = ':';
  at = put_padded(at, seconds % 60, 2);
  if (digits > 0) {
    *at++ = '.';
    put_padded(at, static_cast<std::uint32_t>(in_day % kNsPerSecond), 9);
    at += std::min(digits, 9);
  }
  *at++ = 'Z';
  out.append(buffer.data(), static_cast<std::size_t>(at - buffer.data()));
}

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), result.ptr);
}

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 20> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), result.ptr);
}

void append_floating(std::string& out, double value, bool single) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
    return;
  }
  std::array<char, 32> buffer;
  char* const end = buffer.data() + buffer.size();
  const auto result = single ? std::to_chars(buffer.data(), end, static_cast<float>(value))
                             : std::to_chars(buffer.data(), end, value);
  const std::string_view digits(buffer.data(),
                                static_cast<std::size_t>(result.ptr - buffer.data()));
  out += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_address(std::string& out, const IpAddress& address) {
  const auto& o = address.octets;
  if (!address.is_v6) {
    std::array<char, 16> buffer;  // "255.255.255.255" are 15
    char* at = put_number(buffer.data(), o[0]);
    for (std::size_t i = 1; i < 4; ++i) {
      *at++ = '.';
      at = put_number(at, o[i]);
    }
    out.append(buffer.data(), static_cast<std::size_t>(at - buffer.data()));
    return;
  }
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<std::uint16_t>(o[2 * i] << 8 | o[2 * i + 1]);
  }
  // RFC 5952 4.2: the first of the longest runs of two or more zero groups is left out.
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8;) {
    std::size_t j = i;
    while (j < 8 && groups[j] == 0) ++j;
    if (j - i > best_length) best = i, best_length = j - i;
    i = j == i ? i + 1 : j;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (i > 0 && i != best + best_length) out.push_back(':');
    std::array<char, 4> buffer;
    const auto result = std::to_chars(buffer.data(), buffer.data() + 4, groups[i], 16);
    out.append(buffer.data(), result.ptr);
  }
}

void append_endpoint(std::string& out, const Endpoint& endpoint) {
  if (endpoint.address.is_v6) out.push_back('[');
  append_address(out, endpoint.address);
  if (endpoint.address.is_v6) out.push_back(']');
  out.push_back(':');
  append_number(out, std::uint64_t{endpoint.port});
}

std::string endpoint(const Endpoint& endpoint) {
  std::string out;
  append_endpoint(out, endpoint);
  return out;
}

void append_hex(std::string& out, Bytes octets) {
  const std::size_t begin = out.size();
  out.resize(begin + 2 * octets.size());
  char* at = out.data() + begin;
  for (const std::uint8_t octet : octets) {
    *at++ = kHexDigits[octet >> 4];
    *at++ = kHexDigits[octet & 0xF];
  }
}

std::string counted(std::uint64_t count, std::string_view noun) {
  std::string out;
  append_number(out, count);
  out += ' ';
  out += noun;
  if (count != 1) out += 's';
  return out;
}

std::string name_or_number(std::string_view name, std::int64_t number) {
  return name.empty() ? std::to_string(number) : std::string(name);
}

void append_oid(std::string& out, Bytes content) {
  if (content.empty() || (content.back() & 0x80) != 0) return;
  std::uint64_t arc = 0;
  bool first = true;
  for (const std::uint8_t octet : content) {
    if (arc >> 56 != 0) arc = 0;  // no registered arc is that long
    arc = arc << 7 | (octet & 0x7Fu);
    if ((octet & 0x80) != 0) continue;
    if (first) {  // X.690 8.19.4
      const std::uint64_t root = std::min<std::uint64_t>(arc / 40, 2);
      append_number(out, root);
      arc -= root * 40;
      first = false;
    }
    out.push_back('.');
    append_number(out, arc);
    arc = 0;
  }
}

void append_json_string(std::string& out, std::string_view wire) {
  out.push_back('"');
  std::size_t i = plain_end(wire, 0);
  out.append(wire, 0, i);
  const bool utf8 = i == wire.size() || is_utf8(wire);
  while (i < wire.size()) {
    const std::size_t plain = plain_end(wire, i);
    out.append(wire, i, plain - i);
    i = plain;
    if (i == wire.size()) break;
    std::uint32_t code_point = static_cast<std::uint8_t>(wire[i]);
    const std::size_t length = utf8 ? utf8_sequence(wire.substr(i), code_point) : 1;
    if (code_point == '"' || code_point == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(code_point));
    } else if (is_unsafe(code_point) || length == 1) {
      append_json_escape(out, code_point);
    } else {
      out.append(wire, i, length);
    }
    i += length;
  }
  out.push_back('"');
}

void append_utf8(std::string& out, std::string_view wire) {
  if (is_utf8(wire)) {
    out += wire;
    return;
  }
  for (const char c : wire) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (octet < 0x80) {
      out.push_back(c);
    } else {  // U+0080 to U+00FF
      out.push_back(static_cast<char>(0xC0 | octet >> 6));
      out.push_back(static_cast<char>(0x80 | (octet & 0x3F)));
    }
  }
}

std::string utf8(std::string_view wire) {
  std::string out;
  append_utf8(out, wire);
  return out;
}

void append_printable(std::string& out, std::string_view wire) {
  std::size_t i = 0;
  while (i < wire.size()) {
    if (is_plain(wire[i]) || wire[i] == '"') {
      out.push_back(wire[i++]);
      continue;
    }
    std::uint32_t code_point = 0;
    const std::size_t length = utf8_sequence(wire.substr(i), code_point);
    if (length <= 1) {
      out += "\\x";
      append_hex_number(out, static_cast<std::uint8_t>(wire[i]), 2);
      ++i;
    } else if (is_unsafe(code_point)) {
      out += "\\u{";
      append_hex_number(out, code_point, code_point > 0xFFFF ? 6 : 4);
      out.push_back('}');
      i += length;
    } else {
      out.append(wire, i, length);
      i += length;
    }
  }
}

std::string printable(std::string_view wire) {
  std::string out;
  append_printable(out, wire);
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<std::uint8_t>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    std::uint32_t code_point = 0;
    const std::size_t length = utf8_sequence(text.substr(i), code_point);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

}  // namespace mmsa::text
