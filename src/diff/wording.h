// Long texts that differ, as short ones that show in what.
#pragma once

#include <string>
#include <string_view>

namespace mmsa::diff {

// At most so many octets, "..." behind what is cut.
std::string shortened(std::string_view text, std::size_t most = 240);
// Two lists or structures. Short ones stand as they are; of lists the elements that only one has;
// of others what stands from the first difference on.
void contrast(std::string_view a, std::string_view b, std::string& of_a, std::string& of_b);

}  // namespace mmsa::diff
