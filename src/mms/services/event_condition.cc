// Event conditions: ISO 9506-2 clause 18.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// DefineEventCondition-Request ::= SEQUENCE
constexpr Field kDefineEventConditionRequestFields[] = {
    explicitly("eventConditionName", 0, kObjectName),
    implicit("class", 1, kEcClass),
    optional(implicit("priority", 2, kPriority)),   // DEFAULT normalPriority, 64
    optional(implicit("severity", 3, kUnsigned8)),  // DEFAULT normalSeverity, 64
    optional(implicit("alarmSummaryReports", 4, kBoolean)),
    optional(explicitly("monitoredVariable", 6, kVariableSpecification)),
    optional(implicit("evaluationInterval", 7, kUnsigned32)),
};

// DeleteEventCondition-Request ::= CHOICE
constexpr Field kDeleteEventConditionRequestAlternatives[] = {
    implicit("specific", 0, kListOfObjectName),
    implicit("aa-specific", 1, kNull),
    implicit("domain", 2, kIdentifier),
    implicit("vmd", 3, kNull),
};

// monitoredVariable [6] CHOICE
constexpr Field kMonitoredVariableAlternatives[] = {
    explicitly("variableReference", 0, kVariableSpecification),
    implicit("undefined", 1, kNull),
};
constexpr Type kMonitoredVariable = asn1::choice("CHOICE", kMonitoredVariableAlternatives);
// GetEventConditionAttributes-Response ::= SEQUENCE
constexpr Field kGetEventConditionAttributesResponseFields[] = {
    optional(implicit("mmsDeletable", 0, kBoolean)),  // DEFAULT FALSE
    implicit("class", 1, kEcClass),
    optional(implicit("priority", 2, kPriority)),            // DEFAULT normalPriority, 64
    optional(implicit("severity", 3, kUnsigned8)),           // DEFAULT normalSeverity, 64
    optional(implicit("alarmSummaryReports", 4, kBoolean)),  // DEFAULT FALSE
    optional(explicitly("monitoredVariable", 6, kMonitoredVariable)),
    optional(implicit("evaluationInterval", 7, kUnsigned32)),
    optional(implicit("accessControlList", 8, kIdentifier)),
};

// ReportEventConditionStatus-Response ::= SEQUENCE
constexpr Field kReportEventConditionStatusResponseFields[] = {
    implicit("currentState", 0, kEcState),
    implicit("numberOfEventEnrollments", 1, kUnsigned32),
    optional(implicit("enabled", 2, kBoolean)),
    optional(explicitly("timeOfLastTransitionToActive", 3, kEventTime)),
    optional(explicitly("timeOfLastTransitionToIdle", 4, kEventTime)),
};

// AlterEventConditionMonitoring-Request ::= SEQUENCE
constexpr Field kAlterEventConditionMonitoringRequestFields[] = {
    explicitly("eventConditionName", 0, kObjectName),
    optional(implicit("enabled", 1, kBoolean)),
    optional(implicit("priority", 2, kPriority)),
    optional(implicit("alarmSummaryReports", 3, kBoolean)),
    optional(implicit("evaluationInterval", 4, kUnsigned32)),
};

// TriggerEvent-Request ::= SEQUENCE
constexpr Field kTriggerEventRequestFields[] = {
    explicitly("eventConditionName", 0, kObjectName),
    optional(implicit("priority", 1, kPriority)),
};

}  // namespace

constexpr Type kDefineEventConditionRequest =
    asn1::sequence("DefineEventCondition-Request", kDefineEventConditionRequestFields);
constexpr Type kDeleteEventConditionRequest =
    asn1::choice("DeleteEventCondition-Request", kDeleteEventConditionRequestAlternatives);
constexpr Type kGetEventConditionAttributesResponse = asn1::sequence(
    "GetEventConditionAttributes-Response", kGetEventConditionAttributesResponseFields);
constexpr Type kReportEventConditionStatusResponse = asn1::sequence(
    "ReportEventConditionStatus-Response", kReportEventConditionStatusResponseFields);
constexpr Type kAlterEventConditionMonitoringRequest = asn1::sequence(
    "AlterEventConditionMonitoring-Request", kAlterEventConditionMonitoringRequestFields);
constexpr Type kTriggerEventRequest =
    asn1::sequence("TriggerEvent-Request", kTriggerEventRequestFields);

}  // namespace mmsa::mms
