// Events -> the report. Keeps one story for each association that is open, and what the trace has
// taught about each server.
#pragma once

#include <memory>

#include "analysis/settings.h"
#include "mmsanalyze/events.h"
#include "mmsanalyze/report.h"

namespace mmsa::analysis {

class Analyzer : public EventSink {
 public:
  // `settings` outlives the analyzer.
  explicit Analyzer(const Settings& settings);
  ~Analyzer() override;

  void on_step(const Association& association, Step step, Side sender, FrameRef frame) override;
  void on_message(const Association& association, const MmsMessage& message) override;
  void on_malformed(const Association& association, const MalformedUnit& unit) override;
  void on_gap(const Association& association, Side sender, const StreamGap& gap) override;
  void on_fin(const Association& association, Side sender, FrameRef frame) override;
  void on_rst(const Association& association, Side sender, FrameRef frame) override;
  void on_window_stall(const Association& association, const WindowStall& stall) override;
  void on_unanswered(const Association& association, const PendingRequest& request,
                     UnansweredWhy why) override;
  void on_close(const Association& association, const ConnectionClose& close) override;
  void on_trace_end(TimeNs last) override;

  // The report of the whole trace; the analyzer is empty afterwards.
  Report finish(const TraceFacts& facts);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmsa::analysis
