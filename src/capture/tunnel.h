// What carries frames or packets inside others: MPLS, PPP, and over IP: GRE, ERSPAN, VXLAN.
#pragma once

#include "capture/link.h"

namespace mmsa::capture {

void step_mpls(Cursor& cursor);
void step_pppoe(Cursor& cursor);
void step_ppp(Cursor& cursor);

// From the payload of IP on. Stop with not_tcp where nothing known is inside.
void step_gre(Cursor& cursor);
void step_udp(Cursor& cursor);

}  // namespace mmsa::capture
