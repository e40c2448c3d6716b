// Session protocol data units, ISO 8327-1 (X.225) clause 8: what a TSDU consists of.
#pragma once

#include <cstdint>
#include <optional>

#include "mmsanalyze/association.h"
#include "mmsanalyze/bytes.h"
#include "mmsanalyze/decode_error.h"

namespace mmsa::osi {

// SPDU identifiers, 8.3.
enum class Si : std::uint8_t {
  give_tokens_or_data = 0x01,
  please_tokens = 0x02,
  not_finished = 0x08,
  finish = 0x09,
  disconnect = 0x0A,
  refuse = 0x0C,
  connect = 0x0D,
  accept = 0x0E,
  abort = 0x19,
  abort_accept = 0x1A,
  typed_data = 0x21,
};

// One decoded SPDU. Views point into the TSDU.
struct Spdu {
  Si si{};
  bool is_data = false;  // DT, as opposed to GT, which has the same identifier
  bool is_used = true;   // one of those that occur below MMS
  std::optional<Bytes> calling_selector;
  std::optional<Bytes> called_selector;
  std::optional<std::uint8_t> version;
  std::optional<std::uint16_t> requirements;
  std::optional<std::uint32_t> max_tsdu;  // both directions: initiator's in the high half
  std::optional<std::uint8_t> transport_disconnect;
  std::optional<std::uint8_t> reason;     // RF
  std::optional<std::uint8_t> enclosure;  // bit 0: begin, bit 1: end of an SSDU
  Bytes user_data;                        // of the PGIs, of RF's reason code, or behind a DT
};

// Decodes the SPDU that `octets` begin with and returns what follows it in the TSDU. `first`: it is
// the first of its TSDU. `octets` lie inside trouble.unit() and end with it.
Bytes decode_spdu(Bytes octets, bool first, Trouble& trouble, Spdu& spdu);

// The step that an SPDU is; none for those that carry data or tokens.
std::optional<Step> step_of(Si si);

// Keeps what a CN, AC, RF, FN or AB says.
void store(const Spdu& spdu, SessionFacts& facts);

// Whether octets can be the beginning of a TSDU that session or presentation made. Needs not all of
// it: the first COTP fragment is enough.
bool starts_like_session(Bytes tsdu);

// The prefix of nearly every TSDU: GT with no parameters, DT with none.
inline constexpr std::uint8_t kDataPrefix[] = {0x01, 0x00, 0x01, 0x00};

}  // namespace mmsa::osi
