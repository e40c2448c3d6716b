// Requests that never got an answer: whose fault that is depends on what else was answered, and on
// who ended the association (ISO 9506-2 clause 5.5).
#include <fmt/format.h>

#include "analysis/requests/requests.h"
#include "analysis/wording.h"

namespace mmsa::analysis {
namespace {

// ServiceSupportOptions of Initiate: bit number = service number (ISO 9506-2 clause 8.2).
enum class Announced : std::uint8_t { unknown, yes, no };
Announced announced(const Association& association, std::uint16_t service) {
  const auto& negotiated = association.mms.negotiated;
  if (negotiated == nullptr || service >= negotiated->services_supported.size()) {
    return Announced::unknown;
  }
  return negotiated->services_supported[service] == '1' ? Announced::yes : Announced::no;
}

// A command without an answer may have been carried out all the same: a LastApplError or a
// CommandTermination tells, which need no answer before them.
void tell_outcome(Context& context, Finding& finding, const PendingRequest& request,
                  const AskedCommand& command) {
  const auto* object = context.model.controls().of(command.object);
  finding.message.pop_back();
  if (object != nullptr && object->outcome_told.number > request.frame.number) {
    const std::uint64_t told = object->outcome_told.number;
    // Another Operate came in between: it may be the other one's.
    const bool last = object->operated.number == request.frame.number;
    finding.message +=
        last ? fmt::format("; its outcome is told in frame {}.", told)
             : fmt::format("; what frame {} tells of the object may belong to it.", told);
    FindingCollector::add_frame(finding, told);
    return;
  }
  using iec61850::ControlKind;
  const bool acts = command.kind == ControlKind::operate || command.kind == ControlKind::cancel;
  finding.message += fmt::format("; its outcome is unknown: the capture does not tell whether {}.",
                                 command.kind == ControlKind::operate  ? "it was carried out"
                                 : command.kind == ControlKind::cancel ? "the command was cancelled"
                                                                       : "the object is selected");
  if (acts) {
    finding.next_step = fmt::format(
        "Look at the state of the object before it is commanded again. {}", finding.next_step);
  }
}

}  // namespace

// How long it waited: until the association or the capture ended.
TimeNs RequestTracker::waited(const Context& context, const PendingRequest& request,
                              const Ending& ending) {
  return elapsed(request.frame, ending.how != Ending::How::none ? ending.frame : context.trace_end);
}

// A message that could not be decoded came after the request: each may be the answer to one.
bool RequestTracker::answer_damaged(const PendingRequest& request) {
  const std::size_t server = index(other(request.sender));
  if (damaged_[server] == 0 || last_damaged_[server].number <= request.frame.number) return false;
  --damaged_[server];
  return true;
}

Finding* RequestTracker::raise_no_response(Context& context, const PendingRequest& request,
                                           const Ending& ending, const AskedCommand& command) {
  const Association& a = context.association;
  const Side server = other(request.sender);
  const ServiceCount& count = count_of(request.service, request.sender);
  const TimeNs time = waited(context, request, ending);
  const bool ended = ending.how != Ending::How::none;
  const bool left =
      !request.lost_since && ended && ending.by == request.sender && time < context.settings.slow;
  const bool cut_off =
      !request.lost_since && ended && ending.by == server && time < context.settings.no_response;
  const bool damaged = answer_damaged(request);
  const std::string_view key = damaged              ? " damaged"
                               : request.lost_since ? " lost"
                               : left               ? " left"
                               : cut_off            ? " cut"
                                                    : "";
  const bool is_command = !command.object.empty();
  const std::string service = is_command ? std::string(iec61850::control_kind_name(command.kind))
                                         : std::string(service_text(request.service));
  Finding* f = context.findings.raise("no-response", a, command.object, service + std::string(key),
                                      request.frame);
  if (f == nullptr) return nullptr;
  const AskedNames names =
      is_command ? AskedNames{.first = command.object, .count = 1} : asked_names(request);
  if (f->object.empty()) f->object = names.first;
  const bool alone = count.ok + count.errors == 0;
  const bool others_answered = last_answer_[index(request.sender)].number > request.frame.number;
  const bool tcp_alive =
      a.connection->facts[index(server)].last_segment.number > request.frame.number;
  std::string about = names.text().empty() ? "" : fmt::format(" of {}", names.text());
  if (!command.ctl_val.empty()) about += fmt::format(" (ctlVal {})", command.ctl_val);
  const std::string_view asker = context.name_of(request.sender);
  f->party = context.party_of(server);
  const std::string_view peer = context.name_of(server);
  set_evidence(*f, "service", service_text(request.service));
  set_evidence(*f, "count", static_cast<std::int64_t>(f->count));
  set_evidence(*f, "waited_s", static_cast<double>(time / kNsPerMs) / 1e3);
  set_evidence(*f, "others_answered", others_answered);
  set_evidence(*f, "tcp_alive", tcp_alive);
  if (request.cancelled.number != 0) set_evidence(*f, "cancelled", true);
  const Announced told = announced(a, request.service);
  if (told != Announced::unknown) set_evidence(*f, "announced", told == Announced::yes);

  if (!command.ctl_val.empty()) set_evidence(*f, "ctl_val", command.ctl_val);
  if (damaged) {
    const FrameRef unit = last_damaged_[index(server)];
    FindingCollector::add_frame(*f, unit.number);
    f->severity = Severity::note;
    f->message = fmt::format(
        "{}{} has no answer that could be decoded; a message of the {} could not be, the last one "
        "in frame {}.",
        service, about, peer, unit.number);
    f->cause = "The answer came, probably, but is damaged.";
    f->next_step = "See the finding malformed-message.";
    return f;
  }
  if (left) {
    f->severity = Severity::note;
    f->party = context.party_of(request.sender);
    f->message = fmt::format("{}{} was still open when the {} ended the association {} later.",
                             service, about, asker, duration_text(time));
    f->cause = fmt::format("The {} left without waiting for the answer.", asker);
    f->next_step = fmt::format("Nothing, if the {} was meant to stop at that time.", asker);
    return f;
  }
  if (cut_off) {
    f->severity = Severity::note;
    f->message = fmt::format("{}{} was still open when the {} ended the association {} later.",
                             service, about, peer, duration_text(time));
    f->cause = fmt::format("The {} ended the association instead of answering.", peer);
    f->next_step = fmt::format(
        "See the finding about that end; look whether this request is the "
        "last one before each such end.");
    return f;
  }
  if (f->count == 1) {
    f->message = fmt::format("{}{} was never answered, in {}", service, about, duration_text(time));
  } else {
    f->message = fmt::format("{} was never answered, {} times{}", service, f->count,
                             f->object.empty() ? "" : "; the first one of " + f->object);
  }
  // TCP repeats what is not acknowledged: one that went on and did not repeat had the request.
  const bool acknowledged =
      tcp_alive &&
      a.connection->facts[index(request.sender)].last_retransmission.number <= request.frame.number;
  if (acknowledged) f->message += "; TCP acknowledged it";
  f->message += others_answered ? fmt::format("; the {} answered other requests meanwhile.", peer)
                : tcp_alive     ? fmt::format(
                                      "; the {} answered nothing else, but its TCP was "
                                          "alive.",
                                      peer)
                            : fmt::format("; nothing came from the {} any more.", peer);
  if (request.lost_since) {
    f->severity = Severity::note;
    f->cause = "The capture lost octets after the request: the answer may have been among them.";
    f->next_step = "Capture again without losses before blaming the device.";
  } else if (others_answered && is_command) {
    f->cause = fmt::format(
        "The {} answered other requests: it lost this one, or it still waits for the process.",
        peer);
    f->next_step = fmt::format("Look for the command in the {}'s event list.", peer);
  } else if (others_answered && alone) {
    f->cause = fmt::format(
        "The {} answers all else, but not {}{}: this service is missing or broken in it.", peer,
        service,
        told == Announced::yes  ? ", though it announced it in Initiate"
        : told == Announced::no ? ", which it did not announce in Initiate"
                                : "");
    f->next_step = fmt::format(
        "Take {} out of what the {} asks for; tell the {}'s vendor that it has to be answered or "
        "rejected.",
        service, asker, peer);
  } else if (others_answered) {
    f->cause = fmt::format(
        "The {} answered other {} requests: it lost this one, or this object can not be served.",
        peer, service);
    f->next_step = fmt::format(
        "Ask for {} again alone. If it is never answered, send the frame to the {}'s vendor.",
        f->object.empty() ? "the same" : f->object, peer);
  } else if (tcp_alive) {
    f->cause = fmt::format(
        "The {}'s MMS application hangs or was being restarted, while its TCP still received.",
        peer);
    f->next_step = fmt::format("Read the {}'s event log and look at its load at that time.", peer);
  } else {
    f->cause =
        fmt::format("The {} is off or restarting, or the network between is interrupted.", peer);
    f->next_step = fmt::format("Ping the {}; look at link and switch ports at that time.", peer);
  }
  return f;
}

void RequestTracker::on_unanswered(Context& context, const PendingRequest& request,
                                   UnansweredWhy why, const Ending& ending) {
  // Few are kept in a capture of one direction, where nothing can be said about them.
  if (context.one_direction) return;
  if (request.octets.empty()) raise_names_unknown(context, request.frame);
  if (why == UnansweredWhy::crowded_out) {
    crowded_out_[index(request.sender)] = true;
    raise_crowded_out(context, request.frame);
    return;
  }
  ServiceCount& count = count_of(request.service, request.sender);
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
      waited(context, request, ending) <= context.settings.no_response) {
    return;
  }
  ++count.unanswered;
  const AskedCommand command = asked_command(request);
  Finding* const f = raise_no_response(context, request, ending, command);
  if (f != nullptr && !command.object.empty()) tell_outcome(context, *f, request, command);
}

}  // namespace mmsa::analysis
