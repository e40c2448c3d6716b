// Presentation protocol data units, ISO 8823-1 (X.226) clause 8: negotiation and user data.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/association.h"
#include "osi/encoding.h"

namespace mmsa::osi {

enum class Ppdu : std::uint8_t {
  connect,         // CP
  connect_accept,  // CPA
  connect_reject,  // CPR
  abort,           // ARU or ARP
  typed_data,      // AC, ACA or TTD
  user_data,       // User-data: TD and all others
};

// Decodes one PPDU into `tree`, whose root is then the PPDU's node; user data may be several nodes,
// one behind the other. `octets` lie inside trouble.unit().
void decode_ppdu(Ppdu kind, Bytes octets, asn1::Tree& tree, Trouble& trouble);

// One presentation data value list entry.
struct Pdv {
  std::optional<std::int64_t> context;  // absent where simply encoded
  Bytes value;                          // inside the PPDU, or joined
};
// Appends the PDVs of all User-data that are `parent`'s children, or that are the tree's roots.
void collect_pdvs(const asn1::Tree& tree, Joined& joined, std::vector<Pdv>& pdvs);

void store_connect(asn1::NodeRef cp, PresentationFacts& facts);
void store_accept(asn1::NodeRef cpa, PresentationFacts& facts);
void store_reject(asn1::NodeRef cpr, PresentationFacts& facts);

// A change of the defined context set that awaits its confirmation: AC, then ACA.
struct ContextAlteration {
  std::size_t first_addition = 0;  // index in PresentationFacts::contexts
  std::size_t additions = 0;
  std::vector<std::int64_t> deletions;
};
void store_alteration(asn1::NodeRef ac, PresentationFacts& facts, ContextAlteration& pending);
void store_alteration_result(asn1::NodeRef aca, PresentationFacts& facts,
                             ContextAlteration& pending);

}  // namespace mmsa::osi
