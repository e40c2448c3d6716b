// ISO 9506-2 clause 5.5 (confirmed services), 7.4.4 (ServiceError), 7.5 (Reject), 8.2 (Initiate).
#include "analysis/requests/requests.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/requests/asked_names.h"
#include "analysis/wording.h"
#include "iec61850/control.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

// localDetail is commonly compared with the MMS PDU alone; some stacks count lower headers too.
constexpr std::int64_t kPduSizeTolerance = 64;

// A server stops working on a cancelled request within this time.
constexpr TimeNs kCancelTime = kNsPerSecond / 2;

// A receiver acknowledges within this time (RFC 1122 clause 4.2.3.2).
constexpr TimeNs kDelayedAck = kNsPerSecond / 2;

// In the order of RequestTracker::Delay::Where.
constexpr std::string_view kDelayNames[] = {"network", "peer", "probably-peer", "peer-or-network"};

// "2.5 s", "1 h".
std::string time_text(double seconds) {
  constexpr double kLong = 600;
  if (seconds < kLong) return fmt::format("{:.3g} s", seconds);
  return duration_text(static_cast<TimeNs>(seconds * 1e9));
}

double in_seconds(TimeNs time) { return static_cast<double>(time / kNsPerMs) / 1e3; }

}  // namespace

std::string RequestTracker::service_text(std::uint16_t service) {
  const std::string_view name = service_name(service);
  return name.empty() ? "unknown service" : std::string(name);
}

RequestTracker::ServiceCount& RequestTracker::count_of(std::uint16_t service, Side sender) {
  const auto is_it = [&](const ServiceCount& c) {
    return c.service == service && c.sender == sender;
  };
  std::size_t& last = last_count_[index(sender)];
  if (last < counts_.size() && is_it(counts_[last])) return counts_[last];
  auto found = std::find_if(counts_.begin(), counts_.end(), is_it);
  if (found == counts_.end()) {
    found = counts_.insert(counts_.end(), ServiceCount{});
    found->service = service;
    found->sender = sender;
  }
  last = static_cast<std::size_t>(found - counts_.begin());
  return *found;
}

void RequestTracker::on_message(Context& context, const MmsMessage& message) {
  if (first_message_.number == 0) first_message_ = message.frame;
  ++kinds_[static_cast<std::size_t>(message.pdu.kind)];
  switch (message.pdu.kind) {
    case PduKind::confirmed_request:
      on_request(context, message);
      break;
    case PduKind::confirmed_response:
    case PduKind::confirmed_error:
    case PduKind::reject:
      on_answer(context, message);
      break;
    case PduKind::unconfirmed:
      ++count_of(message.pdu.service, message.sender).requests;
      break;
    default:
      break;
  }
  check_limits(context, message);
  last_pdu_[index(message.sender)] = {message.frame, message.pdu.kind, message.service()};
}

void RequestTracker::on_malformed(const MalformedUnit& unit) {
  last_pdu_[index(unit.sender)] = {unit.frame, PduKind::unknown, Service::kNone};
  last_damaged_[index(unit.sender)] = unit.frame;
  ++damaged_[index(unit.sender)];
}

void RequestTracker::on_request(Context& context, const MmsMessage& message) {
  ++count_of(message.pdu.service, message.sender).requests;
  request_seen_[index(message.sender)] = true;
  last_request_[index(message.sender)] = message.frame;
  const auto& negotiated = context.association.mms.negotiated;
  if (!negotiated || context.one_direction) return;
  const std::int64_t limit = message.from_client(context.association)
                                 ? negotiated->max_outstanding_calling
                                 : negotiated->max_outstanding_called;
  if (limit <= 0 || static_cast<std::int64_t>(message.outstanding) <= limit) return;
  // Requests whose answers the capture lost still count as open.
  if (context.loss[0].gaps + context.loss[1].gaps != 0) return;
  const std::string_view sender = context.name_of(message.sender);
  Finding* f = context.findings.raise("outstanding-exceeded", context.association, message.frame)
                   .party(context.party_of(message.sender))
                   .with("sender", sender)
                   .with("limit", limit)
                   .put();
  if (f == nullptr) return;
  const double most =
      f->evidence.keep_maximum("most_outstanding", static_cast<double>(message.outstanding));
  f->message = fmt::format("The {} had up to {:.0f} requests open at a time; {} {} negotiated.",
                           sender, most, limit, limit == 1 ? "was" : "were");
}

