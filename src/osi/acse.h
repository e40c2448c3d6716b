// Association control APDUs, ISO 8650-1 (X.227) clause 9.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/association.h"
#include "osi/encoding.h"

namespace mmsa::osi {

// Whether an octet is the tag of an ACSE APDU: AARQ, AARE, RLRQ, RLRE, ABRT.
constexpr bool is_apdu_tag(std::uint8_t octet) { return octet >= 0x60 && octet <= 0x64; }

// Decodes one APDU into `tree`, keeps what it says, and tells which step it is. Nothing where it is
// no APDU. `octets` lie inside trouble.unit().
std::optional<Step> decode_apdu(Bytes octets, asn1::Tree& tree, Trouble& trouble, AcseFacts& facts);

// One EXTERNAL of the user-information.
struct UserInformation {
  std::optional<std::int64_t> context;  // indirect-reference
  Bytes value;                          // inside the APDU, or joined
};
void collect_user_information(const asn1::Tree& tree, Joined& joined,
                              std::vector<UserInformation>& out);

// The octets of an authentication value that `tree` points to, or empty.
Bytes authentication_value(const asn1::Tree& tree);

}  // namespace mmsa::osi
