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

// In the order of RequestTracker::Silence::Outcome.
constexpr std::string_view kOutcomeNames[] = {"silent", "answer-damaged", "answer-lost",
                                              "asker-left", "peer-left"};

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

// What is known of a request without an answer.
struct RequestTracker::Silence {
  enum class Outcome : std::uint8_t {
    silent,
    answer_damaged,  // a message came that could not be decoded
    answer_lost,     // by the capture, maybe
    asker_left,      // at once
    peer_left,       // instead of answering
  };
  Outcome outcome = Outcome::silent;
  std::string service;  // or that of the command
  std::string object;
  std::string about;       // " of LD0/LLN0$ST$Mod and 3 more"
  std::string_view asker;  // "client" or "server"
  std::string_view peer;
  TimeNs time = 0;  // that it waited
  Announced announced = Announced::unknown;
  bool is_command = false;
  bool alone = false;            // no request of this service was answered
  bool others_answered = false;  // later, or meanwhile
  bool tcp_alive = false;        // segments came from the peer
  bool acknowledged = false;     // by TCP
};

RequestTracker::Silence RequestTracker::silence_of(const Context& context,
                                                   const PendingRequest& request,
                                                   const Ending& ending,
                                                   const AskedCommand& command) {
  using Outcome = Silence::Outcome;
  const Side peer = other(request.sender);
  const DirectionFacts(&facts)[2] = context.association.connection->facts;
  const ServiceCount& count = count_of(request.service, request.sender);
  Silence silence;
  silence.is_command = !command.object.empty();
  const AskedNames names =
      silence.is_command ? AskedNames{.first = command.object, .count = 1} : asked_names(request);
  silence.service = silence.is_command ? std::string(iec61850::control_kind_name(command.kind))
                                       : service_text(request.service);
  silence.object = names.first;
  if (!names.text().empty()) silence.about = fmt::format(" of {}", names.text());
  if (!command.ctl_val.empty()) silence.about += fmt::format(" (ctlVal {})", command.ctl_val);
  silence.asker = context.name_of(request.sender);
  silence.peer = context.name_of(peer);
  silence.time = waited(context, request, ending);
  silence.announced = announced(context.association, request.service);
  silence.alone = count.ok + count.errors == 0;
  silence.others_answered = last_answer_[index(request.sender)].number > request.frame.number;
  silence.tcp_alive = facts[index(peer)].last_segment.number > request.frame.number;
  silence.acknowledged = facts[index(request.sender)].acknowledged.number > request.frame.number;
  const bool ended = !request.lost_since && ending.how != Ending::How::none;
  if (answer_damaged(request)) {
    silence.outcome = Outcome::answer_damaged;
  } else if (request.lost_since) {
    silence.outcome = Outcome::answer_lost;
  } else if (ended && ending.by == request.sender && silence.time < context.settings.slow) {
    silence.outcome = Outcome::asker_left;
  } else if (ended && ending.by == peer && silence.time < context.settings.no_response) {
    silence.outcome = Outcome::peer_left;
  }
  return silence;
}

// The cause of silence that nothing else explains.
void RequestTracker::tell_silent(Finding& finding, const Silence& silence) {
  const std::string_view peer = silence.peer;
  if (silence.others_answered && silence.is_command) {
    finding.cause = fmt::format(
        "The {} answered other requests: it lost this one, or it still waits for the process.",
        peer);
    finding.next_step = fmt::format("Look for the command in the {}'s event list.", peer);
  } else if (silence.others_answered && silence.alone) {
    const Announced announced = silence.announced;
    finding.cause = fmt::format(
        "The {} answers all else, but not {}{}: this service is missing or broken in it.", peer,
        silence.service,
        announced == Announced::yes  ? ", though it announced it in Initiate"
        : announced == Announced::no ? ", which it did not announce in Initiate"
                                     : "");
    finding.next_step = fmt::format(
        "Take {} out of what the {} asks for; tell the {}'s vendor that it has to be answered or "
        "rejected.",
        silence.service, silence.asker, peer);
  } else if (silence.others_answered) {
    finding.cause = fmt::format(
        "The {} answered other {} requests: it lost this one, or this object can not be served.",
        peer, silence.service);
    finding.next_step = fmt::format(
        "Ask for {} again alone. If it is never answered, send the frame to the {}'s vendor.",
        silence.object.empty() ? "the same" : silence.object, peer);
  } else if (silence.acknowledged) {
    finding.cause = fmt::format(
        "The {}'s MMS application hangs or was being restarted, while its TCP still received.",
        peer);
    finding.next_step =
        fmt::format("Read the {}'s event log and look at its load at that time.", peer);
  } else if (silence.tcp_alive) {
    finding.party = Party::unknown;
    finding.cause = fmt::format(
        "Segments of the {} still came, but none acknowledged the request: the way to the {} loses "
        "packets, or its TCP stopped receiving.",
        peer, peer);
    finding.next_step = fmt::format(
        "Look for repeated segments (tcp.analysis.retransmission), at the switch ports on the way, "
        "and at the {}'s load.",
        peer);
  } else {
    finding.party = Party::unknown;
    finding.cause =
        fmt::format("The {} is off or restarting, or the network between is interrupted.", peer);
    finding.next_step =
        fmt::format("Ping the {}; look at link and switch ports at that time.", peer);
  }
}

