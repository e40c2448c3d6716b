// The data sets that one association shows: listed, defined or deleted (IEC 61850-7-2 clause 13 on
// the named variable lists of ISO 9506-2 clause 14).
#pragma once

#include <cstddef>
#include <string>

#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class DataSetTracker {
 public:
  // Behind ServerModel::learn() of the same message.
  void on_message(Context& context, const MmsMessage& message);

 private:
  static DataSetResult* find(Context& context, const std::string& name, FrameRef frame);

  std::size_t members_ = 0;  // of all data sets listed
};

}  // namespace mmsa::analysis
