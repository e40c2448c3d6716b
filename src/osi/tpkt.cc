// Finding the next TPKT in octets of unknown framing. A header alone is weak evidence inside file
// data, so a candidate counts only once it is whole and another one follows it, or nothing does and
// its content is right.
#include "osi/tpkt.h"

#include <algorithm>

#include "mmsanalyze/ber.h"
#include "osi/cotp.h"
#include "osi/recognise.h"
#include "osi/session.h"

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

namespace {

// Whether a TPKT that nothing follows yet is one by its content: the beginning of a TSDU, and where
// it holds all of one, user data that ends where the TPKT does.
bool is_one_by_content(Bytes tpkt) {
  if (tpkt[5] != static_cast<std::uint8_t>(TpduCode::dt)) return true;
  const Bytes tsdu = tpkt.subspan(kMinTpkt);
  if (is_s7comm(tsdu)) return true;
  if (!starts_like_session(tsdu)) return false;
  constexpr std::size_t kPrefix = sizeof kDataPrefix;
  const bool whole = (tpkt[6] & 0x80) != 0;
  if (!whole || tsdu.size() < kPrefix ||
      !std::equal(kDataPrefix, kDataPrefix + kPrefix, tsdu.begin())) {
    return true;
  }
  const Bytes user_data = tsdu.subspan(kPrefix);
  Trouble trouble(Layer::presentation, user_data);
  ber::Reader reader(user_data, trouble);
  ber::Element element;
  return reader.next(element, "User-data") && element.end == user_data.data() + user_data.size();
}

}  // namespace

std::size_t cut_short_at(Bytes octets, std::size_t length) {
  if (octets.size() <= length) return 0;
  if (plausible_tpkt(octets.subspan(length)) != Plausible::no) return 0;
  const Search search = find_tpkt(octets.subspan(kTpktHeader));
  const std::size_t at = kTpktHeader + search.skip;
  return search.found && at < length ? at : 0;
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
      if (next == Plausible::yes) return {true, at};
      if (next == Plausible::so_far) return {behind.empty() && is_one_by_content(rest), at};
    }
    ++pos;
  }
}

}  // namespace mmsa::osi
