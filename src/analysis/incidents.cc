#include "analysis/incidents.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/findings.h"
#include "analysis/names.h"
#include "analysis/rules.h"
#include "analysis/wording.h"
#include "mmsanalyze/limits.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

// Associations that end within so short a time ended for one reason.
constexpr TimeNs kTogether = 5 * kNsPerSecond;
// A connection that has been back for less may not have come to enabling its blocks.
constexpr TimeNs kTimeToEnable = 5 * kNsPerSecond;
// What a capture shows for less behind a loss does not say that nobody came back.
constexpr TimeNs kTimeToReturn = 10 * kNsPerSecond;

using Kind = IncidentStep::Kind;

// How an association stands to the life of its client and server.
enum class Part : std::uint8_t { none, admitted, not_admitted };

Part part_of(const AssociationResult& a) {
  const std::string& how = a.opened_how;
  if (how == "initiate" || how == "before the capture" || how == "initiate not captured") {
    return Part::admitted;
  }
  const bool failed =
      how.starts_with("refused") || how.starts_with("unanswered") || how == "answered too late";
  return failed ? Part::not_admitted : Part::none;
}

double seconds(TimeNs time) {
  return static_cast<double>(time) / static_cast<double>(kNsPerSecond);
}

// The names of a few, and how many there are more.
std::string listed(const AddressNames& names, const std::vector<std::string>& addresses) {
  constexpr std::size_t kMost = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, addresses.size()); ++i) {
    out += (i > 0 ? ", " : "") + with_name(names, addresses[i]);
  }
  if (addresses.size() > kMost) out += fmt::format(" and {} more", addresses.size() - kMost);
  return out;
}

// Findings that are about an association, by its stream.
class FindingsOfStreams {
 public:
  explicit FindingsOfStreams(const std::vector<Finding>& findings) : findings_(findings) {
    for (std::size_t i = 0; i < findings.size(); ++i) {
      if (findings[i].has_stream) by_stream_.emplace(findings[i].stream, i);
    }
  }

  // The first of the rule, worse than a note where `serious`; null where there is none.
  const Finding* find(std::uint32_t stream, std::string_view rule, bool serious,
                      std::size_t& number) const {
    const auto [begin, end] = by_stream_.equal_range(stream);
    for (auto at = begin; at != end; ++at) {
      const Finding& finding = findings_[at->second];
      if (finding.rule != rule || (serious && finding.severity == Severity::note)) continue;
      number = at->second;
      return &finding;
    }
    return nullptr;
  }

 private:
  const std::vector<Finding>& findings_;
  std::multimap<std::uint32_t, std::size_t> by_stream_;
};

// What followed a loss, or the first refused attempt, between one client host and one server.
struct Chain {
  std::string client;  // host
  std::string server;
  std::vector<const AssociationResult*> lost;
  const AssociationResult* back = nullptr;
  FrameRef begin;  // of the loss, or of the first attempt
  std::uint64_t refused = 0;
  bool port_closed = false;  // an attempt was answered by a TCP RST
  std::string how;           // it was lost
  std::vector<IncidentStep> steps;
  std::vector<std::size_t> findings;
  std::optional<TimeNs> enabled_after;  // all blocks that were enabled before
  std::size_t blocks_before = 0;
  std::vector<std::string> not_enabled;
};

// A block of an association that was enabled when it ended, or is enabled in another one.
std::string block_key(const RcbResult& block) {
  return block.reference.empty() ? block.rpt_id : block.reference;
}

FrameRef first_enable(const RcbResult& block) {
  for (const RcbStep& step : block.story) {
    if (step.ok && step.what == "enable") return step.frame;
  }
  return {};
}

bool enabled_at_end(const RcbResult& block) {
  bool enabled = false;
  for (const RcbStep& step : block.story) {
    if (!step.ok) continue;
    if (step.what == "enable") enabled = true;
    if (step.what == "disable") enabled = false;
  }
  return enabled || (block.reports > 0 && block.story.empty());
}

