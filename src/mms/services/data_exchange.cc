// Data exchange and access control, services of the 2003 edition: ISO 9506-2 clauses 9 and 15.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

constexpr Field kTypeDescriptionElement[] = {one_of("TypeDescription", kTypeSpecification)};
constexpr Type kListOfTypeDescription =
    asn1::sequence_of("SEQUENCE OF TypeDescription", kTypeDescriptionElement);
// GetDataExchangeAttributes-Response ::= SEQUENCE
constexpr Field kGetDataExchangeAttributesResponseFields[] = {
    implicit("inUse", 0, kBoolean),
    implicit("listOfRequestTypeDescriptions", 1, kListOfTypeDescription),
    implicit("listOfResponseTypeDescriptions", 2, kListOfTypeDescription),
    optional(implicit("programInvocation", 3, kIdentifier)),
    optional(implicit("accessControlList", 4, kIdentifier)),
};

// ExchangeData-Request ::= SEQUENCE
constexpr Field kExchangeDataRequestFields[] = {
    explicitly("dataExchangeName", 0, kObjectName),
    implicit("listOfRequestData", 1, kListOfData),
};
// ExchangeData-Response ::= SEQUENCE
constexpr Field kExchangeDataResponseFields[] = {
    implicit("listOfResponseData", 0, kListOfData),
};

// --- access control ---

// AccessCondition ::= CHOICE
extern const Type kAccessCondition;
constexpr Field kAccessConditionElement[] = {one_of("AccessCondition", kAccessCondition)};
constexpr Type kListOfAccessCondition =
    asn1::sequence_of("SEQUENCE OF AccessCondition", kAccessConditionElement);
constexpr Field kAccessConditionAlternatives[] = {
    implicit("never", 0, kNull),
    explicitly("semaphore", 1, kObjectName),
    implicit("user", 2, kAny),
    implicit("password", 3, kAny),
    implicit("joint", 4, kListOfAccessCondition),
    implicit("alternate", 5, kListOfAccessCondition),
};
constexpr Type kAccessCondition = asn1::choice("AccessCondition", kAccessConditionAlternatives);

// accessControlListElements IMPLICIT SEQUENCE
constexpr Field kAccessControlListElementsFields[] = {
    optional(explicitly("readAccessCondition", 0, kAccessCondition)),
    optional(explicitly("storeAccessCondition", 1, kAccessCondition)),
    optional(explicitly("writeAccessCondition", 2, kAccessCondition)),
    optional(explicitly("loadAccessCondition", 3, kAccessCondition)),
    optional(explicitly("executeAccessCondition", 4, kAccessCondition)),
    optional(explicitly("deleteAccessCondition", 5, kAccessCondition)),
    optional(explicitly("editAccessCondition", 6, kAccessCondition)),
};
constexpr Type kAccessControlListElements =
    asn1::sequence("SEQUENCE", kAccessControlListElementsFields);

// DefineAccessControlList-Request ::= SEQUENCE
constexpr Field kDefineAccessControlListRequestFields[] = {
    implicit("accessControlListName", 0, kIdentifier),
    implicit("accessControlListElements", 1, kAccessControlListElements),
};

// namedObject [2] IMPLICIT SEQUENCE
constexpr Field kNamedObjectFields[] = {
    explicitly("objectClass", 0, kExtendedObjectClass),
    explicitly("objectName", 1, kObjectName),
};
constexpr Type kNamedObject = asn1::sequence("SEQUENCE", kNamedObjectFields);
// GetAccessControlListAttributes-Request ::= CHOICE
constexpr Field kGetAccessControlListAttributesRequestAlternatives[] = {
    implicit("accessControlListName", 0, kIdentifier),
    implicit("vMD", 1, kNull),
    implicit("namedObject", 2, kNamedObject),
};

// references [3] IMPLICIT SEQUENCE OF SEQUENCE
constexpr Field kReferenceFields[] = {
    explicitly("objectClass", 0, kExtendedObjectClass),
    implicit("objectCount", 1, kInteger),
};
constexpr Type kReference = asn1::sequence("SEQUENCE", kReferenceFields);
constexpr Field kReferenceElement[] = {untagged("item", kReference)};
constexpr Type kReferences = asn1::sequence_of("SEQUENCE OF SEQUENCE", kReferenceElement);
// GetAccessControlListAttributes-Response ::= SEQUENCE
constexpr Field kGetAccessControlListAttributesResponseFields[] = {
    implicit("name", 0, kIdentifier),
    implicit("accessControlListElements", 1, kAccessControlListElements),
    implicit("vMDuse", 2, kBoolean),
    implicit("references", 3, kReferences),
    optional(implicit("accessControlList", 4, kIdentifier)),
};

