// Which side of a connection is the MMS client, where the capture does not hold the SYN.
#pragma once

#include <cstdint>

#include "mmsanalyze/association.h"
#include "osi/stack.h"

namespace mmsa::osi {

// What an event says of its sender.
enum class RoleHint : std::uint8_t { none, client, server };
RoleHint hint_of(Step step);
RoleHint hint_of_pdu(Bytes pdu);

// Whether ISO-on-TCP is expected at a port: 102, 3782 (IEC 62351-3), or --port.
bool is_expected_port(std::uint16_t port, const StackOptions& options);

// The side with an expected port, else with the lower one.
Side server_by_port(const Connection& connection, const StackOptions& options);

}  // namespace mmsa::osi