class Chains {
 public:
  Chains(const Result& report, const FindingsOfStreams& findings)
      : report_(report), findings_(findings) {
    for (const AssociationResult& association : report.associations) {
      trace_end_ = std::max(trace_end_, association.closed.clock);
    }
  }

  std::vector<Chain> take() {
    std::map<std::pair<std::string, std::string>, std::vector<const AssociationResult*>> pairs;
    for (const AssociationResult& association : report_.associations) {
      if (part_of(association) == Part::none) continue;
      pairs[{std::string(host_of(association.client)), association.server}].push_back(&association);
    }
    for (auto& [pair, associations] : pairs) follow(pair.first, pair.second, associations);
    std::stable_sort(chains_.begin(), chains_.end(),
                     [](const Chain& a, const Chain& b) { return a.begin.clock < b.begin.clock; });
    return std::move(chains_);
  }

 private:
  struct Event {
    FrameRef frame;
    enum class What : std::uint8_t { lost, failed, connected } what{};
    const AssociationResult* association = nullptr;
    const Finding* finding = nullptr;  // of the loss
    std::size_t number = 0;            // of the finding
  };

  void follow(const std::string& client, const std::string& server,
              const std::vector<const AssociationResult*>& associations) {
    std::vector<Event> events;
    for (const AssociationResult* a : associations) {
      if (part_of(*a) == Part::not_admitted) {
        events.push_back({a->opened, Event::What::failed, a, nullptr, 0});
        continue;
      }
      events.push_back({a->opened, Event::What::connected, a, nullptr, 0});
      Event lost{a->closed, Event::What::lost, a, nullptr, 0};
      for (const std::string_view rule :
           {"connection-reset", "association-aborted", "closed-without-conclude"}) {
        if (lost.finding == nullptr) {
          lost.finding = findings_.find(a->stream, rule, true, lost.number);
        }
      }
      if (lost.finding == nullptr) continue;
      if (!lost.finding->occurrences.empty()) {
        lost.frame = lost.finding->occurrences.front().frame;
      }
      events.push_back(lost);
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.frame.clock < b.frame.clock; });
    std::optional<Chain> chain;
    for (const Event& event : events) {
      if (event.what == Event::What::connected) {
        if (!chain) continue;
        connected(*chain, event);
        end(chain);
        continue;
      }
      if (!chain) {
        chain.emplace();
        chain->client = client;
        chain->server = server;
        chain->begin = event.frame;
      }
      event.what == Event::What::lost ? lost(*chain, event) : failed(*chain, event);
    }
    end(chain);
  }

  static void add(Chain& chain, Kind kind, FrameRef frame, const AssociationResult& association,
                  std::string what) {
    chain.steps.push_back({kind, frame, true, association.stream, std::move(what)});
  }

  void lost(Chain& chain, const Event& event) {
    const AssociationResult& a = *event.association;
    std::size_t number = 0;
    const Finding* waited = findings_.find(a.stream, "no-response", false, number);
    if (waited != nullptr && !waited->occurrences.empty()) {
      const FrameRef asked = waited->occurrences.back().frame;
      std::string what = fmt::format("a request was not answered{}{}",
                                     waited->object.empty() ? "" : ": ", waited->object);
      if (asked.clock <= event.frame.clock) add(chain, Kind::unanswered, asked, a, what);
      chain.findings.push_back(number);
    }
    chain.lost.push_back(&a);
    chain.findings.push_back(event.number);
    const std::string_view rule = event.finding->rule;
    std::string how = rule == "connection-reset"      ? "reset"
                      : rule == "association-aborted" ? "aborted"
                                                      : "closed";
    if (!a.closed_by.empty()) how += " by the " + a.closed_by;
    if (chain.how.empty()) chain.how = how;
    add(chain, Kind::lost, event.frame, a, std::move(how));
  }

  static void failed(Chain& chain, const Event& event) {
    ++chain.refused;
    chain.port_closed = chain.port_closed || event.association->opened_how == "refused: TCP";
    // "refused: TCP"
    std::string what = event.association->opened_how;
    if (const std::size_t colon = what.find(": "); colon != std::string::npos) {
      what = what.substr(0, colon) + " (" + what.substr(colon + 2) + ")";
    }
    add(chain, Kind::not_admitted, event.frame, *event.association, std::move(what));
  }

  void connected(Chain& chain, const Event& event) {
    const AssociationResult& now = *event.association;
    chain.back = &now;
    add(chain, Kind::connected, event.frame, now, "connected");
    enabled_again(chain, now);
    std::size_t number = 0;
    const Finding* overflow = findings_.find(now.stream, "report-buffer-overflow", false, number);
    if (overflow == nullptr || overflow->occurrences.empty()) return;
    add(chain, Kind::events_lost, overflow->occurrences.front().frame, now,
        overflow->object + ": the buffer had run over (BufOvfl)");
    chain.findings.push_back(number);
  }

  // What had been enabled, by its name, or else by its data set: another instance may do.
  void enabled_again(Chain& chain, const AssociationResult& now) {
    std::map<std::string, FrameRef> by_name;
    std::map<std::string, FrameRef> by_data_set;
    for (const RcbResult& block : now.report_control_blocks) {
      const FrameRef frame = first_enable(block);
      if (frame.number == 0) continue;
      by_name.emplace(block_key(block), frame);
      if (!block.data_set.empty()) by_data_set.emplace(block.data_set, frame);
    }
    TimeNs last = 0;
    std::set<std::string> seen;
    for (const AssociationResult* before : chain.lost) {
      for (const RcbResult& block : before->report_control_blocks) {
        const std::string key = block_key(block);
        if (!enabled_at_end(block) || key.empty() || !seen.insert(key).second) continue;
        ++chain.blocks_before;
        const auto name = by_name.find(key);
        const auto set = by_data_set.find(block.data_set);
        if (name == by_name.end() && set == by_data_set.end()) {
          chain.not_enabled.push_back(key);
          continue;
        }
        const FrameRef frame = name != by_name.end() ? name->second : set->second;
        add(chain, Kind::enabled, frame, now, key);
        last = std::max(last, elapsed(chain.begin, frame));
      }
    }
    if (chain.blocks_before > 0 && chain.not_enabled.empty()) chain.enabled_after = last;
    // A block whose enabling the capture lost, or had no time to show, is not missed.
    const bool lossy = now.lost_octets[0] + now.lost_octets[1] > 0;
    if (lossy || elapsed(now.opened, now.closed) < kTimeToEnable) chain.not_enabled.clear();
  }

  // A loss that nothing preceded and nothing followed is told by its finding.
  void end(std::optional<Chain>& chain) {
    if (!chain) return;
    const bool stays_away = !chain->lost.empty() && chain->back == nullptr &&
                            trace_end_ - chain->begin.clock > kTimeToReturn;
    const bool more = chain->steps.size() > chain->lost.size();
    const bool refused_only = chain->lost.empty() && chain->back == nullptr;
    if ((more || stays_away) && !refused_only) {
      std::stable_sort(chain->steps.begin(), chain->steps.end(),
                       [](const IncidentStep& a, const IncidentStep& b) {
                         return a.frame.clock < b.frame.clock;
                       });
      chains_.push_back(std::move(*chain));
    } else if (!chain->lost.empty()) {
      // It may still be one of several that were lost together.
      chains_.push_back(std::move(*chain));
      chains_.back().steps.clear();
    }
    chain.reset();
  }

  const Result& report_;
  const FindingsOfStreams& findings_;
  TimeNs trace_end_ = 0;
  std::vector<Chain> chains_;
};

