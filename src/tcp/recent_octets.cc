#include "tcp/recent_octets.h"

#include <algorithm>
#include <cstring>

#include "tcp/hole_map.h"

namespace mmsa::tcp {

void RecentOctets::keep(Owner owner, std::uint64_t offset, Bytes octets) {
  if (octets.empty() || octets.size() > kOctets) return;
  // An entry does not wrap around the end.
  const std::uint64_t left = kOctets - next_octet_ % kOctets;
  if (left < octets.size()) next_octet_ += left;
  std::memcpy(&octets_[next_octet_ % kOctets], octets.data(), octets.size());
  entries_[next_entry_++ % kEntries] = {owner, offset, next_octet_, octets.size()};
  next_octet_ += octets.size();
}

// Newest first: what is repeated is most often what was sent last.
std::uint64_t RecentOctets::count_differences(Owner owner, std::uint64_t offset,
                                              Bytes octets) const {
  const std::uint64_t end = offset + octets.size();
  std::uint64_t uncompared = octets.size();
  std::uint64_t differences = 0;
  const std::uint64_t oldest = next_entry_ - std::min<std::uint64_t>(next_entry_, kEntries);
  for (std::uint64_t i = next_entry_; i != oldest && uncompared != 0; --i) {
    const Entry& entry = entries_[(i - 1) % kEntries];
    if (next_octet_ - entry.at > kOctets) break;  // overwritten, as all before it
    if (entry.owner != owner) continue;
    const std::uint64_t from = std::max(offset, entry.offset);
    const std::uint64_t to = std::min(end, entry.offset + entry.length);
    if (from >= to) continue;
    const Bytes kept(&octets_[entry.at % kOctets] + (from - entry.offset), to - from);
    differences += tcp::count_differences(kept, octets.subspan(from - offset, to - from));
    uncompared -= to - from;
  }
  return differences;
}

}  // namespace mmsa::tcp
