// What is wrong with the recording itself, and with octets that no rule allows.
#pragma once

#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class CaptureQualityTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);
  void on_malformed(Context& context, const MalformedUnit& unit);
  void on_gap(Context& context, const StreamGap& gap);
  void on_window_stall(Context& context, const WindowStall& stall);
  void on_close(Context& context);

 private:
  static void raise_cut(Context& context, const StreamGap& gap, FrameRef frame);
  static void raise_wrong_tag(Context& context, const MmsMessage& message);
  void raise_malformed(Context& context, const DecodeError& error, Bytes unit, Side sender,
                       FrameRef frame);

  std::uint64_t messages_[2] = {0, 0};  // by sender
};

}  // namespace mmsa::analysis
