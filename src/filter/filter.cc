#include "filter/filter.h"

#include <algorithm>

#include "filter/expression.h"
#include "text/text.h"

namespace mmsa::filter {
namespace {

// The octets that a slice takes; false where they are not all there.
bool cut(const Slice& slice, Bytes octets, Bytes& part) {
  const auto size = static_cast<std::int64_t>(octets.size());
  const std::int64_t begin = slice.begin < 0 ? slice.begin + size : slice.begin;
  std::int64_t length = slice.length;
  if (slice.to_end) length = size - begin;
  if (slice.has_last) length = (slice.last < 0 ? slice.last + size : slice.last) - begin + 1;
  if (begin < 0 || length <= 0 || begin + length > size) return false;
  part = octets.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
  return true;
}

// What an operand makes of its values. `made` is for what does not stand in the message.
bool shape(const Operand& operand, Value& value, std::string& made) {
  if (operand.slices.size() == 1) {
    if (!cut(operand.slices[0], value.octets, value.octets)) return false;
  } else if (!operand.slices.empty()) {
    std::string joined;
    for (const Slice& slice : operand.slices) {
      Bytes part;
      if (!cut(slice, value.octets, part)) return false;
      joined.append(as_text(part));
    }
    made = std::move(joined);
    value = Value::of_text(made);
  }
  switch (operand.function) {
    case Function::none:
    case Function::count:
      break;
    case Function::len:
      value.number = static_cast<std::int64_t>(value.octets.size());
      break;
    case Function::lower:
    case Function::upper: {
      std::string letters(as_text(value.octets));
      const bool up = operand.function == Function::upper;
      for (char& c : letters) {
        if (up && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (!up && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      }
      made = std::move(letters);
      value = Value::of_text(made);
      break;
    }
  }
  return true;
}

// Calls `function` with each value of the operand until it answers true; says whether it did.
template <typename Callback>
bool each_value(const Operand& operand, const Subject& subject, Callback&& function) {
  std::string made;
  if (operand.function == Function::count) {
    std::int64_t count = 0;
    auto add = [&](Value value) {
      if (shape(operand, value, made)) ++count;
      return false;
    };
    visit(*operand.field, subject, Visitor(add));
    return count > 0 && function(Value::of_number(count));
  }
  auto give = [&](Value value) { return shape(operand, value, made) && function(value); };
  return visit(*operand.field, subject, Visitor(give));
}

bool contains(Bytes where, Bytes what) {
  return as_text(where).find(as_text(what)) != std::string_view::npos;
}

bool compared(Operator op, int order) {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::not_equal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    case Operator::greater_equal:
      return order >= 0;
    default:
      return false;
  }
}

// Whether one value and one literal are in the relation.
bool holds(const Relation& relation, ValueType type, const Value& value, const Literal& literal) {
  if (relation.op == Operator::contains) return contains(value.octets, literal.value.octets);
  if (literal.prefix >= 0 &&
      (relation.op == Operator::equal || relation.op == Operator::not_equal)) {
    return same_network(value.address, literal.value.address, literal.prefix) ==
           (relation.op == Operator::equal);
  }
  return compared(relation.op, compare(type, value, literal.value));
}

bool is_member(const Relation& relation, ValueType type, const Value& value) {
  for (std::size_t i = 0; i + 1 < relation.literals.size(); i += 2) {
    const Literal& low = *relation.literals[i];
    const Literal& high = *relation.literals[i + 1];
    if (low.prefix >= 0) {
      if (same_network(value.address, low.value.address, low.prefix)) return true;
    } else if (compare(type, value, low.value) >= 0 && compare(type, value, high.value) <= 0) {
      return true;
    }
  }
  return false;
}

// Against the values of a field on the right: one is enough, or every one must.
bool holds_for_field(const Relation& relation, ValueType type, const Value& left,
                     const Subject& subject) {
  // The right side's texts need a scratch of their own.
  std::string scratch;
  const Subject right{subject.exchange, subject.first, subject.frames, scratch};
  bool any = false;
  const bool decided = each_value(relation.right, right, [&](const Value& value) {
    any = true;
    const bool one = relation.op == Operator::contains
                         ? contains(left.octets, value.octets)
                         : compared(relation.op, compare(type, left, value));
    return one != relation.all;
  });
  return relation.all ? any && !decided : decided;
}

bool holds(const Relation& relation, ValueType type, const Value& value, const Subject& subject) {
  if (relation.op == Operator::matches) return relation.regex->search(value.octets);
  if (relation.op == Operator::in) return is_member(relation, type, value);
  if (relation.right.field != nullptr) return holds_for_field(relation, type, value, subject);
  return holds(relation, type, value, *relation.literals.front());
}

bool holds(const Relation& relation, const Subject& subject) {
  if (relation.op == Operator::exists) {
    return each_value(relation.left, subject, [](const Value&) { return true; });
  }
  const ValueType type = relation.left.type();
  bool any = false;
  const bool decided = each_value(relation.left, subject, [&](const Value& value) {
    any = true;
    return holds(relation, type, value, subject) != relation.all;
  });
  return relation.all ? any && !decided : decided;
}

bool evaluate(const Expression& expression, const Subject& subject) {
  const auto one = [&](const Expression& operand) { return evaluate(operand, subject); };
  const std::vector<Expression>& operands = expression.operands;
  switch (expression.kind) {
    case Expression::Kind::relation:
      return holds(expression.relation, subject);
    case Expression::Kind::all_of:
      return std::all_of(operands.begin(), operands.end(), one);
    case Expression::Kind::any_of:
      return std::any_of(operands.begin(), operands.end(), one);
    case Expression::Kind::one_of:
      return std::count_if(operands.begin(), operands.end(), one) % 2 != 0;
    case Expression::Kind::negated:
      return !evaluate(operands.front(), subject);
  }
  return false;
}

// Calls `function` with every relation.
template <typename Callback>
void each_relation(const Expression& expression, Callback&& function) {
  if (expression.kind == Expression::Kind::relation) function(expression.relation);
  for (const Expression& operand : expression.operands) each_relation(operand, function);
}

// Columns that the text takes on a terminal: one for each character.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string FilterError::marked(std::string_view filter) const {
  // The place must stay in sight, whatever stands before it, and nothing may steer the terminal.
  const std::string before = text::printable(filter.substr(0, std::min(column, filter.size())));
  const std::string_view rest = filter.substr(std::min(column, filter.size()));
  const std::string place = text::printable(rest.substr(0, length));
  const std::string after =
      text::printable(rest.size() > length ? rest.substr(length) : std::string_view{});
  std::string marks(columns(before), ' ');
  marks += '^';
  const std::size_t width = columns(place);
  if (width > 1) marks.append(width - 1, '~');
  return before + place + after + "\n" + marks;
}

Filter::Filter(std::string_view text) : root_(parse(text)) {}
Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

bool Filter::matches(const Subject& subject) const { return evaluate(*root_, subject); }

bool Filter::needs_frames() const {
  bool needed = false;
  each_relation(*root_, [&needed](const Relation& relation) {
    needed = needed || relation.left.field->needs_frames ||
             (relation.right.field != nullptr && relation.right.field->needs_frames);
  });
  return needed;
}

std::uint64_t Filter::given_up() const {
  std::uint64_t count = 0;
  each_relation(*root_, [&count](const Relation& relation) {
    if (relation.regex != nullptr) count += relation.regex->given_up();
  });
  return count;
}

}  // namespace mmsa::filter
