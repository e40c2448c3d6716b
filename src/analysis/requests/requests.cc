// ISO 9506-2 clause 5.5 (confirmed services), 7.4.4 (ServiceError), 7.5 (Reject), 8.2 (Initiate).
#include "analysis/requests/requests.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/wording.h"
#include "iec61850/control.h"
#include "mms/service_error.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

// localDetail is commonly compared with the MMS PDU alone; some stacks count lower headers too.
constexpr std::int64_t kPduSizeTolerance = 64;

// A server stops working on a cancelled request within this time.
constexpr TimeNs kCancelTime = kNsPerSecond / 2;

bool is_file_service(std::uint16_t service) {
  return service == Service::kObtainFile ||
         (service >= Service::kFileOpen && service <= Service::kFileDirectory);
}

std::string service_text(std::uint16_t service) {
  const std::string_view name = service_name(service);
  return name.empty() ? "unknown service" : std::string(name);
}

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
}

void RequestTracker::on_request(Context& context, const MmsMessage& message) {
  ++count_of(message.pdu.service, message.sender).requests;
  request_seen_[index(message.sender)] = true;
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
  ServiceCount& count = count_of(message.request->service, message.request->sender);
  count.latency.add(message.response_time());
  const bool ok = message.pdu.kind == PduKind::confirmed_response && message.tree.failures == 0;
  ++(ok ? count.ok : count.errors);
  check_latency(context, message);
  check_mismatch(context, message);
}

void RequestTracker::check_latency(Context& context, const MmsMessage& message) {
  const TimeNs time = message.response_time();
  const PendingRequest& request = *message.request;
  // The requester had given up: it asked to cancel, and the answer still took its time. One that
  // was on its way by then is no fault.
  const bool too_late = request.cancelled.number != 0 &&
                        message.pdu.kind == PduKind::confirmed_response &&
                        elapsed(request.cancelled, message.frame) > kCancelTime;
  if ((time <= context.settings.slow && !too_late) || request.lost_since) return;
  // ObtainFile is answered when the server has fetched the whole file (ISO 9506-2 clause 13.7).
  if (request.service == Service::kObtainFile) return;
  const DirectionFacts& asked = context.association.connection->facts[index(request.sender)];
  const DirectionFacts& answered = context.association.connection->facts[index(message.sender)];
  const auto retransmitted = [&](const DirectionFacts& facts) {
    return facts.last_retransmission.number > request.frame.number &&
           facts.last_retransmission.number <= message.frame.number;
  };
  const bool network = retransmitted(asked) || retransmitted(answered);
  const std::string service = service_text(request.service);
  Finding* f = context.findings.raise(
      "slow-response", context.association, "",
      service + (network ? " network" : "") + (too_late ? " cancelled" : ""), request.frame);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, message.frame.number);
  const double seconds = static_cast<double>(time / kNsPerMs) / 1e3;
  keep_maximum(*f, "longest_s", seconds);
  set_evidence(*f, "limit_s", static_cast<double>(context.settings.slow) / 1e9);
  set_evidence(*f, "service", service);
  set_evidence(*f, "tcp_retransmissions", network);
  const double longest = std::get<double>(f->evidence.front().second);
  f->message = f->count == 1 ? fmt::format("{} was answered after {:.3g} s.", service, seconds)
                             : fmt::format("{} was answered late {} times, after up to {:.3g} s.",
                                           service, f->count, longest);
  if (too_late) {
    set_evidence(*f, "cancelled", true);
    f->message = fmt::format("{} was answered after {:.3g} s; the {} had cancelled it by then.",
                             service, seconds, context.name_of(request.sender));
  }
  if (network) {
    f->cause = "The network: the request or its answer had to be retransmitted by TCP.";
    f->next_step =
        "Look for losses between client and server (tcp.analysis.retransmission): cables, "
        "switches, duplex, overload.";
  }
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

