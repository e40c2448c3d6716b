// What is said of a server's clock that differs from the capture's.
#pragma once

#include "analysis/context.h"

namespace mmsa::analysis {

// One note for each server over all its clients, brought up to date with each association that
// ends.
void raise_clock_offset(Context& context);

}  // namespace mmsa::analysis
