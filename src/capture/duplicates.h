// Frames that PRP and HSR send twice (IEC 62439-3), once over each LAN or direction of the ring. A
// mirror port that sees both LANs records both copies.
#pragma once

#include <array>
#include <cstdint>

#include "mmsanalyze/packet.h"

namespace mmsa::capture {

class DuplicateFilter {
 public:
  // True where the same frame was seen from the other LAN a short while ago. The same LAN twice is
  // no PRP duplicate but a mirror port that copies frames; TCP sorts that out.
  bool is_duplicate(std::uint64_t source_mac, std::uint16_t sequence, std::uint8_t lan,
                    TimeNs time);

 private:
  struct Seen {
    std::uint64_t key = 0;  // MAC and sequence number
    TimeNs time = 0;
    std::uint8_t lan = 0;
    bool used = false;
  };

  // One place for each hash: a collision forgets the older frame, whose copy is then handed on.
  static constexpr std::size_t kPlaces = 8192;
  std::array<Seen, kPlaces> seen_{};
};

}  // namespace mmsa::capture
