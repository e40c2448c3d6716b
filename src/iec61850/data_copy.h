// A Data value that outlives its message, and equality of values.
#pragma once

#include <cstdint>
#include <vector>

#include "mmsanalyze/asn1.h"

namespace mmsa::iec61850 {

// Owns a copy of one node, its subtree and their octets. Reusable: assign() again.
class DataCopy {
 public:
  DataCopy() = default;
  // The nodes refer to the octets, which a move keeps where they are and a copy would not.
  DataCopy(const DataCopy&) = delete;
  DataCopy& operator=(const DataCopy&) = delete;
  DataCopy(DataCopy&&) = default;
  DataCopy& operator=(DataCopy&&) = default;

  void assign(asn1::NodeRef value);
  // None before assign(). Valid until the next assign() or move.
  asn1::NodeRef root() const { return tree_.root(); }

 private:
  asn1::Tree tree_;
  std::vector<std::uint8_t> octets_;
};

// Whether two Data values are the same value of the same type: numbers by value, floating-point and
// strings by octets, structures member by member. None equals none only.
bool same_value(asn1::NodeRef a, asn1::NodeRef b);

}  // namespace mmsa::iec61850
