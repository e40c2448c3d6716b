// Event enrollments, their notification, and alarms: ISO 9506-2 clause 18.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// eventConditionName [1] CHOICE
constexpr Field kEventConditionAlternatives[] = {
    explicitly("eventCondition", 0, kObjectName),
    implicit("undefined", 1, kNull),
};
constexpr Type kEventCondition = asn1::choice("CHOICE", kEventConditionAlternatives);
// eventActionName [2] CHOICE
constexpr Field kEventActionAlternatives[] = {
    explicitly("eventAction", 0, kObjectName),
    implicit("undefined", 1, kNull),
};
constexpr Type kEventAction = asn1::choice("CHOICE", kEventActionAlternatives);

// DefineEventEnrollment-Request ::= SEQUENCE
constexpr Field kDefineEventEnrollmentRequestFields[] = {
    explicitly("eventEnrollmentName", 0, kObjectName),
    explicitly("eventConditionName", 1, kObjectName),
    implicit("eventConditionTransitions", 2, kTransitions),
    implicit("alarmAcknowledgmentRule", 3, kAlarmAckRule),
    optional(explicitly("eventActionName", 4, kObjectName)),
    optional(explicitly("clientApplication", 5, kApplicationReference)),
};

// DeleteEventEnrollment-Request ::= CHOICE
constexpr Field kDeleteEventEnrollmentRequestAlternatives[] = {
    implicit("specific", 0, kListOfObjectName),
    explicitly("ec", 1, kObjectName),
    explicitly("ea", 2, kObjectName),
};

constexpr NamedNumber kScopeOfRequestNames[] = {
    {0, "specific"}, {1, "client"}, {2, "ec"}, {3, "ea"}};
constexpr Type kScopeOfRequest = enumeration("INTEGER", kScopeOfRequestNames);
// GetEventEnrollmentAttributes-Request ::= SEQUENCE
constexpr Field kGetEventEnrollmentAttributesRequestFields[] = {
    optional(implicit("scopeOfRequest", 0, kScopeOfRequest)),  // DEFAULT client
    optional(implicit("eventEnrollmentNames", 1, kListOfObjectName)),
    optional(explicitly("clientApplication", 2, kApplicationReference)),
    optional(explicitly("eventConditionName", 3, kObjectName)),
    optional(explicitly("eventActionName", 4, kObjectName)),
    optional(explicitly("continueAfter", 5, kObjectName)),
};
// EventEnrollment ::= SEQUENCE
constexpr Field kEventEnrollmentFields[] = {
    explicitly("eventEnrollmentName", 0, kObjectName),
    explicitly("eventConditionName", 1, kEventCondition),
    optional(explicitly("eventActionName", 2, kEventAction)),
    optional(explicitly("clientApplication", 3, kApplicationReference)),
    optional(implicit("mmsDeletable", 4, kBoolean)),  // DEFAULT FALSE
    implicit("enrollmentClass", 5, kEeClass),
    optional(implicit("duration", 6, kEeDuration)),  // DEFAULT current
    implicit("invokeID", 7, kUnsigned32),
    optional(implicit("remainingAcceptableDelay", 8, kUnsigned32)),
};
constexpr Type kEventEnrollment = asn1::sequence("EventEnrollment", kEventEnrollmentFields);
constexpr Field kEventEnrollmentElement[] = {untagged("EventEnrollment", kEventEnrollment)};
constexpr Type kListOfEventEnrollment =
    asn1::sequence_of("SEQUENCE OF EventEnrollment", kEventEnrollmentElement);
// GetEventEnrollmentAttributes-Response ::= SEQUENCE
constexpr Field kGetEventEnrollmentAttributesResponseFields[] = {
    implicit("listOfEventEnrollment", 0, kListOfEventEnrollment),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT FALSE
};

// ReportEventEnrollmentStatus-Response ::= SEQUENCE
constexpr Field kReportEventEnrollmentStatusResponseFields[] = {
    implicit("eventConditionTransitions", 0, kTransitions),
    optional(implicit("notificationLost", 1, kBoolean)),  // DEFAULT FALSE
    implicit("duration", 2, kEeDuration),
    optional(implicit("alarmAcknowledgmentRule", 3, kAlarmAckRule)),
    implicit("currentState", 4, kEeState),
};

