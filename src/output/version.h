// Name and version of this program, the same in every output.
#pragma once

#include <string_view>

namespace mmsa::output {

inline constexpr std::string_view kToolName = "mmsanalyze";
std::string_view tool_version();

}  // namespace mmsa::output
