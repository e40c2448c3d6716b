// The services below additionalService: unit control, event condition lists, VMD stop and reset.
// ISO 9506-2:2003 clauses 10, 12, 13 and 19. No capture and no other decoder at hand has them, so
// an element that does not fit is kept rather than refused.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// Select-Request ::= SEQUENCE
constexpr Field kSelectRequestFields[] = {
    optional(implicit("controlling", 0, kIdentifier)),
    optional(implicit("controlled", 1, kListOfIdentifier)),
};
constexpr Type kSelectRequest = asn1::sequence("Select-Request", kSelectRequestFields);

// startCount [1] CHOICE
constexpr Field kStartCountAlternatives[] = {
    implicit("noLimit", 0, kNull),
    implicit("cycleCount", 1, kInteger),
    implicit("stepCount", 2, kInteger),
};
constexpr Type kStartCount = asn1::choice("StartCount", kStartCountAlternatives);
// AlterProgramInvocationAttributes-Request ::= SEQUENCE
constexpr Field kAlterProgramInvocationFields[] = {
    implicit("programInvocation", 0, kIdentifier),
    optional(explicitly("startCount", 1, kStartCount)),  // DEFAULT cycleCount: 1
};
constexpr Type kAlterProgramInvocation =
    asn1::sequence("AlterProgramInvocationAttributes-Request", kAlterProgramInvocationFields);

// UnitControlLoadSegment-Response ::= SEQUENCE
constexpr Field kUnitControlLoadSegmentFields[] = {
    implicit("controlElements", 0, kAny),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT TRUE
};
constexpr Type kUnitControlLoadSegment =
    asn1::sequence("UnitControlLoadSegment-Response", kUnitControlLoadSegmentFields);

// continueAfter and nextElement CHOICE
constexpr Field kUnitControlElementAlternatives[] = {
    implicit("domain", 1, kIdentifier),
    implicit("ulsmID", 2, kInteger),
    implicit("programInvocation", 3, kIdentifier),
};
constexpr Type kUnitControlElement = asn1::choice("CHOICE", kUnitControlElementAlternatives);
// UnitControlUpload-Request ::= SEQUENCE
constexpr Field kUnitControlUploadRequestFields[] = {
    implicit("unitControlName", 0, kIdentifier),
    optional(one_of("continueAfter", kUnitControlElement)),
};
constexpr Type kUnitControlUploadRequest =
    asn1::sequence("UnitControlUpload-Request", kUnitControlUploadRequestFields);
// UnitControlUpload-Response ::= SEQUENCE
constexpr Field kUnitControlUploadResponseFields[] = {
    implicit("controlElements", 0, kAny),
    optional(one_of("nextElement", kUnitControlElement)),
};
constexpr Type kUnitControlUploadResponse =
    asn1::sequence("UnitControlUpload-Response", kUnitControlUploadResponseFields);

// executionArgument CHOICE
constexpr Field kUnitArgumentAlternatives[] = {
    implicit("simpleString", 1, kVisibleString),
    implicit("encodedString", 2, kAny),
};
constexpr Type kUnitArgument = asn1::choice("CHOICE", kUnitArgumentAlternatives);
// StartUnitControl-Request ::= SEQUENCE
constexpr Field kStartUnitControlFields[] = {
    implicit("unitControlName", 0, kIdentifier),
    optional(one_of("executionArgument", kUnitArgument)),
};
constexpr Type kStartUnitControl =
    asn1::sequence("StartUnitControl-Request", kStartUnitControlFields);

// CreateUnitControl-Request ::= SEQUENCE; AddTo and RemoveFrom likewise
constexpr Field kUnitControlMembersFields[] = {
    implicit("unitControl", 0, kIdentifier),
    implicit("domains", 1, kListOfIdentifier),
    implicit("programInvocations", 2, kListOfIdentifier),
};
constexpr Type kUnitControlMembers =
    asn1::sequence("CreateUnitControl-Request", kUnitControlMembersFields);
// GetUnitControlAttributes-Response ::= SEQUENCE
constexpr Field kUnitControlAttributesFields[] = {
    implicit("domains", 0, kListOfIdentifier),
    implicit("programInvocations", 1, kListOfIdentifier),
};
constexpr Type kUnitControlAttributes =
    asn1::sequence("GetUnitControlAttributes-Response", kUnitControlAttributesFields);
// LoadUnitControlFromFile-Request and StoreUnitControlToFile-Request ::= SEQUENCE
constexpr Field kUnitControlFileFields[] = {
    implicit("unitControlName", 0, kIdentifier),
    implicit("fileName", 1, kFileName),
    optional(implicit("thirdParty", 2, kApplicationReference)),
};
constexpr Type kUnitControlFile =
    asn1::sequence("LoadUnitControlFromFile-Request", kUnitControlFileFields);

// DefineEventConditionList-Request ::= SEQUENCE; Add and Remove of references likewise
constexpr Field kEventConditionListFields[] = {
    explicitly("eventConditionListName", 0, kObjectName),
    implicit("listOfEventConditionName", 1, kListOfObjectName),
    optional(implicit("listOfEventConditionListName", 2, kListOfObjectName)),
};
constexpr Type kEventConditionList =
    asn1::sequence("DefineEventConditionList-Request", kEventConditionListFields);
// GetEventConditionListAttributes-Response ::= SEQUENCE
constexpr Field kEventConditionListAttributesFields[] = {
    implicit("listOfEventConditionName", 1, kListOfObjectName),
    optional(implicit("listOfEventConditionListName", 2, kListOfObjectName)),
};
constexpr Type kEventConditionListAttributes =
    asn1::sequence("GetEventConditionListAttributes-Response", kEventConditionListAttributesFields);
