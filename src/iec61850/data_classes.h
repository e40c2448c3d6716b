// The common data classes of IEC 61850-7-3, for values whose type no capture told: what the members
// of a structure are called, guessed from the functional constraint, the name of the data object
// and the types of the members.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "iec61850/reference.h"
#include "mmsanalyze/asn1.h"

namespace mmsa::iec61850 {

// The attributes that a structure holds, in order. The largest class has 15 (CTS of FC SR).
class MemberNames {
 public:
  std::size_t size() const { return size_; }
  std::string_view operator[](std::size_t i) const {
    return i < size_ ? names_[i] : std::string_view{};
  }
  void resize(std::size_t size) { size_ = size; }  // to a smaller one
  void push_back(std::string_view name) {
    if (size_ < names_.size()) names_[size_++] = name;
  }

 private:
  std::array<std::string_view, 16> names_;
  std::size_t size_ = 0;
};

// Names of the members of `structure`, which is the attribute `holder` ("cVal", "phsA") of the data
// object of `reference`, or where that is empty the data object itself. None where no class has
// such members. Where several have, the name of the data object decides, else the commonest is
// taken: a single point and a start with nothing but `general` look alike.
MemberNames guess_members(const Reference& reference, std::string_view holder,
                          asn1::NodeRef structure);

// Whether a bit-string can be a Quality: of the 13 bits of the standard, or of the 12 to 16 that
// some devices send.
inline bool may_be_quality(const asn1::Node& node) {
  return node.kind() == asn1::Kind::bit_string && node.length == 3 && node.content[0] <= 4;
}

}  // namespace mmsa::iec61850
