#include "filter/lexer.h"

#include "filter/filter.h"

namespace mmsa::filter {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':' || c == '/' || c == '-' || c == '+';
}

int digit(char c, int base) {
  int value = -1;
  if (c >= '0' && c <= '9') value = c - '0';
  if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
  if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
  return value < base ? value : -1;
}

struct Symbol {
  std::string_view text;
  TokenKind kind;
};
// Of two that begin alike the longer one comes first.
constexpr Symbol kSymbols[] = {
    {"===", TokenKind::all_equal},    {"!==", TokenKind::any_not_equal},
    {"==", TokenKind::equal},         {"!=", TokenKind::not_equal},
    {"~=", TokenKind::any_not_equal}, {"<=", TokenKind::less_equal},
    {">=", TokenKind::greater_equal}, {"&&", TokenKind::logical_and},
    {"||", TokenKind::logical_or},    {"^^", TokenKind::logical_xor},
    {"..", TokenKind::dots},          {"<", TokenKind::less},
    {">", TokenKind::greater},        {"~", TokenKind::matches},
    {"!", TokenKind::logical_not},    {"(", TokenKind::open},
    {")", TokenKind::close},          {"{", TokenKind::open_set},
    {"}", TokenKind::close_set},      {"[", TokenKind::open_slice},
    {",", TokenKind::comma},
};

struct Escape {
  char letter;
  char octet;
};
constexpr Escape kEscapes[] = {{'a', '\a'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'},  {'r', '\r'},
                               {'t', '\t'}, {'v', '\v'}, {'"', '"'},  {'\'', '\''}, {'\\', '\\'}};

}  // namespace

Token Lexer::next() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  const std::size_t begin = at_;
  if (at_ == text_.size()) return {TokenKind::end, "", begin, 1};
  const char c = text_[at_];
  if (c == '"' || c == '\'') {
    ++at_;
    return quoted(c, begin, false);
  }
  if ((c == 'r' || c == 'R') && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
    at_ += 2;
    return quoted('"', begin, true);
  }
  if (!is_word(c) || text_.substr(at_).starts_with("..")) return symbol();
  while (at_ < text_.size() && is_word(text_[at_]) && !text_.substr(at_).starts_with("..")) ++at_;
  return {TokenKind::word, std::string(text_.substr(begin, at_ - begin)), begin, at_ - begin};
}

Token Lexer::symbol() {
  for (const Symbol& symbol : kSymbols) {
    if (!text_.substr(at_).starts_with(symbol.text)) continue;
    const std::size_t begin = at_;
    at_ += symbol.text.size();
    return {symbol.kind, std::string(symbol.text), begin, symbol.text.size()};
  }
  if (text_[at_] == '=') throw FilterError("'=' compares nothing: write '=='", at_, 1);
  throw FilterError("a character that means nothing here", at_, 1);
}

Token Lexer::quoted(char quote, std::size_t begin, bool raw) {
  std::string value;
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] != '\\') {
      value.push_back(text_[at_++]);
    } else if (raw) {
      // As in Wireshark, a backslash keeps the quote behind it from ending the string, and stays.
      value.push_back(text_[at_++]);
      if (at_ < text_.size()) value.push_back(text_[at_++]);
    } else {
      value.push_back(escape(at_));
    }
  }
  if (at_ == text_.size()) {
    throw FilterError("the string is not ended", begin, text_.size() - begin);
  }
  ++at_;
  if (quote == '\'' && value.size() != 1) {
    throw FilterError("single quotes hold one character; strings stand in double quotes", begin,
                      at_ - begin);
  }
  return {quote == '"' ? TokenKind::string : TokenKind::character, std::move(value), begin,
          at_ - begin};
}

char Lexer::escape(std::size_t begin) {
  ++at_;
  if (at_ < text_.size()) {
    const char letter = text_[at_];
    for (const Escape& escape : kEscapes) {
      if (escape.letter != letter) continue;
      ++at_;
      return escape.octet;
    }
    const int base = letter == 'x' ? 16 : 8;
    if (base == 16) ++at_;
    const std::size_t first = at_;
    int octet = 0;
    const std::size_t most = base == 16 ? 2 : 3;
    while (at_ < text_.size() && at_ - first < most && digit(text_[at_], base) >= 0) {
      octet = octet * base + digit(text_[at_++], base);
    }
    if (at_ > first && octet <= 0xFF) return static_cast<char>(octet);
  }
  throw FilterError("not an escape sequence; r\"...\" keeps backslashes as they are", begin, 2);
}

Token Lexer::slice() {
  const std::size_t begin = at_;
  const std::size_t end = text_.find(']', at_);
  if (end == std::string_view::npos) {
    throw FilterError("the slice is not ended by ']'", begin - 1, text_.size() - begin + 1);
  }
  at_ = end + 1;
  std::string inside;
  for (const char c : text_.substr(begin, end - begin)) {
    if (!is_blank(c)) inside.push_back(c);
  }
  return {TokenKind::open_slice, std::move(inside), begin - 1, at_ - begin + 1};
}

}  // namespace mmsa::filter