// ReportEventConditionListStatus-Request ::= SEQUENCE
constexpr Field kListStatusRequestFields[] = {
    explicitly("eventConditionListName", 0, kObjectName),
    optional(implicit("continueAfter", 1, kIdentifier)),
};
constexpr Type kListStatusRequest =
    asn1::sequence("ReportEventConditionListStatus-Request", kListStatusRequestFields);
// EventConditionStatus ::= SEQUENCE
constexpr Field kEventConditionStatusFields[] = {
    explicitly("eventConditionName", 0, kObjectName),
    implicit("currentState", 1, kEcState),
    implicit("numberOfEventEnrollments", 2, kUnsigned32),
    optional(implicit("enabled", 3, kBoolean)),
    optional(explicitly("timeOfLastTransitionToActive", 4, kEventTime)),
    optional(explicitly("timeOfLastTransitionToIdle", 5, kEventTime)),
};
constexpr Type kEventConditionStatus =
    asn1::sequence("EventConditionStatus", kEventConditionStatusFields);
constexpr Field kEventConditionStatusElement[] = {
    untagged("EventConditionStatus", kEventConditionStatus)};
constexpr Type kListOfEventConditionStatus =
    asn1::sequence_of("SEQUENCE OF EventConditionStatus", kEventConditionStatusElement);
// ReportEventConditionListStatus-Response ::= SEQUENCE
constexpr Field kListStatusResponseFields[] = {
    implicit("listOfEventConditionStatus", 1, kListOfEventConditionStatus),
    optional(implicit("moreFollows", 2, kBoolean)),  // DEFAULT TRUE
};
constexpr Type kListStatusResponse =
    asn1::sequence("ReportEventConditionListStatus-Response", kListStatusResponseFields);
// priorityChange [2] CHOICE
constexpr Field kPriorityChangeAlternatives[] = {
    implicit("priorityValue", 0, kInteger),
    implicit("priorityOffset", 1, kInteger),
};
constexpr Type kPriorityChange = asn1::choice("CHOICE", kPriorityChangeAlternatives);
// AlterEventConditionListMonitoring-Request ::= SEQUENCE
constexpr Field kAlterListMonitoringFields[] = {
    explicitly("eventConditionListName", 0, kObjectName),
    implicit("enabled", 1, kBoolean),
    optional(explicitly("priorityChange", 2, kPriorityChange)),
};
constexpr Type kAlterListMonitoring =
    asn1::sequence("AlterEventConditionListMonitoring-Request", kAlterListMonitoringFields);

// AdditionalService-Request ::= CHOICE
constexpr Field kRequestAlternatives[] = {
    implicit("vMDStop", 0, kNull),
    implicit("vMDReset", 1, kBoolean),
    implicit("select", 2, kSelectRequest),
    implicit("alterPI", 3, kAlterProgramInvocation),
    implicit("initiateUCLoad", 4, kIdentifier),
    implicit("uCLoad", 5, kIdentifier),
    implicit("uCUpload", 6, kUnitControlUploadRequest),
    implicit("startUC", 7, kStartUnitControl),
    implicit("stopUC", 8, kIdentifier),
    implicit("createUC", 9, kUnitControlMembers),
    implicit("addToUC", 10, kUnitControlMembers),
    implicit("removeFromUC", 11, kUnitControlMembers),
    implicit("getUCAttributes", 12, kIdentifier),
    implicit("loadUCFromFile", 13, kUnitControlFile),
    implicit("storeUCToFile", 14, kUnitControlFile),
    implicit("deleteUC", 15, kIdentifier),
    implicit("defineECL", 16, kEventConditionList),
    explicitly("deleteECL", 17, kObjectName),
    implicit("addECLReference", 18, kEventConditionList),
    implicit("removeECLReference", 19, kEventConditionList),
    explicitly("getECLAttributes", 20, kObjectName),
    implicit("reportECLStatus", 21, kListStatusRequest),
    implicit("alterECLMonitoring", 22, kAlterListMonitoring),
};

// AdditionalService-Response ::= CHOICE
constexpr Field kResponseAlternatives[] = {
    implicit("vMDStop", 0, kNull),
    implicit("vMDReset", 1, kStatusResponse),
    implicit("select", 2, kNull),
    implicit("alterPI", 3, kNull),
    implicit("initiateUCLoad", 4, kNull),
    implicit("uCLoad", 5, kUnitControlLoadSegment),
    implicit("uCUpload", 6, kUnitControlUploadResponse),
    implicit("startUC", 7, kNull),
    implicit("stopUC", 8, kNull),
    implicit("createUC", 9, kNull),
    implicit("addToUC", 10, kNull),
    implicit("removeFromUC", 11, kNull),
    implicit("getUCAttributes", 12, kUnitControlAttributes),
    implicit("loadUCFromFile", 13, kNull),
    implicit("storeUCToFile", 14, kNull),
    implicit("deleteUC", 15, kNull),
    implicit("defineECL", 16, kNull),
    implicit("deleteECL", 17, kNull),
    implicit("addECLReference", 18, kNull),
    implicit("removeECLReference", 19, kNull),
    implicit("getECLAttributes", 20, kEventConditionListAttributes),
    implicit("reportECLStatus", 21, kListStatusResponse),
    implicit("alterECLMonitoring", 22, kNull),
};

constexpr Type extensible(Type type) {
  type.extensible = true;
  return type;
}

}  // namespace

constexpr Type kAdditionalServiceRequest =
    extensible(asn1::choice("AdditionalService-Request", kRequestAlternatives));
constexpr Type kAdditionalServiceResponse =
    extensible(asn1::choice("AdditionalService-Response", kResponseAlternatives));

}  // namespace mmsa::mms
