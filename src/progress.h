// How far the work is, on a terminal's standard error.
#pragma once

#include "pipeline.h"

namespace mmsa {

// Null where standard error is no terminal.
Progress progress_for_terminal();

// Clears the line.
void end_progress();

}  // namespace mmsa
