// BER identifiers, lengths and integers: ITU-T X.690 clauses 8.1 and 8.3.
#include "mmsanalyze/ber.h"

namespace mmsa::ber {
namespace {

struct Header {
  Tag tag;
  bool constructed = false;
  bool indefinite = false;
  bool non_minimal = false;
  const std::uint8_t* content = nullptr;  // behind the length octets
  std::size_t length = 0;
};

enum class HeaderResult { ok, truncated, bad };

// Reads identifier and length octets; the content itself may lie outside [pos, end).
HeaderResult read_header(const std::uint8_t* pos, const std::uint8_t* end, Header& header) {
  if (pos == end) return HeaderResult::truncated;
  const std::uint8_t first = *pos++;
  std::uint32_t number = first & 0x1F;
  if (number == 0x1F) {  // 8.1.2.4: further octets, seven bits each, most significant first
    number = 0;
    std::uint8_t octet = 0;
    do {
      if (pos == end) return HeaderResult::truncated;
      octet = *pos++;
      if (number >= 1u << 22) return HeaderResult::bad;
      number = number << 7 | (octet & 0x7Fu);
    } while ((octet & 0x80) != 0);
  }
  header.tag = Tag(static_cast<Class>(first >> 6), number);
  header.constructed = (first & 0x20) != 0;
  if (pos == end) return HeaderResult::truncated;
  const std::uint8_t length = *pos++;
  header.indefinite = length == 0x80;
  header.non_minimal = false;
  if (length < 0x80) {
    header.length = length;
  } else if (header.indefinite) {
    if (!header.constructed) return HeaderResult::bad;  // 8.1.3.2
    header.length = 0;
  } else {  // 8.1.3.5: the low bits count the length octets; 255 is reserved
    std::size_t octets = length & 0x7Fu;
    if (octets == 0x7F) return HeaderResult::bad;
    std::uint64_t value = 0;
    bool leading = true;
    for (; octets > 0; --octets) {
      if (pos == end) return HeaderResult::truncated;
      if (leading && *pos == 0) header.non_minimal = true;
      leading = false;
      if (value >> 32 != 0) return HeaderResult::truncated;  // longer than any input
      value = value << 8 | *pos++;
    }
    if (value < 0x80) header.non_minimal = true;
    header.length = static_cast<std::size_t>(value);
  }
  header.content = pos;
  return HeaderResult::ok;
}

// The end-of-contents octets that close the level `pos` is in (8.1.5), or null. One pass, whatever
// the nesting.
const std::uint8_t* find_end_of_contents(const std::uint8_t* pos, const std::uint8_t* end) {
  std::size_t open = 1;
  Header header;
  while (pos != end) {
    if (end - pos >= 2 && pos[0] == 0 && pos[1] == 0) {
      if (--open == 0) return pos;
      pos += 2;
      continue;
    }
    if (read_header(pos, end, header) != HeaderResult::ok) return nullptr;
    pos = header.content;
    if (header.indefinite) {
      ++open;
    } else if (header.length <= static_cast<std::size_t>(end - pos)) {
      pos += header.length;
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

}  // namespace

Element Reader::long_form(const std::uint8_t* begin, const std::uint8_t* end, Trouble& trouble,
                          const char* field) {
  Header header;
  switch (read_header(begin, end, header)) {
    case HeaderResult::truncated:
      trouble.fail(Errc::truncated, field, begin);
      return {};
    case HeaderResult::bad:
      trouble.fail(Errc::bad_length, field, begin);
      return {};
    case HeaderResult::ok:
      break;
  }
  const std::uint8_t* behind = nullptr;
  if (header.indefinite) {
    trouble.quirk(Quirk::kIndefiniteLength);
    const std::uint8_t* eoc = find_end_of_contents(header.content, end);
    if (eoc == nullptr) {
      trouble.fail(Errc::unterminated, field, begin);
      return {};
    }
    header.length = static_cast<std::size_t>(eoc - header.content);
    behind = eoc + 2;
  } else {
    const auto available = static_cast<std::size_t>(end - header.content);
    if (header.length > available) {
      if (!header.constructed || !trouble.reads_cut()) {
        trouble.fail(Errc::truncated, field, begin);
        return {};
      }
      trouble.note(Errc::truncated, field, begin);
      header.length = available;
    }
    behind = header.content + header.length;
  }
  if (header.non_minimal) trouble.quirk(Quirk::kNonMinimalLength);
  return {.tag = header.tag,
          .constructed = header.constructed,
          .content = Bytes(header.content, header.length),
          .begin = begin,
          .end = behind};
}

Tag Reader::peek() const {
  Header header;
  if (at_end() || read_header(pos_, end_, header) != HeaderResult::ok) {
    return Tag(Class::private_use, 0x3FFF'FFFF);
  }
  return header.tag;
}

bool Reader::expect(Tag tag, Element& element, const char* field) {
  if (trouble_->stopped()) {
    element = {};
    return false;
  }
  if (at_end()) {
    element = {};
    trouble_->fail(Errc::missing_field, field, pos_);
    return false;
  }
  if (!next(element, field)) return false;
  if (element.tag == tag) return true;
  trouble_->fail(Errc::unexpected_tag, field, element.begin);
  element = {};
  return false;
}

bool Reader::match(Tag tag, Element& element, const char* field) {
  if (peek() == tag) return next(element, field);
  element = {};
  return false;
}

void Reader::skip(const char* field) {
  Element element;
  next(element, field);
}

Reader Reader::enter(Tag tag, const char* field) {
  Element element;
  expect(tag, element, field);
  return {element.content, *trouble_};
}

Reader Reader::match_enter(Tag tag, const char* field) {
  Element element;
  match(tag, element, field);
  return {element.content, *trouble_};
}

std::int64_t integer(Bytes content) {
  if (content.empty()) return 0;
  std::uint64_t value = (content[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t octet : content) value = value << 8 | octet;
  return static_cast<std::int64_t>(value);
}

std::uint64_t unsigned_integer(Bytes content) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : content) value = value << 8 | octet;
  return value;
}

}  // namespace mmsa::ber
