// The properties that hold for any input, and how the violation of one is told.
#pragma once

#include <cstddef>
#include <string_view>

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/bytes.h"
#include "mmsanalyze/flow.h"

namespace mmsa::fuzz {

[[noreturn]] void violated(const char* property);

inline void require(bool holds, const char* property) {
  if (!holds) violated(property);
}

inline bool is_inside(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Reads every octet, so that the address sanitizer sees a view that is not valid.
void touch(Bytes octets);

// Nodes nest, lie inside their parents and these octets, and are no more than octets.
void require_tree(const asn1::Tree& tree, Bytes octets);

// Of a connection that is closed: each octet that was captured is delivered, repeated, foreign or
// beyond a cap, once.
void require_accounted(const DirectionFacts& facts);

// Valid UTF-8 without control and bidirectional characters but line ends.
void require_printable(std::string_view text);
// One JSON value that the parser of another author takes, and printable.
void require_json(std::string_view text);

}  // namespace mmsa::fuzz
