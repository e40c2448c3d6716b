// The shortest way through the layers, for the octets that nearly all TPKTs consist of.
#pragma once

#include <cstdint>

#include "mmsanalyze/bytes.h"

namespace mmsa::osi {

// Straight-line code for a TPKT that holds DT (COTP), GT and DT (session) without parameters, and
// one PDV with one value, all lengths definite. `pdu` lies inside `tpkt`. False where anything else
// is there; nothing is judged then.
bool read_plain_data(Bytes tpkt, std::int64_t& context, Bytes& pdu);

}  // namespace mmsa::osi
