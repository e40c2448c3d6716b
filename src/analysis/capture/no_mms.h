// A capture in which not one MMS message was decoded: never a green run. What was there instead
// says what to do about it.
#pragma once

#include <deque>
#include <vector>

#include "analysis/findings.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

// Raises no-mms; to be called only where there was no message.
void raise_no_mms(FindingCollector& findings, const TraceFacts& facts,
                  const std::deque<AssociationResult>& associations);
// Where another finding of severity error says already why no association came up, it is a note.
void explain_no_mms(std::vector<Finding>& findings);

}  // namespace mmsa::analysis
