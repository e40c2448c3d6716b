// Journals: ISO 9506-2 clause 20.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// rangeStartSpecification [1] CHOICE
constexpr Field kRangeStartAlternatives[] = {
    implicit("startingTime", 0, kTimeOfDay),
    implicit("startingEntry", 1, kOctetString),
};
constexpr Type kRangeStart = asn1::choice("CHOICE", kRangeStartAlternatives);
// rangeStopSpecification [2] CHOICE
constexpr Field kRangeStopAlternatives[] = {
    implicit("endingTime", 0, kTimeOfDay),
    implicit("numberOfEntries", 1, kInteger32),
};
constexpr Type kRangeStop = asn1::choice("CHOICE", kRangeStopAlternatives);
// entryToStartAfter [5] IMPLICIT SEQUENCE
constexpr Field kEntryToStartAfterFields[] = {
    implicit("timeSpecification", 0, kTimeOfDay),
    implicit("entrySpecification", 1, kOctetString),
};
constexpr Type kEntryToStartAfter = asn1::sequence("SEQUENCE", kEntryToStartAfterFields);

// ReadJournal-Request ::= SEQUENCE
constexpr Field kReadJournalRequestFields[] = {
    explicitly("journalName", 0, kObjectName),
    optional(explicitly("rangeStartSpecification", 1, kRangeStart)),
    optional(explicitly("rangeStopSpecification", 2, kRangeStop)),
    optional(implicit("listOfVariables", 4, kListOfVisibleString)),
    optional(implicit("entryToStartAfter", 5, kEntryToStartAfter)),
};
// JournalEntry ::= SEQUENCE
constexpr Field kJournalEntryFields[] = {
    implicit("entryIdentifier", 0, kOctetString),
    explicitly("originatingApplication", 1, kApplicationReference),
    implicit("entryContent", 2, kEntryContent),
};
constexpr Type kJournalEntry = asn1::sequence("JournalEntry", kJournalEntryFields);
constexpr Field kJournalEntryElement[] = {untagged("JournalEntry", kJournalEntry)};
constexpr Type kListOfJournalEntry =
    asn1::sequence_of("SEQUENCE OF JournalEntry", kJournalEntryElement);
// ReadJournal-Response ::= SEQUENCE
constexpr Field kReadJournalResponseFields[] = {
    implicit("listOfJournalEntry", 0, kListOfJournalEntry),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT FALSE
};

// WriteJournal-Request ::= SEQUENCE
constexpr Field kWriteJournalRequestFields[] = {
    explicitly("journalName", 0, kObjectName),
    implicit("listOfJournalEntry", 1, kListOfEntryContent),
};

// limitSpecification [1] IMPLICIT SEQUENCE
constexpr Field kLimitSpecificationFields[] = {
    implicit("limitingTime", 0, kTimeOfDay),
    optional(implicit("limitingEntry", 1, kOctetString)),
};
constexpr Type kLimitSpecification = asn1::sequence("SEQUENCE", kLimitSpecificationFields);
// InitializeJournal-Request ::= SEQUENCE
constexpr Field kInitializeJournalRequestFields[] = {
    explicitly("journalName", 0, kObjectName),
    optional(implicit("limitSpecification", 1, kLimitSpecification)),
};

// ReportJournalStatus-Response ::= SEQUENCE
constexpr Field kReportJournalStatusResponseFields[] = {
    implicit("currentEntries", 0, kUnsigned32),
    implicit("mmsDeletable", 1, kBoolean),
    optional(implicit("accessControlList", 2, kIdentifier)),
};

// CreateJournal-Request and DeleteJournal-Request ::= SEQUENCE
constexpr Field kJournalNameFields[] = {
    explicitly("journalName", 0, kObjectName),
};

}  // namespace

constexpr Type kReadJournalRequest =
    asn1::sequence("ReadJournal-Request", kReadJournalRequestFields);
constexpr Type kReadJournalResponse =
    asn1::sequence("ReadJournal-Response", kReadJournalResponseFields);
constexpr Type kWriteJournalRequest =
    asn1::sequence("WriteJournal-Request", kWriteJournalRequestFields);
constexpr Type kInitializeJournalRequest =
    asn1::sequence("InitializeJournal-Request", kInitializeJournalRequestFields);
constexpr Type kReportJournalStatusResponse =
    asn1::sequence("ReportJournalStatus-Response", kReportJournalStatusResponseFields);
constexpr Type kCreateJournalRequest = asn1::sequence("CreateJournal-Request", kJournalNameFields);
constexpr Type kDeleteJournalRequest = asn1::sequence("DeleteJournal-Request", kJournalNameFields);

}  // namespace mmsa::mms
