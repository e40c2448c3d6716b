// A cursor over BER elements (ITU-T X.690). The only code that turns tags and lengths into views;
// everything above reads through it, so reviewing memory safety is reviewing Reader::next.
//
// Readers are sticky: after a framing error every reader of the unit is at its end and gives empty
// elements, so decoders need no error branches.
#pragma once

#include <cstdint>

#include "mmsanalyze/bytes.h"
#include "mmsanalyze/decode_error.h"

namespace mmsa::ber {

enum class Class : std::uint8_t { universal = 0, application = 1, context = 2, private_use = 3 };

// Class and number of an identifier; the primitive/constructed bit is kept beside it in Element.
struct Tag {
  std::uint32_t value = 0;

  constexpr Tag() = default;
  constexpr Tag(Class tag_class, std::uint32_t number)
      : value(static_cast<std::uint32_t>(tag_class) << 30 | number) {}
  constexpr Class tag_class() const { return static_cast<Class>(value >> 30); }
  constexpr std::uint32_t number() const { return value & 0x3FFF'FFFF; }
  friend constexpr bool operator==(Tag, Tag) = default;
};

constexpr Tag universal(std::uint32_t number) { return {Class::universal, number}; }
constexpr Tag application(std::uint32_t number) { return {Class::application, number}; }
constexpr Tag ctx(std::uint32_t number) { return {Class::context, number}; }

// The universal tags that occur below and in MMS.
inline constexpr Tag kBoolean = universal(1);
inline constexpr Tag kInteger = universal(2);
inline constexpr Tag kBitString = universal(3);
inline constexpr Tag kOctetString = universal(4);
inline constexpr Tag kNull = universal(5);
inline constexpr Tag kObjectIdentifier = universal(6);
inline constexpr Tag kExternal = universal(8);
inline constexpr Tag kReal = universal(9);
inline constexpr Tag kUtf8String = universal(12);
inline constexpr Tag kSequence = universal(16);
inline constexpr Tag kSet = universal(17);
inline constexpr Tag kGeneralizedTime = universal(24);
inline constexpr Tag kGraphicString = universal(25);
inline constexpr Tag kVisibleString = universal(26);

struct Element {
  Tag tag;
  bool constructed = false;
  Bytes content;                        // without header and end-of-contents octets
  const std::uint8_t* begin = nullptr;  // first identifier octet
  const std::uint8_t* end = nullptr;    // behind the element

  Bytes whole() const { return {begin, end}; }
};

class Reader {
 public:
  // `octets` lie inside trouble.unit(). Both outlive the reader.
  Reader(Bytes octets, Trouble& trouble)
      : pos_(octets.data()), end_(octets.data() + octets.size()), trouble_(&trouble) {}

  bool at_end() const { return pos_ == end_ || trouble_->stopped(); }
  const std::uint8_t* position() const { return pos_; }
  Bytes rest() const { return at_end() ? Bytes{} : Bytes{pos_, end_}; }
  Trouble& trouble() const { return *trouble_; }

  // The next element, whatever it is. False at the end, and where the framing is broken; `field`
  // names what was being read.
  bool next(Element& element, const char* field);
  // The same for nearly all elements: one identifier octet and one length octet. False, and nothing
  // happens, where the next element is not of this kind or there is none.
  bool next_usual(Element& element);

  // expect: must be there. match: taken if it is there, else the cursor stays.
  bool expect(Tag tag, Element& element, const char* field);
  bool match(Tag tag, Element& element, const char* field);
  // Steps over one element.
  void skip(const char* field);
  // A reader of the content of the next element, which must have this tag (enter) or may have it.
  // Where it has not, the reader is empty.
  Reader enter(Tag tag, const char* field);
  Reader match_enter(Tag tag, const char* field);

  // The tag of the next element, without moving. A tag that never matches at the end.
  Tag peek() const;

 private:
  // All elements but the usual ones; one without octets where the framing is broken. By value, and
  // static, so that the readers and elements of inlined loops live in registers.
  static Element long_form(const std::uint8_t* begin, const std::uint8_t* end, Trouble& trouble,
                           const char* field);

  const std::uint8_t* pos_;
  const std::uint8_t* end_;
  Trouble* trouble_;
};

// INTEGER, two's complement, 1 to 8 octets (X.690 8.3). Longer ones keep their low 64 bits; an
// empty one is 0.
std::int64_t integer(Bytes content);
// The same octets read as an unsigned number: leading zero octet or not.
std::uint64_t unsigned_integer(Bytes content);

inline bool Reader::next_usual(Element& element) {
  if (end_ - pos_ < 2 || (pos_[0] & 0x1F) == 0x1F || pos_[1] > 0x7F || pos_[1] > end_ - pos_ - 2) {
    return false;
  }
  element.tag = Tag(static_cast<Class>(pos_[0] >> 6), pos_[0] & 0x1Fu);
  element.constructed = (pos_[0] & 0x20) != 0;
  element.begin = pos_;
  element.content = Bytes(pos_ + 2, pos_[1]);
  pos_ += 2 + pos_[1];
  element.end = pos_;
  return true;
}

inline bool Reader::next(Element& element, const char* field) {
  if (at_end()) {
    element = {};
    return false;
  }
  if (next_usual(element)) return true;
  element = long_form(pos_, end_, *trouble_, field);
  if (element.begin == nullptr) return false;
  pos_ = element.end;
  return true;
}

}  // namespace mmsa::ber
