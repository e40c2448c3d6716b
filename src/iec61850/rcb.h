// Control blocks: their attributes in the order of IEC 61850-8-1 clause 17 to 19, which is the
// order of the members where a client reads a whole block as one structure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "iec61850/reference.h"
#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {

enum class RcbAttribute : std::uint8_t {
  RptID,
  RptEna,
  Resv,
  DatSet,
  ConfRev,
  OptFlds,
  BufTm,
  SqNum,
  TrgOps,
  IntgPd,
  GI,
  PurgeBuf,
  EntryID,
  TimeofEntry,
  ResvTms,
  Owner,
  none,
};
inline constexpr std::size_t kRcbAttributes = static_cast<std::size_t>(RcbAttribute::none);
std::string_view rcb_attribute_name(RcbAttribute attribute);
RcbAttribute rcb_attribute(std::string_view name);  // none where it is not one
// Whether the attribute has values of this type.
bool has_type(RcbAttribute attribute, DataType type);

// A name `LN$BR$rcb` or `LN$RP$rcb`, with or without an attribute.
struct RcbItem {
  bool buffered = false;
  std::string_view block;  // `LLN0$BR$rcb01`
  RcbAttribute attribute = RcbAttribute::none;
  bool whole = false;  // no attribute: the structure
};
std::optional<RcbItem> rcb_item(std::string_view item);

// The members of a report control block that was read as a structure.
struct RcbValues {
  std::array<asn1::NodeRef, kRcbAttributes> values;  // none where the block has no such attribute
  int edition = 0;                                   // 1 or 2 by the number of members
  bool well_formed = false;                          // every member has the type of its attribute

  asn1::NodeRef operator[](RcbAttribute attribute) const {
    return values[static_cast<std::size_t>(attribute)];
  }
};
RcbValues read_rcb(asn1::NodeRef structure, bool buffered);

// Names of the members of a structure that is a setting group, log or GOOSE control block or a
// report control block with `members` members; empty where the reference is none of them, or is one
// whose layout depends on the server (sampled values).
std::span<const std::string_view> control_block_members(const Reference& reference,
                                                        std::size_t members);

}  // namespace mmsa::iec61850
