// Variable access: read, write, informationReport, attributes, named and scattered variables.
// ISO 9506-2 clause 14.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// Read-Request ::= SEQUENCE
constexpr Field kReadRequestFields[] = {
    optional(implicit("specificationWithResult", 0, kBoolean)),  // DEFAULT FALSE
    explicitly("variableAccessSpecification", 1, kVariableAccessSpecification),
};
// Read-Response ::= SEQUENCE
constexpr Field kReadResponseFields[] = {
    optional(explicitly("variableAccessSpecification", 0, kVariableAccessSpecification)),
    implicit("listOfAccessResult", 1, kListOfAccessResult),
};

// Write-Request ::= SEQUENCE
constexpr Field kWriteRequestFields[] = {
    one_of("variableAccessSpecification", kVariableAccessSpecification),
    implicit("listOfData", 0, kListOfData),
};
// Write-Response ::= SEQUENCE OF CHOICE
constexpr Field kWriteResultAlternatives[] = {
    implicit("failure", 0, kDataAccessError),
    implicit("success", 1, kNull),
};
constexpr Type kWriteResult = asn1::choice("CHOICE", kWriteResultAlternatives);
constexpr Field kWriteResponseElement[] = {one_of("item", kWriteResult)};

// InformationReport ::= SEQUENCE. Both components may start with A0: their order tells them apart.
constexpr Field kInformationReportFields[] = {
    one_of("variableAccessSpecification", kVariableAccessSpecification),
    implicit("listOfAccessResult", 0, kListOfAccessResult),
};

// GetVariableAccessAttributes-Request ::= CHOICE
constexpr Field kGetVariableAccessAttributesRequestAlternatives[] = {
    explicitly("name", 0, kObjectName),
    explicitly("address", 1, kAddress),
};
// GetVariableAccessAttributes-Response ::= SEQUENCE
constexpr Field kGetVariableAccessAttributesResponseFields[] = {
    implicit("mmsDeletable", 0, kBoolean),
    optional(explicitly("address", 1, kAddress)),
    explicitly("typeSpecification", 2, kTypeSpecification),
    optional(implicit("accessControlList", 3, kIdentifier)),
    optional(implicit("meaning", 4, kVisibleString)),
};

// DefineNamedVariable-Request ::= SEQUENCE
constexpr Field kDefineNamedVariableRequestFields[] = {
    explicitly("variableName", 0, kObjectName),
    explicitly("address", 1, kAddress),
    optional(explicitly("typeSpecification", 2, kTypeSpecification)),
};

// DefineScatteredAccess-Request ::= SEQUENCE
constexpr Field kDefineScatteredAccessRequestFields[] = {
    explicitly("scatteredAccessName", 0, kObjectName),
    implicit("scatteredAccessDescription", 1, kScatteredAccessDescription),
};
// GetScatteredAccessAttributes-Response ::= SEQUENCE
constexpr Field kGetScatteredAccessAttributesResponseFields[] = {
    implicit("mmsDeletable", 0, kBoolean),
    implicit("scatteredAccessDescription", 1, kScatteredAccessDescription),
    optional(implicit("accessControlList", 2, kIdentifier)),
};

// DeleteVariableAccess-Request ::= SEQUENCE
constexpr Field kDeleteVariableAccessRequestFields[] = {
    optional(implicit("scopeOfDelete", 0, kScopeOfDelete)),  // DEFAULT specific
    optional(implicit("listOfName", 1, kListOfObjectName)),
    optional(implicit("domainName", 2, kIdentifier)),
};

}  // namespace

constexpr Type kReadRequest = asn1::sequence("Read-Request", kReadRequestFields);
constexpr Type kReadResponse = asn1::sequence("Read-Response", kReadResponseFields);
constexpr Type kWriteRequest = asn1::sequence("Write-Request", kWriteRequestFields);
constexpr Type kWriteResponse = asn1::sequence_of("Write-Response", kWriteResponseElement);
constexpr Type kInformationReport = asn1::sequence("InformationReport", kInformationReportFields);
constexpr Type kGetVariableAccessAttributesRequest = asn1::choice(
    "GetVariableAccessAttributes-Request", kGetVariableAccessAttributesRequestAlternatives);
constexpr Type kGetVariableAccessAttributesResponse = asn1::sequence(
    "GetVariableAccessAttributes-Response", kGetVariableAccessAttributesResponseFields);
constexpr Type kDefineNamedVariableRequest =
    asn1::sequence("DefineNamedVariable-Request", kDefineNamedVariableRequestFields);
constexpr Type kDefineScatteredAccessRequest =
    asn1::sequence("DefineScatteredAccess-Request", kDefineScatteredAccessRequestFields);
constexpr Type kGetScatteredAccessAttributesResponse = asn1::sequence(
    "GetScatteredAccessAttributes-Response", kGetScatteredAccessAttributesResponseFields);
constexpr Type kDeleteVariableAccessRequest =
    asn1::sequence("DeleteVariableAccess-Request", kDeleteVariableAccessRequestFields);

}  // namespace mmsa::mms
