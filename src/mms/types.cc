// Names, references, events, entries: the productions of ISO 9506-2 that several clauses use.
#include "mms/types.h"

namespace mmsa::mms {
namespace {

// --- ObjectName ---

// domain-specific [1] IMPLICIT SEQUENCE
constexpr Field kDomainSpecificFields[] = {
    untagged("domainId", kIdentifier),
    untagged("itemId", kIdentifier),
};
constexpr Type kDomainSpecific =
    with_role(asn1::sequence("SEQUENCE", kDomainSpecificFields), Role::object_name);
constexpr Type kObjectIdentifierName = with_role(kIdentifier, Role::object_name);

// ObjectName ::= CHOICE
constexpr Field kObjectNameAlternatives[] = {
    implicit("vmd-specific", 0, kObjectIdentifierName),
    implicit("domain-specific", 1, kDomainSpecific),
    implicit("aa-specific", 2, kObjectIdentifierName),
};

constexpr Field kObjectNameElement[] = {one_of("ObjectName", kObjectName)};
constexpr Field kIdentifierElement[] = {untagged("Identifier", kIdentifier)};
constexpr Field kVisibleStringElement[] = {untagged("VisibleString", kVisibleString)};

// --- classes and scopes ---

constexpr NamedNumber kObjectClassNames[] = {
    {0, "namedVariable"}, {1, "scatteredAccess"},    {2, "namedVariableList"},
    {3, "namedType"},     {4, "semaphore"},          {5, "eventCondition"},
    {6, "eventAction"},   {7, "eventEnrollment"},    {8, "journal"},
    {9, "domain"},        {10, "programInvocation"}, {11, "operatorStation"},
    {12, "dataExchange"}, {13, "accessControlList"},
};
constexpr Type kObjectClass = enumeration("ObjectClass", kObjectClassNames);
constexpr NamedNumber kCsObjectClassNames[] = {{0, "eventConditionList"}, {1, "unitControl"}};
constexpr Type kCsObjectClass = enumeration("INTEGER", kCsObjectClassNames);
constexpr Field kExtendedObjectClassAlternatives[] = {
    implicit("objectClass", 0, kObjectClass),
    implicit("csObjectClass", 1, kCsObjectClass),
};

// ObjectScope ::= CHOICE
constexpr Field kObjectScopeAlternatives[] = {
    implicit("vmdSpecific", 0, kNull),
    implicit("domainSpecific", 1, kIdentifier),
    implicit("aaSpecific", 2, kNull),
};

constexpr NamedNumber kScopeOfDeleteNames[] = {
    {0, "specific"}, {1, "aa-specific"}, {2, "domain"}, {3, "vmd"}};

constexpr Field kDeleteResponseFields[] = {
    implicit("numberMatched", 0, kUnsigned32),
    implicit("numberDeleted", 1, kUnsigned32),
};

// --- ApplicationReference (AP-title and AE-qualifier as in X.227) ---

constexpr Type kRdnSequence = asn1::primitive("RDNSequence", Kind::any, ber::kSequence);
constexpr Type kRdn = asn1::primitive("RelativeDistinguishedName", Kind::any, ber::kSet);
constexpr Field kApTitleAlternatives[] = {
    untagged("ap-title-form1", kRdnSequence),
    untagged("ap-title-form2", kObjectIdentifier),
};
constexpr Type kApTitle = asn1::choice("AP-title", kApTitleAlternatives);
constexpr Field kAeQualifierAlternatives[] = {
    untagged("ae-qualifier-form1", kRdn),
    untagged("ae-qualifier-form2", kInteger),
};
constexpr Type kAeQualifier = asn1::choice("AE-qualifier", kAeQualifierAlternatives);

// ApplicationReference ::= SEQUENCE
constexpr Field kApplicationReferenceFields[] = {
    optional(explicitly("ap-title", 0, kApTitle)),
    optional(explicitly("ap-invocation-id", 1, kInteger)),
    optional(explicitly("ae-qualifier", 2, kAeQualifier)),
    optional(explicitly("ae-invocation-id", 3, kInteger)),
};

// EXTERNAL ::= [UNIVERSAL 8] IMPLICIT SEQUENCE
constexpr Type kObjectDescriptor =
    asn1::primitive("ObjectDescriptor", Kind::character_string, ber::universal(7));
constexpr Field kExternalEncodingAlternatives[] = {
    implicit("single-ASN1-type", 0, kAny),
    implicit("octet-aligned", 1, kOctetString),
    implicit("arbitrary", 2, kBitString),
};
constexpr Type kExternalEncoding = asn1::choice("CHOICE", kExternalEncodingAlternatives);
constexpr Field kExternalFields[] = {
    optional(untagged("direct-reference", kObjectIdentifier)),
    optional(untagged("indirect-reference", kInteger)),
    optional(untagged("data-value-descriptor", kObjectDescriptor)),
    one_of("encoding", kExternalEncoding),
};

// --- files ---

constexpr Field kGraphicStringElement[] = {untagged("GraphicString", kGraphicString)};

// FileAttributes ::= SEQUENCE
constexpr Field kFileAttributesFields[] = {
    implicit("sizeOfFile", 0, kUnsigned32),
    optional(implicit("lastModified", 1, kGeneralizedTime)),
};

// --- program invocations ---

constexpr NamedNumber kProgramInvocationStateNames[] = {
    {0, "non-existent"}, {1, "unrunnable"}, {2, "idle"},     {3, "running"},  {4, "stopped"},
    {5, "starting"},     {6, "stopping"},   {7, "resuming"}, {8, "resetting"}};

// executionArgument CHOICE
constexpr Field kExecutionArgumentAlternatives[] = {
    implicit("simpleString", 1, kVisibleString),
    untagged("encodedString", ber::kExternal, kExternal),
};

// --- events ---

constexpr Field kEventTimeAlternatives[] = {
    implicit("timeOfDayT", 0, kTimeOfDay),
    implicit("timeSequenceIdentifier", 1, kUnsigned32),
    implicit("undefined", 2, kNull),
};

constexpr NamedNumber kTransitionsNames[] = {
    {0, "idle-to-disabled"}, {1, "active-to-disabled"}, {2, "disabled-to-idle"},
    {3, "active-to-idle"},   {4, "disabled-to-active"}, {5, "idle-to-active"},
    {6, "any-to-deleted"},
};
constexpr NamedNumber kEcClassNames[] = {{0, "network-triggered"}, {1, "monitored"}};
constexpr NamedNumber kEcStateNames[] = {{0, "disabled"}, {1, "idle"}, {2, "active"}};
constexpr NamedNumber kEeStateNames[] = {
    {0, "disabled"},   {1, "idle"},       {2, "active"},    {3, "activeNoAckA"},
    {4, "idleNoAckI"}, {5, "idleNoAckA"}, {6, "idleAcked"}, {7, "activeAcked"},
};
constexpr NamedNumber kEeClassNames[] = {{0, "modifier"}, {1, "notification"}};
constexpr NamedNumber kEeDurationNames[] = {{0, "current"}, {1, "permanent"}};
constexpr NamedNumber kAlarmAckRuleNames[] = {
    {0, "none"}, {1, "simple"}, {2, "ack-active"}, {3, "ack-all"}};

// AttachToEventCondition ::= SEQUENCE
constexpr Field kAttachToEventConditionFields[] = {
    explicitly("eventEnrollmentName", 0, kObjectName),
    explicitly("eventConditionName", 1, kObjectName),
    implicit("causingTransitions", 2, kTransitions),
    optional(implicit("acceptableDelay", 3, kUnsigned32)),
};
constexpr Type kAttachToEventCondition =
    asn1::sequence("AttachToEventCondition", kAttachToEventConditionFields);

// AttachToSemaphore ::= SEQUENCE
constexpr Field kAttachToSemaphoreFields[] = {
    explicitly("semaphoreName", 0, kObjectName),
    optional(implicit("namedToken", 1, kIdentifier)),
    optional(implicit("priority", 2, kPriority)),  // DEFAULT normalPriority, 64
    optional(implicit("acceptableDelay", 3, kUnsigned32)),
    optional(implicit("controlTimeOut", 4, kUnsigned32)),
    optional(implicit("abortOnTimeOut", 5, kBoolean)),
    optional(implicit("relinquishIfConnectionLost", 6, kBoolean)),  // DEFAULT TRUE
};
constexpr Type kAttachToSemaphore = asn1::sequence("AttachToSemaphore", kAttachToSemaphoreFields);

// Modifier ::= CHOICE
constexpr Field kModifierAlternatives[] = {
    implicit("attach-To-Event-Condition", 0, kAttachToEventCondition),
    implicit("attach-To-Semaphore", 1, kAttachToSemaphore),
};
constexpr Field kModifierElement[] = {one_of("Modifier", kModifier)};

// --- journals ---

// event [0] IMPLICIT SEQUENCE
constexpr Field kEntryEventFields[] = {
    explicitly("eventConditionName", 0, kObjectName),
    implicit("currentState", 1, kEcState),
};
constexpr Type kEntryEvent = asn1::sequence("SEQUENCE", kEntryEventFields);

// listOfVariables [1] IMPLICIT SEQUENCE OF SEQUENCE
constexpr Field kEntryVariableFields[] = {
    implicit("variableTag", 0, kVisibleString),
    explicitly("valueSpecification", 1, kData),
};
constexpr Type kEntryVariable = asn1::sequence("SEQUENCE", kEntryVariableFields);
constexpr Field kEntryVariableElement[] = {untagged("item", kEntryVariable)};
constexpr Type kEntryVariables = asn1::sequence_of("SEQUENCE OF SEQUENCE", kEntryVariableElement);

// data [2] IMPLICIT SEQUENCE
constexpr Field kEntryDataFields[] = {
    optional(implicit("event", 0, kEntryEvent)),
    optional(implicit("listOfVariables", 1, kEntryVariables)),
};
constexpr Type kEntryData = asn1::sequence("SEQUENCE", kEntryDataFields);

// entryForm CHOICE
constexpr Field kEntryFormAlternatives[] = {
    implicit("data", 2, kEntryData),
    implicit("annotation", 3, kVisibleString),
};
constexpr Type kEntryForm = asn1::choice("CHOICE", kEntryFormAlternatives);

// EntryContent ::= SEQUENCE
constexpr Field kEntryContentFields[] = {
    implicit("occurrenceTime", 0, kTimeOfDay),
    optional(implicit("additionalDetail", 1, kAny)),  // of companion standards
    one_of("entryForm", kEntryForm),
};
constexpr Field kEntryContentElement[] = {untagged("EntryContent", ber::kSequence, kEntryContent)};

}  // namespace

constexpr Type kObjectName = asn1::choice("ObjectName", kObjectNameAlternatives);
constexpr Type kListOfObjectName = asn1::sequence_of("SEQUENCE OF ObjectName", kObjectNameElement);
constexpr Type kListOfIdentifier = asn1::sequence_of("SEQUENCE OF Identifier", kIdentifierElement);
constexpr Type kListOfVisibleString =
    asn1::sequence_of("SEQUENCE OF VisibleString", kVisibleStringElement);
constexpr Type kExtendedObjectClass = asn1::choice("CHOICE", kExtendedObjectClassAlternatives);
constexpr Type kObjectScope = asn1::choice("ObjectScope", kObjectScopeAlternatives);
constexpr Type kScopeOfDelete = enumeration("INTEGER", kScopeOfDeleteNames);
constexpr Type kDeleteResponse = asn1::sequence("SEQUENCE", kDeleteResponseFields);
constexpr Type kApplicationReference =
    asn1::sequence("ApplicationReference", kApplicationReferenceFields);
constexpr Type kExternal{.name = "EXTERNAL",
                         .kind = Kind::sequence,
                         .fields = kExternalFields,
                         .universal_tag = ber::kExternal};
constexpr Type kFileName = asn1::sequence_of("FileName", kGraphicStringElement);
constexpr Type kFileAttributes = asn1::sequence("FileAttributes", kFileAttributesFields);
constexpr Type kProgramInvocationState =
    enumeration("ProgramInvocationState", kProgramInvocationStateNames);
constexpr Type kExecutionArgument = asn1::choice("CHOICE", kExecutionArgumentAlternatives);
constexpr Type kEventTime = asn1::choice("EventTime", kEventTimeAlternatives);
constexpr Type kTransitions =
    asn1::primitive("Transitions", Kind::bit_string, ber::kBitString, kTransitionsNames);
constexpr Type kEcClass = enumeration("EC-Class", kEcClassNames);
constexpr Type kEcState = enumeration("EC-State", kEcStateNames);
constexpr Type kEeState = enumeration("EE-State", kEeStateNames);
constexpr Type kEeClass = enumeration("EE-Class", kEeClassNames);
constexpr Type kEeDuration = enumeration("EE-Duration", kEeDurationNames);
constexpr Type kAlarmAckRule = enumeration("AlarmAckRule", kAlarmAckRuleNames);
constexpr Type kModifier = asn1::choice("Modifier", kModifierAlternatives);
constexpr Type kListOfModifier = asn1::sequence_of("SEQUENCE OF Modifier", kModifierElement);
constexpr Type kEntryContent = asn1::sequence("EntryContent", kEntryContentFields);
constexpr Type kListOfEntryContent =
    asn1::sequence_of("SEQUENCE OF EntryContent", kEntryContentElement);

}  // namespace mmsa::mms
