// Data values as short text for people. Names of attributes decide what a code means; without a
// name a value is shown as what it is.
#pragma once

#include <cstdint>
#include <string>

#include "iec61850/reference.h"
#include "iec61850/type_tree.h"

namespace mmsa::iec61850 {

struct ValueContext {
  // Of the value, as far as known: `CSWI1$ST$Pos` or `CSWI1$ST$Pos$stVal`.
  Reference reference{};
  TypeRef type = nullptr;        // of the value, for the names of members
  std::size_t max_length = 240;  // of the text, about; what is left out becomes "..."
  int max_depth = 5;             // of structures in structures
};

// "true", "42", "230.5", "good", "on", "2024-02-21T20:46:43.326000Z", "{stVal on, q good, ..}".
// Strings are quoted and made safe for terminals.
void append_value(std::string& out, asn1::NodeRef value, const ValueContext& context = {});

// "2024-02-21T20:46:43.326000Z", with " clock not synchronized" and the like behind; "not set".
void append_utc_time(std::string& out, Bytes content);
// The same without quality; four octets are a time of day.
void append_binary_time(std::string& out, Bytes content);

}  // namespace mmsa::iec61850
