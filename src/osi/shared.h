// What all stacks of one StackFactory share: where results go, and buffers that are reused from
// TSDU to TSDU so that no message allocates.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/events.h"
#include "osi/acse.h"
#include "osi/encoding.h"
#include "osi/presentation.h"
#include "osi/stack.h"

namespace mmsa::osi {

struct FoundPdu {
  Bytes octets;
  std::int64_t context = 0;
};

// What one TSDU contained. Views point into the TSDU, or into Scratch.
struct TsduContent {
  std::vector<Step> steps;     // in layer order
  std::vector<FoundPdu> pdus;  // in the order of the octets
  std::optional<DecodeError> error;
  Bytes unit;               // what the error's offset counts in
  bool incomplete = false;  // a segment of an SSDU: the next TSDU continues it
  bool foreign = false;     // neither session nor MMS, and no session was seen before
  bool s7comm = false;

  void clear() {
    steps.clear();
    pdus.clear();
    error.reset();
    unit = {};
    incomplete = foreign = s7comm = false;
  }
};

struct Scratch {
  asn1::Tree presentation;
  asn1::Tree acse;
  Joined joined;
  std::vector<Pdv> pdvs;
  std::vector<UserInformation> user_information;
  std::vector<std::uint8_t> ssdu;    // joined from segments
  std::vector<std::uint8_t> masked;  // a unit without its authentication value
  TsduContent content;
  std::vector<std::uint64_t> frames;
};

// Hands out Association::slot.
class Slots {
 public:
  std::uint32_t take() {
    if (free_.empty()) return next_++;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(std::uint32_t slot) { free_.push_back(slot); }

 private:
  std::uint32_t next_ = 0;
  std::vector<std::uint32_t> free_;
};

struct Shared {
  const StackOptions& options;
  PduProbe looks_like_mms;
  AssociationSink& sink;
  UndecodedCounters& undecoded;
  Scratch scratch{};
  Slots slots{};
  std::size_t joined_octets = 0;  // in all JoinBuffers
};

}  // namespace mmsa::osi
