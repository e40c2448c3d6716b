// Rules about single objects: reading, writing and deleting them.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

constexpr EvidenceKey kReadFailed[] = {
    discriminating("error", EvidenceType::text, "DataAccessError"),
    {"failed", EvidenceType::integer, "objects of the request that failed"},
    {"of", EvidenceType::integer, "objects of the request"},
    {"others", EvidenceType::text, "the other objects of the request with the same error"},
    {"data_set", EvidenceType::text, "the data set that was read"},
    {"index", EvidenceType::integer, "member of the data set"},
    {"near_miss", EvidenceType::text, "the most similar name that the server has"},
    {"part", EvidenceType::text, "a part of the object that failed in the same way"},
    {"requester", EvidenceType::text, "server: the side that was connected to asked"},
};
constexpr EvidenceKey kWriteFailed[] = {
    discriminating("error", EvidenceType::text, "DataAccessError"),
    {"failed", EvidenceType::integer, "objects of the request that failed"},
    {"of", EvidenceType::integer, "objects of the request"},
    {"others", EvidenceType::text, "the other objects of the request with the same error"},
    {"data_set", EvidenceType::text, "the data set that was written"},
    {"index", EvidenceType::integer, "member of the data set"},
    {"value", EvidenceType::text, "that was written"},
    {"near_miss", EvidenceType::text, "the most similar name that the server has"},
    {"written_type", EvidenceType::text, "type of the value"},
    {"type", EvidenceType::text, "type of the object, where the capture tells"},
    {"attributes", EvidenceType::text, "attributes of the report control block, with values"},
    {"accepted_before", EvidenceType::text, "what the server had accepted for this block"},
    {"requester", EvidenceType::text, "server: the side that was connected to asked"},
    {"groups", EvidenceType::integer, "NumOfSG: setting groups that there are"},
    {"edited_by", EvidenceType::text, "the client that has a setting group open for editing"},
    {"edited_by_stream", EvidenceType::integer, "its stream"},
};
constexpr EvidenceKey kDeleteWithoutEffect[] = {
    discriminating("outcome", EvidenceType::text,
                   "not-deleted: found, but kept; not-found: there was none of this name"),
    {"asked", EvidenceType::integer, "data sets of the request"},
    {"matched", EvidenceType::integer, "numberMatched"},
    {"deleted", EvidenceType::integer, "numberDeleted"},
    discriminating("names", EvidenceType::text, "names of the request, where there are several"),
    {"first", EvidenceType::text, "the first of several that were not there"},
};
constexpr EvidenceKey kRangeEmpty[] = {
    {"range_start", EvidenceType::text, "as asked for"},
    {"range_end", EvidenceType::text, "as asked for"},
};

constexpr Rule kRules[] = {
    {
        .id = "read-failed",
        .severity = Severity::warning,
        .title = "An object could not be read",
        .raised_when = "The server answered a read, but reports an error for one or more of the "
                       "objects. The finding gives the object, the error, how many of how many "
                       "failed, and a similar name that the server does have, where one was seen.",
        .not_when = "Reads that failed as a whole (service-error), and the read that selects a "
                    "control (control-rejected).",
        .cause = "object-non-existent: the name or its functional constraint is wrong, or the IED "
                 "holds another configuration. object-access-denied: no right. "
                 "temporarily-unavailable: the function is not ready.",
        .next_step = "Compare the object with the IED's model. Check the functional constraint "
                     "first (ST, MX, CF ...), then the spelling with upper and lower case. Correct "
                     "the client's point list or load the right configuration.",
        .reference = "ISO 9506-2 Read (AccessResult, DataAccessError)",
        .party = Party::client,
        .evidence = kReadFailed,
    },
    {
        .id = "write-failed",
        .severity = Severity::error,
        .title = "A value could not be written",
        .raised_when = "The server answered a write with an error for one or more objects that are "
                       "neither controls nor report control blocks: settings, setting group "
                       "control, configuration, substitution.",
        .not_when = "Operate, Select and Cancel (control rules), and report control blocks "
                    "(rcb-enable-failed).",
        .cause = "object-access-denied: the object is read-only or the IED is in local. "
                 "type-inconsistent: wrong data type. object-value-invalid: out of range. "
                 "temporarily-unavailable: another client is editing.",
        .next_step = "Read the error. Check local/remote and the access right at the IED; compare "
                     "the type and the range with the IED's model; for settings write EditSG "
                     "first, then the values, then CnfEdit.",
        .reference = "ISO 9506-2 Write (DataAccessError), IEC 61850-7-2 clause 16 (setting groups)",
        .party = Party::client,
        .evidence = kWriteFailed,
    },
    {
        .id = "delete-without-effect",
        .severity = Severity::warning,
        .title = "The data set was not deleted",
        .raised_when = "The server answered a DeleteNamedVariableList positively, but it deleted "
                       "fewer data sets than it matched or than were asked for.",
        .not_when = "An error as answer (service-error), and a request in which all data sets were "
                    "deleted.",
        .cause = "The data set is in use by a report control block, or it comes from the "
                 "configuration and can not be deleted.",
        .next_step =
            "Disable the report control block that uses it and set another data set there, then "
            "delete again. Data sets from the SCD stay; do not delete them from the client.",
        .reference = "ISO 9506-2 DeleteNamedVariableList (numberMatched, numberDeleted)",
        .party = Party::client,
        .evidence = kDeleteWithoutEffect,
    },
    {
        .id = "range-empty",
        .severity = Severity::warning,
        .title = "The range of a log query ends before it begins",
        .raised_when =
            "A ReadJournal request asks for entries from one time to an earlier one. The "
            "answer is empty, or an error, whatever the log holds.",
        .not_when = "Ranges of one moment, ranges that begin with an entry or end with a number of "
                    "entries, and answers that are empty for another reason.",
        .cause = "The client mixed up the bounds, or computed one of them wrongly: a time before "
                 "1984-01-01 wraps around to a date after 2100.",
        .next_step = "Correct the bounds of the query in the client; compare both with the clock "
                     "of the device.",
        .reference = "ISO 9506-2 clause 20.4 (ReadJournal), TimeOfDay",
        .evidence = kRangeEmpty,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> access_rules() { return kRules; }

}  // namespace mmsa::analysis
