// The one finding of a failed command: operate-without-select, select-expired, control-rejected,
// control-terminated, control-unterminated, control-mismatch; the most specific of them.
#pragma once

#include "analysis/context.h"
#include "analysis/control/control_verdict.h"

namespace mmsa::analysis {

// Raises nothing where nothing failed. `transaction` may be one of which only a part was captured.
void raise_control_finding(Context& context, const ControlTransaction& transaction,
                           const ControlCircumstances& circumstances);

}  // namespace mmsa::analysis