Finding* RequestTracker::raise_no_response(Context& context, const PendingRequest& request,
                                           const Ending& ending, const AskedCommand& command) {
  using Outcome = Silence::Outcome;
  const Silence silence = silence_of(context, request, ending, command);
  const Outcome outcome = silence.outcome;
  const Side blamed = outcome == Outcome::asker_left ? request.sender : other(request.sender);
  const FrameRef damaged = last_damaged_[index(other(request.sender))];
  Finding* f = context.findings.raise("no-response", context.association, request.frame)
                   .object(command.object)
                   .party(context.party_of(blamed))
                   .with("service", service_text(request.service))
                   .with_if(silence.is_command, "command", silence.service)
                   .with("outcome", kOutcomeNames[static_cast<std::size_t>(outcome)])
                   .with("others_answered", silence.others_answered)
                   .with("acknowledged", silence.acknowledged)
                   .with("tcp_alive", silence.tcp_alive)
                   .with_if(request.cancelled.number != 0, "cancelled", true)
                   .with_if(silence.announced != Announced::unknown, "announced",
                            silence.announced == Announced::yes)
                   .with_if(!command.ctl_val.empty(), "ctl_val", command.ctl_val)
                   .also(outcome == Outcome::answer_damaged ? damaged : FrameRef())
                   .put();
  if (f == nullptr) return nullptr;
  if (f->object.empty()) f->object = silence.object;
  f->evidence.set("count", f->count);
  f->evidence.keep_maximum("waited_s", static_cast<double>(silence.time / kNsPerMs) / 1e3);
  if (outcome != Outcome::silent) f->severity = Severity::note;
  const std::string_view peer = silence.peer;
  const std::string_view asker = silence.asker;
  switch (outcome) {
    case Outcome::answer_damaged:
      f->message = fmt::format(
          "{}{} has no answer that could be decoded; a message of the {} could not be, the last "
          "one in frame {}.",
          silence.service, silence.about, peer, damaged.number);
      f->cause = "The answer came, probably, but is damaged.";
      f->next_step = "See the finding malformed-message.";
      return f;
    case Outcome::asker_left:
      f->message = fmt::format("{}{} was still open when the {} ended the association {} later.",
                               silence.service, silence.about, asker, duration_text(silence.time));
      f->cause = fmt::format("The {} left without waiting for the answer.", asker);
      f->next_step = fmt::format("Nothing, if the {} was meant to stop at that time.", asker);
      return f;
    case Outcome::peer_left:
      f->message = fmt::format("{}{} was still open when the {} ended the association {} later.",
                               silence.service, silence.about, peer, duration_text(silence.time));
      f->cause = fmt::format("The {} ended the association instead of answering.", peer);
      f->next_step =
          "See the finding about that end; look whether this request is the last one before each "
          "such end.";
      return f;
    case Outcome::silent:
    case Outcome::answer_lost:
      break;
  }
  if (outcome == Outcome::answer_lost) {
    f->party = Party::capture;
    f->message = fmt::format(
        "The capture holds no answer to {}{}{}; octets of the connection are missing behind it.",
        silence.service, f->object.empty() ? "" : " of " + f->object,
        f->count == 1 ? "" : fmt::format(" and {} more like it", f->count - 1));
    f->cause = "The capture lost octets after the request: the answer may have been among them.";
    f->next_step = "Capture again without losses before blaming the device.";
    return f;
  }
  f->message = f->count == 1
                   ? fmt::format("{}{} was never answered, in {}", silence.service, silence.about,
                                 duration_text(silence.time))
                   : fmt::format("{} was never answered, {} times{}", silence.service, f->count,
                                 f->object.empty() ? "" : "; the first one of " + f->object);
  if (silence.acknowledged) f->message += "; TCP acknowledged it";
  f->message += silence.others_answered
                    ? fmt::format("; the {} answered other requests meanwhile.", peer)
                : silence.tcp_alive
                    ? fmt::format("; the {} answered nothing else, but its TCP was alive.", peer)
                    : fmt::format("; nothing came from the {} any more.", peer);
  tell_silent(*f, silence);
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
    const std::string_view sender = context.name_of(request.sender);
    Finding* f = context.findings.raise("invoke-id-reused", context.association, request.frame)
                     .party(context.party_of(request.sender))
                     .with("sender", sender)
                     .with("invoke_id", request.invoke_id)
                     .put();
    if (f == nullptr) return;
    f->message =
        fmt::format("The {} used an invoke id again while its request was still open.", sender);
    return;
  }
  if (why == UnansweredWhy::capture_end &&
      waited(context, request, ending) <= context.settings.no_response) {
    return;
  }
  ++count.unanswered;
  const AskedCommand command = asked_command(request);
  Finding* const f = raise_no_response(context, request, ending, command);
  if (f == nullptr) return;
  if (!command.object.empty()) tell_outcome(context, *f, request, command);
  if (tell_answer(context, request.sender, request.frame, "none", {}, "it was never answered")) {
    f->cause = fmt::format(
        "The request breaks the encoding rules (malformed-message): the {} may have dropped it.",
        context.name_of(other(request.sender)));
    f->next_step = "Correct the request before blaming the side that was asked.";
  }
}

}  // namespace mmsa::analysis
