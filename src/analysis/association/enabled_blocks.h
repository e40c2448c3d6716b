// The report control blocks that one association has enabled: who ends the association while there
// are some, ends the reports, too (IEC 61850-7-2 clause 17.2).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/context.h"

namespace mmsa::analysis {

class EnabledBlocks {
 public:
  // InformationReports, and writes about report control blocks.
  void on_message(const Context& context, const MmsMessage& message);

  // "IED1LD0/LLN0$BR$brcb01", in the order of enabling.
  const std::vector<std::string>& names() const { return names_; }
  // Reports came since the last block was disabled.
  bool reporting() const { return reporting_; }
  bool any() const { return reporting_ || !names_.empty(); }
  // "IED1LD0/LLN0$BR$brcb01 and 2 more"; empty where none is known by name.
  std::string text() const;
  // More were enabled than are remembered.
  bool full() const { return full_; }

 private:
  std::vector<std::string> names_;
  bool reporting_ = false;
  bool full_ = false;
};

}  // namespace mmsa::analysis
