// Patterns of names: '*' stands for any characters, '?' for one.
#pragma once

#include <string_view>

namespace mmsa::text {

// Whether the whole of `text` is as `pattern` says. Takes no longer than their lengths multiplied.
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace mmsa::text
