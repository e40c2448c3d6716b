// The classes of logical nodes that the standards define.
#pragma once

#include <string_view>

namespace mmsa::iec61850 {

// "XCBR". Of IEC 61850-7-4, -7-410, -7-420 and 61400-25-2; classes of vendors are not in it, which
// are known by the functional constraints in their names.
bool is_ln_class(std::string_view name);

}  // namespace mmsa::iec61850