// Whether all of these associations that were open when the first one was lost were lost with it.
bool lost_all(const std::vector<const AssociationResult*>& associations, TimeNs begin,
              const std::vector<const Chain*>& chains) {
  std::set<std::uint32_t> lost;
  for (const Chain* chain : chains) {
    for (const AssociationResult* a : chain->lost) lost.insert(a->stream);
  }
  return std::all_of(associations.begin(), associations.end(), [&](const AssociationResult* a) {
    if (part_of(*a) != Part::admitted || lost.contains(a->stream)) return true;
    return a->opened.clock >= begin || a->closed.clock <= begin + kTogether;
  });
}

class IncidentMaker {
 public:
  explicit IncidentMaker(const Result& report) : report_(report) {
    for (const AssociationResult& a : report.associations) {
      trace_end_ = std::max(trace_end_, a.closed.clock);
    }
  }

  Incident make(Incident::Kind kind, const std::vector<const Chain*>& chains) const {
    Incident incident;
    incident.kind = kind;
    merge(incident, chains);
    times(incident, chains);
    incident.summary = summary(incident, chains);
    return incident;
  }

 private:
  static void merge(Incident& incident, const std::vector<const Chain*>& chains) {
    std::set<std::string> servers;
    std::set<std::string> clients;
    for (const Chain* chain : chains) {
      servers.insert(chain->server);
      clients.insert(chain->client);
      incident.refused += chain->refused;
      for (const IncidentStep& step : chain->steps) incident.steps.push_back(step);
      for (const std::size_t number : chain->findings) incident.findings.push_back(number);
      for (const std::string& block : chain->not_enabled) {
        incident.not_enabled_again.push_back(block);
      }
    }
    incident.servers.assign(servers.begin(), servers.end());
    incident.clients.assign(clients.begin(), clients.end());
    std::stable_sort(
        incident.steps.begin(), incident.steps.end(),
        [](const IncidentStep& a, const IncidentStep& b) { return a.frame.clock < b.frame.clock; });
    std::sort(incident.findings.begin(), incident.findings.end());
    incident.steps_total = incident.steps.size();
    if (incident.steps.empty()) return;
    incident.first = incident.steps.front().frame.time;
    incident.last = incident.steps.back().frame.time;
    if (incident.steps.size() > limits::kMaxIncidentSteps) {
      incident.steps.resize(limits::kMaxIncidentSteps);
    }
  }

