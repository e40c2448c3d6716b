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
inline std::uint32_t Decoder::open_listed(const Field& field, Bytes content) {
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
void Decoder::check_primitive(const Field& field, const ber::Element& element, Bytes content) {
  const Kind kind = field.type->kind;
  if (element.constructed) {
    if (may_be_constructed(kind)) {
      if (kind != Kind::any) trouble_.quirk(Quirk::kConstructedString);
    } else {
      trouble_.fail(Errc::unexpected_tag, field.name, element.begin);
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
  if (!length_ok) trouble_.note(Errc::bad_length, field.name, element.begin);
}

// What every element goes through; part of each loop below.
[[gnu::always_inline]] inline void Decoder::decode_content(const Field& field,
                                                           const ber::Element& element,
                                                           Bytes content) {
  if (is_constructed(field.type->kind)) {
    decode_constructed(field, element, content);
  } else {
    open_listed(field, content);
    check_primitive(field, element, content);
  }
}

[[gnu::always_inline]] inline void Decoder::decode_known(const Field& field,
                                                         const ber::Element& element) {
  if (tree_.nodes.size() >= limits::kMaxElements) {
    trouble_.fail(Errc::too_many, field.name, element.begin);
  } else if (field.tagging == Tagging::explicit_tag && field.type->kind != Kind::choice) {
    decode_explicit(field, element);
  } else if (field.type == nullptr) {
    keep_unknown(element);
  } else {
    decode_content(field, element, element.content);
  }
}

void Decoder::decode_element(const Field& field, const ber::Element& element) {
  decode_known(field, element);
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
  decode_match(field, element);
}

inline void Decoder::decode_match(const Field& field, const ber::Element& element) {
  if (const Field* matched = match(field, element.tag)) {
    decode_known(*matched, element);
  } else {
    trouble_.fail(Errc::unexpected_tag, field.name, element.begin);
  }
}

// The wrapper and the value inside share one node.
void Decoder::decode_explicit(const Field& field, const ber::Element& element) {
  const Type& type = *field.type;
  if (!element.constructed) {
    trouble_.fail(Errc::unexpected_tag, field.name, element.begin);
    return;
  }
  ber::Reader inner(element.content, trouble_);
  ber::Element value;
  if (inner.at_end()) {
    trouble_.note(Errc::missing_field, field.name, element.begin);
    return;
  }
  if (!inner.next(value, field.name)) return;
  if (type.kind == Kind::sequence_of && !value.content.empty() &&
      accepts(type.fields[0], value.tag) &&
      !accepts(type.fields[0], ber::Reader(value.content, trouble_).peek())) {
    // Some stacks tag a list implicitly where the module says explicitly (FileDirectory-Response):
    // the first octets inside are then an entry, not the list.
    decode_content(field, element, element.content);
  } else if (type.universal_tag != ber::Tag{} && value.tag != type.universal_tag) {
    trouble_.fail(Errc::unexpected_tag, field.name, value.begin);
  } else {
    decode_content(field, value, value.content);
  }
}

void Decoder::decode_constructed(const Field& field, const ber::Element& element, Bytes content) {
  const Type& type = *field.type;
  if (depth_ >= limits::kMaxDepth) {
    trouble_.fail(Errc::too_deep, field.name, element.begin);
    return;
  }
  ++depth_;
  const std::uint32_t index = open_listed(field, content);
  const bool data = type.role == Role::data;
  if (data) ++data_depth_;
  ber::Reader reader(content, trouble_);
  if (!element.constructed) {
    trouble_.fail(Errc::unexpected_tag, field.name, element.begin);
  } else if (type.kind == Kind::sequence_of) {
    decode_sequence_of(type, reader);
  } else if (type.kind == Kind::choice) {  // always under an EXPLICIT tag (X.680 31.2.7)
    ber::Element alternative;
    if (reader.at_end()) {
      trouble_.note(Errc::missing_field, field.name, element.begin);
    } else if (reader.next(alternative, field.name)) {
      decode_choice(type, field.name, alternative);
    }
  } else if (type.any_order) {
    decode_set(type, reader);
  } else {
    decode_sequence(type, reader);
  }
  if (data) --data_depth_;
  --depth_;
  close(index);
}

inline void Decoder::decode_sequence(const Type& type, ber::Reader& reader) {
  std::size_t i = 0;
  ber::Element element;
  while (!reader.at_end()) {
    const char* expected = i < type.fields.size() ? type.fields[i].name : type.name;
    if (!reader.next(element, expected)) return;
    const Field* matched = nullptr;
    std::size_t j = i;
    for (; j < type.fields.size(); ++j) {
      matched = match(type.fields[j], element.tag);
      if (matched != nullptr) break;
      if (!type.fields[j].optional) {
        trouble_.fail(Errc::unexpected_tag, type.fields[j].name, element.begin);
        return;
      }
    }
    if (matched == nullptr) {
      keep_unknown(element);
      continue;
    }
    decode_known(*matched, element);
    i = j + 1;
  }
  if (trouble_.stopped()) return;
  for (; i < type.fields.size(); ++i) {
    if (!type.fields[i].optional) {
      trouble_.note(Errc::missing_field, type.fields[i].name, reader.position());
      return;
    }
  }
}

void Decoder::decode_set(const Type& type, ber::Reader& reader) {
  ber::Element element;
  while (!reader.at_end()) {
    if (!reader.next(element, type.name)) return;
    const Field* matched = nullptr;
    for (const Field& field : type.fields) {
      matched = match(field, element.tag);
      if (matched != nullptr) break;
    }
    decode_element(matched != nullptr ? *matched : kUnknownField, element);
  }
}

inline void Decoder::decode_sequence_of(const Type& type, ber::Reader& reader) {
  const Field& field = type.fields[0];
  ber::Element element;
  while (!reader.at_end()) {
    if (!reader.next(element, field.name)) return;
    decode_match(field, element);
  }
}

inline void Decoder::decode_choice(const Type& type, const char* field,
                                   const ber::Element& element) {
  if (const Field* alternative = find_alternative(type, element.tag)) {
    decode_known(*alternative, element);
  } else {
    trouble_.fail(Errc::unexpected_tag, field, element.begin);
  }
}

}  // namespace mmsa::asn1