void RequestTracker::on_answer(Context& context, const MmsMessage& message) {
  if (message.pdu.kind == PduKind::confirmed_error) {
    raise_service_error(context, message);
  } else if (message.pdu.kind == PduKind::reject) {
    raise_rejected(context, message);
  }
  if (message.request == nullptr) {
    raise_orphan(context, message);
    return;
  }
  if (message.request_view == nullptr) raise_names_unknown(context, message.request->frame);
  last_answer_[index(message.request->sender)] = message.frame;
  ServiceCount& count = count_of(message.request->service, message.request->sender);
  count.latency.add(message.response_time());
  const bool ok = message.pdu.kind == PduKind::confirmed_response && message.tree.failures == 0;
  ++(ok ? count.ok : count.errors);
  check_latency(context, message);
  check_mismatch(context, message);
}

// The answer to a request that its sender had cancelled: late for a reason of its own.
void RequestTracker::note_cancelled(Context& context, const MmsMessage& message) {
  const PendingRequest& request = *message.request;
  const std::string service = service_text(request.service);
  Finding* f = context.findings.raise("slow-response", context.association, request.frame)
                   .party(context.party_of(message.sender))
                   .with("service", service)
                   .with("cancelled", true)
                   .also(request.cancelled)
                   .also(message.frame)
                   .put();
  if (f == nullptr) return;
  f->evidence.keep_maximum("longest_s", in_seconds(message.response_time()));
  if (f->count > 1) return;
  const std::string_view peer = context.name_of(message.sender);
  f->severity = Severity::note;
  f->message = fmt::format("{} was answered {} after the {} had cancelled it.", service,
                           duration_text(elapsed(request.cancelled, message.frame)),
                           context.name_of(request.sender));
  f->cause = fmt::format("The {} does not stop working on a request that is cancelled.", peer);
  f->next_step = "Nothing, if the client ignores the late answer.";
}

// How long TCP needed to bring the request over: a repeated segment that can only be the request's
// own, since nothing else was sent between. 0 where that is not certain.
TimeNs RequestTracker::network_time(const Context& context, const MmsMessage& message) const {
  const PendingRequest& request = *message.request;
  const FrameRef& repeated =
      context.association.connection->facts[index(request.sender)].last_retransmission;
  if (repeated.number <= request.frame.number || repeated.number > message.frame.number) return 0;
  const FrameRef& last = last_request_[index(request.sender)];
  if (last.number != request.frame.number && last.number < repeated.number) return 0;
  return elapsed(request.frame, repeated);
}

// The acknowledgement tells only of the last request: it is the first one that covers all.
RequestTracker::Delay RequestTracker::delay_of(const Context& context,
                                               const MmsMessage& message) const {
  const PendingRequest& request = *message.request;
  const TimeNs time = message.response_time();
  Delay delay;
  delay.on_the_way = network_time(context, message);
  if (delay.on_the_way > time / 2) {
    delay.where = Delay::Where::network;
    return delay;
  }
  const bool last = last_request_[index(request.sender)].number == request.frame.number;
  if (!last || message.acknowledged.number <= request.frame.number) return delay;
  delay.acknowledged = elapsed(request.frame, message.acknowledged);
  const bool early = *delay.acknowledged <= std::max(kDelayedAck, time / 2);
  delay.where = early ? Delay::Where::peer : Delay::Where::peer_or_network;
  return delay;
}