  static void times(Incident& incident, const std::vector<const Chain*>& chains) {
    TimeNs connected = 0;
    TimeNs enabled = 0;
    bool blocks = false;
    bool all_enabled = true;
    incident.over = true;
    for (const Chain* chain : chains) {
      if (chain->back == nullptr) {
        incident.over = false;
        continue;
      }
      connected = std::max(connected, elapsed(chain->begin, chain->back->opened));
      if (chain->blocks_before == 0) continue;
      blocks = true;
      all_enabled = all_enabled && chain->enabled_after.has_value();
      enabled = std::max(enabled, chain->enabled_after.value_or(0));
    }
    if (!incident.over) return;
    incident.without_connection_s = seconds(connected);
    if (blocks && all_enabled) incident.without_reports_s = seconds(enabled);
  }

  std::string beginning(const Incident& incident, const std::vector<const Chain*>& chains) const {
    const Chain& first = *chains.front();
    const TimeNs apart = elapsed(first.begin, chains.back()->begin);
    const std::string within = apart > 0 ? " within " + duration_text(apart) : " at once";
    switch (incident.kind) {
      case Incident::Kind::server_restarted:
        return fmt::format("{} lost {}{} ({})", with_name(report_.names, first.server),
                           incident.clients.size() > 1
                               ? "all " + text::counted(incident.clients.size(), "client")
                               : "all connections of " + with_name(report_.names, first.client),
                           within, first.how);
      case Incident::Kind::client_restarted:
        return fmt::format("{} lost all its {}{} ({})", with_name(report_.names, first.client),
                           text::counted(incident.servers.size(), "server"), within, first.how);
      case Incident::Kind::connection_lost:
        return fmt::format("{} lost {} ({}{})", with_name(report_.names, first.client),
                           with_name(report_.names, first.server), first.how,
                           first.steps.front().kind == Kind::unanswered
                               ? " after a request that was not answered"
                               : "");
      case Incident::Kind::refused_at_first:
        break;
    }
    return fmt::format("{} was not admitted by {}", with_name(report_.names, first.client),
                       with_name(report_.names, first.server));
  }

