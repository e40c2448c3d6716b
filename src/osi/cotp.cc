// ISO 8073 clause 13: length indicator, code, fixed part, variable part, user data. RFC 1006 uses
// class 0; the TPDUs of the other classes are decoded because captures contain them.
#include "osi/cotp.h"

#include <algorithm>
#include <array>

namespace mmsa::osi {
namespace {

constexpr std::array<TpduShape, 10> kShapes = {{
    {TpduCode::dt, 2},  // 13.7, code and TPDU-NR
    {TpduCode::cr, 6},  // 13.3
    {TpduCode::cc, 6},  // 13.4
    {TpduCode::dr, 6},  // 13.5
    {TpduCode::dc, 5},  // 13.6
    {TpduCode::er, 4},  // 13.12
    {TpduCode::ed, 4},  // 13.8
    {TpduCode::ak, 4},  // 13.9
    {TpduCode::ea, 4},  // 13.10
    {TpduCode::rj, 4},  // 13.11
}};

// Whether the low nibble carries a credit, so that it says nothing about the kind.
constexpr bool has_credit(TpduCode code) {
  return code == TpduCode::cr || code == TpduCode::cc || code == TpduCode::ak ||
         code == TpduCode::rj;
}

std::uint16_t u16(Bytes octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

// 13.2.3: code, length, value; in any order.
void decode_parameters(Bytes part, Tpdu& tpdu, Trouble& trouble) {
  while (!part.empty()) {
    if (part.size() < 2 || part[1] > part.size() - 2) {
      trouble.fail(Errc::truncated, "parameter", part.data());
      return;
    }
    const Bytes value = part.subspan(2, part[1]);
    switch (part[0]) {
      case 0xC0:  // TPDU size, 2 to the power of the value; a preferred size overrides it
        if (value.size() == 1) tpdu.size_code = value[0];
        if (value.size() != 1 || value[0] < 7 || value[0] > 16) {
          trouble.note(Errc::bad_value, "TPDU size", part.data());
        } else if (tpdu.tpdu_size == 0) {
          tpdu.tpdu_size = 1u << value[0];
        }
        break;
      case 0xF0: {  // preferred maximum TPDU size, in units of 128 octets
        std::uint64_t size = 0;
        for (const std::uint8_t octet : value) size = size << 8 | octet;
        if (value.empty() || value.size() > 4 || size == 0 || size > (1u << 24)) {
          trouble.note(Errc::bad_value, "preferred maximum TPDU size", part.data());
        } else {
          tpdu.tpdu_size = static_cast<std::uint32_t>(size * 128);
        }
        break;
      }
      case 0xC1:
        (tpdu.code == TpduCode::er ? tpdu.invalid_tpdu : tpdu.calling_tsap) = value;
        break;
      case 0xC2:
        tpdu.called_tsap = value;
        break;
      default:  // the rest concerns other classes or quality of service
        break;
    }
    part = part.subspan(2 + value.size());
  }
}

void decode_fixed_part(Bytes octets, Tpdu& tpdu) {
  switch (tpdu.code) {
    case TpduCode::dt:
      tpdu.end_of_tsdu = (octets[2] & 0x80) != 0;
      tpdu.number = octets[2] & 0x7F;
      return;
    case TpduCode::cr:
    case TpduCode::cc:
    case TpduCode::dr:
      tpdu.source_reference = u16(octets, 4);
      (tpdu.code == TpduCode::dr ? tpdu.reason : tpdu.class_option) = octets[6];
      break;
    case TpduCode::dc:
      tpdu.source_reference = u16(octets, 4);
      break;
    case TpduCode::er:
      tpdu.reason = octets[4];
      break;
    case TpduCode::ed:
      tpdu.end_of_tsdu = (octets[4] & 0x80) != 0;
      tpdu.number = octets[4] & 0x7F;
      break;
    default:
      tpdu.number = octets[4];
      break;
  }
  tpdu.destination_reference = u16(octets, 2);
}

}  // namespace

const TpduShape* tpdu_shape(std::uint8_t code_octet) {
  for (const TpduShape& shape : kShapes) {
    const std::uint8_t mask = has_credit(shape.code) ? 0xF0 : 0xFF;
    if ((code_octet & mask) == static_cast<std::uint8_t>(shape.code)) return &shape;
  }
  return nullptr;
}

Tpdu decode_tpdu(Bytes octets, Trouble& trouble) {
  Tpdu tpdu;
  if (octets.size() < 2) {
    trouble.fail(Errc::truncated, "LI", octets.data());
    return tpdu;
  }
  const TpduShape* shape = tpdu_shape(octets[1]);
  if (shape == nullptr) {
    trouble.fail(Errc::bad_value, "code", octets.data() + 1);
    return tpdu;
  }
  tpdu.code = shape->code;
  const std::size_t header = std::size_t{1} + octets[0];
  // Class 0 has no variable part in a DT (13.7.1), so that another LI is another format.
  if (octets[0] < shape->fixed_length || octets[0] == 255 ||
      (tpdu.code == TpduCode::dt && octets[0] != 2)) {
    trouble.fail(Errc::bad_length, "LI", octets.data());
    return tpdu;
  }
  if (octets.size() > shape->fixed_length) decode_fixed_part(octets, tpdu);
  if (header > octets.size()) {
    trouble.fail(Errc::truncated, "LI", octets.data());
    return tpdu;
  }
  const std::size_t fixed = std::size_t{1} + shape->fixed_length;
  decode_parameters(octets.subspan(fixed, header - fixed), tpdu, trouble);
  tpdu.user_data = octets.subspan(header);
  return tpdu;
}

void store(const Tpdu& tpdu, CotpFacts& facts) {
  const auto text = [](const std::optional<Bytes>& octets) {
    return octets ? std::string(as_text(*octets)) : std::string();
  };
  switch (tpdu.code) {
    case TpduCode::cr:
      facts.request_seen = true;
      facts.source_reference = tpdu.source_reference;
      facts.proposed_tpdu_size = tpdu.tpdu_size;
      facts.proposed_size_code = tpdu.size_code;
      facts.has_calling_tsap = tpdu.calling_tsap.has_value();
      facts.has_called_tsap = tpdu.called_tsap.has_value();
      facts.calling_tsap = text(tpdu.calling_tsap);
      facts.called_tsap = text(tpdu.called_tsap);
      if (!facts.confirm_seen) facts.transport_class = tpdu.class_option >> 4;
      break;
    case TpduCode::cc:
      facts.confirm_seen = true;
      facts.destination_reference = tpdu.source_reference;
      facts.tpdu_size = tpdu.tpdu_size;
      facts.size_code = tpdu.size_code;
      facts.transport_class = tpdu.class_option >> 4;
      if (!facts.request_seen) {
        facts.source_reference = tpdu.destination_reference;
        facts.calling_tsap = text(tpdu.calling_tsap);
        facts.called_tsap = text(tpdu.called_tsap);
      }
      break;
    case TpduCode::dr:
      facts.disconnect_reason = tpdu.reason;
      break;
    case TpduCode::er:
      facts.reject_cause = tpdu.reason;
      break;
    default:
      break;
  }
}

}  // namespace mmsa::osi
