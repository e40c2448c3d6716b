// What is remembered of a request until its answer comes, so that most answers can be passed over
// without decoding their request again.
#pragma once

#include <cstdint>

#include "iec61850/reference.h"

namespace mmsa::iec61850 {

struct RequestNote {
  // Of the names in the request: what they are not about, the answer is not about either.
  FcSet constraints = {};
  std::uint32_t results = 0;  // how many a Read or Write should have; 0: not known
  bool data_set = false;      // `results` counts the members of a data set, as last told
  bool teaches = false;       // the answer to this Read may tell the model something new

  std::uint64_t bits() const {
    return constraints.bits() | std::uint64_t{results & kMaxResults} << 32 |
           std::uint64_t{teaches} << 62 | std::uint64_t{data_set} << 63;
  }
  static RequestNote of(std::uint64_t bits) {
    return {FcSet(static_cast<std::uint32_t>(bits)),
            static_cast<std::uint32_t>(bits >> 32) & kMaxResults, bits >> 63 != 0,
            (bits >> 62 & 1) != 0};
  }

 private:
  static constexpr std::uint32_t kMaxResults = 0x3FFF'FFFF;
};

}  // namespace mmsa::iec61850
