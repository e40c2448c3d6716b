#include "analysis/analyzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "analysis/capture/no_mms.h"
#include "analysis/causes.h"
#include "analysis/findings.h"
#include "analysis/incidents.h"
#include "analysis/names.h"
#include "analysis/server_identity.h"
#include "analysis/story.h"
#include "analysis/wording.h"
#include "iec61850/acsi.h"
#include "iec61850/iccp.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

// Only packets of one side of the connection were captured, though there was data.
bool is_one_direction(const Connection& connection) {
  const auto& facts = connection.facts;
  return (facts[0].segments == 0 && facts[1].octets != 0) ||
         (facts[1].segments == 0 && facts[0].octets != 0);
}

std::string_view carries_name(Association::Carries carries) {
  using Carries = Association::Carries;
  switch (carries) {
    case Carries::nothing:
      return "nothing";
    case Carries::iso_on_tcp:
      return "iso-on-tcp";
    case Carries::mms:
      return "mms";
    case Carries::tls:
      return "tls";
    case Carries::s7comm:
      return "s7comm";
    case Carries::other:
      return "other";
  }
  return "other";
}

std::string_view role_name(RoleSource source) {
  switch (source) {
    case RoleSource::syn:
      return "syn";
    case RoleSource::requests:
      return "requests";
    case RoleSource::port:
      return "port";
  }
  return "port";
}

std::string_view context_source_name(ContextSource source) {
  switch (source) {
    case ContextSource::none:
      return "none";
    case ContextSource::negotiated:
      return "negotiated";
    case ContextSource::inferred:
      return "inferred";
    case ContextSource::assumed:
      return "assumed";
    case ContextSource::user:
      return "user";
  }
  return "none";
}

void copy_facts(const Association& association, AssociationResult& report) {
  const Connection& connection = *association.connection;
  report.stream = connection.stream;
  report.client = text::endpoint(connection.endpoint[index(association.client)]);
  report.server = text::endpoint(connection.endpoint[index(association.server())]);
  report.role_source = role_name(association.role_source);
  report.carries = carries_name(association.carries);
  report.cotp = association.cotp;
  report.session = association.session;
  report.presentation = association.presentation;
  report.acse = association.acse;
  report.mms = association.mms;
  report.mms_context = association.mms_context;
  report.context_source = context_source_name(association.context_source);
  for (const Side side : {Side::a, Side::b}) {
    const DirectionFacts& facts = connection.facts[index(side)];
    const std::size_t direction = side == association.client ? 0 : 1;
    report.octets[direction] = {.captured = facts.captured_octets,
                                .delivered = facts.octets,
                                .repeated = facts.repeated_octets,
                                .foreign = facts.foreign_octets,
                                .capped = facts.capped_octets,
                                .framing = association.octets[index(side)]};
    report.lost_octets[direction] = facts.lost_octets;
    report.retransmissions[direction] = facts.retransmissions;
    report.duplicates[direction] = facts.duplicates;
  }
}

// Whether the names in a message can only be those of IEC 61850. Answers say no more than their
// requests; directories and files are asked for by other users of MMS as well.
bool shows_iec61850(const iec61850::Exchange& exchange) {
  using iec61850::Acsi;
  const PduKind kind = exchange.message().pdu.kind;
  if (kind != PduKind::confirmed_request && kind != PduKind::unconfirmed) return false;
  switch (exchange.acsi()) {
    case Acsi::none:
    case Acsi::GetServerDirectory:
    case Acsi::GetLogicalDeviceDirectory:
    case Acsi::GetLogicalNodeDirectory:
    case Acsi::GetFile:
    case Acsi::SetFile:
    case Acsi::DeleteFile:
    case Acsi::GetFileAttributeValues:
      return false;
    default:
      return true;
  }
}

