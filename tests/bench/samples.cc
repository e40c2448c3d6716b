#include "bench/samples.h"

#include <initializer_list>

namespace mmsa::bench {
namespace {

Octets join(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Octets tlv(std::uint8_t identifier, const Octets& content) {
  const std::size_t size = content.size();
  const auto low = static_cast<std::uint8_t>(size & 0xff);
  if (size < 0x80) return join({{identifier, low}, content});
  return join({{identifier, 0x82, static_cast<std::uint8_t>(size >> 8), low}, content});
}

Octets text(std::uint8_t identifier, std::string_view characters) {
  return tlv(identifier, Octets(characters.begin(), characters.end()));
}

// stVal, q: good, t.
Octets status(int number) {
  const auto value = static_cast<std::uint8_t>(number & 1);
  return tlv(0xa2, {0x83, 1, value, 0x84, 3, 3, 0, 0,  //
                    0x91, 8, 0x69, 0xa5, 0x5a, 0x20, 0x40, 0, 0, 0x0a});
}

Octets statuses(int points) {
  Octets all;
  for (int i = 0; i < points; ++i) all = join({all, status(i)});
  return all;
}

}  // namespace

Octets read_response(int points) {
  const Octets results = tlv(0xa1, statuses(points));                   // listOfAccessResult
  return tlv(0xa1, join({{0x02, 2, 0x12, 0x34}, tlv(0xa4, results)}));  // confirmed-ResponsePDU
}

Octets report(int points) {
  const Octets header = join({text(0x8a, "IED1CTRL/LLN0$RP$urcb01"),  // RptID
                              {0x84, 3, 6, 0x78, 0},                  // OptFlds
                              {0x86, 1, 17},                          // SqNum
                              {0x8c, 6, 0x02, 0x25, 0x51, 0, 0x3c, 0x8d},
                              text(0x8a, "IED1CTRL/LLN0$dsStat")});
  Octets inclusion = {static_cast<std::uint8_t>(-points & 7)};  // unused bits
  inclusion.resize(1 + static_cast<std::size_t>((points + 7) / 8), 0xff);
  Octets reasons;
  for (int i = 0; i < points; ++i) reasons = join({reasons, {0x84, 2, 2, 0x40}});
  const Octets results = tlv(0xa0, join({header, tlv(0x84, inclusion), statuses(points), reasons}));
  const Octets name = tlv(0xa1, text(0x80, "RPT"));  // variableListName, vmd-specific
  return tlv(0xa3, tlv(0xa0, join({name, results})));
}

Octets tpkt_of(const Octets& pdu) {
  const Octets context = {0x02, 1, 3};
  const Octets pdv = tlv(0x61, tlv(0x30, join({context, tlv(0xa0, pdu)})));
  const Octets session = {1, 0, 1, 0};  // GIVE TOKENS, DATA TRANSFER
  const Octets tpdu = join({{0x02, 0xf0, 0x80}, session, pdv});
  const std::size_t size = tpdu.size() + 4;
  return join(
      {{3, 0, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size & 0xff)}, tpdu});
}

}  // namespace mmsa::bench
