#include "iec61850/rcb.h"

namespace mmsa::iec61850 {
namespace {

using A = RcbAttribute;

constexpr std::string_view kAttributeNames[] = {
    "RptID",  "RptEna", "Resv", "DatSet",   "ConfRev", "OptFlds",     "BufTm",   "SqNum",
    "TrgOps", "IntgPd", "GI",   "PurgeBuf", "EntryID", "TimeofEntry", "ResvTms", "Owner"};
static_assert(std::size(kAttributeNames) == kRcbAttributes);

constexpr A kBuffered[] = {A::RptID,    A::RptEna,  A::DatSet,      A::ConfRev, A::OptFlds,
                           A::BufTm,    A::SqNum,   A::TrgOps,      A::IntgPd,  A::GI,
                           A::PurgeBuf, A::EntryID, A::TimeofEntry, A::ResvTms, A::Owner};
constexpr A kUnbuffered[] = {A::RptID, A::RptEna, A::Resv,   A::DatSet, A::ConfRev, A::OptFlds,
                             A::BufTm, A::SqNum,  A::TrgOps, A::IntgPd, A::GI,      A::Owner};
constexpr std::size_t kEdition1Buffered = 13;
constexpr std::size_t kEdition1Unbuffered = 11;

// The same orders as names. Edition 2 appends Owner, or ResvTms and Owner.
constexpr std::string_view kBufferedNames[] = {
    "RptID",  "RptEna", "DatSet",   "ConfRev", "OptFlds",     "BufTm",   "SqNum", "TrgOps",
    "IntgPd", "GI",     "PurgeBuf", "EntryID", "TimeofEntry", "ResvTms", "Owner"};
constexpr std::string_view kUnbufferedNames[] = {"RptID",   "RptEna",  "Resv",  "DatSet",
                                                 "ConfRev", "OptFlds", "BufTm", "SqNum",
                                                 "TrgOps",  "IntgPd",  "GI",    "Owner"};
constexpr std::string_view kSgcbNames[] = {"NumOfSG", "ActSG",  "EditSG",
                                           "CnfEdit", "LActTm", "ResvTms"};
constexpr std::string_view kLcbNames[] = {"LogEna",  "LogRef",  "DatSet", "OldEntrTm", "NewEntrTm",
                                          "OldEntr", "NewEntr", "TrgOps", "IntgPd"};
constexpr std::string_view kGocbNames[] = {"GoEna",      "GoID",    "DatSet",  "ConfRev",  "NdsCom",
                                           "DstAddress", "MinTime", "MaxTime", "FixedOffs"};

std::span<const std::string_view> first(std::span<const std::string_view> names, std::size_t least,
                                        std::size_t members) {
  if (members < least || members > names.size()) return {};
  return names.first(members);
}

}  // namespace

std::string_view rcb_attribute_name(RcbAttribute attribute) {
  return attribute == A::none ? std::string_view{}
                              : kAttributeNames[static_cast<std::size_t>(attribute)];
}

RcbAttribute rcb_attribute(std::string_view name) {
  for (std::size_t i = 0; i < kRcbAttributes; ++i) {
    if (kAttributeNames[i] == name) return static_cast<RcbAttribute>(i);
  }
  return A::none;
}

std::optional<RcbItem> rcb_item(std::string_view item) {
  const Reference reference = parse_item({}, item);
  if (reference.fc != Fc::BR && reference.fc != Fc::RP) return std::nullopt;
  if (reference.ln.empty() || reference.path.empty()) return std::nullopt;
  const std::string_view name = reference.data_object();
  const std::size_t end = static_cast<std::size_t>(name.data() - item.data()) + name.size();
  RcbItem found{.buffered = reference.fc == Fc::BR, .block = item.substr(0, end)};
  found.whole = end == item.size();
  if (!found.whole) found.attribute = rcb_attribute(item.substr(end + 1));
  return found;
}

bool has_type(RcbAttribute attribute, DataType type) {
  switch (attribute) {
    case A::RptID:
    case A::DatSet:
      return type == DataType::visible_string;
    case A::RptEna:
    case A::Resv:
    case A::GI:
    case A::PurgeBuf:
      return type == DataType::boolean;
    case A::ConfRev:
    case A::BufTm:
    case A::SqNum:
    case A::IntgPd:
    case A::ResvTms:
      return type == DataType::unsigned_integer || type == DataType::integer;
    case A::OptFlds:
    case A::TrgOps:
      return type == DataType::bit_string;
    case A::EntryID:
    case A::Owner:
      return type == DataType::octet_string;
    case A::TimeofEntry:
      return type == DataType::binary_time;
    case A::none:
      return false;
  }
  return false;
}

RcbValues read_rcb(asn1::NodeRef structure, bool buffered) {
  RcbValues result;
  if (!structure || data_type(structure.node()) != DataType::structure) return result;
  const std::span<const A> order = buffered ? std::span<const A>(kBuffered) : kUnbuffered;
  const std::size_t edition1 = buffered ? kEdition1Buffered : kEdition1Unbuffered;
  result.well_formed = true;
  std::size_t next = 0;
  std::size_t members = 0;
  for (asn1::NodeRef member = structure.first_child(); member;
       member = member.next_sibling(structure)) {
    ++members;
    const DataType type = data_type(member.node());
    // ResvTms is optional by itself: an Owner may stand in its place.
    if (next < order.size() && order[next] == A::ResvTms && !has_type(A::ResvTms, type)) ++next;
    if (next == order.size() || !has_type(order[next], type)) {
      result.well_formed = false;
      if (next == order.size()) break;
    } else {
      result.values[static_cast<std::size_t>(order[next])] = member;
    }
    ++next;
  }
  if (members < edition1) result.well_formed = false;
  result.edition = members > edition1 ? 2 : 1;
  return result;
}

std::span<const std::string_view> control_block_members(const Reference& reference,
                                                        std::size_t members) {
  if (reference.path.empty() || reference.path.find('$') != std::string_view::npos) return {};
  constexpr std::size_t kLeastGocb = 6;
  switch (reference.fc) {
    case Fc::BR:  // 14 members may end in ResvTms or in Owner
      return members == kEdition1Buffered + 1 ? std::span<const std::string_view>{}
                                              : first(kBufferedNames, kEdition1Buffered, members);
    case Fc::RP:
      return first(kUnbufferedNames, kEdition1Unbuffered, members);
    case Fc::SP:
      return reference.path == "SGCB" ? first(kSgcbNames, std::size(kSgcbNames) - 1, members)
                                      : std::span<const std::string_view>{};
    case Fc::LG:
      return first(kLcbNames, std::size(kLcbNames), members);
    case Fc::GO:
      return first(kGocbNames, kLeastGocb, members);
    default:
      return {};
  }
}

}  // namespace mmsa::iec61850
