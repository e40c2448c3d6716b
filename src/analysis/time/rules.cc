// Rules about clocks, time stamps and the quality of values.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

constexpr EvidenceKey kClockNotSynchronized[] = {
    {"bad_time_stamps", EvidenceType::integer, "with ClockNotSynchronized or ClockFailure"},
    {"time_stamps", EvidenceType::integer, "all time stamps"},
    {"clock_failure", EvidenceType::integer, "with ClockFailure"},
    {"good_later", EvidenceType::flag, "time stamps after the bad ones are good"},
};
constexpr EvidenceKey kClockOffset[] = {
    {"offset_s", EvidenceType::number, "seconds that the clock of the server is ahead"},
    {"samples", EvidenceType::integer, "times that were compared"},
};
constexpr EvidenceKey kQualityBad[] = {
    discriminating("quality", EvidenceType::text, "the first one that is not good"),
    {"last_quality", EvidenceType::text, "where it differs"},
    {"reported", EvidenceType::integer, "values that were not good"},
    {"good_again", EvidenceType::flag, "the value became good later"},
};

constexpr Rule kRules[] = {
    {
        .id = "clock-not-synchronized",
        .severity = Severity::warning,
        .title = "The clock of the device is not synchronized",
        .raised_when = "Time stamps of a server carry the quality ClockNotSynchronized or "
                       "ClockFailure. One finding for each server, with counts.",
        .not_when = "Time stamps that were never set (1970), an unspecified accuracy alone, and "
                    "the time stamps that clients write into commands.",
        .cause =
            "The IED has lost its time source (SNTP server, PTP, IRIG-B), or none was configured.",
        .next_step = "Check the time source at the IED: address of the SNTP server, port 123 "
                     "through the firewall, PTP domain, IRIG-B cable. Until then do not compare "
                     "its event times with other devices.",
        .reference = "IEC 61850-7-2 clause 6 (TimeStamp), IEC 61850-8-1 (UtcTime quality)",
        .party = Party::server,
        .evidence = kClockNotSynchronized,
    },
    {
        .id = "clock-offset",
        .severity = Severity::note,
        .title = "Server clock and capture clock differ",
        .raised_when = "The times that a server sends differ from the capture time by a steady "
                       "amount over 1 second. One finding for each server.",
        .not_when = "Single old reports (report-stale), reports that were held up and came at "
                    "once, the replay of a buffer, and times that were never set.",
        .cause = "The clock of the capturing computer is wrong, or the server's is: a missed time "
                 "zone, no time source, or one that is off.",
        .next_step = "See whether all servers differ by the same amount: then set the clock of the "
                     "capturing laptop. If only this one does: check its time zone setting and its "
                     "time source.",
        .reference = "IEC 61850-7-2 clause 6 (TimeStamp, UTC)",
        .evidence = kClockOffset,
    },
    {
        .id = "quality-bad",
        .severity = Severity::note,
        .title = "Reported values are not good",
        .raised_when = "Values in reports carry a quality that is not good: invalid, questionable, "
                       "test or operatorBlocked. One finding for each signal.",
        .not_when = "Quality good, and values that were only read.",
        .cause = "The source of the value is missing or switched off (wire break, merging unit, "
                 "sub-device), the function is in test, or an operator has blocked the value.",
        .next_step = "Look at the detail in the finding (oldData, failure, outOfRange, test ...). "
                     "Check the input of this signal, then Mod and Beh of its logical device. End "
                     "test mode and blockings before you hand over.",
        .reference = "IEC 61850-7-3 clause 6.2 (Quality)",
        .party = Party::server,
        .evidence = kQualityBad,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> time_rules() { return kRules; }

}  // namespace mmsa::analysis
