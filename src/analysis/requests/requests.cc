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

double in_seconds(TimeNs time) { return static_cast<double>(time / kNsPerMs) / 1e3; }

void keep_maximum(Finding& finding, std::string_view key, double value) {
  for (auto& [name, old] : finding.evidence) {
    if (name == key) {
      old = std::max(std::get<double>(old), value);
      return;
    }
  }
  finding.evidence.emplace_back(key, value);
}

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
  Finding* f = context.findings.raise("outstanding-exceeded", context.association, "",
                                      context.name_of(message.sender), message.frame);
  if (f == nullptr) return;
  keep_maximum(*f, "most_outstanding", static_cast<double>(message.outstanding));
  set_evidence(*f, "limit", limit);
  f->message =
      fmt::format("The {} had up to {:.0f} requests open at a time; {} {} negotiated.",
                  context.name_of(message.sender), std::get<double>(f->evidence.front().second),
                  limit, limit == 1 ? "was" : "were");
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
  Finding* f = context.findings.raise("slow-response", context.association, "",
                                      service + " cancelled", request.frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, request.cancelled.number);
  FindingCollector::add_frame(*f, message.frame.number);
  if (f->count > 1) return;
  const std::string_view peer = context.name_of(message.sender);
  f->severity = Severity::note;
  set_evidence(*f, "service", service);
  set_evidence(*f, "cancelled", true);
  set_evidence(*f, "longest_s", in_seconds(message.response_time()));
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
  const TimeNs on_the_way = network_time(context, message);
  const bool network = on_the_way > time / 2;
  const std::string service = service_text(request.service);
  Finding* f = context.findings.raise("slow-response", context.association, "",
                                      service + (network ? " network" : ""), request.frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, message.frame.number);
  AskedNames names;
  if (message.request_view != nullptr) {
    names = asked_names(message.request_view->pdu(), message.request_view->tree());
  }
  if (f->object.empty()) f->object = names.first;
  const double seconds = in_seconds(time);
  keep_maximum(*f, "longest_s", seconds);
  set_evidence(*f, "limit_s", static_cast<double>(context.settings.slow) / 1e9);
  set_evidence(*f, "service", service);
  set_evidence(*f, "tcp_retransmissions", network);
  keep_maximum(*f, "network_s", in_seconds(on_the_way));
  const double longest = std::get<double>(f->evidence.front().second);
  f->message =
      f->count == 1
          ? fmt::format("{}{} was answered after {:.3g} s.", service,
                        names.first.empty() ? "" : " of " + names.text(), seconds)
          : fmt::format("{} was answered late {} times, after up to {:.3g} s; the first one{}.",
                        service, f->count, longest, f->object.empty() ? "" : " of " + f->object);
  const std::string_view peer = context.name_of(message.sender);
  if (network) {
    f->cause = fmt::format("The network: TCP had to repeat the request, until {:.3g} s after it.",
                           in_seconds(on_the_way));
    f->next_step =
        "Look for losses between client and server (tcp.analysis.retransmission): cables, "
        "switches, duplex, overload.";
    return;
  }
  if (context.exchange->control() != nullptr) {
    f->cause = fmt::format(
        "The {} answers a command only after the operative tests, or it is busy.", peer);
    f->next_step =
        "Compare with how long the tests of this object may take; lengthen the client's "
        "timeout if it gives up before.";
    return;
  }
  f->cause = fmt::format(
      "The {}: TCP had brought it the request in time. It is busy (many clients, large files, a "
      "slow object behind a gateway), or was halted.",
      peer);
  f->next_step = fmt::format(
      "Compare with the other requests of that time. If all were late, look at the {}'s load and "
      "event log; if only this object, at what is behind it.",
      peer);
}

void RequestTracker::check_mismatch(Context& context, const MmsMessage& message) {
  if (message.pdu.kind != PduKind::confirmed_response || message.cut || message.pdu.error) return;
  if (message.pdu.service == message.request->service) return;
  Finding* f = context.findings.raise("response-mismatch", context.association, "",
                                      service_text(message.request->service), message.frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, message.request->frame.number);
  f->message =
      fmt::format("A {} request was answered with {}.", service_text(message.request->service),
                  service_text(message.pdu.service));
  set_evidence(*f, "invoke_id", static_cast<std::int64_t>(message.request->invoke_id));
}

void RequestTracker::check_limits(Context& context, const MmsMessage& message) {
  const Association& a = context.association;
  if (a.mms.negotiated && a.mms.negotiated->local_detail.value_or(0) > 0) {
    const std::int64_t limit = *a.mms.negotiated->local_detail;
    const auto size = static_cast<std::int64_t>(message.octets.size());
    if (size > limit + kPduSizeTolerance) {
      Finding* f = context.findings.raise("pdu-size-exceeded", a, "",
                                          context.name_of(message.sender), message.frame);
      if (f != nullptr) {
        keep_maximum(*f, "largest", static_cast<double>(size));
        set_evidence(*f, "limit", limit);
        f->message = fmt::format("The {} sent PDUs of up to {:.0f} octets; {} were negotiated.",
                                 context.name_of(message.sender),
                                 std::get<double>(f->evidence.front().second), limit);
      }
    }
  }
  if (a.context_source != ContextSource::negotiated || message.context == a.mms_context) return;
  const bool known = std::any_of(a.presentation->contexts.begin(), a.presentation->contexts.end(),
                                 [&](const PresentationContext& c) {
                                   return c.id == message.context && c.result.value_or(0) == 0;
                                 });
  if (known) return;
  Finding* f = context.findings.raise("context-not-negotiated", a, "",
                                      std::to_string(message.context), message.frame);
  if (f == nullptr) return;
  f->message =
      fmt::format("The {} used presentation context {}, which was not accepted; MMS is {}.",
                  context.name_of(message.sender), message.context, a.mms_context);
  set_evidence(*f, "context", message.context);
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
  Finding* f =
      context.findings.raise("orphan-response", context.association, "", "", message.frame);
  if (f == nullptr) return;
  f->message =
      fmt::format("{} answer{} of the {} belong{} to no request that was waiting.", f->count,
                  plural(f->count), context.name_of(message.sender), f->count == 1 ? "s" : "");
  if (f->count == 1)
    set_evidence(*f, "invoke_id", static_cast<std::int64_t>(*message.pdu.invoke_id));
}

void RequestTracker::raise_names_unknown(Context& context, FrameRef request) {
  Finding* f = context.findings.raise("limit-reached", context.association, "",
                                      "octets of requests", request);
  if (f == nullptr) return;
  f->message = fmt::format(
      "{} request{} could not be kept until the answer, because too many long ones were waiting: "
      "what the answer is about is not known.",
      f->count, plural(f->count));
}

void RequestTracker::raise_crowded_out(Context& context, FrameRef request) {
  Finding* f =
      context.findings.raise("limit-reached", context.association, "", "requests", request);
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
