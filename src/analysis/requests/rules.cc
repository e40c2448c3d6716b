// Rules about confirmed requests and their answers.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

constexpr EvidenceKey kSlowResponse[] = {
    {"longest_s", EvidenceType::number, "the longest response time in seconds"},
    {"limit_s", EvidenceType::number, "--slow"},
    discriminating("service", EvidenceType::text, "ISO 9506-2 name"),
    discriminating_here("delay", EvidenceType::text,
                        "where the time went: network, peer, probably-peer, peer-or-network"),
    {"tcp_retransmissions", EvidenceType::flag, "TCP had to repeat the request"},
    {"acknowledged_s", EvidenceType::number, "seconds until TCP acknowledged the first request"},
    discriminating("cancelled", EvidenceType::flag, "the request had been cancelled by then"),
    {"network_s", EvidenceType::number, "seconds of it that TCP needed to bring the request"},
};
constexpr EvidenceKey kNoResponse[] = {
    discriminating("service", EvidenceType::text, "ISO 9506-2 name"),
    discriminating("command", EvidenceType::text, "Select, SelectWithValue, Operate or Cancel"),
    discriminating_here("outcome", EvidenceType::text,
                        "silent, answer-damaged, answer-lost, asker-left, peer-left"),
    {"count", EvidenceType::integer, "requests without an answer"},
    {"cancelled", EvidenceType::flag, "the client cancelled the request"},
    {"waited_s", EvidenceType::number, "seconds until the association or the capture ended"},
    discriminating_here("others_answered", EvidenceType::flag,
                        "other requests were answered meanwhile"),
    discriminating_here("acknowledged", EvidenceType::flag, "TCP acknowledged the request"),
    {"tcp_alive", EvidenceType::flag, "segments of the side that was asked came meanwhile"},
    {"announced", EvidenceType::flag, "Initiate announced the service"},
    {"ctl_val", EvidenceType::text, "the value of a command"},
};
constexpr EvidenceKey kServiceError[] = {
    discriminating("service", EvidenceType::text, "ISO 9506-2 name"),
    discriminating("error_class", EvidenceType::text, "class of the ServiceError"),
    discriminating("error_code", EvidenceType::text, "code of the ServiceError"),
    {"additional_code", EvidenceType::integer, "additionalCode"},
    {"additional_description", EvidenceType::text, "additionalDescription"},
    {"missing_members", EvidenceType::text,
     "members of the data set that the server does not have"},
    {"negotiated_size", EvidenceType::integer, "octets that a PDU may have"},
    {"first", EvidenceType::text, "the first of several data sets that were not there"},
    {"requester", EvidenceType::text, "server: the side that was connected to asked"},
};
constexpr EvidenceKey kServiceRejected[] = {
    discriminating("rejected_pdu", EvidenceType::text, "kind of PDU that was rejected"),
    discriminating("reason", EvidenceType::text, "reason of the rejectPDU"),
    discriminating("service", EvidenceType::text, "of the request that was rejected"),
    discriminating("probable_pdu", EvidenceType::text,
                   "kind of the PDU before it, where the reject names no request"),
    {"rejected_frame", EvidenceType::integer, "the frame that was rejected"},
};
constexpr EvidenceKey kOrphanResponse[] = {
    discriminating("sender", EvidenceType::text, "client or server: who answered"),
    {"invoke_id", EvidenceType::integer, "of the first such answer"},
};
constexpr EvidenceKey kInvokeIdReused[] = {
    discriminating("sender", EvidenceType::text, "client or server: who asked"),
    {"invoke_id", EvidenceType::integer, "the number that was used again"},
};
constexpr EvidenceKey kListLoop[] = {
    discriminating("service", EvidenceType::text, "ISO 9506-2 name"),
    {"repeated", EvidenceType::integer, "pages that came again"},
};
constexpr EvidenceKey kResponseMismatch[] = {
    discriminating("service", EvidenceType::text, "of the request"),
    discriminating("answered_with", EvidenceType::text, "service of the answer, where it differs"),
    {"invoke_id", EvidenceType::integer, "of request and answer"},
    {"asked", EvidenceType::integer, "objects of the request"},
    {"results", EvidenceType::integer, "results of the answer"},
};

