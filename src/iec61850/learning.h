// What messages teach about a server. Only positive answers teach: a request is a wish. Answers
// that were cut off or malformed teach nothing, since a list without its end is a wrong list.
//
// Facts come in many forms: ctlModel is read as `LN$CF$DO$ctlModel`, by alternate access to
// `LN$CF$DO`, within the whole `LN$CF$DO`, `LN$CF` or `LN`, among other variables, or as a member
// of a data set; blocks likewise. Within a structure a fact is found where the server has described
// its type.
#pragma once

#include "iec61850/meaning.h"
#include "iec61850/request_note.h"
#include "iec61850/server_model.h"
#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// Whether the answer to this Read or Write of a client may tell something new.
bool may_teach(ServerModel& model, const MmsMessage& request, FcSet constraints);

// Puts into the exchange's model what its message tells.
void learn(const Exchange& exchange);

}  // namespace mmsa::iec61850
