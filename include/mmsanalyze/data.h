// MMS Data values (ISO 9506-2 clause 14.4.2; IEC 61850-8-1 for UtcTime): their types, and what the
// octets of a node mean. Values are converted only when somebody asks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/packet.h"

namespace mmsa {

// The numbers are the context tags of the Data CHOICE; 0 is AccessResult.failure.
enum class DataType : std::uint8_t {
  failure = 0,
  array = 1,
  structure = 2,
  boolean = 3,
  bit_string = 4,
  integer = 5,
  unsigned_integer = 6,
  floating_point = 7,
  real = 8,
  octet_string = 9,
  visible_string = 10,
  generalized_time = 11,
  binary_time = 12,
  bcd = 13,
  boolean_array = 14,
  object_id = 15,
  mms_string = 16,
  utc_time = 17,
};

// Of a node whose role is data or failure.
inline DataType data_type(const asn1::Node& node) {
  return static_cast<DataType>(node.field->tag.number());
}
inline bool is_value(const asn1::Node& node) {
  return node.role() == asn1::Role::data || node.role() == asn1::Role::failure;
}

// As in the JSON output: "boolean", "bit-string", "floating-point", ...
// (docs/messages.schema.json).
std::string_view data_type_name(DataType type);

// DataAccessError (ISO 9506-2 clause 14.4.3) by name, or empty for codes it does not have.
std::string_view data_access_error_name(std::int64_t code);

// UtcTime, IEC 61850-8-1 clause 8.1.3.6: eight octets.
struct UtcTime {
  std::uint32_t seconds = 0;   // since 1970
  std::uint32_t fraction = 0;  // of a second, in units of 2^-24
  std::uint8_t quality = 0;    // the flags below and the accuracy

  static constexpr std::uint8_t kLeapSecondsKnown = 0x80;
  static constexpr std::uint8_t kClockFailure = 0x40;
  static constexpr std::uint8_t kClockNotSynchronized = 0x20;
  std::uint8_t accuracy() const { return quality & 0x1F; }  // significant fraction bits; 31 unknown
  bool is_set() const { return seconds != 0 || fraction != 0; }
  TimeNs time() const;
};
// False where the octets are not eight.
bool read_utc_time(Bytes content, UtcTime& time);

// TimeOfDay (ISO 9506-2): 4 octets are milliseconds since midnight; 6 add days since 1984-01-01.
struct BinaryTime {
  std::uint32_t milliseconds = 0;
  std::uint16_t days = 0;
  bool has_date = false;

  bool is_set() const { return milliseconds != 0 || days != 0; }
  TimeNs time() const;  // meaningless without a date
};
bool read_binary_time(Bytes content, BinaryTime& time);

// FloatingPoint: an octet with the exponent width (8 or 11), then IEEE 754 single or double. NaN
// where the octets are neither. `single` tells how many digits the value is worth.
double read_floating_point(Bytes content, bool& single);

// A view of the bits of a BIT STRING content; bit 0 is the first (most significant) one.
class BitString {
 public:
  // Clamps an unused-bits octet that claims more than there is.
  explicit BitString(Bytes content);
  std::size_t size() const { return size_; }
  bool operator[](std::size_t bit) const {
    return bit < size_ && (octets_[bit / 8] & (0x80u >> (bit % 8))) != 0;
  }
  std::size_t count() const;  // of set bits
  // "0110..", bit 0 first, at most so many bits.
  void append_text(std::string& out, std::size_t most = ~std::size_t{0}) const {
    const std::size_t shown = size_ < most ? size_ : most;
    for (std::size_t i = 0; i < shown; ++i) out.push_back((*this)[i] ? '1' : '0');
  }

 private:
  Bytes octets_;
  std::size_t size_ = 0;
};

}  // namespace mmsa