// ICCP links begin with its own names, and its reports have them in front: what comes later, or
// behind, in an association that looks like IEC 61850 is not looked at.
constexpr std::uint32_t kMessagesJudged = 500;
constexpr std::uint32_t kObjectsJudged = 4;

// Whether a request or report bears a name that only ICCP has.
bool shows_iccp(const iec61850::Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  if (message.pdu.kind != PduKind::confirmed_request && message.pdu.kind != PduKind::unconfirmed) {
    return false;
  }
  const std::uint32_t looked_at = std::min(message.tree.objects.size(), kObjectsJudged);
  for (std::uint32_t i = 0; i < looked_at; ++i) {
    const std::uint32_t index = message.tree.objects[i];
    if (iec61850::is_iccp_name(object_name(message.tree.at(index)).item)) return true;
  }
  return false;
}

// The blocks of a file may well be equal; reads, writes and reports have no pages.
bool has_pages(std::uint16_t service) {
  return service != Service::kRead && service != Service::kWrite &&
         service != Service::kInformationReport && service != Service::kFileRead;
}

// The trackers that look at a service; those of all services are told before.
void tell_by_service(Story& story, Context& context, const MmsMessage& message) {
  switch (message.service()) {
    case Service::kRead:
    case Service::kWrite: {
      const iec61850::FcSet about = context.asked.constraints;
      story.access.on_message(context, message);
      story.setting_groups.on_message(context, message);
      story.time_quality.on_message(context, message);
      story.controls.on_message(context, message);
      if (about.has(iec61850::Fc::BR) || about.has(iec61850::Fc::RP)) {
        story.reports->on_message(context, message);
      }
      break;
    }
    case Service::kInformationReport:
      story.service_tracking.on_message(context, message);
      story.time_quality.on_message(context, message);
      story.controls.on_message(context, message);
      story.reports->on_message(context, message);
      break;
    case Service::kDefineNamedVariableList:
    case Service::kGetNamedVariableListAttributes:
      story.data_sets.on_message(context, message);
      break;
    case Service::kDeleteNamedVariableList:
      story.access.on_message(context, message);
      story.data_sets.on_message(context, message);
      break;
    case Service::kReadJournal:
      story.logs.on_message(context, message);
      break;
    case Service::kObtainFile:
    case Service::kFileOpen:
    case Service::kFileRead:
    case Service::kFileClose:
    case Service::kFileRename:
    case Service::kFileDelete:
    case Service::kFileDirectory:
      story.files->on_message(context, message);
      break;
    default:
      break;
  }
  if (has_pages(message.service())) story.paging.on_message(context, message);
}

}  // namespace

struct Analyzer::Impl {
  Impl(const Settings& settings_, iec61850::ServerModels& models_)
      : settings(settings_), findings(settings_), models(models_) {}

  // Each kind of event.
  void on(const Association& association, const iec61850::Exchange& exchange);
  void on(const Association& association, const StepEvent& event);
  void on(const Association& association, const MalformedUnit& unit);
  void on(const Association& association, const GapEvent& event);
  void on(const Association& association, const FinEvent& event);
  void on(const Association& association, const RstEvent& event);
  static void disconnected(const Association& association, const Story& story, FrameRef frame);
  void on(const Association& association, const WindowStall& stall);
  void on(const Association& association, const UnansweredRequest& request);
  void on(const Association& association, const ConnectionClose& close);
  void note_standard(Story& story, const iec61850::Exchange& exchange);

  Story& story(const Association& association) {
    if (association.slot >= stories.size()) stories.resize(association.slot + 1);
    std::unique_ptr<Story>& story = stories[association.slot];
    if (story == nullptr) {
      story = std::make_unique<Story>();
      story->model = &models.of(association);
      story->report_controls = &report_controls.of(association);
      story->load = &loads[association.connection->endpoint[index(association.server())]];
      story->clock = &clocks[story->model];
    }
    return *story;
  }