void RequestTracker::raise_service_error(Context& context, const MmsMessage& message) {
  const std::uint16_t service = message.service();
  if (is_file_service(service)) return;  // file-failed
  iec61850::ControlView control;
  if (iec61850::read_control(message, control)) return;  // control-rejected
  const auto error = mms::service_error(message.pdu);
  const std::string what = error ? fmt::format("{}/{}", error->error_class,
                                               error->code.empty() ? std::to_string(error->number)
                                                                   : std::string(error->code))
                                 : "undecodable error";
  std::string object;
  if (message.request_view != nullptr && !message.request_view->tree().objects.empty()) {
    const asn1::Tree& tree = message.request_view->tree();
    object = object_text(object_name(tree.at(tree.objects.front())));
  }
  Finding* f = context.findings.raise("service-error", context.association, object,
                                      service_text(service) + what, message.frame);
  if (f == nullptr) return;
  if (message.request != nullptr) FindingCollector::add_frame(*f, message.request->frame.number);
  if (f->count > 1) return;
  f->message = fmt::format("{} failed: {}.", service_text(service), what);
  set_evidence(*f, "service", service_text(service));
  if (error) {
    set_evidence(*f, "error_class", std::string(error->error_class));
    set_evidence(*f, "error_code", std::string(error->code));
    if (error->additional_code) set_evidence(*f, "additional_code", *error->additional_code);
    if (!error->additional_description.empty()) {
      set_evidence(*f, "additional_description", std::string(error->additional_description));
    }
  }
}

void RequestTracker::raise_rejected(Context& context, const MmsMessage& message) {
  if (is_file_service(message.service())) return;  // file-failed
  const auto reason = mms::reject_reason(message.pdu);
  const std::string pdu = reason ? std::string(reason->pdu) : "unknown";
  const std::string code = !reason                ? "undecodable reason"
                           : reason->code.empty() ? std::to_string(reason->number)
                                                  : std::string(reason->code);
  Finding* f = context.findings.raise("service-rejected", context.association, "",
                                      pdu + code + service_text(message.service()), message.frame);
  if (f == nullptr) return;
  if (message.request != nullptr) FindingCollector::add_frame(*f, message.request->frame.number);
  if (f->count > 1) return;
  f->message = fmt::format("The {} rejected {}: {} ({}).", context.name_of(message.sender),
                           message.request != nullptr
                               ? fmt::format("a {} request", service_text(message.service()))
                               : std::string("a message"),
                           code, pdu);
  set_evidence(*f, "rejected_pdu", pdu);
  set_evidence(*f, "reason", code);
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

void RequestTracker::on_unanswered(Context& context, const PendingRequest& request,
                                   UnansweredWhy why, std::string_view object) {
  // Few are kept in a capture of one direction, where nothing can be said about them.
  if (context.one_direction) return;
  if (request.octets.empty()) raise_names_unknown(context, request.frame);
  if (why == UnansweredWhy::crowded_out) {
    crowded_out_[index(request.sender)] = true;
    raise_crowded_out(context, request.frame);
    return;
  }
  ServiceCount& count = count_of(request.service, request.sender);
  const std::string service = service_text(request.service);
  if (why == UnansweredWhy::reused) {
    ++count.unanswered;
    if (request.lost_since) return;
    Finding* f = context.findings.raise("invoke-id-reused", context.association, "",
                                        context.name_of(request.sender), request.frame);
    if (f == nullptr) return;
    f->message = fmt::format("The {} used an invoke id again while its request was still open.",
                             context.name_of(request.sender));
    set_evidence(*f, "invoke_id", static_cast<std::int64_t>(request.invoke_id));
    return;
  }
  if (why == UnansweredWhy::capture_end &&
      elapsed(request.frame, context.trace_end) <= context.settings.no_response) {
    return;
  }
  ++count.unanswered;
  Finding* f = context.findings.raise("no-response", context.association, object,
                                      service + (request.lost_since ? " lost" : ""), request.frame);
  if (f == nullptr) return;
  f->message = f->count == 1 ? fmt::format("{} was never answered.", service)
                             : fmt::format("{} was never answered, {} times.", service, f->count);
  set_evidence(*f, "service", service);
  set_evidence(*f, "count", static_cast<std::int64_t>(f->count));
  if (request.cancelled.number != 0) set_evidence(*f, "cancelled", true);
  if (request.lost_since) {
    f->severity = Severity::note;
    f->cause = "The capture lost octets after the request: the answer may have been among them.";
    f->next_step = "Capture again without losses before blaming the device.";
  }
}

void RequestTracker::on_close(Context& context) {
  for (std::size_t kind = 0; kind < std::size(kinds_); ++kind) {
    if (kinds_[kind] == 0) continue;
    context.report.messages[std::string(pdu_kind_name(static_cast<PduKind>(kind)))] = kinds_[kind];
  }
  LatencyRecorder of_client;
  for (const ServiceCount& count : counts_) {
    if (count.sender == context.association.client) of_client.add(count.latency);
    ServiceReport& out = context.report.services.emplace_back();
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
            [](const ServiceReport& a, const ServiceReport& b) {
              return std::tie(a.service, a.sender) < std::tie(b.service, b.sender);
            });
}

}  // namespace mmsa::analysis
