// What is fuzzed. Each target takes any octets, runs one layer or the whole program on them, and
// aborts where a property does not hold. The properties are those of docs/security.md.
#pragma once

#include <span>
#include <string_view>

#include "mmsanalyze/bytes.h"

namespace mmsa::fuzz {

void fuzz_ber(Bytes input);        // BER elements; ASN.1 tables of all layers
void fuzz_mms_pdu(Bytes input);    // MMS PDUs of one association, into every output
void fuzz_osi(Bytes input);        // two streams of one connection, in pieces
void fuzz_tcp(Bytes input);        // segments of a few connections
void fuzz_capture(Bytes input);    // a file, to its segments
void fuzz_pipeline(Bytes input);   // a file, to every output
void fuzz_scl(Bytes input);        // an SCL file, to every output
void fuzz_filter(Bytes input);     // a display filter, asked about PDUs
void fuzz_extractor(Bytes input);  // names and octets of files, written out

struct Target {
  std::string_view name;
  void (*run)(Bytes input);
};
std::span<const Target> targets();
// Null where there is none of this name.
const Target* find_target(std::string_view name);

}  // namespace mmsa::fuzz
