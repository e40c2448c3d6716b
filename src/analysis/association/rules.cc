// Rules about the opening, the limits and the end of an association.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

constexpr EvidenceKey kAssociationRefused[] = {
    discriminating("layer", EvidenceType::text,
                   "layer that refused: TCP, COTP, session, presentation, ACSE, MMS"),
    discriminating("side", EvidenceType::text, "client or server: who refused"),
    discriminating("reason", EvidenceType::text, "as the layer gives it"),
    {"attempts", EvidenceType::integer, "attempts with this result"},
    {"open_associations", EvidenceType::integer, "associations of the server that were open then"},
};
constexpr EvidenceKey kAssociationUnanswered[] = {
    discriminating("step", EvidenceType::text, "what got no answer"),
    discriminating_here("late", EvidenceType::flag, "the answer came when the client had given up"),
    {"attempts", EvidenceType::integer, "attempts with this result"},
    {"waited_s", EvidenceType::number, "seconds that the client waited"},
    {"answered_after_s", EvidenceType::number, "seconds to the answer that came too late"},
};
constexpr EvidenceKey kAssociationAborted[] = {
    discriminating("side", EvidenceType::text, "client or server: who aborted"),
    discriminating("diagnostic", EvidenceType::text, "of the ABRT, where it has one"),
    {"outstanding", EvidenceType::integer, "requests that were waiting for an answer"},
    {"idle_s", EvidenceType::number, "seconds since the last MMS message"},
    {"enabled_blocks", EvidenceType::integer, "report control blocks that were enabled"},
    {"block", EvidenceType::text, "the first of them"},
};
constexpr EvidenceKey kConnectionReset[] = {
    discriminating("side", EvidenceType::text, "client or server: who sent the reset"),
    {"idle_s", EvidenceType::number, "seconds since the last MMS message"},
    {"outstanding", EvidenceType::integer, "requests that were waiting for an answer"},
    {"enabled_blocks", EvidenceType::integer, "report control blocks that were enabled"},
    {"block", EvidenceType::text, "the first of them"},
};
constexpr EvidenceKey kClosedWithoutConclude[] = {
    {"idle_s", EvidenceType::number, "seconds since the last MMS message"},
    {"outstanding", EvidenceType::integer, "requests that were waiting for an answer"},
    discriminating("side", EvidenceType::text, "client or server: who ended it first"),
    discriminating("how", EvidenceType::text, "fin or dr (COTP)"),
    {"enabled_blocks", EvidenceType::integer, "report control blocks that were enabled"},
    {"block", EvidenceType::text, "the first of them"},
};
constexpr EvidenceKey kConcludeUnanswered[] = {
    discriminating("side", EvidenceType::text, "client or server: whose Conclude it was"),
    {"waited_s", EvidenceType::number, "seconds until the association or the capture ended"},
};
constexpr EvidenceKey kNegotiationReduced[] = {
    discriminating("zero", EvidenceType::text, "values that were negotiated to 0"),
};
constexpr EvidenceKey kOutstandingExceeded[] = {
    discriminating("sender", EvidenceType::text, "client or server: who asked"),
    {"most_outstanding", EvidenceType::number, "the most requests that were open at a time"},
    {"limit", EvidenceType::integer, "as negotiated"},
};
constexpr EvidenceKey kPduSizeExceeded[] = {
    discriminating("sender", EvidenceType::text, "client or server"),
    {"largest", EvidenceType::number, "octets of the largest message"},
    {"limit", EvidenceType::integer, "octets, as negotiated"},
};
constexpr EvidenceKey kContextNotNegotiated[] = {
    discriminating("sender", EvidenceType::text, "client or server"),
    discriminating("context", EvidenceType::integer, "presentation context that was used"),
};
constexpr EvidenceKey kReceiverStalled[] = {
    discriminating("receiver", EvidenceType::text, "client or server: whose window was closed"),
    {"stalled_s", EvidenceType::number, "seconds of the first time"},
    {"probes", EvidenceType::integer, "window probes in that time"},
    {"reopened", EvidenceType::flag, "the window opened again"},
};

