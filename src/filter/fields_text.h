// `mmsanalyze fields`.
#pragma once

#include <string>
#include <string_view>

namespace mmsa::filter {

// Appends a line for each field whose name holds `pattern`, in letters of either case. Returns how
// many there are.
std::size_t write_fields(std::string& out, std::string_view pattern);

}  // namespace mmsa::filter
