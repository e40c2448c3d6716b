// What clients do with setting groups, step by step (IEC 61850-7-2 clause 16, IEC 61850-8-1
// clause 16): activate one, open one for editing, write its values, confirm.
#pragma once

#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class SettingGroupTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);
};

}  // namespace mmsa::analysis