void RequestTracker::check_latency(Context& context, const MmsMessage& message) {
  const TimeNs time = message.response_time();
  const PendingRequest& request = *message.request;
  // ObtainFile is answered when the server has fetched the whole file (ISO 9506-2 clause 13.7).
  if (request.lost_since || request.service == Service::kObtainFile) return;
  if (request.cancelled.number != 0) {
    // One that was on its way by then is not worth a word.
    if (message.pdu.kind == PduKind::confirmed_response &&
        elapsed(request.cancelled, message.frame) > kCancelTime) {
      note_cancelled(context, message);
    }
    return;
  }
  if (time <= context.settings.slow) return;
  const Delay delay = delay_of(context, message);
  const std::string service = service_text(request.service);
  Finding* f = context.findings.raise("slow-response", context.association, request.frame)
                   .with("service", service)
                   .with("delay", kDelayNames[static_cast<std::size_t>(delay.where)])
                   .with("limit_s", static_cast<double>(context.settings.slow) / 1e9)
                   .with("tcp_retransmissions", delay.where == Delay::Where::network)
                   .with_if(delay.acknowledged.has_value(), "acknowledged_s",
                            in_seconds(delay.acknowledged.value_or(0)))
                   .also(message.frame)
                   .put();
  if (f == nullptr) return;
  AskedNames names;
  if (message.request_view != nullptr) {
    names = asked_names(message.request_view->pdu(), message.request_view->tree());
  }
  if (f->object.empty()) f->object = names.first;
  const double seconds = in_seconds(time);
  const double longest = f->evidence.keep_maximum("longest_s", seconds);
  f->evidence.keep_maximum("network_s", in_seconds(delay.on_the_way));
  if (f->count > 1) {
    f->message =
        fmt::format("{} was answered late {} times, after up to {}; the first one{}.", service,
                    f->count, time_text(longest), f->object.empty() ? "" : " of " + f->object);
    return;
  }
  f->message = fmt::format("{}{} was answered after {}.", service,
                           names.first.empty() ? "" : " of " + names.text(), time_text(seconds));
  tell_delay(context, *f, message, delay);
}

// The delay of the first one; the others of the finding were delayed in the same way.
void RequestTracker::tell_delay(Context& context, Finding& finding, const MmsMessage& message,
                                const Delay& delay) {
  using Where = Delay::Where;
  const std::string_view peer = context.name_of(message.sender);
  finding.party = delay.where == Where::network           ? Party::network
                  : delay.where == Where::peer_or_network ? Party::unknown
                                                          : context.party_of(message.sender);
  if (delay.where == Where::network) {
    finding.cause =
        fmt::format("The network: TCP had to repeat the request, until {:.3g} s after it.",
                    in_seconds(delay.on_the_way));
    finding.next_step =
        "Look for losses between client and server (tcp.analysis.retransmission): cables, "
        "switches, duplex, overload.";
    return;
  }
  if (delay.where == Where::peer_or_network) {
    finding.cause = fmt::format(
        "The {} or the way to it: TCP acknowledged the request only {} after it, and did not "
        "have to repeat it.",
        peer, time_text(in_seconds(*delay.acknowledged)));
    finding.next_step = fmt::format(
        "Capture at the {}: if the request arrives there at once, its communication processor was "
        "halted; else look at the line (radio, queue of a slow link).",
        peer);
    return;
  }
  if (context.exchange->control() != nullptr) {
    finding.cause = fmt::format(
        "The {} answers a command only after the operative tests, or it is busy.", peer);
    finding.next_step =
        "Compare with how long the tests of this object may take; lengthen the client's "
        "timeout if it gives up before.";
    return;
  }
  const std::string proof =
      delay.where == Where::peer
          ? fmt::format("The {}: TCP had acknowledged the request {} after it.", peer,
                        duration_text(*delay.acknowledged))
          : fmt::format("Probably the {}: TCP did not have to repeat the request.", peer);
  finding.cause = fmt::format(
      "{} It is busy (many clients, large files, a slow object behind a gateway), or was halted.",
      proof);
  finding.next_step = fmt::format(
      "Compare with the other requests of that time. If all were late, look at the {}'s load and "
      "event log; if only this object, at what is behind it.",
      peer);
}

void RequestTracker::check_mismatch(Context& context, const MmsMessage& message) {
  if (message.pdu.kind != PduKind::confirmed_response || message.cut || message.pdu.error) return;
  if (message.pdu.service == message.request->service) return;
  const std::string asked = service_text(message.request->service);
  const std::string answered = service_text(message.pdu.service);
  Finding* f = context.findings.raise("response-mismatch", context.association, message.frame)
                   .party(context.party_of(message.sender))
                   .with("service", asked)
                   .with("answered_with", answered)
                   .with("invoke_id", message.request->invoke_id)
                   .also(message.request->frame)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format("A {} request was answered with {}.", asked, answered);
}

