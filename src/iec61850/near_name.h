// Edit distance, for "did you mean".
#pragma once

#include <cstddef>
#include <string_view>

namespace mmsa::iec61850 {

// Single-character insertions, deletions and replacements between the two, or `cap` + 1 where there
// are more than `cap`. Adds the steps it took to `work`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t cap,
                          std::size_t& work);

}  // namespace mmsa::iec61850
