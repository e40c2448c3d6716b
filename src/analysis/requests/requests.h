// Requests and their answers: counts and times by service, and the rules about pairing, errors and
// negotiated limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/association/lifecycle.h"
#include "analysis/context.h"
#include "analysis/latency.h"
#include "analysis/requests/asked_names.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class RequestTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);
  void on_malformed(const MalformedUnit& unit);
  // `ending` is what is known of the association's end.
  void on_unanswered(Context& context, const PendingRequest& request, UnansweredWhy why,
                     const Ending& ending);
  void on_close(Context& context);
  // The association turned out to be one of ICCP: advice is given in its terms from now on.
  void note_iccp() { iccp_ = true; }

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

  // The last PDU of a side, for a reject that does not say what it rejects.
  struct LastPdu {
    FrameRef frame;
    PduKind kind = PduKind::unknown;
    std::uint16_t service = Service::kNone;
  };

  static std::string service_text(std::uint16_t service);
  static TimeNs waited(const Context& context, const PendingRequest& request, const Ending& ending);
  // Where the time of a late answer went, as far as TCP tells.
  struct Delay {
    enum class Where : std::uint8_t { network, peer, probably_peer, peer_or_network };
    Where where = Where::probably_peer;
    TimeNs on_the_way = 0;               // until TCP repeated the request for the last time
    std::optional<TimeNs> acknowledged;  // until TCP acknowledged it, where the capture shows it
  };
  Delay delay_of(const Context& context, const MmsMessage& message) const;
  static void tell_delay(Context& context, Finding& finding, const MmsMessage& message,
                         const Delay& delay);
  TimeNs network_time(const Context& context, const MmsMessage& message) const;
  static void note_cancelled(Context& context, const MmsMessage& message);
  bool answer_damaged(const PendingRequest& request);
  struct Silence;
  Silence silence_of(const Context& context, const PendingRequest& request, const Ending& ending,
                     const AskedCommand& command);
  static void tell_silent(Finding& finding, const Silence& silence);
  // `command`: what the request is, if it is one. Null where nothing is raised.
  Finding* raise_no_response(Context& context, const PendingRequest& request, const Ending& ending,
                             const AskedCommand& command);
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
  LastPdu last_pdu_[2];                // by sender
  FrameRef last_request_[2];           // by requester
  FrameRef last_answer_[2];            // by requester
  FrameRef last_damaged_[2];           // message that could not be decoded, by sender
  std::uint32_t damaged_[2] = {0, 0};  // of them, that may be the answer to an open request
  bool iccp_ = false;
  bool request_seen_[2] = {false, false};
  bool crowded_out_[2] = {false, false};  // by requester
};

}  // namespace mmsa::analysis
