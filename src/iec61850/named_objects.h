// What messages are about that are no Read, Write or InformationReport: the names in them, and of
// answers the names in their requests.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// Reused from message to message.
class NamedObjects {
 public:
  // Replaces what was there; null: with nothing.
  void read(const MmsMessage* message);

  // The named variable list that is asked for, told, made or deleted as the only one: "LD/LN$name".
  std::string_view data_set() const { return data_set_; }
  std::size_t size() const { return ends_.size(); }
  // The members of the list where the message tells them; else the objects by name; of a name list
  // its domain.
  std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(refs_).substr(begin, ends_[i] - begin);
  }

 private:
  void add_members(asn1::NodeRef list_of_variable);
  void add_objects(const asn1::Tree& tree, std::size_t first);

  std::string data_set_;
  std::string refs_;  // all of them, one behind the other
  std::vector<std::size_t> ends_;
};

}  // namespace mmsa::iec61850
