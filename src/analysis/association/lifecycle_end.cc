// How an open association ended (PROTOCOL 1.8): who ended it, by what, and what was going on. A
// client that leaves in its own way with nothing open is normal life; a server that leaves while
// reports are enabled takes them away from its client.
#include <fmt/format.h>

#include "analysis/advice.h"
#include "analysis/association/lifecycle.h"
#include "analysis/wording.h"
#include "osi/texts.h"

namespace mmsa::analysis {
namespace {

// Requests and report control blocks that an ending cut off.
std::string cut_off_text(const Context& context, const Ending& ending,
                         const EnabledBlocks& blocks) {
  std::string text;
  for (const Side side : {context.association.client, context.association.server()}) {
    const std::uint32_t open = ending.open[index(side)];
    if (open == 0) continue;
    text += fmt::format("{} with {} request{} of the {} open", text.empty() ? "," : " and", open,
                        plural(open), context.name_of(side));
  }
  if (!blocks.names().empty()) {
    text += fmt::format("{} while {} {} enabled", text.empty() ? "," : " and", blocks.text(),
                        blocks.names().size() == 1 ? "was" : "were");
  } else if (blocks.reporting()) {
    text += fmt::format("{} while the server was sending reports", text.empty() ? "," : " and");
  }
  return text;
}

// The server's way out, by what is known of it.
constexpr Advice kServerStopped{
    "The server's application was stopped or restarted, or it ends connections that are idle.",
    "Read the server's event log at that time for a restart or an idle limit."};
constexpr Advice kServerStoppedReporting{
    "The server's application was stopped or restarted, or it ends connections that are idle. The "
    "enabled reports end with the association.",
    "Read the server's event log at that time for a restart or an idle limit; check that the "
    "client connected again and enabled its reports."};
constexpr Advice kClientsWay{"This is how this client disconnects; no request was waiting.",
                             "Nothing, if the client was meant to disconnect at that time."};
constexpr Advice kClientGaveUp{
    "The client gave up waiting, or was stopped in the middle of its work.",
    "Look at the request that was open: was the server slow or silent, or did the client leave "
    "within its usual answering time?"};

// TCP that goes on for so long after the last MMS message is more than its acknowledgement.
constexpr TimeNs kAliveAfter = kNsPerSecond;

// Whether the other side sent segments while MMS was silent.
bool kept_alive(const Ending& end) {
  return end.last_data.number != 0 && elapsed(end.last_data, end.heard) > kAliveAfter;
}

// A message of the other side that breaks the encoding rules and is the last thing before the end.
FrameRef malformed_before(const Context& context, const Ending& end) {
  if (context.damage == nullptr) return {};
  const FrameRef malformed = context.damage->last(other(end.by));
  const bool last = malformed.number >= end.last_data.number && malformed.number < end.frame.number;
  return last ? malformed : FrameRef();
}

}  // namespace

// What all endings have in common: frame, side, and what was cut off.
Finding* LifecycleTracker::raise_ended(Context& context, std::string_view rule,
                                       std::string_view how, std::string_view how_key,
                                       std::string_view diagnostic) {
  const Ending& end = ending_;
  const Association& a = context.association;
  const std::uint32_t open = end.open[0] + end.open[1];
  const std::vector<std::string>& blocks = blocks_.names();
  Finding* f =
      context.findings.raise(rule, a, end.frame)
          .party(context.party_of(end.by))
          .with("side", context.name_of(end.by))
          .with_if(!how_key.empty(), "how", how_key)
          .with_if(!diagnostic.empty(), "diagnostic", diagnostic)
          .with_if(end.last_data.number != 0, "idle_s", seconds_between(end.last_data, end.frame))
          .with("outstanding", open)
          .with_if(!blocks.empty(), "enabled_blocks", blocks.size())
          .with_if(!blocks.empty(), "block", blocks.empty() ? "" : blocks.front())
          .also(end.last_data)
          .put();
  if (f == nullptr) return nullptr;
  const FrameRef malformed = malformed_before(context, end);
  f->message = fmt::format(
      "The {} {}{}{}{}.", context.name_of(end.by), how, idle_text(end.last_data, end.frame),
      cut_off_text(context, end, blocks_),
      malformed.number == 0
          ? ""
          : fmt::format(", right behind the malformed message in frame {}", malformed.number));
  if (malformed.number != 0) {
    FindingCollector::add_frame(*f, malformed.number);
    tell_answer(context, other(end.by), malformed, "ended", end.frame,
                fmt::format("the {} ended the association right behind it, in frame {}",
                            context.name_of(end.by), end.frame.number));
  }
  if (end.by == a.client) {
    f->severity = open == 0 ? Severity::note : Severity::warning;
    use_advice(*f, open == 0 ? kClientsWay : kClientGaveUp);
  } else {
    use_advice(*f, blocks_.any() ? kServerStoppedReporting : kServerStopped);
  }
  return f;
}

void LifecycleTracker::close_open(Context& context, const ConnectionClose& close) {
  using How = Ending::How;
  AssociationResult& report = context.report;
  if (blocks_.full()) {
    Finding* f = context.findings.raise("limit-reached", context.association, last_data_)
                     .with("limit", "enabled blocks")
                     .put();
    if (f != nullptr) f->message = "More report control blocks were enabled than are remembered.";
  }
  if (ending_.how != How::none) {
    report.closed = ending_.frame;
    report.closed_by = context.name_of(ending_.by);
  }
  if (conclude_request_.number != 0 && conclude_response_.number == 0 &&
      conclude_error_.number == 0 && ending_.how != How::release) {
    report.closed_how = "conclude not confirmed";
    report.closed_by = context.name_of(conclude_by_);
    raise_conclude_unanswered(context, ending_.how == How::none ? close.frame : ending_.frame);
    return;
  }
  switch (ending_.how) {
    case How::none:
      report.closed_how = close_name(close.kind);
      break;
    case How::conclude:
      report.closed_how = "conclude";
      break;
    case How::release:
      report.closed_how = "release";
      break;
    case How::abort:
      report.closed_how = "abort";
      blame_malformed(context, raise_aborted(context));
      break;
    case How::rst:
      report.closed_how = "rst";
      blame_malformed(context, raise_reset(context));
      break;
    case How::disconnect:
      report.closed_how = "cotp dr";
      blame_malformed(context, raise_closed(context));
      break;
    case How::fin:
      report.closed_how = "fin";
      blame_malformed(context, raise_closed(context));
      break;
  }
}

// One side ended the association right behind a message of the other that it could hardly read.
void LifecycleTracker::blame_malformed(const Context& context, Finding* finding) const {
  const FrameRef malformed = malformed_before(context, ending_);
  if (finding == nullptr || malformed.number == 0) return;
  finding->cause = fmt::format(
      "Probably the message in frame {}, which breaks the encoding rules: the {} could not read "
      "it.",
      malformed.number, context.name_of(ending_.by));
  finding->next_step = "See the finding malformed-message.";
}

Finding* LifecycleTracker::raise_closed(Context& context) {
  const bool disconnect = ending_.how == Ending::How::disconnect;
  Finding* f =
      raise_ended(context, "closed-without-conclude",
                  disconnect ? "ended the association with a COTP disconnect request (DR), "
                               "without Conclude or Release"
                             : "closed the TCP connection without Conclude or Release",
                  disconnect ? "dr" : "fin");
  if (f == nullptr) return nullptr;
  if (ending_.by == context.association.client) return f;
  if (blocks_.any() || ending_.open[index(context.association.client)] != 0) {
    f->severity = Severity::warning;
  }
  return f;
}

// Who speaks: the application (ABRT of the service user), or its protocol stack.
Finding* LifecycleTracker::raise_aborted(Context& context) {
  const AcseFacts& acse = *context.association.acse;
  const PresentationFacts& presentation = *context.association.presentation;
  const bool by_acse = abort_layer_ == AbortLayer::acse && acse.abort_source.value_or(0) == 1;
  const bool by_presentation = abort_layer_ == AbortLayer::presentation_provider;
  const bool by_session = abort_layer_ == AbortLayer::session;
  // What a provider gives as its reason.
  std::string reason;
  std::string diagnostic;
  if (by_presentation && presentation.abort_reason) {
    reason = osi::presentation_abort_reason_text(*presentation.abort_reason);
    if (presentation.abort_event) {
      reason += fmt::format(", at {}", osi::presentation_event_text(*presentation.abort_event));
    }
    diagnostic = reason;
  } else if (acse.abort_diagnostic) {
    diagnostic = osi::abort_diagnostic_text(*acse.abort_diagnostic);
  }
  Finding* f = raise_ended(
      context, "association-aborted",
      by_session        ? "aborted the association at the session layer (AB), without a word of "
                          "the layers above"
      : by_presentation ? "aborted the association, by its presentation layer (ARP)"
      : by_acse         ? "aborted the association, by the protocol stack (service provider)"
                        : "aborted the association, by the application (service user)",
      {}, diagnostic);
  if (f == nullptr) return nullptr;
  if (!reason.empty()) f->message += fmt::format(" Its reason: {}.", reason);
  if (by_session) {
    if (ending_.by == context.association.client) return f;
    f->cause = "The server's session layer met an error, or its program was stopped.";
    f->next_step = "Look at the message right before it, and read the server's event log.";
    return f;
  }
  if (!by_acse && !by_presentation) return f;
  f->severity = Severity::error;
  f->cause =
      "The communication software of this side met a message that it does not accept, or an "
      "internal error.";
  f->next_step =
      "Look at the message right before it in this connection; send both frames to the vendor of "
      "the side that aborted.";
  return f;
}

Finding* LifecycleTracker::raise_reset(Context& context) {
  const Ending& end = ending_;
  Finding* f = raise_ended(context, "connection-reset", "reset the open TCP connection");
  if (f == nullptr) return nullptr;
  if (end.by == context.association.client) {
    if (f->severity == Severity::note) {
      f->cause =
          "The client's program ended or was stopped without closing; no request was waiting.";
      f->next_step = "Nothing, if the client was meant to stop at that time.";
    }
    return f;
  }
  const bool idle = elapsed(end.last_data, end.frame) > context.settings.idle;
  // A limit for silence may be the server's, or a firewall's that resets in its name.
  if (idle) f->party = Party::unknown;
  if (!idle) {
    f->cause = "The server's program or the device crashed or was restarted.";
    f->next_step =
        "Read the server's event log for a restart at that time, and look at the last message "
        "before it.";
  } else if (kept_alive(end) && elapsed(end.heard, end.frame) <= context.settings.idle) {
    f->cause =
        "TCP was alive to the end (keep-alives were sent), so nothing on the way had dropped the "
        "connection: the server's program ended, or it has a limit of its own for silence in MMS.";
    f->next_step =
        "Read the server's event log for a restart at that time; look for an inactivity timeout "
        "in its settings.";
  } else if (kept_alive(end)) {
    f->cause = fmt::format(
        "TCP keep-alives of the client came up to frame {}, {} before: then it fell silent, or "
        "the way to the server was interrupted, and the connection timed out.",
        end.heard.number, duration_text(elapsed(end.heard, end.frame)));
    f->next_step =
        "Look for what ended the keep-alives (client, link, firewall) at that time; make them more "
        "frequent than the idle limits of firewall and server.";
  } else {
    f->cause = "An idle timeout in the device or in a firewall on the way.";
    f->next_step =
        "Let the client poll or send TCP keep-alives more often than the idle time above.";
  }
  return f;
}

// Conclude has no invoke id: what came instead of its answer tells (ISO 9506-2 clause 8.3).
void LifecycleTracker::raise_conclude_unanswered(Context& context, FrameRef end) {
  using How = Ending::How;
  const Side asker = conclude_by_;
  if (context.one_direction || context.loss[index(other(asker))].gaps != 0) return;
  const TimeNs waited = elapsed(conclude_request_, end);
  if (ending_.how == How::none && context.trace_end.clock != 0 &&
      elapsed(conclude_request_, context.trace_end) <= context.settings.no_response) {
    return;
  }
  const std::string_view who = context.name_of(asker);
  Finding* f = context.findings.raise("conclude-unanswered", context.association, conclude_request_)
                   .with("side", who)
                   .with("waited_s", seconds_between(conclude_request_, end))
                   .also(ending_.how != How::none ? end : FrameRef())
                   .put();
  if (f == nullptr) return;
  const std::string_view peer = context.name_of(other(asker));
  std::string_view how = "ended the association";
  switch (ending_.how) {
    case How::disconnect:
      how = "sent a COTP disconnect request (DR)";
      break;
    case How::fin:
      how = "closed the TCP connection";
      break;
    case How::rst:
      how = "reset the TCP connection";
      break;
    case How::abort:
      how = "aborted the association";
      break;
    default:
      break;
  }
  if (ending_.how == How::none) {
    f->severity = Severity::warning;
    f->message = fmt::format("The {}'s Conclude was never answered.", who);
    f->cause = fmt::format("The {} hangs, or does not implement Conclude.", peer);
    f->next_step = fmt::format("Look whether the {} answered anything else at that time.", peer);
  } else if (ending_.by == asker && waited > context.settings.slow) {
    f->severity = Severity::warning;
    f->message = fmt::format("The {}'s Conclude was not answered for {}; then the {} {}.", who,
                             duration_text(waited), who, how);
    f->cause = fmt::format("The {} hangs, or does not implement Conclude.", peer);
    f->next_step = fmt::format("Look whether the {} answered anything else at that time.", peer);
  } else if (ending_.by == asker) {
    f->message = fmt::format("The {} sent Conclude and {} {} later, before it was answered.", who,
                             how, duration_text(waited));
    f->cause =
        fmt::format("This is how this {} disconnects: it does not wait for the answer.", who);
    f->next_step = fmt::format("Nothing, if the {} was meant to disconnect.", who);
  } else {
    f->message =
        fmt::format("The {}'s Conclude was not answered: the {} {} instead.", who, peer, how);
    f->cause =
        fmt::format("The {} ends associations at the layer below and skips the answer.", peer);
    f->next_step = "Nothing: the association was meant to end. Some clients log an error for it.";
  }
}

}  // namespace mmsa::analysis