  std::string summary(const Incident& incident, const std::vector<const Chain*>& chains) const {
    std::string text = beginning(incident, chains);
    const bool at_first = incident.kind == Incident::Kind::refused_at_first;
    if (incident.refused > 0) {
      text += at_first ? fmt::format(" at the first {}", text::counted(incident.refused, "attempt"))
                       : fmt::format("; {} failed", text::counted(incident.refused, "attempt"));
      const bool closed = std::any_of(chains.begin(), chains.end(),
                                      [](const Chain* chain) { return chain->port_closed; });
      if (closed) text += ", nothing listened on the port";
    }
    if (incident.without_connection_s) {
      text += fmt::format("; {} after {}", at_first ? "admitted" : "connected again",
                          duration(*incident.without_connection_s));
    } else if (!incident.over) {
      const TimeNs watched = trace_end_ - chains.front()->begin.clock;
      text += fmt::format("; {} not connected again when the capture ended, {} later",
                          chains.size() > 1 ? "some were" : "was", duration_text(watched));
    }
    if (incident.without_reports_s) {
      text += fmt::format("; reports enabled again: without reports for {}",
                          duration(*incident.without_reports_s));
    }
    if (!incident.not_enabled_again.empty()) {
      text += fmt::format("; {} not seen enabled again: {}",
                          text::counted(incident.not_enabled_again.size(), "block"),
                          listed({}, incident.not_enabled_again));
    }
    return text + ".";
  }

  static std::string duration(double seconds) {
    return duration_text(static_cast<TimeNs>(seconds * static_cast<double>(kNsPerSecond)));
  }

  const Result& report_;
  TimeNs trace_end_ = 0;
};

// Chains of one server, or else of one client, that began together.
class Grouping {
 public:
  Grouping(const Result& report, const std::vector<Chain>& chains)
      : maker_(report), chains_(chains), used_(chains.size()) {
    for (const AssociationResult& a : report.associations) {
      of_server_[a.server].push_back(&a);
      of_client_[std::string(host_of(a.client))].push_back(&a);
    }
  }

  std::vector<Incident> take() {
    group(Incident::Kind::server_restarted);
    group(Incident::Kind::client_restarted);
    for (std::size_t i = 0; i < chains_.size(); ++i) {
      if (used_[i] || chains_[i].steps.empty()) continue;
      const auto kind = chains_[i].lost.empty() ? Incident::Kind::refused_at_first
                                                : Incident::Kind::connection_lost;
      incidents_.push_back(maker_.make(kind, {&chains_[i]}));
    }
    std::stable_sort(incidents_.begin(), incidents_.end(),
                     [](const Incident& a, const Incident& b) { return a.first < b.first; });
    return std::move(incidents_);
  }

 private:
  void group(Incident::Kind kind) {
    const bool of_server = kind == Incident::Kind::server_restarted;
    std::map<std::string, std::vector<std::size_t>> by_host;  // in the order of time
    for (std::size_t i = 0; i < chains_.size(); ++i) {
      if (used_[i] || chains_[i].lost.empty()) continue;
      by_host[of_server ? chains_[i].server : chains_[i].client].push_back(i);
    }
    for (const auto& [host, numbers] : by_host) {
      for (std::size_t from = 0; from < numbers.size();) {
        std::size_t to = from + 1;
        const TimeNs begin = chains_[numbers[from]].begin.clock;
        while (to < numbers.size() && chains_[numbers[to]].begin.clock - begin <= kTogether) ++to;
        take_together(kind, host,
                      std::vector(numbers.begin() + static_cast<std::ptrdiff_t>(from),
                                  numbers.begin() + static_cast<std::ptrdiff_t>(to)));
        from = to;
      }
    }
  }

