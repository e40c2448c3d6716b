#include "diff/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace mmsa::diff {
namespace {

constexpr std::size_t kShort = 120;
constexpr std::size_t kShown = 5;

// Elements between ", ", those inside braces as one.
std::vector<std::string_view> elements_of(std::string_view text) {
  std::vector<std::string_view> elements;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}') --depth;
    if (depth > 0 || text[i] != ',' || i + 1 == text.size() || text[i + 1] != ' ') continue;
    elements.push_back(text.substr(begin, i - begin));
    begin = i + 2;
  }
  elements.push_back(text.substr(begin));
  return elements;
}

std::string only_here(const std::vector<std::string_view>& own,
                      const std::vector<std::string_view>& others) {
  const std::unordered_set<std::string_view> known(others.begin(), others.end());
  std::string text = fmt::format("{} elements", own.size());
  std::size_t more = 0;
  for (const std::string_view element : own) {
    if (known.contains(element)) continue;
    if (++more > kShown) continue;
    text += more == 1 ? "; only here: " : ", ";
    text += shortened(element, kShort);
  }
  if (more > kShown) text += fmt::format(" and {} more", more - kShown);
  return text;
}

// From the element with the first difference on.
std::string from_difference(std::string_view text, std::size_t at) {
  if (text.size() <= kShort) return std::string(text);
  std::size_t begin = std::min(at, text.size());
  while (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '{') --begin;
  return fmt::format("{}{}", begin > 0 ? "..." : "", shortened(text.substr(begin), kShort));
}

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  // Not inside a character of UTF-8.
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "...";
}

void contrast(std::string_view a, std::string_view b, std::string& of_a, std::string& of_b) {
  const auto elements_a = elements_of(a);
  const auto elements_b = elements_of(b);
  if (a.size() <= kShort && b.size() <= kShort) {
    of_a = a;
    of_b = b;
  } else if (elements_a.size() > 1 || elements_b.size() > 1) {
    of_a = only_here(elements_a, elements_b);
    of_b = only_here(elements_b, elements_a);
  }
  if (of_a != of_b) return;
  const auto differs = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto at = static_cast<std::size_t>(differs.first - a.begin());
  of_a = from_difference(a, at);
  of_b = from_difference(b, at);
}

}  // namespace mmsa::diff
