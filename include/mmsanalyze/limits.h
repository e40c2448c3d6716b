// Every cap of the program, with its reason. Reaching one is a finding (limit-reached) or a counter
// in `undecoded`, never silence and never a crash.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mmsanalyze/packet.h"

namespace mmsa::limits {

// --- capture/ ---
// libpcap's own MAXIMUM_SNAPLEN; a block or record that claims more is damage, not data.
inline constexpr std::uint32_t kMaxPacket = 262'144;
// A pcapng block other than a packet (name resolution, decryption secrets) may be large; it is
// skipped without being held in memory.
inline constexpr std::uint32_t kMaxBlock = 64u << 20;
inline constexpr std::size_t kMaxInterfaces = 4096;
// Tunnels inside tunnels (VLAN, MPLS, GRE, VXLAN, ...): deeper than any mirror port produces.
inline constexpr int kMaxEncapsulation = 16;
// IP datagrams under reassembly at a time, and octets they may hold together.
inline constexpr std::size_t kMaxFragmentedDatagrams = 1024;
inline constexpr std::size_t kMaxFragmentOctets = 8u << 20;
inline constexpr TimeNs kFragmentTimeout = 60 * kNsPerSecond;  // RFC 1122 3.3.2

// --- tcp/ ---
// Octets buffered beyond a hole in one direction. A hole that is still open then is stepped over.
// Larger than the receive window of any IED.
inline constexpr std::size_t kMaxBufferedPerStream = 1u << 20;
// The same over all connections, so that many of them can not exhaust memory together.
inline constexpr std::size_t kMaxBufferedTotal = 64u << 20;
// A hole whose octets the receiver has acknowledged is not going to be retransmitted; it is waited
// for because captures reorder packets.
inline constexpr TimeNs kAckedHoleWait = 1 * kNsPerSecond;
// A hole that nobody acknowledged may still be repaired by a retransmission (RTO backs off to a
// minute).
inline constexpr TimeNs kOpenHoleWait = 60 * kNsPerSecond;
// Connections held at a time; beyond it the one idle longest is dropped.
inline constexpr std::size_t kMaxConnections = 100'000;
// After both sides closed, a connection is remembered this long for late duplicates.
inline constexpr TimeNs kClosedLinger = 120 * kNsPerSecond;

// --- osi/ and mms/ ---
// A TSDU joined from COTP fragments. Larger than every negotiated MMS PDU that was ever seen.
inline constexpr std::size_t kMaxTsdu = 4u << 20;
// The same over all TSDUs that wait for their end: a small compressed file can begin a thousand.
inline constexpr std::size_t kMaxJoinedTotal = 64u << 20;
// MMS PDUs in one TSDU. Stacks that put several into one put a few; each is told with all frames of
// the TSDU, so that output would grow with the product.
inline constexpr std::size_t kMaxPdusOfTsdu = 256;
// Frame numbers kept of one TSDU: more than a TSDU of full size has in segments of 1 KiB.
inline constexpr std::size_t kMaxFramesOfTsdu = 4096;
// A direction of a connection at any port in which no ISO-on-TCP was recognised within this many
// segments or octets will carry none.
inline constexpr std::uint8_t kMaxWatchedSegments = 8;
inline constexpr std::uint32_t kMaxWatchedOctets = 16u << 10;
// Gaps that are held back until client and server are known.
inline constexpr std::size_t kMaxEarlyGaps = 64;
// Octets kept of a session or presentation selector: X.225 clause 8.3 and the OSI profiles allow no
// more. A damaged length would make one of the octets behind it, and there a password may stand.
inline constexpr std::size_t kMaxSelector = 16;
// Presentation contexts of an association; more would only be proposed to fill the memory.
inline constexpr std::size_t kMaxContexts = 1024;
// Octets of the requests that wait for their answers, over all associations: kMaxOutstanding times
// kMaxTsdu for each would be all memory there is. A request beyond it waits without its octets.
inline constexpr std::size_t kMaxHeldRequests = 64u << 20;
// Places for requests that wait, over all associations: some ten megabytes. Beyond it no
// association lets more than a few wait.
inline constexpr std::size_t kMaxOutstandingTotal = 131'072;
// Nested BER elements. MMS negotiates a data nesting of about 10; the layers around add a dozen.
inline constexpr int kMaxDepth = 64;
// Elements of one PDU. A PDU of 64 KiB can hold 32 K empty elements; beyond it is an attack.
inline constexpr std::size_t kMaxElements = 1u << 20;

// --- iec61850/: what is remembered of one server ---
// Characters of an object reference with its logical device; IEC 61850-7-2 allows 129. Longer ones
// are decoded and shown, but not remembered.
inline constexpr std::size_t kMaxReference = 256;
// Names, for "did you mean". A large gateway has some ten thousand.
inline constexpr std::size_t kMaxModelNames = 65'536;
// Octets of the different texts in the names of all servers together.
inline constexpr std::size_t kMaxNameText = 256u << 20;
inline constexpr std::size_t kMaxDataSets = 4096;
// Report control blocks; more than any IED has.
inline constexpr std::size_t kMaxReportControls = 16'384;
inline constexpr std::size_t kMaxDataSetMembers = 65'536;  // of all data sets
inline constexpr std::size_t kMaxTypeNodes = 262'144;      // of all types
// Report control blocks whose configuration is remembered; large IEDs have some hundred instances.
inline constexpr std::size_t kMaxModelBlocks = 16'384;
// Steps of the search for near names, over all questions: about a second.
inline constexpr std::size_t kMaxNearestWork = 100'000'000;

// --- scl/ ---
// An SCL file. A substation of 500 IEDs takes 100 to 200 MB.
inline constexpr std::size_t kMaxSclOctets = 512u << 20;
// Tags and attributes of it, counted before the tree is built: 64 and 40 octets of memory for each.
// 100 MB have about two and eight million.
inline constexpr std::size_t kMaxSclTags = 12'000'000;
inline constexpr std::size_t kMaxSclAttributes = 32'000'000;
// Octets of what is kept of it. As much as the tree of the largest file.
inline constexpr std::size_t kMaxSclModel = 1u << 30;
// Elements inside each other (SDI) and types inside types: those of IEC 61850-7-3 end at 5.
inline constexpr int kMaxSclDepth = 32;

// --- analysis/ ---
// Confirmed requests of one direction that wait for an answer.
inline constexpr std::size_t kMaxOutstanding = 4096;
// RptIDs (with their data sets) followed in one association; an IED has some dozens.
inline constexpr std::size_t kMaxReportStreams = 1024;
// Members of data sets whose last reported values are kept, in one association: some megabytes. As
// many as the data sets of a server may have together (kMaxDataSetMembers).
inline constexpr std::size_t kMaxFollowedMembers = 65'536;
// Findings of one rule in one association. Beyond it nobody reads them; they are counted.
inline constexpr std::uint32_t kMaxFindingsPerRule = 200;

// Names of servers, clients and objects kept of one cause: more than this nobody reads; they are
// counted.
inline constexpr std::size_t kMaxNamesOfCause = 256;

// Incidents kept of a trace, and steps of each: a person reads some. They are counted.
inline constexpr std::size_t kMaxIncidents = 256;
inline constexpr std::size_t kMaxIncidentSteps = 48;

}  // namespace mmsa::limits
