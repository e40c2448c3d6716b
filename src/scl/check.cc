#include "scl/check.h"

namespace mmsa::scl {

void check(const Document& document, const Lookup& lookup, const Types& types, Problems& problems) {
  std::size_t near_work = 0;
  const Checked checked{document, lookup, types, problems, near_work};
  check_types(checked);
  check_communication(checked);
  check_nodes(checked);
}

}  // namespace mmsa::scl