  Context context(const Association& association, Story& story) {
    return {settings,
            findings,
            association,
            story.report,
            *story.model,
            story.loss,
            is_one_direction(*association.connection),
            {},
            trace_end,
            nullptr,
            story.report_controls,
            story.load,
            story.clock,
            &story.damage};
  }

  void raise_capture_findings(const TraceFacts& facts);
  void raise_clock_jumps(const ClockJumps& jumps);
  void doubt_delays(const ClockJumps& jumps, std::size_t last);
  void count_twice(const Connection& connection);
  void raise_twice();

  const Settings& settings;
  FindingCollector findings;
  std::vector<std::unique_ptr<Story>> stories;  // by Association::slot
  iec61850::ServerModels& models;
  iec61850::ServerReportControls report_controls;
  std::map<Endpoint, ServerLoad> loads;  // by server
  std::unordered_map<const iec61850::ServerModel*, ServerClock> clocks;
  std::deque<AssociationResult> reports;  // a vector would double as it grows
  std::uint64_t messages = 0;
  FrameRef trace_end;  // only its clock
  // Of connections that were recorded twice, or more often.
  struct {
    std::uint64_t connections = 0;
    std::uint64_t segments = 0;  // that came again
    std::uint64_t octets = 0;    // without those that came again
    std::uint64_t repeated = 0;
    FrameRef first;
  } twice;
};

Analyzer::Analyzer(const Settings& settings, iec61850::ServerModels& models)
    : impl_(std::make_unique<Impl>(settings, models)) {}
Analyzer::~Analyzer() = default;

void Analyzer::on(const Association& association, const iec61850::Event& event) {
  std::visit([&](const auto& kind) { impl_->on(association, kind); }, event);
}

void Analyzer::Impl::on(const Association& association, const StepEvent& event) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  story.lifecycle.on_step(context, event.step, event.sender, event.frame);
}

void Analyzer::Impl::on(const Association& association, const iec61850::Exchange& exchange) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  context.exchange = &exchange;
  context.asked = exchange.note();
  const MmsMessage& message = exchange.message();
  ++messages;
  note_standard(story, exchange);
  story.lifecycle.on_message(context, message);
  story.capture_quality.on_message(context, message);
  story.requests.on_message(context, message);
  story.controls.see(context, message);
  story.reports->note_exchange(message);
  tell_by_service(story, context, message);
}

// A point of ICCP may be called like a logical node: its own names decide, whenever they come.
void Analyzer::Impl::note_standard(Story& story, const iec61850::Exchange& exchange) {
  AssociationResult& report = story.report;
  if (story.is_iccp || (report.is_iec61850 && story.messages_judged >= kMessagesJudged)) return;
  ++story.messages_judged;
  if (shows_iccp(exchange)) {
    story.is_iccp = true;
    story.access.note_iccp();
    story.requests.note_iccp();
    report.is_iec61850 = false;
  } else if (!report.is_iec61850) {
    report.is_iec61850 = shows_iec61850(exchange);
  }
}

void Analyzer::Impl::on(const Association& association, const MalformedUnit& unit) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  ++story.loss[index(unit.sender)].damages;
  story.capture_quality.on_malformed(context, unit);
  story.requests.on_malformed(unit);
}

void Analyzer::Impl::on(const Association& association, const GapEvent& event) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  LossMemory& loss = story.loss[index(event.sender)];
  ++loss.gaps;
  loss.last = event.gap.after;
  story.capture_quality.on_gap(context, event.gap);
}

// What the client held of the server: other clients may ask for it from now on.
void Analyzer::Impl::disconnected(const Association& association, const Story& story,
                                  FrameRef frame) {
  const std::uint32_t stream = association.connection->stream;
  story.report_controls->disconnected(stream, frame);
  story.model->controls().disconnected(stream, frame);
  story.model->setting_groups().disconnected(stream, frame);
}

