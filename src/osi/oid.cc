// X.690 8.19: the first subidentifier is 40 * arc1 + arc2, each is base 128, high bit "more".
#include "osi/oid.h"

#include <charconv>

namespace mmsa::osi {
namespace {

void append_number(std::uint64_t value, std::string& out) {
  char digits[20];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, result.ptr);
}

void append_base128(std::uint64_t value, std::vector<std::uint8_t>& out) {
  int shift = 63;
  while (shift > 0 && value >> shift == 0) shift -= 7;
  for (; shift > 0; shift -= 7) {
    out.push_back(static_cast<std::uint8_t>(0x80 | (value >> shift & 0x7F)));
  }
  out.push_back(static_cast<std::uint8_t>(value & 0x7F));
}

}  // namespace

std::string oid_text(Bytes content) {
  std::string out;
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : content) {
    arc = arc << 7 | (octet & 0x7Fu);
    if ((octet & 0x80) != 0) continue;
    if (out.empty()) {
      const std::uint64_t first = arc < 80 ? arc / 40 : 2;
      append_number(first, out);
      arc -= first * 40;
    }
    out += '.';
    append_number(arc, out);
    arc = 0;
  }
  return out;
}

std::optional<std::vector<std::uint8_t>> oid_octets(std::string_view dotted) {
  std::vector<std::uint8_t> out;
  std::uint64_t first = 0;
  int count = 0;
  const char* pos = dotted.data();
  const char* const end = pos + dotted.size();
  while (true) {
    std::uint64_t arc = 0;
    const auto result = std::from_chars(pos, end, arc);
    if (result.ec != std::errc{}) return std::nullopt;
    pos = result.ptr;
    if (count == 0) {
      if (arc > 2) return std::nullopt;
      first = arc;
    } else if (count == 1) {
      if ((first < 2 && arc >= 40) || arc > ~std::uint64_t{80}) return std::nullopt;
      append_base128(first * 40 + arc, out);
    } else {
      append_base128(arc, out);
    }
    ++count;
    if (pos == end) break;
    if (*pos++ != '.') return std::nullopt;
  }
  if (count < 2) return std::nullopt;
  return out;
}

bool is_mms_syntax(std::string_view dotted) {
  // The abstract syntax of ISO 9506-2, and the two application context names that some stacks write
  // in its place.
  return dotted == "1.0.9506.2.1" || dotted == "1.0.9506.2.3" || dotted == "1.0.9506.1.1";
}

}  // namespace mmsa::osi
