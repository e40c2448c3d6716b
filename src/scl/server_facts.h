// What an SCL document tells of one server, as the model that captures are understood with: names,
// types with enumeration literals, data sets, control models, report control blocks, each with its
// file and line.
#pragma once

#include "iec61850/server_model.h"
#include "scl/overview.h"

namespace mmsa::scl {

// Puts the logical devices of this access point's server into `model`. `reading` outlives it.
void fill(const Reading& reading, const Ied& ied, const AccessPoint& access_point,
          iec61850::ServerModel& model);

// Bits of OptFlds and TrgOps that the names of OptFields and TrgOps stand for, as
// iec61850::low_bits() gives them; 0 for other names.
std::uint16_t opt_fld_bit(Text name);
std::uint16_t trg_op_bit(Text name);

// ctlModel as on the wire; none where the text is no control model.
std::optional<std::int64_t> ctl_model_code(Text name);

}  // namespace mmsa::scl
