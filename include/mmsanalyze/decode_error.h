// How a decoder says that bytes are wrong. Nothing on the wire ever throws: a unit (a TSDU, a PDU)
// has one Trouble, all readers made while decoding it share it, and its first error is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mmsanalyze/bytes.h"

namespace mmsa {

enum class Layer : std::uint8_t { tpkt, cotp, session, presentation, acse, mms };
std::string_view layer_name(Layer layer);

enum class Errc : std::uint8_t {
  truncated,       // an element ends behind the octets that contain it
  unexpected_tag,  // another element stands where this field is required
  missing_field,   // the octets end where this field is required
  bad_length,      // a length that the type does not allow
  bad_value,       // a value that the type does not allow
  unterminated,    // an indefinite length without end-of-contents octets
  too_deep,        // limits::kMaxDepth
  too_many,        // limits::kMaxElements
};
// A short phrase for people: "ends behind its container".
std::string_view errc_text(Errc problem);

struct DecodeError {
  Layer layer = Layer::mms;
  Errc problem = Errc::truncated;
  const char* field = "";    // the ASN.1 identifier or header field, static storage
  std::uint32_t offset = 0;  // from the first octet of the unit that was decoded
};

// What is read all the same, told apart from errors: legal but unusual BER (X.690), and wrong tags
// that occur in the field.
struct Quirk {
  static constexpr std::uint8_t kNonMinimalLength = 0x01;
  static constexpr std::uint8_t kIndefiniteLength = 0x02;
  static constexpr std::uint8_t kConstructedString = 0x04;
  static constexpr std::uint8_t kUnknownElement = 0x08;  // an element behind the known ones
  static constexpr std::uint8_t kUnsignedSign = 0x10;    // unsigned value without its leading zero
  static constexpr std::uint8_t kPadding = 0x20;         // bit string with odd unused-bits octet
  static constexpr std::uint8_t kImplicitList =
      0x40;  // [n] IMPLICIT where the module says EXPLICIT
};

// The state of decoding one unit.
class Trouble {
 public:
  // `unit` must outlive this object; offsets count from its first octet.
  Trouble(Layer layer, Bytes unit) : layer_(layer), unit_(unit) {}

  // The framing is broken at `where`: all readers of this unit are at their end from now on.
  void fail(Errc problem, const char* field, const std::uint8_t* where) {
    note(problem, field, where);
    stopped_ = true;
  }
  // A value is wrong but the framing holds: decoding goes on.
  void note(Errc problem, const char* field, const std::uint8_t* where) {
    if (!error_) {
      error_ =
          DecodeError{layer_, problem, field, static_cast<std::uint32_t>(where - unit_.data())};
    }
  }
  // Constructed elements that end behind their container are read as far as they go, with a note,
  // instead of ending the decoding: what is there of a damaged or cut PDU is worth having.
  void read_cut_elements() { reads_cut_ = true; }
  bool reads_cut() const { return reads_cut_; }

  void quirk(std::uint8_t bit) { quirks_ = static_cast<std::uint8_t>(quirks_ | bit); }

  bool stopped() const { return stopped_; }
  const std::optional<DecodeError>& error() const { return error_; }
  std::uint8_t quirks() const { return quirks_; }
  Bytes unit() const { return unit_; }

 private:
  Layer layer_;
  bool stopped_ = false;
  bool reads_cut_ = false;
  std::uint8_t quirks_ = 0;
  std::optional<DecodeError> error_;
  Bytes unit_;
};

}  // namespace mmsa