// ReportAccessControlledObjects-Request ::= SEQUENCE
constexpr Field kReportAccessControlledObjectsRequestFields[] = {
    implicit("accessControlList", 0, kIdentifier),
    explicitly("objectClass", 1, kExtendedObjectClass),
    optional(explicitly("continueAfter", 2, kObjectName)),
};
// ReportAccessControlledObjects-Response ::= SEQUENCE
constexpr Field kReportAccessControlledObjectsResponseFields[] = {
    implicit("listOfNames", 0, kListOfObjectName),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT FALSE
};

// objectScope [1] CHOICE
constexpr Field kChangedScopeAlternatives[] = {
    implicit("specific", 0, kListOfObjectName),
    implicit("aa-specific", 1, kNull),
    implicit("domain", 2, kIdentifier),
    implicit("vmd", 3, kNull),
};
constexpr Type kChangedScope = asn1::choice("CHOICE", kChangedScopeAlternatives);
// listOfObjects [1] IMPLICIT SEQUENCE
constexpr Field kChangedObjectsFields[] = {
    explicitly("objectClass", 0, kExtendedObjectClass),
    explicitly("objectScope", 1, kChangedScope),
};
constexpr Type kChangedObjects = asn1::sequence("SEQUENCE", kChangedObjectsFields);
// scopeOfChange CHOICE
constexpr Field kScopeOfChangeAlternatives[] = {
    implicit("vMDOnly", 0, kNull),
    implicit("listOfObjects", 1, kChangedObjects),
};
constexpr Type kScopeOfChange = asn1::choice("CHOICE", kScopeOfChangeAlternatives);
// ChangeAccessControl-Request ::= SEQUENCE
constexpr Field kChangeAccessControlRequestFields[] = {
    one_of("scopeOfChange", kScopeOfChange),
    implicit("accessControlListName", 2, kIdentifier),
};
// ChangeAccessControl-Response ::= SEQUENCE
constexpr Field kChangeAccessControlResponseFields[] = {
    implicit("numberMatched", 0, kUnsigned32),
    implicit("numberChanged", 1, kUnsigned32),
};

}  // namespace

constexpr Type kGetDataExchangeAttributesResponse =
    asn1::sequence("GetDataExchangeAttributes-Response", kGetDataExchangeAttributesResponseFields);
constexpr Type kExchangeDataRequest =
    asn1::sequence("ExchangeData-Request", kExchangeDataRequestFields);
constexpr Type kExchangeDataResponse =
    asn1::sequence("ExchangeData-Response", kExchangeDataResponseFields);
constexpr Type kDefineAccessControlListRequest =
    asn1::sequence("DefineAccessControlList-Request", kDefineAccessControlListRequestFields);
constexpr Type kGetAccessControlListAttributesRequest = asn1::choice(
    "GetAccessControlListAttributes-Request", kGetAccessControlListAttributesRequestAlternatives);
constexpr Type kGetAccessControlListAttributesResponse = asn1::sequence(
    "GetAccessControlListAttributes-Response", kGetAccessControlListAttributesResponseFields);
constexpr Type kReportAccessControlledObjectsRequest = asn1::sequence(
    "ReportAccessControlledObjects-Request", kReportAccessControlledObjectsRequestFields);
constexpr Type kReportAccessControlledObjectsResponse = asn1::sequence(
    "ReportAccessControlledObjects-Response", kReportAccessControlledObjectsResponseFields);
constexpr Type kDeleteAccessControlListRequest = kIdentifier;  // access control list name
constexpr Type kChangeAccessControlRequest =
    asn1::sequence("ChangeAccessControl-Request", kChangeAccessControlRequestFields);
constexpr Type kChangeAccessControlResponse =
    asn1::sequence("ChangeAccessControl-Response", kChangeAccessControlResponseFields);

}  // namespace mmsa::mms
