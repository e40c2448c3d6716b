// Semaphores: ISO 9506-2 clause 16.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// TakeControl-Request ::= SEQUENCE
constexpr Field kTakeControlRequestFields[] = {
    explicitly("semaphoreName", 0, kObjectName),
    optional(implicit("namedToken", 1, kIdentifier)),
    optional(implicit("priority", 2, kPriority)),  // DEFAULT normalPriority, 64
    optional(implicit("acceptableDelay", 3, kUnsigned32)),
    optional(implicit("controlTimeOut", 4, kUnsigned32)),
    optional(implicit("abortOnTimeOut", 5, kBoolean)),
    optional(implicit("relinquishIfConnectionLost", 6, kBoolean)),  // DEFAULT TRUE
    optional(implicit("applicationToPreempt", 7, kApplicationReference)),
};
// TakeControl-Response ::= CHOICE
constexpr Field kTakeControlResponseAlternatives[] = {
    implicit("noResult", 0, kNull),
    implicit("namedToken", 1, kIdentifier),
};

// RelinquishControl-Request ::= SEQUENCE
constexpr Field kRelinquishControlRequestFields[] = {
    explicitly("semaphoreName", 0, kObjectName),
    optional(implicit("namedToken", 1, kIdentifier)),
};

// DefineSemaphore-Request ::= SEQUENCE
constexpr Field kDefineSemaphoreRequestFields[] = {
    explicitly("semaphoreName", 0, kObjectName),
    implicit("numberOfTokens", 1, kUnsigned16),
};

constexpr NamedNumber kSemaphoreClassNames[] = {{0, "token"}, {1, "pool"}};
constexpr Type kSemaphoreClass = enumeration("INTEGER", kSemaphoreClassNames);
// ReportSemaphoreStatus-Response ::= SEQUENCE
constexpr Field kReportSemaphoreStatusResponseFields[] = {
    implicit("mmsDeletable", 0, kBoolean),
    implicit("class", 1, kSemaphoreClass),
    implicit("numberOfTokens", 2, kUnsigned16),
    implicit("numberOfOwnedTokens", 3, kUnsigned16),
    implicit("numberOfHungTokens", 4, kUnsigned16),
    optional(implicit("accessControlList", 5, kIdentifier)),
};

// ReportPoolSemaphoreStatus-Request ::= SEQUENCE
constexpr Field kReportPoolSemaphoreStatusRequestFields[] = {
    explicitly("semaphoreName", 0, kObjectName),
    optional(implicit("nameToStartAfter", 1, kIdentifier)),
};
// listOfNamedTokens [0] IMPLICIT SEQUENCE OF CHOICE
constexpr Field kNamedTokenAlternatives[] = {
    implicit("freeNamedToken", 0, kIdentifier),
    implicit("ownedNamedToken", 1, kIdentifier),
    implicit("hungNamedToken", 2, kIdentifier),
};
constexpr Type kNamedToken = asn1::choice("CHOICE", kNamedTokenAlternatives);
constexpr Field kNamedTokenElement[] = {one_of("item", kNamedToken)};
constexpr Type kListOfNamedTokens = asn1::sequence_of("SEQUENCE OF CHOICE", kNamedTokenElement);
// ReportPoolSemaphoreStatus-Response ::= SEQUENCE
constexpr Field kReportPoolSemaphoreStatusResponseFields[] = {
    implicit("listOfNamedTokens", 0, kListOfNamedTokens),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT TRUE
};

constexpr NamedNumber kEntryStateNames[] = {{0, "queued"}, {1, "owner"}, {2, "hung"}};
constexpr Type kEntryState = enumeration("INTEGER", kEntryStateNames);
// ReportSemaphoreEntryStatus-Request ::= SEQUENCE
constexpr Field kReportSemaphoreEntryStatusRequestFields[] = {
    explicitly("semaphoreName", 0, kObjectName),
    implicit("state", 1, kEntryState),
    optional(implicit("entryIdToStartAfter", 2, kOctetString)),
};

constexpr NamedNumber kEntryClassNames[] = {{0, "simple"}, {1, "modifier"}};
constexpr Type kEntryClass = enumeration("INTEGER", kEntryClassNames);
// SemaphoreEntry ::= SEQUENCE
constexpr Field kSemaphoreEntryFields[] = {
    implicit("entryId", 0, kOctetString),
    implicit("entryClass", 1, kEntryClass),
    explicitly("applicationReference", 2, kApplicationReference),
    optional(implicit("namedToken", 3, kIdentifier)),
    optional(implicit("priority", 4, kPriority)),  // DEFAULT normalPriority, 64
    optional(implicit("remainingTimeOut", 5, kUnsigned32)),
    optional(implicit("abortOnTimeOut", 6, kBoolean)),
    optional(implicit("relinquishIfConnectionLost", 7, kBoolean)),  // DEFAULT TRUE
};
constexpr Type kSemaphoreEntry = asn1::sequence("SemaphoreEntry", kSemaphoreEntryFields);
constexpr Field kSemaphoreEntryElement[] = {untagged("SemaphoreEntry", kSemaphoreEntry)};
constexpr Type kListOfSemaphoreEntry =
    asn1::sequence_of("SEQUENCE OF SemaphoreEntry", kSemaphoreEntryElement);
// ReportSemaphoreEntryStatus-Response ::= SEQUENCE
constexpr Field kReportSemaphoreEntryStatusResponseFields[] = {
    implicit("listOfSemaphoreEntry", 0, kListOfSemaphoreEntry),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT TRUE
};

}  // namespace

constexpr Type kTakeControlRequest =
    asn1::sequence("TakeControl-Request", kTakeControlRequestFields);
constexpr Type kTakeControlResponse =
    asn1::choice("TakeControl-Response", kTakeControlResponseAlternatives);
constexpr Type kRelinquishControlRequest =
    asn1::sequence("RelinquishControl-Request", kRelinquishControlRequestFields);
constexpr Type kDefineSemaphoreRequest =
    asn1::sequence("DefineSemaphore-Request", kDefineSemaphoreRequestFields);
constexpr Type kReportSemaphoreStatusResponse =
    asn1::sequence("ReportSemaphoreStatus-Response", kReportSemaphoreStatusResponseFields);
constexpr Type kReportPoolSemaphoreStatusRequest =
    asn1::sequence("ReportPoolSemaphoreStatus-Request", kReportPoolSemaphoreStatusRequestFields);
constexpr Type kReportPoolSemaphoreStatusResponse =
    asn1::sequence("ReportPoolSemaphoreStatus-Response", kReportPoolSemaphoreStatusResponseFields);
constexpr Type kReportSemaphoreEntryStatusRequest =
    asn1::sequence("ReportSemaphoreEntryStatus-Request", kReportSemaphoreEntryStatusRequestFields);
constexpr Type kReportSemaphoreEntryStatusResponse = asn1::sequence(
    "ReportSemaphoreEntryStatus-Response", kReportSemaphoreEntryStatusResponseFields);

}  // namespace mmsa::mms