void Analyzer::Impl::on(const Association& association, const FinEvent& event) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  story.lifecycle.on_fin(context, event.sender, event.frame);
  disconnected(association, story, event.frame);
}

void Analyzer::Impl::on(const Association& association, const RstEvent& event) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  story.lifecycle.on_rst(context, event.sender, event.frame);
  disconnected(association, story, event.frame);
}

void Analyzer::Impl::on(const Association& association, const WindowStall& stall) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  story.capture_quality.on_window_stall(context, stall);
  story.reports->on_window_stall(stall);
}

void Analyzer::Impl::on(const Association& association, const UnansweredRequest& event) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  story.lifecycle.on_unanswered(event.request, event.why);
  story.requests.on_unanswered(context, event.request, event.why, story.lifecycle.ending());
}

void Analyzer::Impl::on(const Association& association, const ConnectionClose& close) {
  Story& story = this->story(association);
  Context context = this->context(association, story);
  copy_facts(association, story.report);
  if (association.carries == Association::Carries::mms) count_twice(*association.connection);
  story.lifecycle.on_close(context, close);
  story.capture_quality.on_close(context);
  story.requests.on_close(context);
  if (story.files.made()) story.files->on_close(context, close);
  story.time_quality.on_close(context);
  story.controls.on_close(context, story.report.closed);
  const FrameRef closed = story.report.closed;
  story.reports->on_close(context, story.report.opened, closed);
  disconnected(association, story, closed);
  reports.push_back(std::move(story.report));
  stories[association.slot].reset();
}

void Analyzer::on_trace_end(TimeNs last) { impl_->trace_end.clock = last; }

// What was recorded twice is so in a whole direction; less is repetition by TCP that was very
// quick.
void Analyzer::Impl::count_twice(const Connection& connection) {
  constexpr std::uint64_t kLeastSegments = 3;
  const auto& facts = connection.facts;
  const std::uint64_t segments = facts[0].duplicates + facts[1].duplicates;
  const std::uint64_t octets = facts[0].octets + facts[1].octets;
  const std::uint64_t repeated = facts[0].repeated_octets + facts[1].repeated_octets;
  const std::uint64_t by_tcp = facts[0].retransmissions + facts[1].retransmissions;
  const bool whole =
      std::any_of(std::begin(facts), std::end(facts), [](const DirectionFacts& direction) {
        return direction.octets > 0 && direction.repeated_octets * 10 >= direction.octets * 9;
      });
  if (segments < kLeastSegments || segments <= by_tcp || !whole) return;
  if (twice.connections++ == 0) twice.first = connection.first;
  twice.segments += segments;
  twice.octets += octets;
  twice.repeated += repeated;
}

void Analyzer::Impl::raise_twice() {
  if (twice.connections == 0) return;
  const double copies = 1 + static_cast<double>(twice.repeated) /
                                static_cast<double>(std::max<std::uint64_t>(twice.octets, 1));
  Finding* f = findings.raise("frames-recorded-twice", twice.first)
                   .with("segments", twice.segments)
                   .with("connections", twice.connections)
                   .with("copies", std::round(copies * 10) / 10)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format(
      "{} TCP segments of {} connection{} were recorded again: on average each octet is {:.1f} "
      "times in the capture.",
      twice.segments, twice.connections, plural(twice.connections), copies);
}

void Analyzer::Impl::raise_clock_jumps(const ClockJumps& jumps) {
  if (jumps.first.number == 0) return;
  const auto seconds = [](TimeNs time) { return static_cast<double>(time / kNsPerMs) / 1e3; };
  const bool back = jumps.first_size < 0;
  Finding* f = findings.raise("capture-clock-jumped", jumps.first)
                   .with("first_s", seconds(jumps.first_size))
                   .with("largest_s", seconds(jumps.largest))
                   .with("back", jumps.back)
                   .with("ahead", jumps.ahead)
                   .put();
  if (f == nullptr) return;
  f->message =
      fmt::format("The time of the capture jumps {} by {} in frame {}", back ? "back" : "ahead",
                  duration_text(back ? -jumps.first_size : jumps.first_size), jumps.first.number);
  if (jumps.back + jumps.ahead > 1) {
    f->message += fmt::format("; in all {} time{} back and {} ahead, by up to {}", jumps.back,
                              plural(jumps.back), jumps.ahead, duration_text(jumps.largest));
  }
  f->message += '.';
  doubt_delays(jumps, findings.id_of(*f));
}

