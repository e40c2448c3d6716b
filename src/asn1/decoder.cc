// The interpreter of ASN.1 tables. It follows X.690 clause 8 with the leniency that traffic needs:
// components behind the known ones are kept, values of odd lengths are noted and decoding goes on.
#include "asn1/decoder.h"

#include "mmsanalyze/limits.h"

namespace mmsa::asn1 {
namespace {

// The field that an element with this tag is: the field itself, or, where it is an untagged CHOICE,
// one of its alternatives. Null where it is neither; kUnknownField where the CHOICE is extensible.
const Field* match(const Field& field, ber::Tag tag);

const Field* find_alternative(const Type& choice, ber::Tag tag) {
  // Most CHOICEs number their alternatives without gaps, so the tag tells the index.
  const std::span<const Field> fields = choice.fields;
  const std::uint32_t guess = tag.value - fields[0].tag.value;
  if (guess < fields.size() && fields[guess].tag == tag &&
      fields[guess].tagging != Tagging::untagged) {
    return &fields[guess];
  }
  for (const Field& field : fields) {
    if (const Field* found = match(field, tag)) return found;
  }
  return choice.extensible ? &kUnknownField : nullptr;
}

const Field* match(const Field& field, ber::Tag tag) {
  if (field.tagging == Tagging::untagged && field.type->kind == Kind::choice) {
    return find_alternative(*field.type, tag);
  }
  if (field.tag == tag) return &field;
  // An untagged ANY is whatever stands there.
  return field.tag == ber::Tag{} && field.type->kind == Kind::any ? &field : nullptr;
}

constexpr bool is_constructed(Kind kind) { return kind <= Kind::choice; }

bool may_be_constructed(Kind kind) {  // X.690 8.6.1, 8.7.1: strings may come in pieces
  return kind == Kind::bit_string || kind == Kind::octet_string || kind == Kind::character_string ||
         kind == Kind::any || kind == Kind::generalized_time;
}

}  // namespace

bool accepts(const Field& field, ber::Tag tag) { return match(field, tag) != nullptr; }

// Most nodes are of types without a role.
[[gnu::always_inline]] inline std::uint32_t Decoder::open_listed(const Field& field,
                                                                 Bytes content) {
  const std::uint32_t index = open(field, content);
  const Role role = field.type->role;
  if (role == Role::object_name) {
    tree_.objects.push_back(index);
  } else if (role != Role::none && data_depth_ == 0) {
    tree_.values.push_back(index);
    if (role == Role::failure) ++tree_.failures;
  }
  return index;
}

// What a primitive element of this kind may have for content.
void Decoder::check_primitive(const Field& field, Bytes content, bool constructed,
                              const std::uint8_t* begin) {
  const Kind kind = field.type->kind;
  if (constructed) {
    if (may_be_constructed(kind)) {
      if (kind != Kind::any) trouble_.quirk(Quirk::kConstructedString);
    } else {
      trouble_.fail(Errc::unexpected_tag, field.name, begin);
    }
    return;
  }
  const std::size_t length = content.size();
  bool length_ok = true;
  switch (kind) {
    case Kind::boolean:
      length_ok = length == 1;
      break;
    case Kind::integer:
      length_ok = length >= 1 && length <= 8;
      break;
    case Kind::unsigned_integer:
      // A ninth octet can only be the zero that keeps the sign positive.
      length_ok = length >= 1 && (length <= 8 || (length == 9 && content[0] == 0));
      if (length >= 1 && length <= 8 && (content[0] & 0x80) != 0) {
        trouble_.quirk(Quirk::kUnsignedSign);
      }
      break;
    case Kind::null:
      length_ok = length == 0;
      break;
    case Kind::bit_string:  // X.690 8.6.2.2: unused bits 0 to 7, and 0 where no octet follows
      length_ok = length >= 1;
      if (length_ok && (content[0] > 7 || (length == 1 && content[0] != 0))) {
        trouble_.quirk(Quirk::kPadding);
      }
      break;
    case Kind::object_identifier:
      length_ok = length >= 1 && (content[length - 1] & 0x80) == 0;
      break;
    case Kind::time_of_day:
      length_ok = length == 4 || length == 6;
      break;
    case Kind::floating_point:
      length_ok = length == 5 || length == 9;
      break;
    case Kind::utc_time:
      length_ok = length == 8;
      break;
    default:
      break;
  }
  if (!length_ok) trouble_.note(Errc::bad_length, field.name, begin);
}

// --- one element after the other ---
//
// Elements stand in the octets as nodes stand in the tree: each before what it consists of. So one
// loop goes through both, and levels_ says what it is inside of. Nothing recurs: the stack is the
// same however deep a PDU is nested.

void Decoder::decode_element(const Field& field, const ber::Element& element) {
  Level* const outside = level_;
  ber::Element inner = element;
  take(field, inner);
  while (level_ != outside) {
    Level& level = *level_;
    ber::Reader reader({level.pos, level.end}, trouble_);
    if (reader.at_end()) {
      leave(level);
    } else if (reader.next_usual(inner) || reader.next(inner, expected(level))) {
      level.pos = inner.end;
      if (const Field* component = find_component(level, inner)) take(*component, inner);
    }
  }
}

[[gnu::always_inline]] inline void Decoder::take(const Field& field, ber::Element& element) {
  if (tree_.nodes.size() >= limits::kMaxElements) {
    trouble_.fail(Errc::too_many, field.name, element.begin);
  } else if (field.type == nullptr) {
    keep_unknown(element);
  } else if (field.tagging != Tagging::explicit_tag || field.type->kind == Kind::choice ||
             unwrap(field, element)) {
    enter(field, element.content, element.constructed, element.begin);
  }
}

// The node of an element; what it consists of is read next.
[[gnu::always_inline]] inline void Decoder::enter(const Field& field, Bytes content,
                                                  bool constructed, const std::uint8_t* begin) {
  if (!is_constructed(field.type->kind)) {
    open_listed(field, content);
    check_primitive(field, content, constructed, begin);
    return;
  }
  if (level_ == std::end(levels_) - 1) {
    trouble_.fail(Errc::too_deep, field.name, begin);
    return;
  }
  Level& level = *++level_;
  level.pos = content.data();
  level.end = content.data() + content.size();
  level.begin = begin;
  level.field = &field;
  level.next = field.type->fields.data();
  level.node = open_listed(field, content);
  if (field.type->role == Role::data) ++data_depth_;
  if (!constructed) trouble_.fail(Errc::unexpected_tag, field.name, begin);
}

// Behind the last component: whether one is missing.
inline void Decoder::leave(const Level& level) {
  const Type& type = *level.field->type;
  if (type.kind != Kind::sequence_of && !type.any_order && !trouble_.stopped()) {
    note_missing(level);
  }
  if (type.role == Role::data) --data_depth_;
  close(level.node);
  --level_;
}

void Decoder::note_missing(const Level& level) {
  const Type& type = *level.field->type;
  if (type.kind == Kind::choice) {
    if (level.next != nullptr) trouble_.note(Errc::missing_field, level.field->name, level.begin);
    return;
  }
  for (const Field* field = level.next; field != type.end(); ++field) {
    if (!field->optional) {
      trouble_.note(Errc::missing_field, field->name, level.pos);
      return;
    }
  }
}

// --- which component an element is ---

// What a reader would name as broken.
inline const char* Decoder::expected(const Level& level) {
  const Type& type = *level.field->type;
  switch (type.kind) {
    case Kind::sequence_of:
      return type.fields[0].name;
    case Kind::sequence:
      return type.any_order || level.next == type.end() ? type.name : level.next->name;
    default:
      return level.field->name;
  }
}

// kUnknownField where no component can be it, null where that is an error.
inline const Field* Decoder::find_component(Level& level, const ber::Element& element) {
  const Type& type = *level.field->type;
  const Field* found = nullptr;
  switch (type.kind) {
    case Kind::sequence:
      return type.any_order ? find_in_set(type, element) : find_in_sequence(level, element);
    case Kind::sequence_of:
      found = match(type.fields[0], element.tag);
      if (found == nullptr) {
        trouble_.fail(Errc::unexpected_tag, type.fields[0].name, element.begin);
      }
      return found;
    default:  // a CHOICE under an EXPLICIT tag (X.680 31.2.7): one alternative
      level.pos = level.end;
      level.next = nullptr;
      found = find_alternative(type, element.tag);
      if (found == nullptr) {
        trouble_.fail(Errc::unexpected_tag, level.field->name, element.begin);
      }
      return found;
  }
}

inline const Field* Decoder::find_in_sequence(Level& level, const ber::Element& element) {
  const Field* const end = level.field->type->end();
  for (const Field* field = level.next; field != end; ++field) {
    if (const Field* found = match(*field, element.tag)) {
      level.next = field + 1;
      return found;
    }
    if (!field->optional) {
      trouble_.fail(Errc::unexpected_tag, field->name, element.begin);
      return nullptr;
    }
  }
  return &kUnknownField;
}

const Field* Decoder::find_in_set(const Type& type, const ber::Element& element) {
  for (const Field& field : type.fields) {
    if (const Field* found = match(field, element.tag)) return found;
  }
  return &kUnknownField;
}

void Decoder::keep_unknown(const ber::Element& element) {
  if (tree_.nodes.size() >= limits::kMaxElements) {
    trouble_.fail(Errc::too_many, kUnknownField.name, element.begin);
    return;
  }
  trouble_.quirk(Quirk::kUnknownElement);
  open(kUnknownField, element.whole());
}

void Decoder::decode_field(const Field& field, ber::Reader& reader) {
  if (reader.at_end()) {
    if (!trouble_.stopped()) {
      trouble_.fail(Errc::missing_field, field.name, reader.position());
    }
    return;
  }
  ber::Element element;
  if (!reader.next(element, field.name)) return;
  if (const Field* matched = match(field, element.tag)) {
    decode_element(*matched, element);
  } else {
    trouble_.fail(Errc::unexpected_tag, field.name, element.begin);
  }
}

// An EXPLICIT tag: the wrapper and the value inside share one node. Makes `element` what is to be
// read as the field.
bool Decoder::unwrap(const Field& field, ber::Element& element) {
  const Type& type = *field.type;
  if (!element.constructed) {
    trouble_.fail(Errc::unexpected_tag, field.name, element.begin);
    return false;
  }
  ber::Reader inner(element.content, trouble_);
  ber::Element value;
  if (inner.at_end()) {
    trouble_.note(Errc::missing_field, field.name, element.begin);
    return false;
  }
  if (!inner.next(value, field.name)) return false;
  if (type.kind == Kind::sequence_of && !value.content.empty() &&
      accepts(type.fields[0], value.tag) &&
      !accepts(type.fields[0], ber::Reader(value.content, trouble_).peek())) {
    // Some stacks tag a list implicitly where the module says explicitly (FileDirectory-Response):
    // the first octets inside are then an entry, not the list.
    trouble_.quirk(Quirk::kImplicitList);
    return true;
  }
  if (type.universal_tag != ber::Tag{} && value.tag != type.universal_tag) {
    trouble_.fail(Errc::unexpected_tag, field.name, value.begin);
    return false;
  }
  element = value;
  return true;
}

}  // namespace mmsa::asn1
