// A filter as a tree: what the parser makes and Filter evaluates.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "filter/field.h"
#include "filter/regex.h"

namespace mmsa::filter {

// [begin:length] of octets, as the filter writes it. A negative begin counts from the end.
struct Slice {
  std::int64_t begin = 0;
  std::int64_t length = 0;  // meaningless with to_end
  bool to_end = false;
  std::int64_t last = 0;  // [begin-last]: meaningful where has_last
  bool has_last = false;
};

enum class Function : std::uint8_t { none, len, count, lower, upper };

// A field, what is cut out of it, and what a function makes of that.
struct Operand {
  const Field* field = nullptr;
  std::vector<Slice> slices;
  Function function = Function::none;

  // Of its values.
  ValueType type() const;
};

struct Literal {
  Value value;
  std::string text;  // the octets that `value` views; stays where it is: Literals are not moved
  int prefix = -1;   // of an address: compare so many bits; -1: all
};

enum class Operator : std::uint8_t {
  exists,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  contains,
  matches,
  in,
};

// "field operator something".
struct Relation {
  Operator op = Operator::exists;
  bool all = false;  // every value must; else one is enough
  Operand left;
  Operand right;  // a field, where right.field is set
  // The constant; of `in` pairs of bounds.
  std::vector<std::unique_ptr<Literal>> literals;
  std::unique_ptr<Regex> regex;  // of `matches`
};

struct Expression {
  enum class Kind : std::uint8_t {
    relation,
    all_of,
    any_of,
    one_of,
    negated
  } kind = Kind::relation;
  Relation relation;                 // of relation
  std::vector<Expression> operands;  // of the others; one_of: exclusive or, by pairs from the left
};

// Throws FilterError.
std::unique_ptr<Expression> parse(std::string_view text);

}  // namespace mmsa::filter
