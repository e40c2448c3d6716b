// Whether switches move: a command that was accepted and carried out, and a position that reports
// and reads go on to tell as it was before (rule control-no-feedback).
#pragma once

#include "analysis/context.h"
#include "analysis/control/control_verdict.h"
#include "iec61850/command.h"

namespace mmsa::analysis {

// An Operate that may move its object.
void watch_command(const Context& context, const iec61850::ControlView& operate);
// Reports and reads of any client: positions of the objects that were commanded.
void watch_positions(const Context& context);
// A command is over.
void raise_no_feedback(Context& context, const iec61850::Command& command,
                       const ControlCircumstances& circumstances);

}  // namespace mmsa::analysis
