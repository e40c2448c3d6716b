// A cap that was reached is said once for each association, with what there was too much of.
#pragma once

#include <string_view>

#include "analysis/context.h"

namespace mmsa::analysis {

// `sentence` goes on from the number of what was left out: "files were given up, because ...".
// Each call counts one.
void tell_limit(Context& context, std::string_view limit, FrameRef frame,
                std::string_view sentence);

}  // namespace mmsa::analysis
