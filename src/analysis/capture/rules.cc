// Rules about the capture itself: what it lost, cut, or can not show.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

constexpr EvidenceKey kCaptureLoss[] = {
    {"holes", EvidenceType::integer, "places where octets are missing"},
    {"octets", EvidenceType::integer, "octets that are missing"},
    {"acknowledged_holes", EvidenceType::integer,
     "holes of which the receiver acknowledged the octets"},
};
constexpr EvidenceKey kOneDirectionCapture[] = {
    discriminating("captured", EvidenceType::text, "client or server: whose packets are there"),
    {"messages", EvidenceType::integer, "MMS messages of that side"},
};
constexpr EvidenceKey kTruncatedPackets[] = {
    discriminating_here("cut_by", EvidenceType::text, "snap-length, or unknown"),
    {"frames_cut", EvidenceType::integer, "frames that were cut"},
    {"octets", EvidenceType::integer, "octets that are missing"},
};
constexpr EvidenceKey kCaptureCutShort[] = {
    {"file", EvidenceType::text, "path of the file"},
    {"packets", EvidenceType::integer, "packets that could be read"},
};
constexpr EvidenceKey kCaptureClockJumped[] = {
    {"first_s", EvidenceType::number, "seconds of the first jump, negative where it is back"},
    {"largest_s", EvidenceType::number, "seconds of the greatest jump in either direction"},
    {"back", EvidenceType::integer, "jumps back"},
    {"ahead", EvidenceType::integer, "jumps ahead, as far as they can be told from silence"},
};
constexpr EvidenceKey kFramesRecordedTwice[] = {
    {"segments", EvidenceType::integer, "TCP segments that came again"},
    {"connections", EvidenceType::integer, "connections that they belong to"},
    {"copies", EvidenceType::number, "how often an octet is in the capture, on average"},
};
constexpr EvidenceKey kInitiateMissing[] = {
    {"context", EvidenceType::integer, "presentation context that was taken for MMS"},
};
constexpr EvidenceKey kForeignProtocol[] = {
    discriminating("protocol", EvidenceType::text, "s7comm, or unknown"),
};
constexpr EvidenceKey kMalformedMessage[] = {
    discriminating("layer", EvidenceType::text, "layer that could not be decoded"),
    discriminating("field", EvidenceType::text, "field of that layer"),
    {"offset", EvidenceType::integer, "octet of the unit where decoding stopped"},
    discriminating("problem", EvidenceType::text, "what is wrong with it"),
    {"hex", EvidenceType::text, "the octets from there"},
    discriminating("sender", EvidenceType::text, "client or server"),
    {"answer", EvidenceType::text, "rejected: REASON; none; ended (the association)"},
    {"answer_frame", EvidenceType::integer, "frame of what answered it"},
};
constexpr EvidenceKey kLimitReached[] = {
    discriminating("limit", EvidenceType::text, "what there was too much of"),
    {"field", EvidenceType::text, "where decoding stopped"},
    {"count", EvidenceType::integer, "how many were left out"},
};

constexpr EvidenceKey kNoMms[] = {
    discriminating("instead", EvidenceType::text,
                   "what there was: nothing, filtered-out, cut, damaged, no-ip, tunnel, no-tcp, "
                   "other-ports, only-syns, not-opened, tls, s7comm, other-protocol, unreadable"),
    {"packets", EvidenceType::integer, "packets that were read"},
    {"tcp_connections", EvidenceType::integer, "TCP connections among them"},
};

