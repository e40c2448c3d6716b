// From findings and the life of associations to what followed from what: a connection is lost,
// attempts are refused, it is back, its report control blocks are enabled again.
#pragma once

#include "mmsanalyze/result.h"

namespace mmsa::analysis {

// Fills in the incidents of a report that has associations, findings and names. What is only the
// consequence of an incident becomes a note: attempts to connect that were refused while a server
// was away, and admitted when it was back. The order of the findings is kept.
void find_incidents(Result& report);

}  // namespace mmsa::analysis
