#include "report/version.h"

namespace mmsa::report {

std::string_view tool_version() { return MMSA_VERSION; }

}  // namespace mmsa::report
