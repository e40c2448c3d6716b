// Rules about report control blocks and their reports.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

constexpr EvidenceKey kReportGap[] = {
    {"missing", EvidenceType::integer, "numbers that were skipped"},
    {"missing_sq_num", EvidenceType::text, "the numbers, as ranges"},
    {"gaps", EvidenceType::integer, "how often numbers were skipped"},
    {"buffered", EvidenceType::flag, "the block is buffered"},
    {"lost_events", EvidenceType::text, "changes that a later report shows and none told"},
};
constexpr EvidenceKey kReportGapUncertain[] = {
    discriminating("what", EvidenceType::text, "what is missing: reports, or segments of one"),
    {"missing", EvidenceType::integer, "numbers that were skipped"},
    {"missing_sq_num", EvidenceType::text, "the numbers, as ranges"},
    {"gaps", EvidenceType::integer, "how often numbers were skipped"},
    {"buffered", EvidenceType::flag, "the block is buffered"},
    {"reports", EvidenceType::integer, "reports that are not complete"},
};
constexpr EvidenceKey kEventNotReported[] = {
    {"attribute", EvidenceType::text, "the first that changed without a report"},
    {"before", EvidenceType::text, "its value as last reported"},
    {"after", EvidenceType::text, "its value in the scan"},
    {"told_frame", EvidenceType::integer, "frame of the report that told the value before"},
    {"shown_frame", EvidenceType::integer, "frame of the report that shows the value after"},
    {"window_s", EvidenceType::number, "seconds between the two"},
    {"changes", EvidenceType::integer, "changes of this block that no report told"},
};
constexpr EvidenceKey kReportSegmentMissing[] = {
    {"reports", EvidenceType::integer, "reports that are not complete"},
};
constexpr EvidenceKey kReportOverflowUsual[] = {
    {"after_enable", EvidenceType::flag, "in the first report after the block was enabled"},
    {"after_purge", EvidenceType::flag, "in the first report after PurgeBuf"},
};
constexpr EvidenceKey kReportOrder[] = {
    {"late", EvidenceType::integer, "reports that came behind later ones"},
    {"first_late_sq_num", EvidenceType::integer, "SqNum of the first of them"},
};
constexpr EvidenceKey kReportInconsistent[] = {
    discriminating("item", EvidenceType::text, "the item of the report that does not fit"),
    discriminating("problem", EvidenceType::text, "what is wrong with it"),
    {"reports", EvidenceType::integer, "reports, or segments, of this kind"},
    {"negotiated_size", EvidenceType::integer, "octets that a PDU may have"},
};
constexpr EvidenceKey kRcbPurgedAtReconnect[] = {
    {"connections", EvidenceType::integer, "in which the client purged the buffer"},
};
constexpr EvidenceKey kReportBufferOverflow[] = {
    {"missing_sq_num", EvidenceType::text, "numbers that the overflow explains, as ranges"},
    {"after_enable", EvidenceType::flag, "in the first report after the block was enabled"},
    {"after_purge", EvidenceType::flag, "in the first report after PurgeBuf"},
};
constexpr EvidenceKey kReportStale[] = {
    {"oldest_s", EvidenceType::number, "seconds between the oldest TimeOfEntry and its arrival"},
};
constexpr EvidenceKey kReportStopped[] = {
    {"silence_s", EvidenceType::number, "seconds without a report"},
    {"integrity_period_ms", EvidenceType::integer, "IntgPd"},
};
constexpr EvidenceKey kReportsNotEnabled[] = {
    {"blocks", EvidenceType::integer, "blocks that the client read or configured"},
};
constexpr EvidenceKey kRcbEnableFailed[] = {
    {"attributes", EvidenceType::text, "attributes that were refused, with values"},
    discriminating("error", EvidenceType::text, "DataAccessError"),
    discriminating_here("held", EvidenceType::flag, "another client has the block"),
    {"accepted_before", EvidenceType::text, "what the server had accepted for this block"},
    {"holder", EvidenceType::text, "client that holds the block, by its writes or by Owner"},
    {"holder_stream", EvidenceType::integer, "its stream"},
    {"held_since_frame", EvidenceType::integer, "frame of the answer that gave it the block"},
    {"holder_disconnected_frame", EvidenceType::integer, "frame in which its connection ended"},
    {"owner_read_frame", EvidenceType::integer, "frame in which Owner was read"},
    {"near_miss", EvidenceType::text, "the most similar name that the server has"},
    {"true_encoded_as", EvidenceType::text, "octet that the client sends for TRUE"},
};
constexpr EvidenceKey kRcbReservationIgnored[] = {
    {"attribute", EvidenceType::text, "that was written and accepted"},
    {"taken_by", EvidenceType::text, "client that got the block"},
    {"held_since_frame", EvidenceType::integer, "frame of the answer that gave it to this client"},
};
constexpr EvidenceKey kConfRevChanged[] = {
    discriminating_here("compared_with", EvidenceType::text, "report before, or block as read"),
    {"before", EvidenceType::integer, "ConfRev until then"},
    {"now", EvidenceType::integer, "ConfRev of the report"},
};

