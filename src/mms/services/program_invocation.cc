// Program invocations: ISO 9506-2 clause 12.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// CreateProgramInvocation-Request ::= SEQUENCE
constexpr Field kCreateProgramInvocationRequestFields[] = {
    implicit("programInvocationName", 0, kIdentifier),
    implicit("listOfDomainName", 1, kListOfIdentifier),
    optional(implicit("reusable", 2, kBoolean)),  // DEFAULT TRUE
    optional(implicit("monitorType", 3, kBoolean)),
};

// Start-Request and Resume-Request ::= SEQUENCE
constexpr Field kStartRequestFields[] = {
    implicit("programInvocationName", 0, kIdentifier),
    optional(one_of("executionArgument", kExecutionArgument)),
};

// Stop-Request, Reset-Request and Kill-Request ::= SEQUENCE
constexpr Field kStopRequestFields[] = {
    implicit("programInvocationName", 0, kIdentifier),
};

// GetProgramInvocationAttributes-Response ::= SEQUENCE
constexpr Field kGetProgramInvocationAttributesResponseFields[] = {
    implicit("state", 0, kProgramInvocationState),
    implicit("listOfDomainNames", 1, kListOfIdentifier),
    implicit("mmsDeletable", 2, kBoolean),
    implicit("reusable", 3, kBoolean),
    implicit("monitor", 4, kBoolean),
    optional(implicit("startArgument", 5, kVisibleString)),
    optional(one_of("executionArgument", kExecutionArgument)),
    optional(implicit("accessControlList", 6, kIdentifier)),
};

// ReconfigureProgramInvocation-Request ::= SEQUENCE
constexpr Field kReconfigureProgramInvocationRequestFields[] = {
    implicit("oldProgramInvocationName", 0, kIdentifier),
    optional(implicit("newProgramInvocationName", 1, kIdentifier)),
    implicit("domainsToAdd", 2, kListOfIdentifier),
    implicit("domainsToRemove", 3, kListOfIdentifier),
};

}  // namespace

constexpr Type kCreateProgramInvocationRequest =
    asn1::sequence("CreateProgramInvocation-Request", kCreateProgramInvocationRequestFields);
constexpr Type kDeleteProgramInvocationRequest = kIdentifier;  // program invocation name
constexpr Type kStartRequest = asn1::sequence("Start-Request", kStartRequestFields);
constexpr Type kStopRequest = asn1::sequence("Stop-Request", kStopRequestFields);
constexpr Type kGetProgramInvocationAttributesRequest = kIdentifier;  // program invocation name
constexpr Type kGetProgramInvocationAttributesResponse = asn1::sequence(
    "GetProgramInvocationAttributes-Response", kGetProgramInvocationAttributesResponseFields);
constexpr Type kReconfigureProgramInvocationRequest = asn1::sequence(
    "ReconfigureProgramInvocation-Request", kReconfigureProgramInvocationRequestFields);

}  // namespace mmsa::mms
