// A filter's text as tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmsa::filter {

enum class TokenKind : std::uint8_t {
  end,
  word,       // field, literal or keyword
  string,     // in quotes; `text` is what it means
  character,  // 'c'; `text` is the one octet
  open,       // (
  close,      // )
  open_set,   // {
  close_set,  // }
  comma,
  dots,           // ..
  open_slice,     // [
  equal,          // ==
  not_equal,      // !=
  all_equal,      // ===
  any_not_equal,  // !== and ~=
  less,
  less_equal,
  greater,
  greater_equal,
  matches,  // ~
  logical_and,
  logical_or,
  logical_xor,
  logical_not,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;
  std::size_t column = 0;
  std::size_t length = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  // Throws FilterError.
  Token next();
  // What stands up to the ']' behind a '[' that was read, which is read too.
  Token slice();

 private:
  Token quoted(char quote, std::size_t begin, bool raw);
  char escape(std::size_t begin);
  Token symbol();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace mmsa::filter
