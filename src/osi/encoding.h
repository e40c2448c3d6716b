// What EXTERNAL (X.690 8.18) and PDV-list (X.226) have in common: a value in one of three
// encodings.
#pragma once

#include <array>
#include <deque>
#include <vector>

#include "mmsanalyze/asn1.h"

namespace mmsa::osi {

// Octets that had to be put together from pieces. Their addresses stay until clear().
using Joined = std::deque<std::vector<std::uint8_t>>;

namespace table {

inline constexpr asn1::Type kAny = asn1::primitive("ANY", asn1::Kind::any);
inline constexpr asn1::Type kInteger =
    asn1::primitive("INTEGER", asn1::Kind::integer, ber::kInteger);
inline constexpr asn1::Type kBitString =
    asn1::primitive("BIT STRING", asn1::Kind::bit_string, ber::kBitString);
inline constexpr asn1::Type kOctetString =
    asn1::primitive("OCTET STRING", asn1::Kind::octet_string, ber::kOctetString);
inline constexpr asn1::Type kOid =
    asn1::primitive("OBJECT IDENTIFIER", asn1::Kind::object_identifier, ber::kObjectIdentifier);
inline constexpr asn1::Type kGraphicString =
    asn1::primitive("GraphicString", asn1::Kind::character_string, ber::kGraphicString);

constexpr asn1::Type set(const char* name, std::span<const asn1::Field> components) {
  asn1::Type type = asn1::sequence(name, components);
  type.any_order = true;
  type.universal_tag = ber::kSet;
  return type;
}
// name [APPLICATION n] IMPLICIT Type
constexpr asn1::Field application(const char* name, std::uint32_t n, const asn1::Type& type) {
  return {name, ber::application(n), asn1::Tagging::implicit_tag, false, &type};
}

inline constexpr std::array<asn1::Field, 3> kEncodingAlternatives = {
    // CHOICE { single-ASN1-type [0] ABSTRACT-SYNTAX.&Type,
    asn1::implicit("single-ASN1-type", 0, kAny),
    //          octet-aligned [1] IMPLICIT OCTET STRING,
    asn1::implicit("octet-aligned", 1, kOctetString),
    //          arbitrary [2] IMPLICIT BIT STRING }
    asn1::implicit("arbitrary", 2, kBitString),
};
inline constexpr asn1::Type kEncoding = asn1::choice("Encoding", kEncodingAlternatives);

}  // namespace table

// The octets of the value that `parent` (a PDV-list or an EXTERNAL) holds; a string in pieces is
// joined. Without such a value: empty.
Bytes encoded_value(asn1::NodeRef parent, Joined& joined);

}  // namespace mmsa::osi
