// The TCP header: RFC 9293 section 3.1, window scale: RFC 7323 section 2.
#pragma once

#include "mmsanalyze/packet.h"

namespace mmsa::capture {

// Fills everything but frame and addresses. `missing`: octets behind data that were not captured.
// False where the header is cut off or contradicts itself.
bool parse_tcp(Bytes data, std::uint32_t missing, Segment& segment);

// The same for what an ICMP error quotes, which may end within the header: ports, sequence numbers
// and flags, no payload.
bool parse_quoted_tcp(Bytes data, Segment& segment);

}  // namespace mmsa::capture
