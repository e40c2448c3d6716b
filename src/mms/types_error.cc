// ServiceError: ISO 9506-2 clause 7.4.4. The thirteen classes and their codes by name.
#include "mms/types.h"

namespace mmsa::mms {
namespace {

constexpr NamedNumber kVmdStateNames[] = {
    {0, "other"},
    {1, "vmd-state-conflict"},
    {2, "vmd-operational-problem"},
    {3, "domain-transfer-problem"},
    {4, "state-machine-id-invalid"},
};
constexpr NamedNumber kApplicationReferenceNames[] = {
    {0, "other"},
    {1, "application-unreachable"},
    {2, "connection-lost"},
    {3, "application-reference-invalid"},
    {4, "context-unsupported"},
};
constexpr NamedNumber kDefinitionNames[] = {
    {0, "other"},
    {1, "object-undefined"},
    {2, "invalid-address"},
    {3, "type-unsupported"},
    {4, "type-inconsistent"},
    {5, "object-exists"},
    {6, "object-attribute-inconsistent"},
};
constexpr NamedNumber kResourceNames[] = {
    {0, "other"},
    {1, "memory-unavailable"},
    {2, "processor-resource-unavailable"},
    {3, "mass-storage-unavailable"},
    {4, "capability-unavailable"},
    {5, "capability-unknown"},
};
constexpr NamedNumber kServiceNames[] = {
    {0, "other"},    {1, "primitives-out-of-sequence"}, {2, "object-state-conflict"},
    {3, "pdu-size"}, {4, "continuation-invalid"},       {5, "object-constraint-conflict"},
};
constexpr NamedNumber kServicePreemptNames[] = {
    {0, "other"},
    {1, "timeout"},
    {2, "deadlock"},
    {3, "cancel"},
};
constexpr NamedNumber kTimeResolutionNames[] = {
    {0, "other"},
    {1, "unsupportable-time-resolution"},
};
constexpr NamedNumber kAccessNames[] = {
    {0, "other"},
    {1, "object-access-unsupported"},
    {2, "object-non-existent"},
    {3, "object-access-denied"},
    {4, "object-invalidated"},
};
constexpr NamedNumber kInitiateNames[] = {
    {0, "other"},
    {1, "version-incompatible"},
    {2, "max-segment-insufficient"},
    {3, "max-services-outstanding-calling-insufficient"},
    {4, "max-services-outstanding-called-insufficient"},
    {5, "service-CBB-insufficient"},
    {6, "parameter-CBB-insufficient"},
    {7, "nesting-level-insufficient"},
};
constexpr NamedNumber kConcludeNames[] = {
    {0, "other"},
    {1, "further-communication-required"},
};
constexpr NamedNumber kCancelNames[] = {
    {0, "other"},
    {1, "invoke-id-unknown"},
    {2, "cancel-not-possible"},
};
constexpr NamedNumber kFileNames[] = {
    {0, "other"},
    {1, "filename-ambiguous"},
    {2, "file-busy"},
    {3, "filename-syntax-error"},
    {4, "content-type-invalid"},
    {5, "position-invalid"},
    {6, "file-access-denied"},
    {7, "file-non-existent"},
    {8, "duplicate-filename"},
    {9, "insufficient-space-in-filestore"},
};
constexpr Type kVmdState = enumeration("INTEGER", kVmdStateNames);
constexpr Type kApplicationReferenceClass = enumeration("INTEGER", kApplicationReferenceNames);
constexpr Type kDefinition = enumeration("INTEGER", kDefinitionNames);
constexpr Type kResource = enumeration("INTEGER", kResourceNames);
constexpr Type kService = enumeration("INTEGER", kServiceNames);
constexpr Type kServicePreempt = enumeration("INTEGER", kServicePreemptNames);
constexpr Type kTimeResolution = enumeration("INTEGER", kTimeResolutionNames);
constexpr Type kAccess = enumeration("INTEGER", kAccessNames);
constexpr Type kInitiate = enumeration("INTEGER", kInitiateNames);
constexpr Type kConclude = enumeration("INTEGER", kConcludeNames);
constexpr Type kCancel = enumeration("INTEGER", kCancelNames);
constexpr Type kFile = enumeration("INTEGER", kFileNames);

// errorClass [0] CHOICE
constexpr Field kErrorClassAlternatives[] = {
    implicit("vmd-state", 0, kVmdState),
    implicit("application-reference", 1, kApplicationReferenceClass),
    implicit("definition", 2, kDefinition),
    implicit("resource", 3, kResource),
    implicit("service", 4, kService),
    implicit("service-preempt", 5, kServicePreempt),
    implicit("time-resolution", 6, kTimeResolution),
    implicit("access", 7, kAccess),
    implicit("initiate", 8, kInitiate),
    implicit("conclude", 9, kConclude),
    implicit("cancel", 10, kCancel),
    implicit("file", 11, kFile),
    implicit("others", 12, kInteger),
};
constexpr Type kErrorClass = asn1::choice("CHOICE", kErrorClassAlternatives);

// --- AdditionalService-Error ---

// RemoveEventConditionListReference-Error ::= CHOICE
constexpr Field kRemoveEclReferenceAlternatives[] = {
    explicitly("eventCondition", 0, kObjectName),
    explicitly("eventConditionList", 1, kObjectName),
};
constexpr Type kRemoveEclReference =
    asn1::choice("RemoveEventConditionListReference-Error", kRemoveEclReferenceAlternatives);

// InitiateUnitControl-Error ::= CHOICE, DeleteUnitControl-Error likewise
constexpr Field kUnitControlErrorAlternatives[] = {
    implicit("domain", 0, kIdentifier),
    implicit("programInvocation", 1, kIdentifier),
};
constexpr Type kUnitControlError =
    asn1::choice("InitiateUnitControl-Error", kUnitControlErrorAlternatives);

// StartUnitControl-Error ::= SEQUENCE, StopUnitControl-Error likewise
constexpr Field kStartUnitControlErrorFields[] = {
    implicit("programInvocationName", 0, kIdentifier),
    implicit("programInvocationState", 1, kProgramInvocationState),
};
constexpr Type kStartUnitControlError =
    asn1::sequence("StartUnitControl-Error", kStartUnitControlErrorFields);

// LoadUnitControlFromFile-Error ::= CHOICE
constexpr Field kLoadUnitControlErrorAlternatives[] = {
    implicit("none", 0, kNull),
    implicit("domain", 1, kIdentifier),
    implicit("programInvocation", 2, kIdentifier),
};
constexpr Type kLoadUnitControlError =
    asn1::choice("LoadUnitControlFromFile-Error", kLoadUnitControlErrorAlternatives);

// AdditionalService-Error ::= CHOICE
constexpr Field kAdditionalServiceErrorAlternatives[] = {
    explicitly("defineEcl", 0, kObjectName),
    explicitly("addECLReference", 1, kObjectName),
    explicitly("removeECLReference", 2, kRemoveEclReference),
    explicitly("initiateUC", 3, kUnitControlError),
    implicit("startUC", 4, kStartUnitControlError),
    implicit("stopUC", 5, kStartUnitControlError),
    explicitly("deleteUC", 6, kUnitControlError),
    explicitly("loadUCFromFile", 7, kLoadUnitControlError),
};
constexpr Type kAdditionalServiceError =
    asn1::choice("AdditionalService-Error", kAdditionalServiceErrorAlternatives);

// --- serviceSpecificInformation ---

// ObtainFile-Error and FileRename-Error ::= INTEGER
constexpr NamedNumber kFileErrorNames[] = {{0, "source-file"}, {1, "destination-file"}};
constexpr Type kFileError = enumeration("INTEGER", kFileErrorNames);

// serviceSpecificInformation [3] CHOICE
constexpr Field kServiceSpecificAlternatives[] = {
    implicit("obtainFile", 0, kFileError),
    implicit("start", 1, kProgramInvocationState),
    implicit("stop", 2, kProgramInvocationState),
    implicit("resume", 3, kProgramInvocationState),
    implicit("reset", 4, kProgramInvocationState),
    implicit("deleteVariableAccess", 5, kUnsigned32),
    implicit("deleteNamedVariableList", 6, kUnsigned32),
    implicit("deleteNamedType", 7, kUnsigned32),
    explicitly("defineEventEnrollment-Error", 8, kObjectName),
    implicit("fileRename", 9, kFileError),
    explicitly("additionalService", 10, kAdditionalServiceError),
    implicit("changeAccessControl", 11, kUnsigned32),
};
constexpr Type kServiceSpecific = asn1::choice("CHOICE", kServiceSpecificAlternatives);

// ServiceError ::= SEQUENCE
constexpr Field kServiceErrorFields[] = {
    explicitly("errorClass", 0, kErrorClass),
    optional(implicit("additionalCode", 1, kInteger)),
    optional(implicit("additionalDescription", 2, kVisibleString)),
    optional(explicitly("serviceSpecificInformation", 3, kServiceSpecific)),
};

}  // namespace

constexpr Type kServiceError = asn1::sequence("ServiceError", kServiceErrorFields);

}  // namespace mmsa::mms
