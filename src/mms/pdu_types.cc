// MMSpdu and its fourteen alternatives: ISO 9506-2 clauses 7 and 8.
#include "mms/pdu_types.h"

#include "mms/types.h"

namespace mmsa::mms {
namespace {

// Confirmed-RequestPDU ::= SEQUENCE
constexpr Field kConfirmedRequestFields[] = {
    untagged("invokeID", kUnsigned32),
    optional(untagged("listOfModifier", ber::kSequence, kListOfModifier)),
    one_of("confirmedServiceRequest", kConfirmedServiceRequest),
    optional(implicit("cs-request-detail", 79, kAny)),
};
constexpr Type kConfirmedRequest = asn1::sequence("Confirmed-RequestPDU", kConfirmedRequestFields);

// Confirmed-ResponsePDU ::= SEQUENCE
constexpr Field kConfirmedResponseFields[] = {
    untagged("invokeID", kUnsigned32),
    one_of("confirmedServiceResponse", kConfirmedServiceResponse),
    optional(implicit("cs-request-detail", 79, kAny)),
};
constexpr Type kConfirmedResponse =
    asn1::sequence("Confirmed-ResponsePDU", kConfirmedResponseFields);

// Confirmed-ErrorPDU ::= SEQUENCE
constexpr Field kConfirmedErrorFields[] = {
    implicit("invokeID", 0, kUnsigned32),
    optional(implicit("modifierPosition", 1, kUnsigned32)),
    implicit("serviceError", 2, kServiceError),
};
constexpr Type kConfirmedError = asn1::sequence("Confirmed-ErrorPDU", kConfirmedErrorFields);

// Unconfirmed-PDU ::= SEQUENCE
constexpr Field kUnconfirmedFields[] = {
    one_of("unconfirmedService", kUnconfirmedService),
    optional(implicit("cs-request-detail", 79, kAny)),
};
constexpr Type kUnconfirmed = asn1::sequence("Unconfirmed-PDU", kUnconfirmedFields);

// --- RejectPDU ---

constexpr NamedNumber kRejectRequestNames[] = {
    {0, "other"},
    {1, "unrecognized-service"},
    {2, "unrecognized-modifier"},
    {3, "invalid-invokeID"},
    {4, "invalid-argument"},
    {5, "invalid-modifier"},
    {6, "max-serv-outstanding-exceeded"},
    {8, "max-recursion-exceeded"},
    {9, "value-out-of-range"},
};
constexpr NamedNumber kRejectResponseNames[] = {
    {0, "other"},          {1, "unrecognized-service"},   {2, "invalid-invokeID"},
    {3, "invalid-result"}, {5, "max-recursion-exceeded"}, {6, "value-out-of-range"},
};
constexpr NamedNumber kRejectErrorNames[] = {
    {0, "other"},
    {1, "unrecognized-service"},
    {2, "invalid-invokeID"},
    {3, "invalid-serviceError"},
    {4, "value-out-of-range"},
};
constexpr NamedNumber kRejectUnconfirmedNames[] = {
    {0, "other"},
    {1, "unrecognized-service"},
    {2, "invalid-argument"},
    {3, "max-recursion-exceeded"},
    {4, "value-out-of-range"},
};
constexpr NamedNumber kPduErrorNames[] = {
    {0, "unknown-pdu-type"}, {1, "invalid-pdu"}, {2, "illegal-acse-mapping"}};
constexpr NamedNumber kRejectCancelNames[] = {{0, "other"}, {1, "invalid-invokeID"}};
constexpr NamedNumber kRejectCancelErrorNames[] = {
    {0, "other"}, {1, "invalid-invokeID"}, {2, "invalid-serviceError"}, {3, "value-out-of-range"}};
constexpr NamedNumber kRejectConcludeRequestNames[] = {{0, "other"}, {1, "invalid-argument"}};
constexpr NamedNumber kRejectConcludeResponseNames[] = {{0, "other"}, {1, "invalid-result"}};
constexpr NamedNumber kRejectConcludeErrorNames[] = {
    {0, "other"}, {1, "invalid-serviceError"}, {2, "value-out-of-range"}};

constexpr Type kRejectRequest = enumeration("INTEGER", kRejectRequestNames);
constexpr Type kRejectResponse = enumeration("INTEGER", kRejectResponseNames);
constexpr Type kRejectError = enumeration("INTEGER", kRejectErrorNames);
constexpr Type kRejectUnconfirmed = enumeration("INTEGER", kRejectUnconfirmedNames);
constexpr Type kPduError = enumeration("INTEGER", kPduErrorNames);
constexpr Type kRejectCancel = enumeration("INTEGER", kRejectCancelNames);
constexpr Type kRejectCancelError = enumeration("INTEGER", kRejectCancelErrorNames);
constexpr Type kRejectConcludeRequest = enumeration("INTEGER", kRejectConcludeRequestNames);
constexpr Type kRejectConcludeResponse = enumeration("INTEGER", kRejectConcludeResponseNames);
constexpr Type kRejectConcludeError = enumeration("INTEGER", kRejectConcludeErrorNames);

// rejectReason CHOICE
constexpr Field kRejectReasonAlternatives[] = {
    implicit("confirmed-requestPDU", 1, kRejectRequest),
    implicit("confirmed-responsePDU", 2, kRejectResponse),
    implicit("confirmed-errorPDU", 3, kRejectError),
    implicit("unconfirmedPDU", 4, kRejectUnconfirmed),
    implicit("pdu-error", 5, kPduError),
    implicit("cancel-requestPDU", 6, kRejectCancel),
    implicit("cancel-responsePDU", 7, kRejectCancel),
    implicit("cancel-errorPDU", 8, kRejectCancelError),
    implicit("conclude-requestPDU", 9, kRejectConcludeRequest),
    implicit("conclude-responsePDU", 10, kRejectConcludeResponse),
    implicit("conclude-errorPDU", 11, kRejectConcludeError),
};
constexpr Type kRejectReason = asn1::choice("CHOICE", kRejectReasonAlternatives);
// RejectPDU ::= SEQUENCE
constexpr Field kRejectFields[] = {
    optional(implicit("originalInvokeID", 0, kUnsigned32)),
    one_of("rejectReason", kRejectReason),
};
constexpr Type kReject = asn1::sequence("RejectPDU", kRejectFields);

// Cancel-ErrorPDU ::= SEQUENCE
constexpr Field kCancelErrorFields[] = {
    implicit("originalInvokeID", 0, kUnsigned32),
    implicit("serviceError", 1, kServiceError),
};
constexpr Type kCancelError = asn1::sequence("Cancel-ErrorPDU", kCancelErrorFields);

// --- Initiate ---

constexpr NamedNumber kParameterSupportNames[] = {
    {0, "str1"}, {1, "str2"}, {2, "vnam"}, {3, "valt"}, {4, "vadr"},
    {5, "vsca"}, {6, "tpy"},  {7, "vlis"}, {8, "real"}, {10, "cei"},
};
constexpr Type kParameterSupportOptions = asn1::primitive(
    "ParameterSupportOptions", Kind::bit_string, ber::kBitString, kParameterSupportNames);

constexpr NamedNumber kServiceSupportNames[] = {
    {0, "status"},
    {1, "getNameList"},
    {2, "identify"},
    {3, "rename"},
    {4, "read"},
    {5, "write"},
    {6, "getVariableAccessAttributes"},
    {7, "defineNamedVariable"},
    {8, "defineScatteredAccess"},
    {9, "getScatteredAccessAttributes"},
    {10, "deleteVariableAccess"},
    {11, "defineNamedVariableList"},
    {12, "getNamedVariableListAttributes"},
    {13, "deleteNamedVariableList"},
    {14, "defineNamedType"},
    {15, "getNamedTypeAttributes"},
    {16, "deleteNamedType"},
    {17, "input"},
    {18, "output"},
    {19, "takeControl"},
    {20, "relinquishControl"},
    {21, "defineSemaphore"},
    {22, "deleteSemaphore"},
    {23, "reportSemaphoreStatus"},
    {24, "reportPoolSemaphoreStatus"},
    {25, "reportSemaphoreEntryStatus"},
    {26, "initiateDownloadSequence"},
    {27, "downloadSegment"},
    {28, "terminateDownloadSequence"},
    {29, "initiateUploadSequence"},
    {30, "uploadSegment"},
    {31, "terminateUploadSequence"},
    {32, "requestDomainDownload"},
    {33, "requestDomainUpload"},
    {34, "loadDomainContent"},
    {35, "storeDomainContent"},
    {36, "deleteDomain"},
    {37, "getDomainAttributes"},
    {38, "createProgramInvocation"},
    {39, "deleteProgramInvocation"},
    {40, "start"},
    {41, "stop"},
    {42, "resume"},
    {43, "reset"},
    {44, "kill"},
    {45, "getProgramInvocationAttributes"},
    {46, "obtainFile"},
    {47, "defineEventCondition"},
    {48, "deleteEventCondition"},
    {49, "getEventConditionAttributes"},
    {50, "reportEventConditionStatus"},
    {51, "alterEventConditionMonitoring"},
    {52, "triggerEvent"},
    {53, "defineEventAction"},
    {54, "deleteEventAction"},
    {55, "getEventActionAttributes"},
    {56, "reportActionStatus"},
    {57, "defineEventEnrollment"},
    {58, "deleteEventEnrollment"},
    {59, "alterEventEnrollment"},
    {60, "reportEventEnrollmentStatus"},
    {61, "getEventEnrollmentAttributes"},
    {62, "acknowledgeEventNotification"},
    {63, "getAlarmSummary"},
    {64, "getAlarmEnrollmentSummary"},
    {65, "readJournal"},
    {66, "writeJournal"},
    {67, "initializeJournal"},
    {68, "reportJournalStatus"},
    {69, "createJournal"},
    {70, "deleteJournal"},
    {71, "getCapabilityList"},
    {72, "fileOpen"},
    {73, "fileRead"},
    {74, "fileClose"},
    {75, "fileRename"},
    {76, "fileDelete"},
    {77, "fileDirectory"},
    {78, "unsolicitedStatus"},
    {79, "informationReport"},
    {80, "eventNotification"},
    {81, "attachToEventCondition"},
    {82, "attachToSemaphore"},
    {83, "conclude"},
    {84, "cancel"},
    {85, "getDataExchangeAttributes"},
    {86, "exchangeData"},
    {87, "defineAccessControlList"},
    {88, "getAccessControlListAttributes"},
    {89, "reportAccessControlledObjects"},
    {90, "deleteAccessControlList"},
    {91, "alterAccessControl"},
    {92, "reconfigureProgramInvocation"},
};
constexpr Type kServiceSupportOptions = asn1::primitive("ServiceSupportOptions", Kind::bit_string,
                                                        ber::kBitString, kServiceSupportNames);

// InitRequestDetail ::= SEQUENCE
constexpr Field kInitRequestDetailFields[] = {
    implicit("proposedVersionNumber", 0, kInteger16),
    implicit("proposedParameterCBB", 1, kParameterSupportOptions),
    implicit("servicesSupportedCalling", 2, kServiceSupportOptions),
};
constexpr Type kInitRequestDetail = asn1::sequence("InitRequestDetail", kInitRequestDetailFields);
// Initiate-RequestPDU ::= SEQUENCE
constexpr Field kInitiateRequestFields[] = {
    optional(implicit("localDetailCalling", 0, kInteger32)),
    implicit("proposedMaxServOutstandingCalling", 1, kInteger16),
    implicit("proposedMaxServOutstandingCalled", 2, kInteger16),
    optional(implicit("proposedDataStructureNestingLevel", 3, kInteger8)),
    implicit("mmsInitRequestDetail", 4, kInitRequestDetail),
};
constexpr Type kInitiateRequest = asn1::sequence("Initiate-RequestPDU", kInitiateRequestFields);

// InitResponseDetail ::= SEQUENCE
constexpr Field kInitResponseDetailFields[] = {
    implicit("negotiatedVersionNumber", 0, kInteger16),
    implicit("negotiatedParameterCBB", 1, kParameterSupportOptions),
    implicit("servicesSupportedCalled", 2, kServiceSupportOptions),
};
constexpr Type kInitResponseDetail =
    asn1::sequence("InitResponseDetail", kInitResponseDetailFields);
// Initiate-ResponsePDU ::= SEQUENCE
constexpr Field kInitiateResponseFields[] = {
    optional(implicit("localDetailCalled", 0, kInteger32)),
    implicit("negotiatedMaxServOutstandingCalling", 1, kInteger16),
    implicit("negotiatedMaxServOutstandingCalled", 2, kInteger16),
    optional(implicit("negotiatedDataStructureNestingLevel", 3, kInteger8)),
    implicit("mmsInitResponseDetail", 4, kInitResponseDetail),
};
constexpr Type kInitiateResponse = asn1::sequence("Initiate-ResponsePDU", kInitiateResponseFields);

// MMSpdu ::= CHOICE
constexpr Field kPduAlternatives[] = {
    implicit("confirmed-RequestPDU", 0, kConfirmedRequest),
    implicit("confirmed-ResponsePDU", 1, kConfirmedResponse),
    implicit("confirmed-ErrorPDU", 2, kConfirmedError),
    implicit("unconfirmed-PDU", 3, kUnconfirmed),
    implicit("rejectPDU", 4, kReject),
    implicit("cancel-RequestPDU", 5, kUnsigned32),
    implicit("cancel-ResponsePDU", 6, kUnsigned32),
    implicit("cancel-ErrorPDU", 7, kCancelError),
    implicit("initiate-RequestPDU", 8, kInitiateRequest),
    implicit("initiate-ResponsePDU", 9, kInitiateResponse),
    implicit("initiate-ErrorPDU", 10, kServiceError),
    implicit("conclude-RequestPDU", 11, kNull),
    implicit("conclude-ResponsePDU", 12, kNull),
    implicit("conclude-ErrorPDU", 13, kServiceError),
};

}  // namespace

std::span<const Field> pdu_alternatives() { return kPduAlternatives; }

}  // namespace mmsa::mms
