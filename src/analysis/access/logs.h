// Queries of logs: ReadJournal (ISO 9506-2 clause 20; IEC 61850-7-2 clause 17.3).
#pragma once

#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class LogTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);

 private:
  static void check_range(Context& context, const MmsMessage& message);
};

}  // namespace mmsa::analysis
