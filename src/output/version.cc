#include "output/version.h"

namespace mmsa::output {

std::string_view tool_version() { return MMSA_VERSION; }

}  // namespace mmsa::output
