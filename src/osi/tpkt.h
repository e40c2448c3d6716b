// TPKT, RFC 1006 section 6: version 3, a reserved octet, and the length of the whole packet.
#pragma once

#include <cstdint>

#include "mmsanalyze/bytes.h"

namespace mmsa::osi {

inline constexpr std::size_t kTpktHeader = 4;
inline constexpr std::size_t kMinTpkt = 7;  // header and the shortest TPDU

struct Framing {
  enum class Kind : std::uint8_t {
    frame,      // a whole TPKT of `length` octets
    need_more,  // `length` octets are needed to decide
    damaged,    // no TPKT begins here: `field` is wrong
  } kind = Kind::need_more;
  std::size_t length = 0;
  const char* field = "";
};

// What the octets of an intact stream begin with.
inline Framing next_tpkt(Bytes available) {
  if (available.empty()) return {Framing::Kind::need_more, kTpktHeader, ""};
  if (available[0] != 3) return {Framing::Kind::damaged, 0, "version"};
  if (available.size() < kTpktHeader) return {Framing::Kind::need_more, kTpktHeader, ""};
  const std::size_t length = static_cast<std::size_t>(available[2]) << 8 | available[3];
  if (length < kMinTpkt) return {Framing::Kind::damaged, 0, "length"};
  if (length > available.size()) return {Framing::Kind::need_more, length, ""};
  return {Framing::Kind::frame, length, ""};
}

// Whether octets can be a TPKT with a TPDU inside, judged by the first seven.
enum class Plausible : std::uint8_t { no, so_far, yes };
Plausible plausible_tpkt(Bytes octets);

// The search for the next TPKT where the framing was lost.
struct Search {
  bool found = false;
  // Where it begins, or where one may begin once more octets are there; all before can go.
  std::size_t skip = 0;
};
Search find_tpkt(Bytes octets);

// Where the next TPKT begins inside the one of `length` octets that `octets` begin with, because
// the sender did not send it to its end; 0: nowhere. Looked for only where no TPKT can begin behind
// it.
std::size_t cut_short_at(Bytes octets, std::size_t length);

}  // namespace mmsa::osi
