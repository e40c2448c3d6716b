// What a refused file service most likely means, and what to do next.
#pragma once

#include <string_view>

#include "analysis/advice.h"
#include "mms/service_error.h"

namespace mmsa::analysis {

// Empty where the rule's own texts say all there is. `open`: the capture shows that the file was
// open then.
Advice file_advice(std::uint16_t service, const mms::ServiceErrorText& error, bool open);

}  // namespace mmsa::analysis
