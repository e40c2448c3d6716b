// How many associations one server has at a time, over all its clients: what a limit shows itself
// by.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mmsa::analysis {

struct ServerLoad {
  std::uint32_t open = 0;  // associations that are open now, as far as the capture shows
  std::uint32_t most = 0;  // that were open at a time so far

  void opened() { most = std::max(most, ++open); }
  void closed() {
    if (open > 0) --open;
  }
};

}  // namespace mmsa::analysis
