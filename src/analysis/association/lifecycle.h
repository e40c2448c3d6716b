// How an association came up and went down, and the rules about it.
#pragma once

#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class LifecycleTracker {
 public:
  void on_step(Context& context, Step step, Side sender, FrameRef frame);
  void on_message(Context& context, const MmsMessage& message);
  void on_fin(Side sender, FrameRef frame);
  void on_rst(Side sender, FrameRef frame);
  // The capture does not hold the association's start, as far as is known now.
  bool start_missing() const { return !cotp_request_.number && !session_connect_.number; }
  // The last call: raises what the end of the connection makes certain, fills context.report.
  void on_close(Context& context, const ConnectionClose& close);

 private:
  bool opened() const { return initiate_response_.number != 0; }
  bool orderly() const;
  bool mms_seen() const { return first_data_.number != 0; }

  void close_opening(Context& context, const ConnectionClose& close);
  void close_open(Context& context, const ConnectionClose& close);
  void note_other_traffic(Context& context);
  void raise_refused(Context& context, std::string_view layer, Side by, FrameRef frame,
                     const std::string& reason);
  void raise_unanswered(Context& context, std::string_view what, FrameRef frame);
  bool refused_by_layer(Context& context);
  void raise_aborted(Context& context);
  void raise_reset(Context& context);
  void raise_initiate_missing(Context& context);
  void note_reduced(Context& context);

  FrameRef cotp_request_, cotp_confirm_, cotp_disconnect_, cotp_error_;
  Side cotp_disconnect_by_ = Side::b;
  FrameRef session_connect_, session_accept_, session_refuse_;
  FrameRef presentation_refuse_, presentation_abort_;
  FrameRef aare_;
  FrameRef initiate_request_, initiate_response_, initiate_error_;
  std::string initiate_error_text_;
  FrameRef conclude_request_, conclude_response_, conclude_error_;
  Side conclude_by_ = Side::a;
  FrameRef finish_, disconnect_;
  Side finish_by_ = Side::a;
  FrameRef abort_;
  Side abort_by_ = Side::a;
  bool abort_by_provider_ = false;
  FrameRef fin_, rst_;
  Side fin_by_ = Side::a;
  Side rst_by_ = Side::a;
  FrameRef first_data_, last_data_;  // MMS other than the opening
  std::size_t outstanding_at_end_ = 0;

 public:
  // Set before on_close: requests that still wait.
  void set_outstanding(std::size_t count) { outstanding_at_end_ = count; }
};

}  // namespace mmsa::analysis