constexpr Rule kRules[] = {
    {
        .id = "slow-response",
        .severity = Severity::warning,
        .title = "The answer came late",
        .raised_when = "The answer to a request came later than --slow (2 s) after it. Each answer "
                       "is paired with its own request by number and direction.",
        .not_when = "Bytes were lost by the capture in between. Not for ObtainFile, which is "
                    "answered when the whole file has been fetched.",
        .cause = "The server is busy (many clients, large files, a slow object behind a gateway), "
                 "or TCP had to repeat packets on a bad line. An Operate is answered only after "
                 "the operative tests, which may take seconds.",
        .next_step = "See in the finding whether TCP repeated packets in between. If so, check the "
                     "line (duplex, fibre, radio). If not, it is the server: compare with the "
                     "other requests of that time and reduce the polling.",
        .reference = "ISO 9506-2 confirmed-RequestPDU and -ResponsePDU (invokeID)",
        .party = Party::server,
        .evidence = kSlowResponse,
    },
    {
        .id = "no-response",
        .severity = Severity::error,
        .title = "A request was never answered",
        .raised_when = "A confirmed request had no answer when the connection ended, or "
                       "--no-response (10 s) later.",
        .not_when = "A conclude without answer, requests at the end of the capture, and captures "
                    "of one direction. With bytes lost by the capture in between it is a note.",
        .cause =
            "The server's application hangs or was restarted, or it does not answer this kind of "
            "request. If the connection ended shortly after, the one who ended it did not wait.",
        .next_step = "See whether other requests were answered at the time. If none: the server "
                     "hung, read its event log. If all but this kind: the server can not do this "
                     "request; take it out of the client's configuration.",
        .reference = "ISO 9506-2 confirmed-RequestPDU (every request has one answer)",
        .party = Party::server,
        .evidence = kNoResponse,
    },
    {
        .id = "service-error",
        .severity = Severity::error,
        .title = "The server answered with an error",
        .raised_when = "The server refused a whole request with a confirmed-ErrorPDU. The finding "
                       "gives the class and code of the error and the object.",
        .not_when = "Single objects that failed inside a positive answer (read-failed, "
                    "write-failed), and file services (file-failed).",
        .cause = "The object does not exist on this server, the client may not use it, or the "
                 "service does not fit the state of the object.",
        .next_step = "Look up the object in the SCD of the version that is loaded in the IED. "
                     "object-non-existent: wrong name, or another configuration in the IED. "
                     "object-access-denied: the client lacks the right. resource: too many data "
                     "sets or clients.",
        .reference = "ISO 9506-2 confirmed-ErrorPDU, ServiceError",
        .party = Party::client,
        .evidence = kServiceError,
    },
    {
        .id = "service-rejected",
        .severity = Severity::error,
        .title = "A message was rejected",
        .raised_when =
            "One side answered with a rejectPDU: it could not accept the message at all, because "
            "of its form or because it does not know the service. The finding gives the reason.",
        .not_when = "A refusal of a request that was understood (service-error), and single "
                    "objects that failed.",
        .cause = "The sender used a service that the other side does not support, sent more "
                 "requests at a time than agreed, or made a mistake in the message.",
        .next_step =
            "Read the reason. unrecognized-service: take this service out of the client's "
            "configuration, the server does not have it. max-serv-outstanding-exceeded: lower the "
            "parallel requests. invalid-argument or invalid-pdu: send the frame to both vendors.",
        .reference = "ISO 9506-2 rejectPDU",
        .evidence = kServiceRejected,
    },
    {
        .id = "orphan-response",
        .severity = Severity::note,
        .title = "An answer without a request",
        .raised_when = "An answer has a number for which no request is open, though the capture "
                       "can not have missed the request.",
        .not_when = "The request was sent before the capture began or lies in a hole, and captures "
                    "of one direction.",
        .cause = "The server answered twice, answered after the request had been cancelled, or "
                 "changed the number of the request.",
        .next_step =
            "If the client works, ignore it. If values are mixed up at the client, send the frames "
            "of this answer and of the requests before it to the server's vendor.",
        .reference = "ISO 9506-2 (invokeID of requests and answers)",
        .party = Party::server,
        .evidence = kOrphanResponse,
    },
    {
        .id = "invoke-id-reused",
        .severity = Severity::warning,
        .title = "A request number was used again too early",
        .raised_when = "A request carries the number of an earlier request of the same side that "
                       "has not been answered yet.",
        .not_when = "Numbers that are used again after the answer, requests of the other side with "
                    "the same number, and repeated TCP packets.",
        .cause = "The client gave up a request after its timeout and used the number again, or "
                 "counts only up to a small number.",
        .next_step = "Look for the first request with this number: why was it not answered? Solve "
                     "that, or lengthen the client's timeout beyond the server's slowest answer.",
        .reference = "ISO 9506-2 confirmed-RequestPDU (invokeID is unique among open requests)",
        .party = Party::client,
        .evidence = kInvokeIdReused,
    },
    {
        .id = "response-mismatch",
        .severity = Severity::error,
        .title = "The answer does not fit its request",
        .raised_when = "An answer has the number of an open request, but answers another service: "
                       "a read is answered with the result of a write. Or it has more or fewer "
                       "results than the request has objects.",
        .not_when = "Requests that lie before the capture or in a hole of it.",
        .cause = "A fault in the server's communication software, or two clients behind one "
                 "gateway whose answers were mixed up.",
        .next_step = "Do not trust the values of these frames. Send request and answer to the "
                     "vendor of the server, and check the firmware version.",
        .reference =
            "ISO 9506-2 confirmed-RequestPDU and -ResponsePDU (same invokeID, same service)",
        .party = Party::server,
        .evidence = kResponseMismatch,
    },
    {
        .id = "list-loop",
        .severity = Severity::warning,
        .title = "The server repeats a page without end",
        .raised_when = "A list comes in pages (names, files, log entries), and the server answers "
                       "the question for what follows with the page that it sent before, again "
                       "saying that more follows.",
        .not_when = "Lists that are asked for again from their beginning, pages that are asked for "
                    "twice, and equal blocks of a file.",
        .cause = "The server ignores continueAfter: its list is longer than one message, and it "
                 "always sends the first one.",
        .next_step = "Let the client propose a larger message size so that the list fits into one "
                     "page, or limit the client's attempts; report the frames to the server's "
                     "vendor.",
        .reference = "ISO 9506-2 clause 10.4 (GetNameList: continueAfter, moreFollows)",
        .evidence = kListLoop,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> request_rules() { return kRules; }

}  // namespace mmsa::analysis
