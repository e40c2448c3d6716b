// How an association came up and went down, and the rules about it.
#pragma once

#include "analysis/advice.h"
#include "analysis/association/enabled_blocks.h"
#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

// The first thing that ended an association, and what was going on then. What follows (the answer
// to a DR, the FIN behind an abort) only clears up.
struct Ending {
  enum class How : std::uint8_t { none, conclude, release, disconnect, abort, fin, rst };
  How how = How::none;
  Side by = Side::a;
  FrameRef frame;
  FrameRef last_data;              // MMS other than the opening, before it
  std::uint32_t open[2] = {0, 0};  // requests that waited, by requester
  FrameRef heard = {};             // last segment of the other side, before it
};

class LifecycleTracker {
 public:
  void on_step(Context& context, Step step, Side sender, FrameRef frame);
  void on_message(Context& context, const MmsMessage& message);
  void on_unanswered(const PendingRequest& request, UnansweredWhy why);
  void on_fin(Context& context, Side sender, FrameRef frame);
  void on_rst(Context& context, Side sender, FrameRef frame);
  // How and by whom it was ended, as far as is known now.
  const Ending& ending() const { return ending_; }
  // The capture does not hold the association's start, as far as is known now.
  bool start_missing() const { return !cotp_request_.number && !session_connect_.number; }
  // The last call: raises what the end of the connection makes certain, fills context.report.
  void on_close(Context& context, const ConnectionClose& close);

 private:
  bool opened() const { return initiate_response_.number != 0; }
  bool mms_seen() const { return first_data_.number != 0; }

  void close_opening(Context& context, const ConnectionClose& close);
  void close_open(Context& context, const ConnectionClose& close);
  void note_other_traffic(Context& context);
  void raise_refused(Context& context, std::string_view layer, Side by, FrameRef frame,
                     const std::string& reason, const Advice& advice);
  void raise_unanswered(Context& context, std::string_view what, FrameRef frame);
  void raise_refused_silently(Context& context, std::string_view what, FrameRef asked, bool reset);
  void raise_answered_late(Context& context, std::string_view what, FrameRef asked,
                           FrameRef answered);
  bool refused_by_layer(Context& context);
  void refused_by_presentation(Context& context);
  // The association had ended when this came.
  bool ended_before(FrameRef frame) const {
    return ending_.how != Ending::How::none && ending_.frame.number < frame.number;
  }
  void count_in(Context& context);
  void note_abort_layer(Step step);
  void note_ending(Context& context, Ending::How how, Side by, FrameRef frame);
  // `how`: what the side did, in words; `how_key` and `diagnostic` are evidence, where there is
  // any.
  Finding* raise_ended(Context& context, std::string_view rule, std::string_view how,
                       std::string_view how_key = {}, std::string_view diagnostic = {});
  Finding* raise_aborted(Context& context);
  Finding* raise_reset(Context& context);
  Finding* raise_closed(Context& context);
  void blame_malformed(const Context& context, Finding* finding) const;
  void raise_conclude_unanswered(Context& context, FrameRef end);
  void raise_initiate_missing(Context& context);
  void note_reduced(Context& context);

  FrameRef cotp_request_, cotp_confirm_, cotp_disconnect_, cotp_error_;
  Side cotp_disconnect_by_ = Side::b;
  FrameRef session_connect_, session_accept_, session_refuse_;
  FrameRef presentation_refuse_;
  FrameRef aare_;
  FrameRef initiate_request_, initiate_response_, initiate_error_;
  std::string initiate_error_text_;
  FrameRef conclude_request_, conclude_response_, conclude_error_;
  Side conclude_by_ = Side::a;
  FrameRef abort_;
  Side abort_by_ = Side::a;
  // The deepest layer whose abort the frame holds.
  enum class AbortLayer : std::uint8_t { session, presentation_user, presentation_provider, acse };
  AbortLayer abort_layer_ = AbortLayer::session;
  FrameRef fin_, rst_;
  Side fin_by_ = Side::a;
  Side rst_by_ = Side::a;
  FrameRef first_data_, last_data_;  // MMS other than the opening
  std::uint32_t open_[2] = {0, 0};   // requests that wait now, by requester
  Ending ending_;
  EnabledBlocks blocks_;
  bool counted_ = false;      // in the load of the server
  std::uint32_t others_ = 0;  // associations that were open with the server when this one began
};

}  // namespace mmsa::analysis
