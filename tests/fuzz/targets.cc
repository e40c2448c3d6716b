#include "fuzz/targets.h"

namespace mmsa::fuzz {
namespace {

constexpr Target kTargets[] = {
    {"ber", fuzz_ber}, {"mms_pdu", fuzz_mms_pdu}, {"osi", fuzz_osi},
    {"tcp", fuzz_tcp}, {"capture", fuzz_capture}, {"pipeline", fuzz_pipeline},
    {"scl", fuzz_scl}, {"filter", fuzz_filter},   {"extractor", fuzz_extractor},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

const Target* find_target(std::string_view name) {
  for (const Target& target : kTargets) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

}  // namespace mmsa::fuzz