constexpr Rule kRules[] = {
    {
        .id = "no-mms",
        .severity = Severity::error,
        .title = "There is no MMS message in the capture",
        .raised_when = "Not one MMS message could be decoded. The finding says what was there "
                       "instead. Nothing can be said about the devices.",
        .not_when = "A note only, where another finding of severity error says already why no "
                    "association came up.",
        .cause = "The capture was made at the wrong place, with a wrong filter, or before anything "
                 "was sent.",
        .next_step = "Look at Statistics, Protocol Hierarchy in Wireshark; capture at the port of "
                     "the IED while its client is connected.",
        .reference = "ISO 9506-2, RFC 1006",
        .party = Party::capture,
        .evidence = kNoMms,
    },
    {
        .id = "capture-loss",
        .severity = Severity::warning,
        .title = "The capture lost packets that were on the wire",
        .raised_when = "TCP bytes were acknowledged by the receiver, or followed by later bytes, "
                       "but their packet is not in the capture. The devices did exchange them; "
                       "only the recording missed them.",
        .not_when = "Retransmissions, packets out of order, TCP keep-alives, and frames that a "
                    "mirror port or the second LAN of a PRP network delivers twice.",
        .cause =
            "The mirror port or the capturing computer could not keep up: both directions of a "
            "link were mirrored into one port of the same speed, or the capture buffer overflowed.",
        .next_step = "Do not blame a device for what is missing around these frames. Check the "
                     "drop counters of the mirror port and of the capture program, then capture "
                     "again with the filter \"tcp port 102\" and a larger buffer (dumpcap -B 64).",
        .reference = "RFC 9293 clause 3.4 (sequence numbers)",
        .party = Party::capture,
        .evidence = kCaptureLoss,
    },
    {
        .id = "one-direction-capture",
        .severity = Severity::warning,
        .title = "Only one direction was captured",
        .raised_when =
            "MMS of one side only is in the capture, and the other side's packets are missing "
            "altogether. All findings that need both sides are left out for this connection.",
        .not_when = "A connection on which only the server has something to say (reports), as long "
                    "as the client's TCP acknowledgements are in the capture.",
        .cause = "The mirror port copies only received or only sent frames, or the two directions "
                 "take different paths and only one passes the capture point.",
        .next_step = "Set the mirror port to both directions (rx and tx) of the IED's port, check "
                     "that the capture filter names no \"src\" or \"dst\", and capture again.",
        .reference = "RFC 9293 clause 3.4 (acknowledgements)",
        .party = Party::capture,
        .evidence = kOneDirectionCapture,
    },
    {
        .id = "truncated-packets",
        .severity = Severity::warning,
        .title = "Packets were cut",
        .raised_when = "The capture kept only the first bytes of packets that carry MMS: by its "
                       "snap length, or because they were shortened before or after by something "
                       "else. Parts of the messages are not there.",
        .not_when = "Cut packets of other traffic, which do not matter here.",
        .cause = "The capture program was told to keep only the beginning of each packet, for "
                 "example \"tcpdump -s 96\" or \"Limit each packet to\" in Wireshark.",
        .next_step = "Capture again without a limit (tcpdump -s 0, or clear \"Limit each packet "
                     "to\" in Wireshark's capture options).",
        .reference =
            "pcap and pcapng file formats: captured length and original length of a packet",
        .party = Party::capture,
        .evidence = kTruncatedPackets,
    },
    {
        .id = "capture-cut-short",
        .severity = Severity::warning,
        .title = "The capture file ends inside a packet",
        .raised_when =
            "The last packet of a file is not complete. Everything before it was analysed.",
        .not_when = "A capture that was stopped while connections were open; the file then ends "
                    "behind a whole packet.",
        .cause = "The file was copied while the capture was still running, the disk was full, or "
                 "the capturing computer lost power.",
        .next_step = "Copy the file again after the capture has been stopped. If the original is "
                     "no longer there, the analysis of the part before the cut is still valid.",
        .reference = "pcap and pcapng file formats: record and block length",
        .party = Party::capture,
        .evidence = kCaptureCutShort,
    },
    {
        .id = "capture-clock-jumped",
        .severity = Severity::note,
        .title = "The clock of the capture jumped",
        .raised_when =
            "The time of a frame lies more than one second before that of the frame before it. "
            "One finding for a capture, with the first jump and their number. Durations are "
            "measured by a clock that never runs backwards; times are printed as captured.",
        .not_when = "Frames that are less than a second out of order, silence, and a clock that "
                    "was set ahead once: silence looks the same.",
        .cause = "The clock of the capturing computer was set while it captured (NTP, by hand), or "
                 "files were put one behind the other instead of being merged by time.",
        .next_step = "Do not compare times over the jump with logs of the devices. Let the "
                     "computer's clock be synchronized before the capture begins; merge files "
                     "with mergecap, without -a.",
        .reference = "pcap and pcapng file formats: time of a packet",
        .party = Party::capture,
        .evidence = kCaptureClockJumped,
    },
    {
        .id = "frames-recorded-twice",
        .severity = Severity::note,
        .title = "Frames were recorded more than once",
        .raised_when = "At least one in five octets of a connection with MMS came again within a "
                       "millisecond: the capture holds the same frames two or three times. One "
                       "finding for a capture.",
        .not_when = "Segments that TCP repeats later, single frames that came again, and frames of "
                    "the second LAN of PRP or HSR, which are known by their trailer.",
        .cause = "The mirror port copies a frame at each port that it passes: both ports of the "
                 "connection, both directions of one, or two VLANs are mirrored.",
        .next_step = "Nothing, for the analysis: repeated segments count once. Mirror one port "
                     "only, or take them out with editcap -d, to make the file smaller and the "
                     "capture less likely to lose frames.",
        .reference = "RFC 9293 clause 3.4 (sequence numbers)",
        .party = Party::capture,
        .evidence = kFramesRecordedTwice,
    },
    {
        .id = "initiate-missing",
        .severity = Severity::note,
        .title = "The association began before the capture",
        .raised_when =
            "The connection was open already when the capture started, or its opening was cut by a "
            "snap length or lost, so that the Initiate is missing. "
            "The finding names the presentation context that was used to decode it and why.",
        .not_when = "Associations whose opening is in the capture, including a second one on the "
                    "same client port.",
        .cause = "The capture was started while SCADA was connected, which is the usual case in a "
                 "running station.",
        .next_step =
            "Nothing is wrong. To see the opening and to have the negotiated limits checked, start "
            "the capture first and then restart the connection from the client.",
        .reference = "ISO 8823-1 (presentation context definition), ISO 9506-2 Initiate",
        .party = Party::capture,
        .evidence = kInitiateMissing,
    },
    {
        .id = "encrypted-connection",
        .severity = Severity::note,
        .title = "The connection is encrypted (TLS)",
        .raised_when = "A connection to a server's MMS port carries TLS. Its messages can not be "
                       "read; its packets and its opening and closing are all that is known.",
        .not_when =
            "MMS in clear text on port 3782, the port that IEC 62351-3 reserves for MMS over TLS.",
        .cause = "The station uses secure MMS (IEC 62351), which is intended.",
        .next_step =
            "If the connection fails, look at the TLS alerts in Wireshark (expired or unknown "
            "certificate). To see the MMS inside, capture during a test window in which the "
            "connection runs without TLS, or use the client's and server's own logs.",
        .reference = "IEC 62351-3, IEC 62351-4",
    },
    {
        .id = "foreign-protocol",
        .severity = Severity::note,
        .title = "The connection carries something else than MMS",
        .raised_when =
            "A connection to an MMS port (102, or one given with --port) carries another protocol: "
            "S7comm, remote desktop, or bytes that are not ISO-on-TCP.",
        .not_when = "MMS on an unusual port, and TASE.2 (ICCP), which is MMS too.",
        .cause = "A PLC or an engineering tool uses the same port 102, which it may; or a client "
                 "was pointed to the wrong device.",
        .next_step = "If the device should speak MMS, check the IP address in the client's "
                     "configuration: this address belongs to a PLC or another device. Otherwise "
                     "ignore it, or leave it out with a capture filter.",
        .reference = "RFC 1006 clause 6 (packet format)",
        .evidence = kForeignProtocol,
    },
    {
        .id = "malformed-message",
        .severity = Severity::warning,
        .title = "A message breaks the encoding rules",
        .raised_when = "A device sent bytes that its layer does not allow. The finding names the "
                       "layer, the field, the offset and the bytes. What could be decoded is used "
                       "all the same, and the next message is read normally.",
        .not_when = "Encoding that is legal but unusual (lengths longer than needed, indefinite "
                    "lengths), and messages that the capture cut or lost parts of.",
        .cause = "A fault in the communication software of the device that sent it, often in one "
                 "rarely used message.",
        .next_step = "Send the frame (right-click, Export Packet Dissections) with "
                     "the firmware version to the vendor of the sending device. Look whether the "
                     "peer answered with a reject or closed the connection.",
        .reference = "ISO 8825-1 (X.690), ISO 8073, ISO 8327-1, ISO 8823-1, ISO 9506-2",
        .evidence = kMalformedMessage,
    },
    {
        .id = "limit-reached",
        .severity = Severity::warning,
        .title = "A limit of this program was reached",
        .raised_when = "The capture holds more of something than this program keeps in memory, for "
                       "example open connections, buffered bytes behind a hole or requests "
                       "without an answer. The finding names the limit; a part of the traffic was "
                       "left out.",
        .not_when = "Everything within the limits, which no normal station reaches. Requests in a "
                    "capture of one direction, where none can be answered.",
        .cause = "A very large or hostile capture (a port scan, a flood, generated test traffic), "
                 "or a capture with large holes.",
        .next_step = "Analyse less at a time: filter the capture to the IED in question with -f "
                     "\"host 10.0.0.2 and tcp port 102\", or split it with editcap -i 3600.",
        .reference = "include/mmsanalyze/limits.h",
        .evidence = kLimitReached,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> capture_rules() { return kRules; }

}  // namespace mmsa::analysis