// AlterEventEnrollment-Request ::= SEQUENCE
constexpr Field kAlterEventEnrollmentRequestFields[] = {
    explicitly("eventEnrollmentName", 0, kObjectName),
    optional(implicit("eventConditionTransitions", 1, kTransitions)),
    optional(implicit("alarmAcknowledgmentRule", 2, kAlarmAckRule)),
};
// currentState [0] CHOICE
constexpr Field kCurrentStateAlternatives[] = {
    implicit("state", 0, kEeState),
    implicit("undefined", 1, kNull),
};
constexpr Type kCurrentState = asn1::choice("CHOICE", kCurrentStateAlternatives);
// AlterEventEnrollment-Response ::= SEQUENCE
constexpr Field kAlterEventEnrollmentResponseFields[] = {
    explicitly("currentState", 0, kCurrentState),
    explicitly("transitionTime", 1, kEventTime),
};

// AcknowledgeEventNotification-Request ::= SEQUENCE
constexpr Field kAcknowledgeEventNotificationRequestFields[] = {
    explicitly("eventEnrollmentName", 0, kObjectName),
    implicit("acknowledgedState", 2, kEcState),
    explicitly("timeOfAcknowledgedTransition", 3, kEventTime),
};

// --- alarms ---

constexpr NamedNumber kAcknowledgmentFilterNames[] = {{0, "not-acked"}, {1, "acked"}, {2, "all"}};
constexpr Type kAcknowledgmentFilter = enumeration("INTEGER", kAcknowledgmentFilterNames);
// severityFilter [3] IMPLICIT SEQUENCE
constexpr Field kSeverityFilterFields[] = {
    implicit("mostSevere", 0, kUnsigned8),
    implicit("leastSevere", 1, kUnsigned8),
};
constexpr Type kSeverityFilter = asn1::sequence("SEQUENCE", kSeverityFilterFields);
// GetAlarmSummary-Request and GetAlarmEnrollmentSummary-Request ::= SEQUENCE
constexpr Field kGetAlarmSummaryRequestFields[] = {
    optional(implicit("enrollmentsOnly", 0, kBoolean)),                    // DEFAULT TRUE
    optional(implicit("activeAlarmsOnly", 1, kBoolean)),                   // DEFAULT TRUE
    optional(implicit("acknowledgmentFilter", 2, kAcknowledgmentFilter)),  // DEFAULT not-acked
    optional(implicit("severityFilter", 3, kSeverityFilter)),
    optional(explicitly("continueAfter", 5, kObjectName)),
};
constexpr NamedNumber kUnacknowledgedStateNames[] = {
    {0, "none"}, {1, "active"}, {2, "idle"}, {3, "both"}};
constexpr Type kUnacknowledgedState = enumeration("INTEGER", kUnacknowledgedStateNames);
// AlarmSummary ::= SEQUENCE
constexpr Field kAlarmSummaryFields[] = {
    explicitly("eventConditionName", 0, kObjectName),
    implicit("severity", 1, kUnsigned8),
    implicit("currentState", 2, kEcState),
    implicit("unacknowledgedState", 3, kUnacknowledgedState),
    optional(explicitly("timeOfLastTransitionToActive", 5, kEventTime)),
    optional(explicitly("timeOfLastTransitionToIdle", 6, kEventTime)),
};
constexpr Type kAlarmSummary = asn1::sequence("AlarmSummary", kAlarmSummaryFields);
constexpr Field kAlarmSummaryElement[] = {untagged("AlarmSummary", kAlarmSummary)};
constexpr Type kListOfAlarmSummary =
    asn1::sequence_of("SEQUENCE OF AlarmSummary", kAlarmSummaryElement);
// GetAlarmSummary-Response ::= SEQUENCE
constexpr Field kGetAlarmSummaryResponseFields[] = {
    implicit("listOfAlarmSummary", 0, kListOfAlarmSummary),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT FALSE
};
// AlarmEnrollmentSummary ::= SEQUENCE
constexpr Field kAlarmEnrollmentSummaryFields[] = {
    explicitly("eventEnrollmentName", 0, kObjectName),
    optional(explicitly("clientApplication", 2, kApplicationReference)),
    implicit("severity", 3, kUnsigned8),
    implicit("currentState", 4, kEcState),
    optional(implicit("notificationLost", 6, kBoolean)),  // DEFAULT FALSE
    optional(implicit("alarmAcknowledgmentRule", 7, kAlarmAckRule)),
    optional(implicit("enrollmentState", 8, kEeState)),
    optional(explicitly("timeOfLastTransitionToActive", 9, kEventTime)),
    optional(explicitly("timeActiveAcknowledged", 10, kEventTime)),
    optional(explicitly("timeOfLastTransitionToIdle", 11, kEventTime)),
    optional(explicitly("timeIdleAcknowledged", 12, kEventTime)),
};
constexpr Type kAlarmEnrollmentSummary =
    asn1::sequence("AlarmEnrollmentSummary", kAlarmEnrollmentSummaryFields);