constexpr Rule kRules[] = {
    {
        .id = "report-gap",
        .severity = Severity::error,
        .title = "Reports are missing from the sequence",
        .raised_when = "The sequence number (SqNum) of a report control block skips, though not a "
                       "byte of the TCP connection is missing. The server counted reports that it "
                       "never sent. Buffered blocks: error; unbuffered: warning.",
        .not_when =
            "Wrap-around (255 to 0, buffered 65535 to 0), an unbuffered block that counts past "
            "255, "
            "any first number after RptEna, replayed entries, reports out of order (report-order), "
            "segments of one report, several blocks that share one RptID, and numbers that the "
            "overflow of a buffer explains.",
        .cause =
            "The server could not send fast enough and dropped reports: its send buffer was full "
            "because the client or the network was slow, or more events came than it can handle.",
        .next_step =
            "Have the client ask for a general interrogation, so that its values are right again. "
            "Then find out why the server dropped reports: a receiver that stalls, too many events "
            "(set BufTm), a report larger than the negotiated size.",
        .reference = "IEC 61850-7-2 clause 17.2, IEC 61850-8-1 clause 17 (SqNum)",
        .party = Party::server,
        .evidence = kReportGap,
    },
    {
        .id = "report-gap-uncertain",
        .severity = Severity::note,
        .title = "Reports missing where the capture has a hole",
        .raised_when =
            "The sequence number of a report control block skips, and the capture lost octets of "
            "the connection in between, a message there could not be decoded, or the server sends "
            "out of order. The missing reports were probably sent.",
        .not_when = "The connection is whole between the two reports: that is report-gap.",
        .cause = "The capture missed the packets with these reports.",
        .next_step = "Do not blame the server. Solve the loss of the capture first (see "
                     "capture-loss), then look again.",
        .reference = "IEC 61850-7-2 clause 17.2 (SqNum), RFC 9293 clause 3.4",
        .party = Party::capture,
        .evidence = kReportGapUncertain,
    },
    {
        .id = "event-not-reported",
        .severity = Severity::warning,
        .title = "A change was never reported",
        .raised_when =
            "An integrity report or a general interrogation shows another value of a status "
            "attribute (stVal, general, ...) than the block last reported, though data-change is "
            "enabled in its TrgOps, and no report told the change in between or soon behind.",
        .not_when =
            "Measured values, which have deadbands, counters, quality and time stamps; changes "
            "while "
            "the block was disabled, of another data set, before the first report, within BufTm of "
            "the scan; loss or damage in the capture, one direction, BufOvfl, reports out of "
            "order, "
            "and numbers that are missing: report-gap then names the change.",
        .cause =
            "The server missed the event: its queue of events overflowed, it overwrote one event "
            "of "
            "a burst by the next, or it looks at this attribute only when it scans. Or the model "
            "gives this attribute no data-change trigger (dchg in SCL).",
        .next_step =
            "Look for the change in the event list of the device at this time: SCADA learnt of it "
            "late and without its own time. Check dchg of the attribute in the SCD; if it is set, "
            "send the frames to the vendor of the server.",
        .reference = "IEC 61850-7-2 clause 17.2.2 (TrgOps, data-change), IEC 61850-7-3 (TrgOp)",
        .party = Party::server,
        .evidence = kEventNotReported,
    },
    {
        .id = "report-repeated",
        .severity = Severity::note,
        .title = "A report came twice",
        .raised_when = "A report with the same sequence number and the same content was sent again "
                       "on the same association.",
        .not_when = "A buffer that is replayed after the client connected again, segments of one "
                    "report, and frames that the capture has twice.",
        .cause = "The server sent an entry again, for example after the client wrote an older "
                 "EntryID, or several blocks share one RptID.",
        .next_step = "Check the event list of SCADA for double entries. If there are some, see "
                     "which EntryID the client writes before it enables the block.",
        .reference = "IEC 61850-7-2 clause 17.2.2 (EntryID), IEC 61850-8-1 clause 17",
        .party = Party::server,
    },
    {
        .id = "report-without-sqnum",
        .severity = Severity::note,
        .title = "Reports without sequence numbers",
        .raised_when =
            "A report control block sends reports without SqNum, because the sequence-number bit "
            "of its OptFlds is off. Whether reports are missing can not be checked.",
        .not_when = "Blocks whose reports carry SqNum, and those that send no reports.",
        .cause = "The client, or the configuration, has switched the optional field \"sequence "
                 "number\" off.",
        .next_step = "Switch sequence-number on in OptFlds of the block, in the client or in the "
                     "SCD, at least for commissioning.",
        .reference = "IEC 61850-7-2 clause 17.2 (OptFlds), IEC 61850-8-1 clause 17",
        .party = Party::client,
    },
    {
        .id = "report-segment-missing",
        .severity = Severity::error,
        .title = "A part of a long report is missing",
        .raised_when = "A report that was sent in segments is not complete: SubSqNum skips, or "
                       "\"more segments follow\" was set and no more came.",
        .not_when = "Complete segmented reports, and segments that lie in a hole of the capture.",
        .cause = "The server dropped a part of a long report: its send buffer was full, or its "
                 "software fails where a report does not fit into one message.",
        .next_step = "Have the client ask for a general interrogation. Make the data set smaller "
                     "or raise the negotiated message size, so that the report needs no segments.",
        .reference = "IEC 61850-7-2 clause 17.2 (SubSqNum, MoreSegmentsFollow)",
        .party = Party::server,
        .evidence = kReportSegmentMissing,
    },
    {
        .id = "report-buffer-overflow",
        .severity = Severity::error,
        .title = "The report buffer of the device overflowed",
        .raised_when =
            "A buffered report says BufOvfl: entries were lost inside the device because its "
            "buffer was full. The numbers that are missing with it are in this finding.",
        .not_when =
            "Reports with BufOvfl false, unbuffered blocks, which do not have it, and the first "
            "report after an enable without EntryID or after PurgeBuf: that is "
            "report-overflow-usual.",
        .cause = "The client was away longer than the buffer lasts, or more events came than "
                 "expected, often measured values in a data set with positions.",
        .next_step = "Events are lost for good: note the time span for the event list. Ask for a "
                     "general interrogation. Then keep measured values out of buffered blocks, "
                     "raise the deadbands, or enlarge the buffer.",
        .reference = "IEC 61850-7-2 clause 17.2.2 (BufOvfl, PurgeBuf, EntryID)",
        .party = Party::server,
        .evidence = kReportBufferOverflow,
    },
    {
        .id = "report-overflow-usual",
        .severity = Severity::note,
        .title = "BufOvfl is set where servers always set it",
        .raised_when = "BufOvfl is true in the first report after an enable for which the client "
                       "wrote no EntryID, or after PurgeBuf. Nothing need be lost.",
        .not_when = "The client named an entry before it enabled the block, or numbers are "
                    "missing: that is report-buffer-overflow.",
        .cause = "The client enabled the block without writing the EntryID it knows.",
        .next_step =
            "None needed; write EntryID before RptEna to continue where reporting broke off.",
        .reference = "IEC 61850-7-2 clause 17.2.2 (BufOvfl, PurgeBuf, EntryID)",
        .evidence = kReportOverflowUsual,
    },
    {
        .id = "report-order",
        .severity = Severity::warning,
        .title = "Reports were sent out of order",
        .raised_when = "A report carries a sequence number that later numbers of the same block "
                       "have overtaken, on one TCP stream, which keeps the order.",
        .not_when = "The replay of a buffer under its old numbers, a repeated report, and frames "
                    "that the network reordered: TCP puts those right.",
        .cause = "The server sends reports from several tasks that are not synchronised: a fault "
                 "of its software that shows under load.",
        .next_step = "Nothing is missing, but the client may take an old value for the newest one: "
                     "compare time stamps. Report it to the vendor; BufTm makes it rarer.",
        .reference = "IEC 61850-7-2 clause 17.2 (SqNum, EntryID)",
        .party = Party::server,
        .evidence = kReportOrder,
    },
    {
        .id = "report-inconsistent",
        .severity = Severity::warning,
        .title = "A report contradicts itself",
        .raised_when = "A report announces a field in OptFlds and does not carry it, has values "
                       "of another number or type than its inclusion bit-string says, has no "
                       "member at all, gives a reason that TrgOps does not switch on, or has a "
                       "TimeOfEntry that stands still while its values' times advance; and, in "
                       "unbuffered blocks, a client that leaves right "
                       "behind a report whose EntryID or BufOvfl is announced and left out.",
        .not_when = "Unbuffered blocks that announce BufOvfl or EntryID and leave them out, which "
                    "IEC 61850-7-2 allows, and reports that the capture cut.",
        .cause = "The server's software makes reports that do not fit their own OptFlds. Clients "
                 "drop such reports or the whole association.",
        .next_step = "Switch the optional field off in OptFlds of the block, in the client or in "
                     "the SCD, and report the fault to the vendor of the server.",
        .reference = "IEC 61850-8-1 clause 17.2.3, IEC 61850-7-2 clause 17.2.5.2",
        .party = Party::server,
        .evidence = kReportInconsistent,
    },
    {
        .id = "report-stale",
        .severity = Severity::warning,
        .title = "Reports are old when they arrive",
        .raised_when = "TimeOfEntry of a report is older than its arrival by more than --stale (60 "
                       "s), and it is no replay of a buffer.",
        .not_when = "The replay of a buffered block after an enable, and a steady difference in "
                    "all reports of a server (clock-offset).",
        .cause = "The server held the report back: a full send buffer, a client that does not "
                 "read, or a gateway that passes on old events. Or the server's clock jumped.",
        .next_step = "Compare TimeOfEntry with the time stamps of the values inside. Both old: the "
                     "report waited, look for receiver-stalled. Only TimeOfEntry old: the server's "
                     "clock or its buffer handling.",
        .reference = "IEC 61850-7-2 clause 17.2 (TimeOfEntry), IEC 61850-8-1 (EntryTime)",
        .evidence = kReportStale,
    },
    {
        .id = "report-stopped",
        .severity = Severity::warning,
        .title = "Periodic reports stopped",
        .raised_when = "A report control block has an integrity period, and two periods passed "
                       "without any report from it on an open association.",
        .not_when = "The block was disabled (RptEna false), the period is not known, or the "
                    "association had ended.",
        .cause = "The server's application hangs or its reporting stopped, while TCP stays alive. "
                 "Or the block was disabled or its period set to 0 by another client.",
        .next_step = "Read the block (RptEna, IntgPd, Owner). If it is still enabled, read a "
                     "value: no answer means that the server hangs. Enable the block again or "
                     "restart the server's communication.",
        .reference = "IEC 61850-7-2 clause 17.2 (IntgPd, TrgOps)",
        .party = Party::server,
        .evidence = kReportStopped,
    },
    {
        .id = "reports-not-enabled",
        .severity = Severity::warning,
        .title = "Report control blocks were never enabled",
        .raised_when =
            "A client wrote report control blocks, or read them in an association of over "
            "a minute, and none of them was enabled. As a note: an association of over "
            "a minute had no report at all.",
        .not_when = "A browse: blocks are read with all else, and the client leaves.",
        .cause = "The client's configuration for reports is incomplete, or a step before the "
                 "enabling failed and the client gave up.",
        .next_step = "Look for refused writes to the blocks in the same association "
                     "(rcb-enable-failed). If there are none, activate reporting for this IED in "
                     "the client, or correct the name of the block there.",
        .reference = "IEC 61850-7-2 clause 17.2 (RptEna)",
        .party = Party::client,
        .evidence = kReportsNotEnabled,
    },
    {
        .id = "rcb-enable-failed",
        .severity = Severity::error,
        .title = "A report control block could not be set up",
        .raised_when = "The server refused a write to a report control block: RptEna, Resv, "
                       "ResvTms, GI, DatSet or another member. The finding tells what was written "
                       "before and who holds the block, where that is known.",
        .not_when = "Refused reads, and writes to objects other than report control blocks.",
        .cause = "temporarily-unavailable: another client has reserved or enabled this block, or "
                 "it is enabled and must be disabled before it is changed. object-value-invalid: "
                 "the data set or the EntryID does not exist.",
        .next_step = "See the holder in the finding. Give each client its own instance of the "
                     "block (01, 02, ...), or disable the block at the other client. Before "
                     "changing members write RptEna = FALSE.",
        .reference = "IEC 61850-7-2 clause 17.2, IEC 61850-8-1 clause 17",
        .party = Party::client,
        .evidence = kRcbEnableFailed,
    },
    {
        .id = "rcb-purged-at-reconnect",
        .severity = Severity::warning,
        .title = "The client throws buffered events away",
        .raised_when = "A client writes PurgeBuf to a buffered block in two connections or more, "
                       "and never an EntryID.",
        .not_when = "One purge, for example at the first start, and clients that write EntryID.",
        .cause = "The client was made for a clean start each time: it empties the buffer instead "
                 "of naming the last entry it received.",
        .next_step = "Let the client write the EntryID of its last report before RptEna, and no "
                     "PurgeBuf. Until then, read the event list of the device after each break.",
        .reference = "IEC 61850-7-2 clause 17.2.2 (PurgeBuf, EntryID)",
        .party = Party::client,
        .evidence = kRcbPurgedAtReconnect,
    },
    {
        .id = "rcb-reservation-ignored",
        .severity = Severity::warning,
        .title = "The server gave away another client's block",
        .raised_when = "The server accepted RptEna, Resv or ResvTms of one client, though another "
                       "client of the capture has enabled or reserved this block, has not given it "
                       "back and is still connected.",
        .not_when = "The holder's connection ended or lost octets in the capture, it released the "
                    "block, the block was read as free, or both connections are of one host.",
        .cause = "The server does not keep reservations: each client can take the block of another "
                 "one.",
        .next_step = "Give each client its own instance of the block (01, 02, ...), and report the "
                     "fault to the vendor of the server.",
        .reference = "IEC 61850-7-2 clause 17.2.2 (Resv, ResvTms, RptEna, Owner)",
        .party = Party::server,
        .evidence = kRcbReservationIgnored,
    },
    {
        .id = "conf-rev-changed",
        .severity = Severity::warning,
        .title = "The revision (ConfRev) of a report changed",
        .raised_when = "ConfRev of a report control block changes while it is in use, or differs "
                       "between the block that was read and its reports.",
        .not_when = "Different blocks with different revisions, and the first value seen.",
        .cause = "The data set was changed: a new configuration was loaded into the IED, or a "
                 "client wrote another data set to the block.",
        .next_step = "Check that client and IED use the same version of the SCD. If the client set "
                     "another data set on purpose, it is right; otherwise load the matching "
                     "configuration into the client before you trust its values.",
        .reference = "IEC 61850-7-2 clause 17.2 (ConfRev)",
        .evidence = kConfRevChanged,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> report_rules() { return kRules; }

}  // namespace mmsa::analysis
