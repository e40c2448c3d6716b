#include "capture/duplicates.h"

namespace mmsa::capture {

bool DuplicateFilter::is_duplicate(std::uint64_t source_mac, std::uint16_t sequence,
                                   std::uint8_t lan, TimeNs time) {
  constexpr TimeNs kForgetTime = 400 * kNsPerMs;  // EntryForgetTime, IEC 62439-3 table 8
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;
  constexpr unsigned kPlaceBits = 13;
  static_assert(kPlaces == std::size_t{1} << kPlaceBits);
  const std::uint64_t key = source_mac << 16 | sequence;
  Seen& seen = seen_[(key * kMix) >> (64 - kPlaceBits)];
  const bool recent =
      time >= seen.time ? time - seen.time <= kForgetTime : seen.time - time <= kForgetTime;
  if (seen.used && seen.key == key && seen.lan != lan && recent) return true;
  seen = {key, time, lan, true};
  return false;
}

}  // namespace mmsa::capture
