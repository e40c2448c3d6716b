// Octets as people write them: "a1 08  # a comment" -> a1 08. A '#' comments the rest of its line,
// and text in double quotes stands for its characters.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mmsa::test {

inline int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Throws where the text is neither hex, nor white space, nor a comment: a broken test.
inline std::vector<std::uint8_t> hex(std::string_view text) {
  std::vector<std::uint8_t> octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\n' || c == '\t' || c == '|') continue;
    if (c == '#') {
      i = text.find('\n', i);
      if (i == std::string_view::npos) break;
      continue;
    }
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        octets.push_back(static_cast<std::uint8_t>(text[i]));
      }
      continue;
    }
    const int high = hex_digit(c);
    const int low = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
    if (high < 0 || low < 0) {
      throw std::invalid_argument("not hex: " + std::string(text.substr(i, 20)));
    }
    octets.push_back(static_cast<std::uint8_t>(high * 16 + low));
    ++i;
  }
  return octets;
}

}  // namespace mmsa::test
