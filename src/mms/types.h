// The productions of ISO 9506-2 that several services share, as tables for asn1::Decoder.
// Identifiers are those of the standard; where tshark spells one differently docs/mms.md says so.
#pragma once

#include "mmsanalyze/asn1.h"

namespace mmsa::mms {

using asn1::explicitly;
using asn1::Field;
using asn1::implicit;
using asn1::Kind;
using asn1::NamedNumber;
using asn1::one_of;
using asn1::optional;
using asn1::Role;
using asn1::Type;
using asn1::untagged;

constexpr Type with_role(Type type, Role role) {
  type.role = role;
  return type;
}
// name Type, under the universal tag of a type that is defined elsewhere.
constexpr Field untagged(const char* name, ber::Tag universal_tag, const Type& type) {
  return {name, universal_tag, asn1::Tagging::untagged, false, &type};
}
constexpr Type enumeration(const char* name, std::span<const NamedNumber> names) {
  return asn1::primitive(name, Kind::integer, ber::kInteger, names);
}

// --- simple types (clause 7.5, and the useful types of X.680) ---

inline constexpr Type kAny = asn1::primitive("ANY", Kind::any);
inline constexpr Type kNull = asn1::primitive("NULL", Kind::null, ber::kNull);
inline constexpr Type kBoolean = asn1::primitive("BOOLEAN", Kind::boolean, ber::kBoolean);
inline constexpr Type kInteger = asn1::primitive("INTEGER", Kind::integer, ber::kInteger);
inline constexpr Type kInteger8 = asn1::primitive("Integer8", Kind::integer, ber::kInteger);
inline constexpr Type kInteger16 = asn1::primitive("Integer16", Kind::integer, ber::kInteger);
inline constexpr Type kInteger32 = asn1::primitive("Integer32", Kind::integer, ber::kInteger);
inline constexpr Type kUnsigned8 =
    asn1::primitive("Unsigned8", Kind::unsigned_integer, ber::kInteger);
inline constexpr Type kUnsigned16 =
    asn1::primitive("Unsigned16", Kind::unsigned_integer, ber::kInteger);
inline constexpr Type kUnsigned32 =
    asn1::primitive("Unsigned32", Kind::unsigned_integer, ber::kInteger);
inline constexpr Type kPriority =
    asn1::primitive("Priority", Kind::unsigned_integer, ber::kInteger);
inline constexpr Type kBitString = asn1::primitive("BIT STRING", Kind::bit_string, ber::kBitString);
inline constexpr Type kOctetString =
    asn1::primitive("OCTET STRING", Kind::octet_string, ber::kOctetString);
inline constexpr Type kObjectIdentifier =
    asn1::primitive("OBJECT IDENTIFIER", Kind::object_identifier, ber::kObjectIdentifier);
inline constexpr Type kVisibleString =
    asn1::primitive("VisibleString", Kind::character_string, ber::kVisibleString);
inline constexpr Type kGraphicString =
    asn1::primitive("GraphicString", Kind::character_string, ber::kGraphicString);
inline constexpr Type kIdentifier =
    asn1::primitive("Identifier", Kind::character_string, ber::kVisibleString);
inline constexpr Type kGeneralizedTime =
    asn1::primitive("GeneralizedTime", Kind::generalized_time, ber::kGeneralizedTime);
inline constexpr Type kTimeOfDay =
    asn1::primitive("TimeOfDay", Kind::time_of_day, ber::kOctetString);

// --- types.cc ---

extern const Type kObjectName;           // clause 7.5.3
extern const Type kListOfObjectName;     // SEQUENCE OF ObjectName
extern const Type kListOfIdentifier;     // SEQUENCE OF Identifier
extern const Type kListOfVisibleString;  // SEQUENCE OF VisibleString
extern const Type kExtendedObjectClass;  // CHOICE { objectClass [0] IMPLICIT ObjectClass }
extern const Type kObjectScope;
extern const Type kApplicationReference;
extern const Type kExternal;  // X.680 clause 34
extern const Type kFileName;
extern const Type kFileAttributes;
extern const Type kModifier;
extern const Type kListOfModifier;
extern const Type kEventTime;
extern const Type kTransitions;
extern const Type kEcClass;
extern const Type kEcState;
extern const Type kEeState;
extern const Type kEeClass;
extern const Type kEeDuration;
extern const Type kAlarmAckRule;
extern const Type kEntryContent;
extern const Type kListOfEntryContent;
extern const Type kProgramInvocationState;
extern const Type kExecutionArgument;
extern const Type kDeleteResponse;  // { numberMatched, numberDeleted }
extern const Type kScopeOfDelete;

// --- types_data.cc ---

extern const Type kData;  // clause 14.4.2
extern const Type kListOfData;
extern const Type kDataAccessError;  // clause 14.4.3; as the failure of a result
extern const Type kListOfAccessResult;

// --- types_variable.cc ---

extern const Type kAddress;
extern const Type kTypeSpecification;
extern const Type kVariableSpecification;
extern const Type kVariableAccessSpecification;
extern const Type kListOfVariable;
extern const Type kAlternateAccess;
extern const Type kScatteredAccessDescription;

// --- types_error.cc ---

extern const Type kServiceError;  // clause 7.4.4

// --- service_table.cc ---

extern const Type kConfirmedServiceRequest;
extern const Type kConfirmedServiceResponse;
extern const Type kUnconfirmedService;

}  // namespace mmsa::mms
