// Whether switches move: a command that was accepted and carried out, and a position that reports
// and reads go on to tell as it was before (rule control-no-feedback).
#pragma once

#include <map>
#include <string>

#include "analysis/context.h"
#include "analysis/control/control_transaction.h"
#include "iec61850/position_watch.h"

namespace mmsa::analysis {

class FeedbackTracker {
 public:
  // A command begins that may move `object`, "LD/LN$CO$DO".
  void on_operate(std::string_view object, const iec61850::ControlParameters& parameters,
                  FrameRef asked);
  // Reports and reads: positions of the objects that were commanded.
  void on_message(const Context& context);
  // A command is over. `holes`: the capture lost octets since it was sent.
  void on_finished(Context& context, const ControlTransaction& command, bool enhanced, bool holes);

 private:
  bool is_live(const iec61850::ReportHeader& report, FrameRef frame);

  // Commanded objects whose positions are looked for: more than an operator commands in a capture.
  static constexpr std::size_t kMaxWatched = 1024;

  std::map<std::string, iec61850::PositionWatch, std::less<>> watched_;  // by "LD/LN$ST$DO"
  std::map<std::string, iec61850::LiveEntries, std::less<>> entries_;    // by RptID
};

}  // namespace mmsa::analysis
