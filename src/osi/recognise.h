// What the octets of a TCP connection look like, before anything of them is believed.
#pragma once

#include <cstdint>

#include "mmsanalyze/bytes.h"
#include "osi/stack.h"

namespace mmsa::osi {

enum class Verdict : std::uint8_t { no, wait, iso_on_tcp, tls };

// The first octets of a direction whose beginning is in the capture, at a port that may carry
// anything.
Verdict recognise_start(Bytes octets);
// Octets from the middle of a stream that begin where a segment begins.
Verdict recognise_middle(Bytes octets, PduProbe looks_like_mms);

// Whether octets begin with a TLS record (RFC 8446 5.1).
Verdict recognise_tls(Bytes octets);

// Whether a TPKT is the connection request of a remote desktop client, which uses the same TPKT and
// COTP: behind the fixed part stands its cookie or its negotiation request, where parameters
// belong.
bool is_remote_desktop(Bytes tpkt);

// Whether a TSDU is one of S7comm's or its successor's.
bool is_s7comm(Bytes tsdu);

}  // namespace mmsa::osi
