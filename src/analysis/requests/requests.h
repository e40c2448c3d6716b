// Requests and their answers: counts and times by service, and the rules about pairing, errors and
// negotiated limits.
#pragma once

#include <string>
#include <vector>

#include "analysis/context.h"
#include "analysis/latency.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class RequestTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);
  void on_unanswered(Context& context, const PendingRequest& request, UnansweredWhy why,
                     std::string_view objects);
  void on_close(Context& context);

 private:
  struct ServiceCount {
    std::uint16_t service = Service::kNone;
    Side sender = Side::a;  // of the requests
    std::uint64_t requests = 0;
    std::uint64_t ok = 0;
    std::uint64_t errors = 0;
    std::uint64_t unanswered = 0;
    LatencyRecorder latency;
  };

  ServiceCount& count_of(std::uint16_t service, Side sender);
  void on_request(Context& context, const MmsMessage& message);
  void on_answer(Context& context, const MmsMessage& message);
  void check_latency(Context& context, const MmsMessage& message);
  void check_mismatch(Context& context, const MmsMessage& message);
  void check_limits(Context& context, const MmsMessage& message);
  void raise_service_error(Context& context, const MmsMessage& message);
  void raise_rejected(Context& context, const MmsMessage& message);
  void raise_orphan(Context& context, const MmsMessage& message);
  static void raise_names_unknown(Context& context, FrameRef request);
  static void raise_crowded_out(Context& context, FrameRef request);

  std::vector<ServiceCount> counts_;
  std::size_t last_count_[2] = {0, 0};  // indices into counts_, by sender: services come in runs
  std::uint64_t kinds_[15] = {};
  FrameRef first_message_;
  bool request_seen_[2] = {false, false};
  bool crowded_out_[2] = {false, false};  // by requester
};

}  // namespace mmsa::analysis