constexpr Rule kRules[] = {
    {
        .id = "association-refused",
        .severity = Severity::error,
        .title = "The association was refused",
        .raised_when =
            "The client's attempt to connect was refused: with a reason given by one of the "
            "layers, with an abort, or by a TCP connection that is reset or closed in answer to "
            "the request. The finding names the layer, the side and the reason.",
        .not_when = "An attempt that got no answer at all (association-unanswered), and an "
                    "association that was open before it ended.",
        .cause = "TCP: nothing listens on the port. COTP, session, presentation: wrong selectors, "
                 "or no free connection left. ACSE: wrong AP title or password. MMS: values that "
                 "the server can not agree to.",
        .next_step = "Take the layer from the finding. TCP: is the MMS server of the IED switched "
                     "on, is port 102 right? COTP to presentation: compare the selectors (TSAP, "
                     "SSEL, PSEL) with the IED's part of the SCD; count the clients connected. "
                     "ACSE: compare AP title, AE qualifier and password.",
        .reference = "RFC 9293 clause 3.5, ISO 8073 (DR), ISO 8327-1 (RF), ISO 8823-1 (CPR), ISO "
                     "8650-1 (AARE), ISO 9506-2 Initiate",
        .evidence = kAssociationRefused,
    },
    {
        .id = "association-unanswered",
        .severity = Severity::error,
        .title = "An attempt to connect got no answer",
        .raised_when = "The client's TCP SYN, COTP connect request or initiate-Request was never "
                       "answered. The finding names the layer at which silence began.",
        .not_when = "The capture ends before the time of --no-response (10 s) is over, or it holds "
                    "one direction only.",
        .cause = "TCP: the IED is off, its address is wrong, or a firewall drops the packets. "
                 "Above TCP: the IED's MMS server hangs, or has no free association left and is "
                 "silent about it.",
        .next_step =
            "Ping the IED from the client. No ping: check address, VLAN, cable and firewall. Ping "
            "but no TCP: check the firewall for port 102. TCP but nothing above: close other "
            "clients, compare the selectors and password, then restart the IED's communication.",
        .reference = "RFC 9293 clause 3.5, ISO 8073 (CR, CC), ISO 9506-2 Initiate",
        .evidence = kAssociationUnanswered,
    },
    {
        .id = "association-aborted",
        .severity = Severity::error,
        .title = "The association was aborted",
        .raised_when = "One side ended the association with an abort (ACSE ABRT, presentation or "
                       "session abort) instead of closing it. The finding names the side, the "
                       "layer and the reason given.",
        .not_when = "Conclude and release, which are the orderly ways, and a TCP reset without an "
                    "abort (connection-reset). By the client with nothing open it is a note, with "
                    "requests open a warning.",
        .cause = "A client that is stopped or gives up after a timeout aborts as its normal way to "
                 "close. By the server or the provider: it met a message that it does not accept, "
                 "or it was restarted.",
        .next_step = "See who aborted and what came just before. By the client after an unanswered "
                     "request: find out why the server is silent. By the server right after one "
                     "particular message: that message is the cause. By the client without any "
                     "fault before: its way to disconnect; it can be disabled.",
        .reference = "ISO 8650-1 (ABRT), ISO 8823-1 (ARU, ARP), ISO 8327-1 (AB)",
        .evidence = kAssociationAborted,
    },
    {
        .id = "connection-reset",
        .severity = Severity::error,
        .title = "The TCP connection was reset",
        .raised_when = "A TCP reset ended an open association. The finding says who reset it, how "
                       "long it had been idle, and which requests were waiting.",
        .not_when = "A reset after conclude, release, abort, DR or FIN, which only clears up, and "
                    "one that answers a SYN (association-refused). By the client with nothing open "
                    "it is a note, with requests open a warning.",
        .cause = "After a long idle time: a firewall or the device itself dropped the idle "
                 "connection. In the middle of traffic: the program or the device that sent the "
                 "reset was restarted or crashed.",
        .next_step = "Idle long before it: set a keep-alive (TCP or a periodic read) below the "
                     "idle limit of the firewall and of the IED. In the middle of traffic: read "
                     "the event log of the side that sent the reset for a restart at that time.",
        .reference = "RFC 9293 clause 3.5.2 (reset generation)",
        .evidence = kConnectionReset,
    },
    {
        .id = "closed-without-conclude",
        .severity = Severity::note,
        .title = "The connection was closed without conclude",
        .raised_when =
            "One side ended an open association by closing TCP normally (FIN) or by a COTP "
            "disconnect request (DR): no conclude, no release, no abort. The finding "
            "says which requests were open and which report control blocks enabled. A "
            "warning where requests were open, or the server ended it while reports "
            "were enabled.",
        .not_when = "Closing after conclude or release, and resets (connection-reset).",
        .cause = "Many clients close in this way. If the server closed, its application was "
                 "stopped or it closes idle clients.",
        .next_step = "By the client: harmless, if it was meant to disconnect. By the server: look "
                     "into its event log for a restart or an idle limit at that time.",
        .reference = "ISO 9506-2 Conclude, ISO 8650-1 (release)",
        .evidence = kClosedWithoutConclude,
    },
    {
        .id = "conclude-unanswered",
        .severity = Severity::note,
        .title = "Conclude was not answered",
        .raised_when = "One side asked to end the association with Conclude and got no answer: the "
                       "other side ended the connection instead, the asker left without waiting, "
                       "or nothing came at all (a warning then).",
        .not_when = "A Conclude that was answered, or refused, or that is followed by a release; "
                    "captures of one direction or with losses.",
        .cause = "Some programs end the connection at a lower layer in answer to Conclude, or do "
                 "not wait for its answer. Silence means that the other side hangs.",
        .next_step = "Nothing, if the association was meant to end. After silence: see whether "
                     "other requests were answered at that time.",
        .reference = "ISO 9506-2 clause 8.3 (Conclude)",
        .evidence = kConcludeUnanswered,
    },
    {
        .id = "negotiation-reduced",
        .severity = Severity::note,
        .title = "The server lowered what the client proposed",
        .raised_when =
            "In its answer to the opening the server agreed to less than the client proposed: a "
            "smaller message, fewer requests at a time, fewer nesting levels or services.",
        .not_when = "Values that the server left as proposed, and associations whose opening was "
                    "not captured.",
        .cause = "The server has smaller buffers than the client. This is how the negotiation is "
                 "meant to work.",
        .next_step = "Nothing, unless reads are slow or reports are segmented. With one request at "
                     "a time allowed, the client has to wait for each answer; ask the vendor "
                     "whether the server can be set higher.",
        .reference = "ISO 9506-2 Initiate (negotiated parameters)",
        .evidence = kNegotiationReduced,
    },
    {
        .id = "outstanding-exceeded",
        .severity = Severity::warning,
        .title = "More requests at a time than negotiated",
        .raised_when = "One side had more requests open (sent and not yet answered) than the "
                       "number agreed at the opening.",
        .not_when = "Associations whose opening was not captured, connections of which the capture "
                    "lost bytes, retransmitted packets, and agreed values that are absent or 0.",
        .cause = "The client ignores the agreed number of requests at a time, usually because it "
                 "is fixed in its configuration.",
        .next_step = "Lower \"max outstanding requests\" in the client to the value in the "
                     "finding. If the server answered all of them, it can wait; if it rejected or "
                     "delayed some, this is why.",
        .reference = "ISO 9506-2 Initiate (negotiatedMaxServOutstandingCalling, -Called)",
        .party = Party::client,
        .evidence = kOutstandingExceeded,
    },
    {
        .id = "pdu-size-exceeded",
        .severity = Severity::warning,
        .title = "A message was larger than negotiated",
        .raised_when = "One side sent an MMS message larger than the size agreed at the opening.",
        .not_when = "A few bytes more that come from counting lower layers into the size, and "
                    "associations whose opening was not captured.",
        .cause = "The sender does not split a large report or answer to the agreed size, or reads "
                 "a larger size from its own configuration.",
        .next_step = "Raise the largest message size on the receiving side, or make the message "
                     "smaller: split the data set, read fewer objects at a time. Report the "
                     "sender's behaviour to its vendor.",
        .reference = "ISO 9506-2 Initiate (localDetailCalled)",
        .party = Party::server,
        .evidence = kPduSizeExceeded,
    },
    {
        .id = "context-not-negotiated",
        .severity = Severity::warning,
        .title = "A presentation context was never agreed",
        .raised_when = "A message names a presentation context that the opening did not agree on, "
                       "or that the server did not accept.",
        .not_when =
            "Associations whose opening was not captured, and contexts given with --pres-context.",
        .cause =
            "The sender has a fixed context number in its software and ignores what was agreed.",
        .next_step =
            "The messages are decoded all the same. If the peer aborts or ignores them, this is "
            "why: send the opening and one such frame to the vendor of the sender.",
        .reference = "ISO 8823-1 (presentation context definition)",
        .evidence = kContextNotNegotiated,
    },
    {
        .id = "receiver-stalled",
        .severity = Severity::warning,
        .title = "The receiver did not read its data",
        .raised_when = "A device's TCP receive window stayed closed for over a second: its program "
                       "does not fetch what has arrived, and the other side has to wait.",
        .not_when = "A window that closes for a moment under load and opens again within a second.",
        .cause = "The receiving program is busy, blocked or frozen, for example a SCADA server "
                 "writing to a slow archive or a gateway under full load.",
        .next_step = "Look at the load of the device that closed its window (named in the finding) "
                     "at that time. Late or lost reports then are not the sender's fault.",
        .reference = "RFC 9293 clause 3.8.6 (managing the window)",
        .party = Party::client,
        .evidence = kReceiverStalled,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> association_rules() { return kRules; }

}  // namespace mmsa::analysis
