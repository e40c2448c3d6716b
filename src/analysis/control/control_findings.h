// The one finding of a failed command: operate-without-select, select-expired, control-rejected,
// control-terminated, control-unterminated, control-mismatch; the most specific of them.
#pragma once

#include "analysis/context.h"
#include "analysis/control/control_verdict.h"

namespace mmsa::analysis {

// Raises nothing where nothing failed. Of `command` only a part may be captured; `result` is how
// the report tells it.
void raise_control_finding(Context& context, const iec61850::Command& command,
                           const ControlResult& result, const ControlCircumstances& circumstances);

}  // namespace mmsa::analysis
