// Finding the next TPKT in octets of unknown framing. A header alone is weak evidence inside file
// data, so a candidate counts only once it is whole and another one follows it, or nothing does.
#include "osi/tpkt.h"

#include <algorithm>

#include "osi/cotp.h"

namespace mmsa::osi {

Plausible plausible_tpkt(Bytes octets) {
  const std::size_t n = octets.size();
  if (n >= 1 && octets[0] != 3) return Plausible::no;
  if (n >= 2 && octets[1] != 0) return Plausible::no;
  if (n < kTpktHeader) return Plausible::so_far;
  const std::size_t length = static_cast<std::size_t>(octets[2]) << 8 | octets[3];
  if (length < kMinTpkt) return Plausible::no;
  if (n < 5) return Plausible::so_far;
  const std::size_t header_length = octets[4];
  if (header_length < 2 || header_length == 255 || header_length > length - 5) return Plausible::no;
  if (n < 6) return Plausible::so_far;
  const TpduShape* shape = tpdu_shape(octets[5]);
  if (shape == nullptr || header_length < shape->fixed_length) return Plausible::no;
  if (n < kMinTpkt) return Plausible::so_far;
  if (octets[5] == 0xF0 && (header_length != 2 || (octets[6] & 0x7F) != 0)) return Plausible::no;
  return Plausible::yes;
}

Search find_tpkt(Bytes octets) {
  auto pos = octets.begin();
  while (true) {
    pos = std::find(pos, octets.end(), std::uint8_t{3});
    const auto at = static_cast<std::size_t>(pos - octets.begin());
    if (pos == octets.end()) return {false, at};
    const Bytes rest = octets.subspan(at);
    const Plausible verdict = plausible_tpkt(rest);
    if (verdict == Plausible::so_far) return {false, at};
    if (verdict == Plausible::yes) {
      const std::size_t length = static_cast<std::size_t>(rest[2]) << 8 | rest[3];
      if (rest.size() < length) return {false, at};
      const Bytes behind = rest.subspan(length);
      const Plausible next = plausible_tpkt(behind);
      if (behind.empty() || next == Plausible::yes) return {true, at};
      if (next == Plausible::so_far) return {false, at};
    }
    ++pos;
  }
}

}  // namespace mmsa::osi