// An answer that was as late as the clock jumped was not late. Of the findings up to `last`.
void Analyzer::Impl::doubt_delays(const ClockJumps& jumps, std::size_t last) {
  constexpr double kSpread = 2;  // what passed besides, in seconds
  if (jumps.ahead == 0) return;
  const double jump_s = static_cast<double>(jumps.largest) / 1e9;
  for (std::size_t id = 0; id < last; ++id) {
    Finding& finding = findings.at(id);
    const EvidenceValue* longest = finding.evidence.find("longest_s");
    if (finding.rule != "slow-response" || longest == nullptr || finding.count > 1) continue;
    if (std::abs(std::get<double>(*longest) - jump_s) > kSpread) continue;
    finding.severity = Severity::note;
    finding.party = Party::capture;
    finding.cause = "The time of the capture jumped by as much: the answer probably came in time.";
    finding.next_step = "See the finding capture-clock-jumped.";
  }
}

void Analyzer::Impl::raise_capture_findings(const TraceFacts& facts) {
  raise_clock_jumps(facts.capture.clock_jumps);
  raise_twice();
  for (const CaptureFileResult& file : facts.capture.files) {
    if (!file.cut_short && file.damage.empty()) continue;
    Finding* f = findings.raise("capture-cut-short", file.last)
                     .of_file(file.path)
                     .with("file", file.path)
                     .with("packets", file.packets)
                     .put();
    if (f == nullptr) continue;
    f->message = file.damage.empty()
                     ? fmt::format("{} ends inside a packet; analysed up to there.", file.path)
                     : fmt::format("{} can not be read to its end: {}.", file.path, file.damage);
  }
  const auto limit = [&](std::string_view what, std::uint64_t count, std::string_view sentence) {
    if (count == 0) return;
    Finding* f = findings.raise("limit-reached", {0, facts.capture.last, 0})
                     .with("limit", what)
                     .with("count", count)
                     .put();
    if (f != nullptr) f->message = fmt::format("{} {}.", count, sentence);
  };
  limit("connections", facts.evicted_connections,
        "connections were dropped, because too many were open at a time");
  limit("findings", findings.left_out(),
        "findings were left out, because one rule had too many in one association");
  limit("names of a server", models.full(),
        "servers told more names, data sets or types than are remembered of one");
}

Result Analyzer::finish(const TraceFacts& facts, filter::Selection selection) {
  Result report;
  report.capture = facts.capture;
  report.undecoded = facts.undecoded;
  report.connections = facts.connections;
  report.messages = impl_->messages;
  impl_->raise_capture_findings(facts);
  if (report.messages == 0) {
    raise_no_mms(impl_->findings, facts, impl_->reports);
  }
  report.associations = std::move(impl_->reports);
  std::sort(
      report.associations.begin(), report.associations.end(),
      [](const AssociationResult& a, const AssociationResult& b) { return a.stream < b.stream; });
  const ServerIdentities servers(impl_->models, impl_->settings.names);
  report.findings = impl_->findings.take_sorted(
      [&](std::string_view server, std::string_view object) { return servers.of(server, object); });
  explain_no_mms(report.findings);
  report.names = names_of(impl_->models, impl_->settings.names);
  find_incidents(report);
  selection.begin(facts.capture.first);
  filter::select(report, selection);
  conclude(report, impl_->models);
  return report;
}

}  // namespace mmsa::analysis
