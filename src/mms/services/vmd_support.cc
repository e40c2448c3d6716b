// VMD support: status, getNameList, identify, rename, getCapabilityList and unsolicitedStatus.
// ISO 9506-2 clause 10.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

constexpr NamedNumber kVmdLogicalStatusNames[] = {
    {0, "state-changes-allowed"},
    {1, "no-state-changes-allowed"},
    {2, "limited-services-permitted"},
    {3, "support-services-allowed"},
};
constexpr Type kVmdLogicalStatus = enumeration("INTEGER", kVmdLogicalStatusNames);
constexpr NamedNumber kVmdPhysicalStatusNames[] = {
    {0, "operational"},
    {1, "partially-operational"},
    {2, "inoperable"},
    {3, "needs-commissioning"},
};
constexpr Type kVmdPhysicalStatus = enumeration("INTEGER", kVmdPhysicalStatusNames);

// Status-Response ::= SEQUENCE
constexpr Field kStatusResponseFields[] = {
    implicit("vmdLogicalStatus", 0, kVmdLogicalStatus),
    implicit("vmdPhysicalStatus", 1, kVmdPhysicalStatus),
    optional(implicit("localDetail", 2, kBitString)),
};

// GetNameList-Request ::= SEQUENCE
constexpr Field kGetNameListRequestFields[] = {
    explicitly("extendedObjectClass", 0, kExtendedObjectClass),
    explicitly("objectScope", 1, kObjectScope),
    optional(implicit("continueAfter", 2, kIdentifier)),
};
// GetNameList-Response ::= SEQUENCE
constexpr Field kGetNameListResponseFields[] = {
    implicit("listOfIdentifier", 0, kListOfIdentifier),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT TRUE
};

constexpr Field kAbstractSyntaxElement[] = {untagged("abstractSyntax", kObjectIdentifier)};
constexpr Type kAbstractSyntaxes =
    asn1::sequence_of("SEQUENCE OF OBJECT IDENTIFIER", kAbstractSyntaxElement);
// Identify-Response ::= SEQUENCE
constexpr Field kIdentifyResponseFields[] = {
    implicit("vendorName", 0, kVisibleString),
    implicit("modelName", 1, kVisibleString),
    implicit("revision", 2, kVisibleString),
    optional(implicit("listOfAbstractSyntaxes", 3, kAbstractSyntaxes)),
};

// Rename-Request ::= SEQUENCE
constexpr Field kRenameRequestFields[] = {
    explicitly("extendedObjectClass", 0, kExtendedObjectClass),
    explicitly("currentName", 1, kObjectName),
    implicit("newIdentifier", 2, kIdentifier),
};

// GetCapabilityList-Request ::= SEQUENCE
constexpr Field kGetCapabilityListRequestFields[] = {
    optional(untagged("continueAfter", kVisibleString)),
};
// GetCapabilityList-Response ::= SEQUENCE
constexpr Field kGetCapabilityListResponseFields[] = {
    implicit("listOfCapabilities", 0, kListOfVisibleString),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT TRUE
};

}  // namespace

constexpr Type kStatusRequest = kBoolean;  // extendedDerivation
constexpr Type kStatusResponse = asn1::sequence("Status-Response", kStatusResponseFields);
constexpr Type kGetNameListRequest =
    asn1::sequence("GetNameList-Request", kGetNameListRequestFields);
constexpr Type kGetNameListResponse =
    asn1::sequence("GetNameList-Response", kGetNameListResponseFields);
constexpr Type kIdentifyRequest = kNull;
constexpr Type kIdentifyResponse = asn1::sequence("Identify-Response", kIdentifyResponseFields);
constexpr Type kRenameRequest = asn1::sequence("Rename-Request", kRenameRequestFields);
constexpr Type kGetCapabilityListRequest =
    asn1::sequence("GetCapabilityList-Request", kGetCapabilityListRequestFields);
constexpr Type kGetCapabilityListResponse =
    asn1::sequence("GetCapabilityList-Response", kGetCapabilityListResponseFields);

}  // namespace mmsa::mms
