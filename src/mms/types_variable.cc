// How variables are named, addressed, picked apart and typed: ISO 9506-2 clause 14.
#include "mms/types.h"

namespace mmsa::mms {
namespace {

// Address ::= CHOICE
constexpr Field kAddressAlternatives[] = {
    implicit("numericAddress", 0, kUnsigned32),
    implicit("symbolicAddress", 1, kVisibleString),
    implicit("unconstrainedAddress", 2, kOctetString),
};

// --- TypeSpecification ---

// array [1] IMPLICIT SEQUENCE
constexpr Field kArrayTypeFields[] = {
    optional(implicit("packed", 0, kBoolean)),  // DEFAULT FALSE
    implicit("numberOfElements", 1, kUnsigned32),
    explicitly("elementType", 2, kTypeSpecification),
};
constexpr Type kArrayType = asn1::sequence("SEQUENCE", kArrayTypeFields);

// components [1] IMPLICIT SEQUENCE OF SEQUENCE
constexpr Field kComponentFields[] = {
    optional(implicit("componentName", 0, kIdentifier)),
    explicitly("componentType", 1, kTypeSpecification),
};
constexpr Type kComponent = asn1::sequence("SEQUENCE", kComponentFields);
constexpr Field kComponentElement[] = {untagged("component", kComponent)};
constexpr Type kComponents = asn1::sequence_of("SEQUENCE OF SEQUENCE", kComponentElement);

// structure [2] IMPLICIT SEQUENCE
constexpr Field kStructureTypeFields[] = {
    optional(implicit("packed", 0, kBoolean)),  // DEFAULT FALSE
    implicit("components", 1, kComponents),
};
constexpr Type kStructureType = asn1::sequence("SEQUENCE", kStructureTypeFields);

// floating-point [7] IMPLICIT SEQUENCE
constexpr Field kFloatingPointTypeFields[] = {
    untagged("format-width", kUnsigned8),
    untagged("exponent-width", kUnsigned8),
};
constexpr Type kFloatingPointType = asn1::sequence("SEQUENCE", kFloatingPointTypeFields);

// real [8] IMPLICIT SEQUENCE
constexpr Field kRealTypeFields[] = {
    implicit("base", 0, kInteger),
    implicit("mantissa", 1, kInteger),
    implicit("exponent", 2, kInteger),
};
constexpr Type kRealType = asn1::sequence("SEQUENCE", kRealTypeFields);

// TypeSpecification ::= CHOICE. Sizes of strings are negative where they are maxima.
constexpr Field kTypeSpecificationAlternatives[] = {
    explicitly("typeName", 0, kObjectName),
    implicit("array", 1, kArrayType),
    implicit("structure", 2, kStructureType),
    implicit("boolean", 3, kNull),
    implicit("bit-string", 4, kInteger32),
    implicit("integer", 5, kUnsigned8),
    implicit("unsigned", 6, kUnsigned8),
    implicit("floating-point", 7, kFloatingPointType),
    implicit("real", 8, kRealType),
    implicit("octet-string", 9, kInteger32),
    implicit("visible-string", 10, kInteger32),
    implicit("generalized-time", 11, kNull),
    implicit("binary-time", 12, kBoolean),
    implicit("bcd", 13, kUnsigned8),
    implicit("booleanArray", 14, kInteger32),
    implicit("objId", 15, kNull),
    implicit("mMSString", 16, kInteger32),
    implicit("utc-time", 17, kNull),
};

// --- AlternateAccess ---

// indexRange IMPLICIT SEQUENCE
constexpr Field kIndexRangeFields[] = {
    implicit("lowIndex", 0, kUnsigned32),
    implicit("numberOfElements", 1, kUnsigned32),
};
constexpr Type kIndexRange = asn1::sequence("SEQUENCE", kIndexRangeFields);

// accessSelection CHOICE
constexpr Field kAccessSelectionAlternatives[] = {
    implicit("component", 0, kIdentifier),
    implicit("index", 1, kUnsigned32),
    implicit("indexRange", 2, kIndexRange),
    implicit("allElements", 3, kNull),
};
constexpr Type kAccessSelection = asn1::choice("CHOICE", kAccessSelectionAlternatives);

// SEQUENCE OF CHOICE { unnamed AlternateAccessSelection, named [5] IMPLICIT SEQUENCE }
extern const Type kAlternateAccessItem;
constexpr Field kAlternateAccessElement[] = {one_of("AlternateAccess", kAlternateAccessItem)};
constexpr Type kAlternateAccessList = asn1::sequence_of("AlternateAccess", kAlternateAccessElement);

// selectAlternateAccess [0] IMPLICIT SEQUENCE
constexpr Field kSelectAlternateAccessFields[] = {
    one_of("accessSelection", kAccessSelection),
    untagged("alternateAccess", kAlternateAccessList),
};
constexpr Type kSelectAlternateAccess = asn1::sequence("SEQUENCE", kSelectAlternateAccessFields);

// selectAccess CHOICE
constexpr Field kSelectAccessAlternatives[] = {
    implicit("component", 1, kIdentifier),
    implicit("index", 2, kUnsigned32),
    implicit("indexRange", 3, kIndexRange),
    implicit("allElements", 4, kNull),
};
constexpr Type kSelectAccess = asn1::choice("CHOICE", kSelectAccessAlternatives);

// AlternateAccessSelection ::= CHOICE
constexpr Field kAlternateAccessSelectionAlternatives[] = {
    implicit("selectAlternateAccess", 0, kSelectAlternateAccess),
    one_of("selectAccess", kSelectAccess),
};
constexpr Type kAlternateAccessSelection =
    asn1::choice("AlternateAccessSelection", kAlternateAccessSelectionAlternatives);

// named [5] IMPLICIT SEQUENCE
constexpr Field kNamedAccessFields[] = {
    implicit("componentName", 0, kIdentifier),
    one_of("access", kAlternateAccessSelection),
};
constexpr Type kNamedAccess = asn1::sequence("SEQUENCE", kNamedAccessFields);

constexpr Field kAlternateAccessItemAlternatives[] = {
    one_of("unnamed", kAlternateAccessSelection),
    implicit("named", 5, kNamedAccess),
};
constexpr Type kAlternateAccessItem = asn1::choice("CHOICE", kAlternateAccessItemAlternatives);

// --- variables ---

// ScatteredAccessDescription ::= SEQUENCE OF SEQUENCE
constexpr Field kScatteredAccessFields[] = {
    optional(implicit("componentName", 0, kIdentifier)),
    explicitly("variableSpecification", 1, kVariableSpecification),
    optional(implicit("alternateAccess", 2, kAlternateAccess)),
};
constexpr Type kScatteredAccess = asn1::sequence("SEQUENCE", kScatteredAccessFields);
constexpr Field kScatteredAccessElement[] = {untagged("item", kScatteredAccess)};

// variableDescription [2] IMPLICIT SEQUENCE
constexpr Field kVariableDescriptionFields[] = {
    one_of("address", kAddress),
    one_of("typeSpecification", kTypeSpecification),
};
constexpr Type kVariableDescription = asn1::sequence("SEQUENCE", kVariableDescriptionFields);

// VariableSpecification ::= CHOICE
constexpr Field kVariableSpecificationAlternatives[] = {
    explicitly("name", 0, kObjectName),
    explicitly("address", 1, kAddress),
    implicit("variableDescription", 2, kVariableDescription),
    implicit("scatteredAccessDescription", 3, kScatteredAccessDescription),
    implicit("invalidated", 4, kNull),
};

// listOfVariable SEQUENCE OF SEQUENCE
constexpr Field kVariableFields[] = {
    one_of("variableSpecification", kVariableSpecification),
    optional(implicit("alternateAccess", 5, kAlternateAccess)),
};
constexpr Type kVariable = asn1::sequence("SEQUENCE", kVariableFields);
constexpr Field kVariableElement[] = {untagged("item", kVariable)};

// VariableAccessSpecification ::= CHOICE
constexpr Field kVariableAccessSpecificationAlternatives[] = {
    implicit("listOfVariable", 0, kListOfVariable),
    explicitly("variableListName", 1, kObjectName),
};

}  // namespace

constexpr Type kAddress = asn1::choice("Address", kAddressAlternatives);
constexpr Type kTypeSpecification =
    asn1::choice("TypeSpecification", kTypeSpecificationAlternatives);
constexpr Type kAlternateAccess = kAlternateAccessList;
constexpr Type kScatteredAccessDescription =
    asn1::sequence_of("ScatteredAccessDescription", kScatteredAccessElement);
constexpr Type kVariableSpecification =
    asn1::choice("VariableSpecification", kVariableSpecificationAlternatives);
constexpr Type kListOfVariable = asn1::sequence_of("SEQUENCE OF SEQUENCE", kVariableElement);
constexpr Type kVariableAccessSpecification =
    asn1::choice("VariableAccessSpecification", kVariableAccessSpecificationAlternatives);

}  // namespace mmsa::mms
