// Judges the commands of an association when they are over (IEC 61850-7-2 clause 20).
#pragma once

#include <vector>

#include "analysis/context.h"
#include "analysis/control/control_verdict.h"
#include "iec61850/commands.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class ControlTracker {
 public:
  // Every message: the time, and what was lost up to it.
  void see(const Context& context, const MmsMessage& message) {
    if (now_ == 0) first_time_ = message.frame.clock;
    now_ = message.frame.clock;
    if (context.loss[0].gaps != holes_[0].seen || context.loss[1].gaps != holes_[1].seen) {
      note_holes(context);
    }
  }
  // Reads, writes and information reports, behind see(). Those that can not be about control cost
  // one look at what their requests named.
  void on_message(Context& context, const MmsMessage& message);
  // The association ended at `closed`, or the capture did. Fills context.report.controls.
  void on_close(Context& context, FrameRef closed);

 private:
  // Times at which the capture lost octets of one side.
  struct Holes {
    std::uint64_t seen = 0;
    std::vector<TimeNs> times;
    void add(TimeNs time);
    bool any(TimeNs from, TimeNs to) const;
  };

  void note_holes(const Context& context);
  ControlCircumstances circumstances_of(const Context& context,
                                        const iec61850::Command& command) const;
  bool select_may_be_missed(const Context& context, TimeNs now) const;
  void judge(Context& context, const iec61850::Command& command) const;

  iec61850::Commands commands_;
  // By FrameRef::clock.
  TimeNs first_time_ = 0;  // of the association's messages
  TimeNs now_ = 0;
  Holes holes_[2];  // by sending Side
};

}  // namespace mmsa::analysis
