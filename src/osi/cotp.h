// Transport protocol data units, ISO 8073 (X.224) clause 13.
#pragma once

#include <cstdint>
#include <optional>

#include "mmsanalyze/association.h"
#include "mmsanalyze/bytes.h"
#include "mmsanalyze/decode_error.h"

namespace mmsa::osi {

enum class TpduCode : std::uint8_t {
  unknown = 0,
  ed = 0x10,
  ea = 0x20,
  rj = 0x50,
  ak = 0x60,
  er = 0x70,
  dr = 0x80,
  dc = 0xC0,
  cc = 0xD0,
  cr = 0xE0,
  dt = 0xF0,
};

// The fixed part of one kind of TPDU.
struct TpduShape {
  TpduCode code;
  std::uint8_t fixed_length;  // octets behind LI up to the parameters
};
// By the second header octet; null where ISO 8073 has no such TPDU.
const TpduShape* tpdu_shape(std::uint8_t code_octet);

// One decoded TPDU. Views point into the octets it was decoded from.
struct Tpdu {
  TpduCode code = TpduCode::unknown;
  std::uint16_t destination_reference = 0;
  std::uint16_t source_reference = 0;
  std::uint8_t class_option = 0;          // CR, CC
  std::uint8_t reason = 0;                // DR: reason, ER: reject cause
  bool end_of_tsdu = false;               // DT, ED
  std::uint8_t number = 0;                // DT, ED: TPDU-NR; AK, EA, RJ: YR-TU-NR
  std::uint32_t tpdu_size = 0;            // octets, of parameter F0 or else C0
  std::optional<std::uint8_t> size_code;  // of parameter C0, whatever its value
  std::optional<Bytes> calling_tsap;
  std::optional<Bytes> called_tsap;
  std::optional<Bytes> invalid_tpdu;  // ER
  Bytes user_data;
};

// `octets` is what a TPKT contains and lies inside trouble.unit(). After an error the fields before
// it are right.
Tpdu decode_tpdu(Bytes octets, Trouble& trouble);

// Keeps what a CR, CC, DR or ER says.
void store(const Tpdu& tpdu, CotpFacts& facts);

}  // namespace mmsa::osi