constexpr Field kAlarmEnrollmentSummaryElement[] = {
    untagged("AlarmEnrollmentSummary", kAlarmEnrollmentSummary)};
constexpr Type kListOfAlarmEnrollmentSummary =
    asn1::sequence_of("SEQUENCE OF AlarmEnrollmentSummary", kAlarmEnrollmentSummaryElement);
// GetAlarmEnrollmentSummary-Response ::= SEQUENCE
constexpr Field kGetAlarmEnrollmentSummaryResponseFields[] = {
    implicit("listOfAlarmEnrollmentSummary", 0, kListOfAlarmEnrollmentSummary),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT FALSE
};

// --- eventNotification ---

// eventActionResult CHOICE
constexpr Field kEventActionResultAlternatives[] = {
    explicitly("success", 0, kConfirmedServiceResponse),
    implicit("failure", 1, kServiceError),
};
constexpr Type kEventActionResult = asn1::choice("CHOICE", kEventActionResultAlternatives);
// actionResult [8] IMPLICIT SEQUENCE
constexpr Field kActionResultFields[] = {
    one_of("eventActionName", kObjectName),
    one_of("eventActionResult", kEventActionResult),
};
constexpr Type kActionResult = asn1::sequence("SEQUENCE", kActionResultFields);
// EventNotification ::= SEQUENCE
constexpr Field kEventNotificationFields[] = {
    explicitly("eventEnrollmentName", 0, kObjectName),
    explicitly("eventConditionName", 1, kEventCondition),
    implicit("severity", 2, kUnsigned8),
    optional(implicit("currentState", 3, kEcState)),
    explicitly("transitionTime", 4, kEventTime),
    optional(implicit("notificationLost", 6, kBoolean)),  // DEFAULT FALSE
    optional(implicit("alarmAcknowledgmentRule", 7, kAlarmAckRule)),
    optional(implicit("actionResult", 8, kActionResult)),
};

}  // namespace

constexpr Type kDefineEventEnrollmentRequest =
    asn1::sequence("DefineEventEnrollment-Request", kDefineEventEnrollmentRequestFields);
constexpr Type kDeleteEventEnrollmentRequest =
    asn1::choice("DeleteEventEnrollment-Request", kDeleteEventEnrollmentRequestAlternatives);
constexpr Type kGetEventEnrollmentAttributesRequest = asn1::sequence(
    "GetEventEnrollmentAttributes-Request", kGetEventEnrollmentAttributesRequestFields);
constexpr Type kGetEventEnrollmentAttributesResponse = asn1::sequence(
    "GetEventEnrollmentAttributes-Response", kGetEventEnrollmentAttributesResponseFields);
constexpr Type kReportEventEnrollmentStatusResponse = asn1::sequence(
    "ReportEventEnrollmentStatus-Response", kReportEventEnrollmentStatusResponseFields);
constexpr Type kAlterEventEnrollmentRequest =
    asn1::sequence("AlterEventEnrollment-Request", kAlterEventEnrollmentRequestFields);
constexpr Type kAlterEventEnrollmentResponse =
    asn1::sequence("AlterEventEnrollment-Response", kAlterEventEnrollmentResponseFields);
constexpr Type kAcknowledgeEventNotificationRequest = asn1::sequence(
    "AcknowledgeEventNotification-Request", kAcknowledgeEventNotificationRequestFields);
constexpr Type kGetAlarmSummaryRequest =
    asn1::sequence("GetAlarmSummary-Request", kGetAlarmSummaryRequestFields);
constexpr Type kGetAlarmSummaryResponse =
    asn1::sequence("GetAlarmSummary-Response", kGetAlarmSummaryResponseFields);
constexpr Type kGetAlarmEnrollmentSummaryRequest =
    asn1::sequence("GetAlarmEnrollmentSummary-Request", kGetAlarmSummaryRequestFields);
constexpr Type kGetAlarmEnrollmentSummaryResponse =
    asn1::sequence("GetAlarmEnrollmentSummary-Response", kGetAlarmEnrollmentSummaryResponseFields);
constexpr Type kEventNotification = asn1::sequence("EventNotification", kEventNotificationFields);

}  // namespace mmsa::mms
