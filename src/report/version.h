// Name and version of this program, the same in every output.
#pragma once

#include <string_view>

namespace mmsa::report {

inline constexpr std::string_view kToolName = "mmsanalyze";
std::string_view tool_version();

}  // namespace mmsa::report
