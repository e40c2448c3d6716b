#include "osi/plain_data.h"

#include <cstring>

#include "osi/tpkt.h"

namespace mmsa::osi {
namespace {

// Reads a definite length of up to three octets that reaches exactly to `end`; `pos` is then behind
// it. False elsewhere.
inline bool fills(const std::uint8_t*& pos, const std::uint8_t* end) {
  if (end - pos < 3) {
    if (pos == end || *pos >= 0x80) return false;
  }
  std::ptrdiff_t length = *pos++;
  if (length >= 0x80) {
    if (length == 0x81) {
      length = *pos++;
    } else if (length == 0x82) {
      length = pos[0] << 8 | pos[1];
      pos += 2;
    } else {
      return false;
    }
  }
  return length == end - pos;
}

}  // namespace

bool read_plain_data(Bytes tpkt, std::int64_t& context, Bytes& pdu) {
  // 02 F0 80        COTP: DT, end of TSDU
  // 01 00 01 00     session: GT, DT
  // 61 L 30 L       presentation: fully-encoded-data, PDV-list
  // 02 01 id A0 L   context identifier, single-ASN1-type
  static constexpr std::uint8_t kPrefix[] = {0x02, 0xF0, 0x80, 0x01, 0x00, 0x01, 0x00, 0x61};
  constexpr std::size_t kShortest = kTpktHeader + sizeof kPrefix + 1 + 2 + 3 + 2 + 2;
  if (tpkt.size() < kShortest) return false;
  const std::uint8_t* pos = tpkt.data() + kTpktHeader;
  const std::uint8_t* const end = tpkt.data() + tpkt.size();
  if (std::memcmp(pos, kPrefix, sizeof kPrefix) != 0) return false;
  pos += sizeof kPrefix;
  if (!fills(pos, end)) return false;
  if (pos == end || *pos++ != 0x30 || !fills(pos, end)) return false;
  if (end - pos < 7 || pos[0] != 0x02 || pos[1] != 0x01 || pos[2] > 0x7F || pos[3] != 0xA0) {
    return false;
  }
  context = pos[2];
  pos += 4;
  if (!fills(pos, end)) return false;
  pdu = Bytes(pos, end);
  // One PDU, of a context tag below 31, as long as the value: several are told apart elsewhere.
  if (pdu.size() < 2 || (*pos & 0xC0) != 0x80 || (*pos & 0x1F) == 0x1F) return false;
  ++pos;
  return fills(pos, end);
}

}  // namespace mmsa::osi
