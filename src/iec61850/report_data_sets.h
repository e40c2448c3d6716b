// Which data set the reports of an RptID are of, as the report control blocks of a server tell:
// several blocks may share an RptID. Each block costs the same, however many there are.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "text/string_map.h"

namespace mmsa::iec61850 {

class ReportDataSets {
 public:
  // Of a block, "IED1LD0/LLN0$BR$brcb01", as read or written. False beyond the cap
  // (limits::kMaxReportControls).
  bool set_rpt_id(std::string_view block, std::string_view rpt_id);
  bool set_data_set(std::string_view block, std::string_view data_set);
  void clear();

  // Empty where it was not told, or where the blocks of this RptID differ. Valid until the next
  // change.
  std::string_view of(std::string_view rpt_id) const;

 private:
  template <typename T>
  using Map = text::StringMap<T>;
  struct Block {
    std::string rpt_id;  // empty: the block's reference is used
    std::string data_set;
  };

  template <typename Change>
  bool change(std::string_view block, const Change& change);
  void count(const std::string& reference, const Block& block);
  void discount(const std::string& reference, const Block& block);

  Map<Block> blocks_;  // by reference
  // By RptID: its data sets, and of how many blocks each is.
  Map<std::map<std::string, std::uint32_t, std::less<>>> by_rpt_id_;
};

}  // namespace mmsa::iec61850