  void take_together(Incident::Kind kind, const std::string& host,
                     const std::vector<std::size_t>& numbers) {
    const bool of_server = kind == Incident::Kind::server_restarted;
    std::vector<const Chain*> chains;
    std::size_t lost = 0;
    for (const std::size_t number : numbers) {
      chains.push_back(&chains_[number]);
      lost += chains_[number].lost.size();
    }
    const bool enough = of_server ? lost > 1 : chains.size() > 1;
    const TimeNs begin = chains.front()->begin.clock;
    if (!enough || !lost_all((of_server ? of_server_ : of_client_)[host], begin, chains)) return;
    std::vector<Chain> with_steps;
    for (const Chain* chain : chains) with_steps.push_back(*chain);
    for (Chain& chain : with_steps) {
      if (!chain.steps.empty()) continue;
      const AssociationResult& a = *chain.lost.front();
      chain.steps.push_back({Kind::lost, chain.begin, true, a.stream, chain.how});
    }
    std::vector<const Chain*> complete;
    for (const Chain& chain : with_steps) complete.push_back(&chain);
    incidents_.push_back(maker_.make(kind, complete));
    for (const std::size_t number : numbers) used_[number] = true;
  }

  using Associations = std::map<std::string, std::vector<const AssociationResult*>>;

  IncidentMaker maker_;
  Associations of_server_;
  Associations of_client_;
  const std::vector<Chain>& chains_;
  std::vector<bool> used_;
  std::vector<Incident> incidents_;
};

// Attempts that failed only while the server was away.
void soften_consequences(Result& report, const std::vector<Incident>& incidents) {
  using Pair = std::pair<std::string_view, std::string_view>;
  std::map<Pair, std::vector<const Incident*>> by_pair;
  for (const Incident& incident : incidents) {
    if (!incident.over || incident.kind == Incident::Kind::refused_at_first) continue;
    for (const std::string& server : incident.servers) {
      for (const std::string& client : incident.clients) {
        by_pair[{client, server}].push_back(&incident);
      }
    }
  }
  for (Finding& finding : report.findings) {
    if (finding.rule != "association-refused" && finding.rule != "association-unanswered") continue;
    const Rule* rule = find_rule(finding.rule);
    const auto known = by_pair.find({host_of(finding.client), finding.server});
    if (known == by_pair.end() || rule == nullptr || finding.severity != rule->severity) continue;
    const auto inside = [&](const Incident* incident) {
      return incident->first <= finding.time && finding.last_time <= incident->last;
    };
    if (std::none_of(known->second.begin(), known->second.end(), inside)) continue;
    finding.severity = Severity::note;
    finding.message += " It was so only until the server was back: see the incident.";
  }
}

// The order of findings once more, and the numbers that incidents know them by.
void sort_again(Result& report, std::vector<Incident>& incidents) {
  std::vector<std::size_t> order(report.findings.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return comes_before(report.findings[a], report.findings[b]);
  });
  std::vector<Finding> sorted;
  std::vector<std::size_t> place(order.size());
  sorted.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(std::move(report.findings[order[i]]));
  }
  report.findings = std::move(sorted);
  for (Incident& incident : incidents) {
    for (std::size_t& number : incident.findings) number = place[number];
    std::sort(incident.findings.begin(), incident.findings.end());
  }
}

}  // namespace

void find_incidents(Result& report) {
  const FindingsOfStreams findings(report.findings);
  const std::vector<Chain> chains = Chains(report, findings).take();
  std::vector<Incident> incidents = Grouping(report, chains).take();
  if (incidents.empty()) return;
  soften_consequences(report, incidents);
  sort_again(report, incidents);
  report.incidents_total = incidents.size();
  if (incidents.size() > limits::kMaxIncidents) incidents.resize(limits::kMaxIncidents);
  report.incidents = std::move(incidents);
}

}  // namespace mmsa::analysis
