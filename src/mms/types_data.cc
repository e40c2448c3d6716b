// Data, AccessResult and DataAccessError: ISO 9506-2 clauses 14.4.2 and 14.4.3, with the utc-time
// that IEC 61850-8-1 adds.
#include "mms/types.h"

namespace mmsa::mms {
namespace {

constexpr Type data_kind(const char* name, Kind kind) {
  return with_role(asn1::primitive(name, kind), Role::data);
}

constexpr Field kDataElement[] = {one_of("Data", kData)};
constexpr Type kSequenceOfData =
    with_role(asn1::sequence_of("SEQUENCE OF Data", kDataElement), Role::data);
constexpr Type kDataBoolean = data_kind("BOOLEAN", Kind::boolean);
constexpr Type kDataBitString = data_kind("BIT STRING", Kind::bit_string);
constexpr Type kDataInteger = data_kind("INTEGER", Kind::integer);
constexpr Type kDataUnsigned = data_kind("INTEGER", Kind::unsigned_integer);
constexpr Type kDataFloatingPoint = data_kind("FloatingPoint", Kind::floating_point);
constexpr Type kDataReal = data_kind("REAL", Kind::real);
constexpr Type kDataOctetString = data_kind("OCTET STRING", Kind::octet_string);
constexpr Type kDataVisibleString = data_kind("VisibleString", Kind::character_string);
constexpr Type kDataGeneralizedTime = data_kind("GeneralizedTime", Kind::generalized_time);
constexpr Type kDataTimeOfDay = data_kind("TimeOfDay", Kind::time_of_day);
constexpr Type kDataBcd = data_kind("INTEGER", Kind::unsigned_integer);
constexpr Type kDataObjectIdentifier = data_kind("OBJECT IDENTIFIER", Kind::object_identifier);
constexpr Type kDataMmsString = data_kind("MMSString", Kind::character_string);
constexpr Type kDataUtcTime = data_kind("UtcTime", Kind::utc_time);

// Data ::= CHOICE. Tag 0 is reserved for AccessResult.
constexpr Field kDataAlternatives[] = {
    implicit("array", 1, kSequenceOfData),
    implicit("structure", 2, kSequenceOfData),
    implicit("boolean", 3, kDataBoolean),
    implicit("bit-string", 4, kDataBitString),
    implicit("integer", 5, kDataInteger),
    implicit("unsigned", 6, kDataUnsigned),
    implicit("floating-point", 7, kDataFloatingPoint),
    implicit("real", 8, kDataReal),
    implicit("octet-string", 9, kDataOctetString),
    implicit("visible-string", 10, kDataVisibleString),
    implicit("generalized-time", 11, kDataGeneralizedTime),
    implicit("binary-time", 12, kDataTimeOfDay),
    implicit("bcd", 13, kDataBcd),
    implicit("booleanArray", 14, kDataBitString),
    implicit("objId", 15, kDataObjectIdentifier),
    implicit("mMSString", 16, kDataMmsString),
    implicit("utc-time", 17, kDataUtcTime),
};

constexpr NamedNumber kDataAccessErrorNames[] = {
    {0, "object-invalidated"},
    {1, "hardware-fault"},
    {2, "temporarily-unavailable"},
    {3, "object-access-denied"},
    {4, "object-undefined"},
    {5, "invalid-address"},
    {6, "type-unsupported"},
    {7, "type-inconsistent"},
    {8, "object-attribute-inconsistent"},
    {9, "object-access-unsupported"},
    {10, "object-non-existent"},
    {11, "object-value-invalid"},
};

// AccessResult ::= CHOICE
constexpr Field kAccessResultAlternatives[] = {
    implicit("failure", 0, kDataAccessError),
    one_of("success", kData),
};
constexpr Type kAccessResult = asn1::choice("AccessResult", kAccessResultAlternatives);
constexpr Field kAccessResultElement[] = {one_of("AccessResult", kAccessResult)};

}  // namespace

constexpr Type kData = asn1::choice("Data", kDataAlternatives);
constexpr Type kListOfData = asn1::sequence_of("SEQUENCE OF Data", kDataElement);
constexpr Type kDataAccessError =
    with_role(enumeration("DataAccessError", kDataAccessErrorNames), Role::failure);
constexpr Type kListOfAccessResult =
    asn1::sequence_of("SEQUENCE OF AccessResult", kAccessResultElement);

}  // namespace mmsa::mms