void RequestTracker::check_limits(Context& context, const MmsMessage& message) {
  const Association& a = context.association;
  if (a.mms.negotiated && a.mms.negotiated->local_detail.value_or(0) > 0) {
    const std::int64_t limit = *a.mms.negotiated->local_detail;
    const auto size = static_cast<std::int64_t>(message.octets.size());
    if (size > limit + kPduSizeTolerance) {
      Finding* f = context.findings.raise("pdu-size-exceeded", a, message.frame)
                       .party(context.party_of(message.sender))
                       .with("sender", context.name_of(message.sender))
                       .with("limit", limit)
                       .put();
      if (f != nullptr) {
        const double largest = f->evidence.keep_maximum("largest", static_cast<double>(size));
        f->message = fmt::format("The {} sent PDUs of up to {:.0f} octets; {} were negotiated.",
                                 context.name_of(message.sender), largest, limit);
      }
    }
  }
  if (a.context_source != ContextSource::negotiated || message.context == a.mms_context) return;
  const bool known = std::any_of(a.presentation->contexts.begin(), a.presentation->contexts.end(),
                                 [&](const PresentationContext& c) {
                                   return c.id == message.context && c.result.value_or(0) == 0;
                                 });
  if (known) return;
  Finding* f = context.findings.raise("context-not-negotiated", a, message.frame)
                   .party(context.party_of(message.sender))
                   .with("sender", context.name_of(message.sender))
                   .with("context", message.context)
                   .put();
  if (f == nullptr) return;
  f->message =
      fmt::format("The {} used presentation context {}, which was not accepted; MMS is {}.",
                  context.name_of(message.sender), message.context, a.mms_context);
}

void RequestTracker::raise_orphan(Context& context, const MmsMessage& message) {
  const Side requester = other(message.sender);
  if (!message.pdu.invoke_id || context.one_direction) return;
  if (crowded_out_[index(requester)]) return;
  // The request was before the capture, or the capture lost it.
  if (context.association.mms.negotiated == nullptr &&
      (!request_seen_[index(requester)] ||
       elapsed(first_message_, message.frame) < context.settings.no_response)) {
    return;
  }
  if (context.loss[index(requester)].gaps != 0) return;
  Finding* f = context.findings.raise("orphan-response", context.association, message.frame)
                   .party(context.party_of(message.sender))
                   .with("sender", context.name_of(message.sender))
                   .with("invoke_id", *message.pdu.invoke_id)
                   .put();
  if (f == nullptr) return;
  f->message =
      fmt::format("{} answer{} of the {} belong{} to no request that was waiting.", f->count,
                  plural(f->count), context.name_of(message.sender), f->count == 1 ? "s" : "");
}

void RequestTracker::raise_names_unknown(Context& context, FrameRef request) {
  Finding* f = context.findings.raise("limit-reached", context.association, request)
                   .with("limit", "octets of requests")
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format(
      "{} request{} could not be kept until the answer, because too many long ones were waiting: "
      "what the answer is about is not known.",
      f->count, plural(f->count));
}

void RequestTracker::raise_crowded_out(Context& context, FrameRef request) {
  Finding* f = context.findings.raise("limit-reached", context.association, request)
                   .with("limit", "requests")
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format(
      "{} request{} {} not followed to the answer, because too many were waiting at a time.",
      f->count, plural(f->count), f->count == 1 ? "was" : "were");
}

void RequestTracker::on_close(Context& context) {
  for (std::size_t kind = 0; kind < std::size(kinds_); ++kind) {
    if (kinds_[kind] == 0) continue;
    context.report.messages[std::string(pdu_kind_name(static_cast<PduKind>(kind)))] = kinds_[kind];
  }
  LatencyRecorder of_client;
  for (const ServiceCount& count : counts_) {
    if (count.sender == context.association.client) of_client.add(count.latency);
    ServiceResult& out = context.report.services.emplace_back();
    out.service = service_text(count.service);
    out.sender = context.name_of(count.sender);
    out.requests = count.requests;
    out.ok = count.ok;
    out.errors = count.errors;
    out.unanswered = count.unanswered;
    out.latency = count.latency.report();
  }
  context.report.latency = of_client.report();
  std::sort(context.report.services.begin(), context.report.services.end(),
            [](const ServiceResult& a, const ServiceResult& b) {
              return std::tie(a.service, a.sender) < std::tie(b.service, b.sender);
            });
}

}  // namespace mmsa::analysis
