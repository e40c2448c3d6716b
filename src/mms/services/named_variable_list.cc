// Named variable lists and named types: ISO 9506-2 clauses 14.12 to 14.17.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// DefineNamedVariableList-Request ::= SEQUENCE
constexpr Field kDefineNamedVariableListRequestFields[] = {
    one_of("variableListName", kObjectName),
    implicit("listOfVariable", 0, kListOfVariable),
};
// GetNamedVariableListAttributes-Response ::= SEQUENCE
constexpr Field kGetNamedVariableListAttributesResponseFields[] = {
    implicit("mmsDeletable", 0, kBoolean),
    implicit("listOfVariable", 1, kListOfVariable),
    optional(implicit("accessControlList", 2, kIdentifier)),
};
// DeleteNamedVariableList-Request ::= SEQUENCE
constexpr Field kDeleteNamedVariableListRequestFields[] = {
    optional(implicit("scopeOfDelete", 0, kScopeOfDelete)),  // DEFAULT specific
    optional(implicit("listOfVariableListName", 1, kListOfObjectName)),
    optional(implicit("domainName", 2, kIdentifier)),
};

// DefineNamedType-Request ::= SEQUENCE. ObjectName and TypeSpecification share tags: order decides.
constexpr Field kDefineNamedTypeRequestFields[] = {
    one_of("typeName", kObjectName),
    one_of("typeSpecification", kTypeSpecification),
};
// GetNamedTypeAttributes-Response ::= SEQUENCE
constexpr Field kGetNamedTypeAttributesResponseFields[] = {
    implicit("mmsDeletable", 0, kBoolean),
    one_of("typeSpecification", kTypeSpecification),
    optional(implicit("accessControlList", 1, kIdentifier)),
};
// DeleteNamedType-Request ::= SEQUENCE
constexpr Field kDeleteNamedTypeRequestFields[] = {
    optional(implicit("scopeOfDelete", 0, kScopeOfDelete)),  // DEFAULT specific
    optional(implicit("listOfTypeName", 1, kListOfObjectName)),
    optional(implicit("domainName", 2, kIdentifier)),
};

}  // namespace

constexpr Type kDefineNamedVariableListRequest =
    asn1::sequence("DefineNamedVariableList-Request", kDefineNamedVariableListRequestFields);
constexpr Type kGetNamedVariableListAttributesResponse = asn1::sequence(
    "GetNamedVariableListAttributes-Response", kGetNamedVariableListAttributesResponseFields);
constexpr Type kDeleteNamedVariableListRequest =
    asn1::sequence("DeleteNamedVariableList-Request", kDeleteNamedVariableListRequestFields);
constexpr Type kDefineNamedTypeRequest =
    asn1::sequence("DefineNamedType-Request", kDefineNamedTypeRequestFields);
constexpr Type kGetNamedTypeAttributesResponse =
    asn1::sequence("GetNamedTypeAttributes-Response", kGetNamedTypeAttributesResponseFields);
constexpr Type kDeleteNamedTypeRequest =
    asn1::sequence("DeleteNamedType-Request", kDeleteNamedTypeRequestFields);

}  // namespace mmsa::mms
