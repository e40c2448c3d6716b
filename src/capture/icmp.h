// ICMP errors, which quote the packet that they are about.
#pragma once

#include "capture/link.h"

namespace mmsa::capture {

// Moves to the quoted packet and marks the cursor as `quoted`; stops at every other message.
void step_icmp(Cursor& cursor);
void step_icmp6(Cursor& cursor);

}  // namespace mmsa::capture
