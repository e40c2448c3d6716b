// Recursive descent. What binds closest, from the last: or, xor, and, not, relations (as in
// Wireshark from 4.0 on).
#include <charconv>
#include <optional>

#include "filter/expression.h"
#include "filter/filter.h"
#include "filter/lexer.h"
#include "filter/literal.h"
#include "text/text.h"

namespace mmsa::filter {
namespace {

// Parentheses and negations inside each other: a person writes a handful, and each takes stack.
constexpr int kMostDepth = 200;
// Octets of a filter: far more than a person or a script writes.
constexpr std::size_t kLongest = 64 * 1024;

struct Word {
  std::string_view text;
  TokenKind kind;
};
constexpr Word kLogicalWords[] = {{"and", TokenKind::logical_and},
                                  {"or", TokenKind::logical_or},
                                  {"xor", TokenKind::logical_xor},
                                  {"not", TokenKind::logical_not}};

struct Comparison {
  TokenKind symbol;
  std::string_view word;
  std::string_view other_word;
  Operator op;
  bool all;
};
constexpr Comparison kComparisons[] = {
    {TokenKind::equal, "eq", "any_eq", Operator::equal, false},
    {TokenKind::not_equal, "ne", "all_ne", Operator::not_equal, true},
    {TokenKind::all_equal, "all_eq", "", Operator::equal, true},
    {TokenKind::any_not_equal, "any_ne", "", Operator::not_equal, false},
    {TokenKind::less, "lt", "", Operator::less, false},
    {TokenKind::less_equal, "le", "", Operator::less_equal, false},
    {TokenKind::greater, "gt", "", Operator::greater, false},
    {TokenKind::greater_equal, "ge", "", Operator::greater_equal, false},
    {TokenKind::matches, "matches", "", Operator::matches, false},
    {TokenKind::end, "contains", "", Operator::contains, false},
    {TokenKind::end, "in", "", Operator::in, false},
};

struct FunctionName {
  std::string_view name;
  Function function;
};
constexpr FunctionName kFunctions[] = {{"len", Function::len},
                                       {"count", Function::count},
                                       {"lower", Function::lower},
                                       {"upper", Function::upper}};

// Comparisons read from the other side.
Operator mirrored(Operator op) {
  switch (op) {
    case Operator::less:
      return Operator::greater;
    case Operator::less_equal:
      return Operator::greater_equal;
    case Operator::greater:
      return Operator::less;
    case Operator::greater_equal:
      return Operator::less_equal;
    default:
      return op;
  }
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

[[noreturn]] void fail(const Token& token, const std::string& what) {
  throw FilterError(what, token.column, std::max<std::size_t>(token.length, 1));
}

std::string shown(const Token& token) {
  return token.kind == TokenKind::end ? "the end" : "'" + text::printable(token.text) + "'";
}

// A side of a relation before it is known which type the other one has.
struct Side {
  Token token;
  std::optional<Operand> operand;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  std::unique_ptr<Expression> whole() {
    if (token_.kind == TokenKind::end) fail(token_, "the filter is empty");
    auto root = std::make_unique<Expression>(alternatives());
    if (token_.kind != TokenKind::end) {
      fail(token_, shown(token_) + " is not expected here; 'and', 'or' or the end is");
    }
    return root;
  }

 private:
  void advance() { token_ = lexer_.next(); }

  bool take(TokenKind kind) {
    if (token_.kind != kind && logical_word() != kind) return false;
    advance();
    return true;
  }

  TokenKind logical_word() const {
    if (token_.kind == TokenKind::word) {
      for (const Word& word : kLogicalWords) {
        if (token_.text == word.text) return word.kind;
      }
    }
    return token_.kind;
  }

  const Comparison* comparison() const {
    for (const Comparison& row : kComparisons) {
      if (token_.kind == TokenKind::word
              ? token_.text == row.word || (token_.text == row.other_word)
              : token_.kind != TokenKind::end && token_.kind == row.symbol) {
        return &row;
      }
    }
    return nullptr;
  }

  using Level = Expression (Parser::*)();
  Expression joined(Level level, TokenKind by, Expression::Kind kind) {
    Expression first = (this->*level)();
    if (logical_word() != by) return first;
    Expression result;
    result.kind = kind;
    result.operands.push_back(std::move(first));
    while (take(by)) result.operands.push_back((this->*level)());
    return result;
  }

  Expression alternatives() {
    return joined(&Parser::exclusives, TokenKind::logical_or, Expression::Kind::any_of);
  }
  Expression exclusives() {
    return joined(&Parser::conjunction, TokenKind::logical_xor, Expression::Kind::one_of);
  }
  Expression conjunction() {
    return joined(&Parser::negation, TokenKind::logical_and, Expression::Kind::all_of);
  }

  Expression negation() {
    if (++depth_ > kMostDepth) fail(token_, "too many parentheses or negations in each other");
    Expression result;
    const Token start = token_;
    if (take(TokenKind::logical_not)) {
      result.kind = Expression::Kind::negated;
      result.operands.push_back(negation());
    } else if (take(TokenKind::open)) {
      result = alternatives();
      if (!take(TokenKind::close)) {
        if (token_.kind == TokenKind::end) fail(start, "the parenthesis is not closed");
        fail(token_, shown(token_) + " is not expected here; 'and', 'or' or ')' is");
      }
    } else {
      result = relations();
    }
    --depth_;
    return result;
  }

  // "a", "a < b", "a < b < c".
  Expression relations() {
    std::optional<bool> all;
    if (token_.kind == TokenKind::word && (token_.text == "any" || token_.text == "all")) {
      all = token_.text == "all";
      advance();
    }
    std::vector<Expression> chain;
    Side left = side(true);
    const Comparison* row = comparison();
    if (row == nullptr) {
      if (all) fail(token_, "'any' and 'all' need a comparison");
      if (!left.operand) fail_unknown(left.token);
      if (left.operand->function != Function::none) {
        fail(left.token, "what a function gives is to be compared");
      }
      Expression exists;
      exists.relation.left = std::move(*left.operand);
      return exists;
    }
    while (row != nullptr) {
      const Token op = token_;
      advance();
      if (row->op == Operator::in) {
        chain.push_back(membership(std::move(left), all));
        break;
      }
      Side right = side(false);
      Side next = right;
      chain.push_back(relation(std::move(left), op, *row, std::move(right), all));
      left = std::move(next);
      row = row->op == Operator::contains || row->op == Operator::matches ? nullptr : comparison();
    }
    if (chain.size() == 1) return std::move(chain.front());
    Expression result;
    result.kind = Expression::Kind::all_of;
    result.operands = std::move(chain);
    return result;
  }

  Side side(bool first) {
    Side side{token_, std::nullopt};
    switch (token_.kind) {
      case TokenKind::word:
        break;
      case TokenKind::string:
      case TokenKind::character:
        advance();
        return side;
      default:
        fail(token_, shown(token_) + (first ? " is not expected here; a field is"
                                            : " is not expected here; a value is"));
    }
    advance();
    if (token_.kind == TokenKind::open) return {side.token, call(side.token)};
    const Field* const field = find_field(side.token.text);
    if (field == nullptr) {
      if (token_.kind == TokenKind::open_slice) fail_unknown(side.token);
      return side;
    }
    Operand operand;
    operand.field = field;
    slices(operand);
    side.operand = std::move(operand);
    return side;
  }

  Operand call(const Token& name) {
    for (const FunctionName& row : kFunctions) {
      if (row.name != name.text) continue;
      advance();
      const Side argument = side(true);
      if (!argument.operand) fail_unknown(argument.token);
      Operand operand = *argument.operand;
      if (operand.function != Function::none) fail(argument.token, "a field is expected here");
      if (!take(TokenKind::close)) fail(token_, "')' is expected here");
      const ValueType type = operand.type();
      if (row.function == Function::len && !has_octets(type)) {
        fail(argument.token, "'len' is of strings and octets");
      }
      if ((row.function == Function::lower || row.function == Function::upper) &&
          type != ValueType::string) {
        fail(argument.token, "'" + name.text + "' is of strings");
      }
      operand.function = row.function;
      return operand;
    }
    fail(name, "no such function: there are len, count, lower, upper");
  }

  void slices(Operand& operand) {
    if (token_.kind != TokenKind::open_slice) return;
    const Token slice = lexer_.slice();
    if (!has_octets(operand.field->type)) {
      fail(slice, "only strings and octets can be sliced; " + operand.field->name + " is of type " +
                      std::string(value_type_name(operand.field->type)));
    }
    std::string_view rest = slice.text;
    do {
      const std::size_t comma = rest.find(',');
      const auto range = read_slice(rest.substr(0, comma));
      if (!range)
        fail(slice, "not a slice: [begin:length], [first-last], [i], [:length], [begin:]");
      operand.slices.push_back(*range);
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
      if (comma != std::string_view::npos && rest.empty()) fail(slice, "a range is missing");
    } while (!rest.empty());
    advance();
  }

  static bool read_offset(std::string_view text, std::int64_t& value) {
    const auto number = read_integer(text);
    constexpr std::int64_t kFarthest = 1 << 30;
    if (!number || *number > kFarthest || *number < -kFarthest) return false;
    value = *number;
    return true;
  }

  static std::optional<Slice> read_slice(std::string_view text) {
    Slice slice;
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos) {
      const std::string_view begin = text.substr(0, colon);
      const std::string_view length = text.substr(colon + 1);
      if (begin.empty() && length.empty()) return std::nullopt;
      if (!begin.empty() && !read_offset(begin, slice.begin)) return std::nullopt;
      slice.to_end = length.empty();
      if (!slice.to_end && (!read_offset(length, slice.length) || slice.length <= 0)) {
        return std::nullopt;
      }
      return slice;
    }
    const std::size_t dash = text.find('-', 1);
    if (dash != std::string_view::npos) {
      slice.has_last = true;
      if (!read_offset(text.substr(0, dash), slice.begin) ||
          !read_offset(text.substr(dash + 1), slice.last)) {
        return std::nullopt;
      }
      return slice;
    }
    slice.length = 1;
    if (!read_offset(text, slice.begin)) return std::nullopt;
    return slice;
  }

  Expression relation(Side left, const Token& op, const Comparison& row, Side right,
                      std::optional<bool> all) {
    Expression result;
    Relation& relation = result.relation;
    relation.op = row.op;
    relation.all = all.value_or(row.all);
    // A word on the right that names a field of another kind is a value: `== mms` of a string.
    if (left.operand && right.operand && right.operand->field != nullptr &&
        right.token.kind == TokenKind::word && right.operand->slices.empty() &&
        right.operand->function == Function::none &&
        !comparable(left.operand->type(), right.operand->type())) {
      if (left.operand->type() == ValueType::string) {
        right.operand.reset();
      } else {
        fail(op, left.operand->field->name + " and " + right.operand->field->name +
                     " can not be compared: " + std::string(value_type_name(left.operand->type())) +
                     " and " + std::string(value_type_name(right.operand->type())));
      }
    }
    if (!left.operand) {
      if (!right.operand || row.op == Operator::contains || row.op == Operator::matches) {
        fail_unknown(left.token);
      }
      relation.op = mirrored(row.op);
      std::swap(left, right);
    }
    relation.left = std::move(*left.operand);
    check_operator(relation, left.token, op);
    if (right.operand) {
      if (row.op == Operator::matches) fail(right.token, "a regular expression is a string");
      if (!comparable(relation.left.type(), right.operand->type())) {
        fail(op,
             "values of different types: " + std::string(value_type_name(relation.left.type())) +
                 " and " + std::string(value_type_name(right.operand->type())));
      }
      relation.right = std::move(*right.operand);
    } else if (row.op == Operator::matches) {
      if (right.token.kind != TokenKind::string) {
        fail(right.token, "a regular expression is a string in double quotes");
      }
      try {
        relation.regex = std::make_unique<Regex>(right.token.text);
      } catch (const std::invalid_argument& error) {
        fail(right.token, std::string("not a regular expression: ") + error.what());
      }
    } else {
      relation.literals.push_back(literal(relation, right.token));
    }
    return result;
  }

  // in {a, b..c}
  Expression membership(Side left, std::optional<bool> all) {
    if (!left.operand) fail_unknown(left.token);
    Expression result;
    Relation& relation = result.relation;
    relation.op = Operator::in;
    relation.all = all.value_or(false);
    relation.left = std::move(*left.operand);
    check_operator(relation, left.token, token_);
    if (!take(TokenKind::open_set)) fail(token_, shown(token_) + " is not expected here; '{' is");
    do {
      const Token low = value();
      relation.literals.push_back(literal(relation, low));
      if (take(TokenKind::dots)) {
        const Token high = value();
        relation.literals.push_back(literal(relation, high));
        if (relation.literals[relation.literals.size() - 2]->prefix >= 0 ||
            relation.literals.back()->prefix >= 0) {
          fail(high, "a network is no bound of a range");
        }
      } else {
        relation.literals.push_back(literal(relation, low));
      }
    } while (take(TokenKind::comma));
    if (!take(TokenKind::close_set)) {
      fail(token_, shown(token_) + " is not expected here; ',' or '}' is");
    }
    return result;
  }

  Token value() {
    const Token token = token_;
    if (token.kind != TokenKind::word && token.kind != TokenKind::string &&
        token.kind != TokenKind::character) {
      fail(token, shown(token) + " is not expected here; a value is");
    }
    advance();
    return token;
  }

  static bool comparable(ValueType a, ValueType b) {
    if (a == b) return a != ValueType::none;
    return (has_octets(a) && has_octets(b)) ||
           ((a == ValueType::integer || a == ValueType::boolean) &&
            (b == ValueType::integer || b == ValueType::boolean));
  }

  static void check_operator(const Relation& relation, const Token& field, const Token& op) {
    const ValueType type = relation.left.type();
    const bool searches = relation.op == Operator::contains || relation.op == Operator::matches;
    if (type == ValueType::none) {
      fail(field, relation.left.field->name +
                      " has no value: it is there or is not, which its name alone asks");
    }
    if (searches && !has_octets(type)) {
      fail(op, "'" + op.text + "' searches strings and octets; " + relation.left.field->name +
                   " is of type " + std::string(value_type_name(type)));
    }
  }

  // The constant as a value of the type of the relation's left side.
  static std::unique_ptr<Literal> literal(const Relation& relation, const Token& token) {
    auto literal = std::make_unique<Literal>();
    if (!convert(relation.left, token, *literal)) {
      fail(token, shown(token) + " is no " + std::string(value_type_name(relation.left.type())) +
                      ", as " + relation.left.field->name + " is" + named_values(relation.left));
    }
    return literal;
  }

  static std::string named_values(const Operand& operand) {
    if (operand.function != Function::none || operand.field->names.empty()) return {};
    std::string names = "; it can be ";
    for (const asn1::NamedNumber& named : operand.field->names) {
      if (&named != operand.field->names.data()) names += ", ";
      names += named.name;
    }
    return names;
  }

  static bool convert(const Operand& operand, const Token& token, Literal& literal) {
    const std::string& text = token.text;
    switch (operand.type()) {
      case ValueType::integer: {
        if (token.kind == TokenKind::character) {
          literal.value.number = static_cast<unsigned char>(text[0]);
          return true;
        }
        if (operand.function == Function::none) {
          for (const asn1::NamedNumber& named : operand.field->names) {
            if (!same_letters(named.name, text)) continue;
            literal.value.number = named.value;
            return true;
          }
        }
        const auto number = read_integer(text);
        literal.value.number = number.value_or(0);
        return number && token.kind == TokenKind::word;
      }
      case ValueType::boolean: {
        if (same_letters(text, "true") || same_letters(text, "false")) {
          literal.value.number = same_letters(text, "true") ? 1 : 0;
          return true;
        }
        const auto number = read_integer(text);
        literal.value.number = number.value_or(0) != 0 ? 1 : 0;
        return number.has_value();
      }
      case ValueType::string:
        literal.text = text;
        break;
      case ValueType::octets:
      case ValueType::protocol: {
        const auto octets =
            token.kind == TokenKind::word ? read_octets(text) : std::optional<std::string>(text);
        // A word that is no hex is a string to which quotes were spared.
        literal.text = octets.value_or(text);
        break;
      }
      case ValueType::address: {
        const auto network = read_network(text);
        if (!network || network->address.is_v6 != operand.field->name.starts_with("ipv6")) {
          return false;
        }
        literal.value.address = network->address;
        if (text.find('/') != std::string::npos) literal.prefix = network->prefix;
        return true;
      }
      case ValueType::time: {
        const auto time = read_time(text);
        literal.value.number = time.value_or(0);
        return time.has_value();
      }
      case ValueType::duration: {
        const auto duration = read_duration(text);
        literal.value.number = duration.value_or(0);
        return duration.has_value();
      }
      case ValueType::none:
        return false;
    }
    literal.value = Value::of_text(literal.text);
    return true;
  }

  [[noreturn]] static void fail_unknown(const Token& token) {
    if (token.kind != TokenKind::word) fail(token, "a field is expected here");
    if (token.text == "mms.response_in") {
      fail(token,
           "the answer is not known yet when its request is looked at: ask the answers, "
           "by mms.response_to or mms.response_time");
    }
    const std::string near = near_fields(token.text);
    fail(token, "no field " + shown(token) +
                    (near.empty() ? "; 'mmsanalyze fields' lists them" : "; near it: " + near));
  }

  Lexer lexer_;
  Token token_;
  int depth_ = 0;
};

}  // namespace

ValueType Operand::type() const {
  if (function == Function::len || function == Function::count) return ValueType::integer;
  return slices.empty() ? field->type : ValueType::octets;
}

std::unique_ptr<Expression> parse(std::string_view text) {
  if (text.size() > kLongest) throw FilterError("the filter is longer than 64 KiB", kLongest, 1);
  return Parser(text).whole();
}

}  // namespace mmsa::filter
