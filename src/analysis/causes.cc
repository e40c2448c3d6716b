#include "analysis/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "analysis/names.h"
#include "analysis/rules.h"
#include "analysis/wording.h"
#include "mmsanalyze/limits.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

// A cause while it is made.
struct Draft {
  Cause cause;
  Counts servers;
  Counts clients;
  Counts objects;
};

// Logical devices listed of a server: IEDs have some, and one is enough to know it by.
constexpr std::size_t kMaxDevices = 8;

// What the finding has in common with all others of its cause.
std::string key_of(const Finding& finding, const Evidence& common) {
  std::string key = fmt::format("{} {} {}", static_cast<int>(finding.severity), finding.rule,
                                static_cast<int>(finding.party));
  for (const auto& [name, value] : common) {
    key += fmt::format("\n{}=", name);
    key += std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
  }
  return key;
}

Evidence common_evidence(const Finding& finding, const Rule* rule) {
  Evidence common;
  if (rule == nullptr) return common;
  for (const EvidenceKey& declared : rule->evidence) {
    if (!declared.discriminates) continue;
    if (const EvidenceValue* value = finding.evidence.find(declared.key)) {
      common.set(declared.key, *value);
    }
  }
  return common;
}

void count(Counts& counts, std::string_view name) {
  if (name.empty()) return;
  const auto known = counts.find(name);
  if (known != counts.end()) {
    ++known->second;
  } else {
    counts.emplace(name, 1);
  }
}

CountedNames most_frequent(const Counts& counts) {
  CountedNames out;
  out.distinct = counts.size();
  out.names.assign(counts.begin(), counts.end());
  std::stable_sort(out.names.begin(), out.names.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (out.names.size() > limits::kMaxNamesOfCause) out.names.resize(limits::kMaxNamesOfCause);
  return out;
}

// What keeps the capture from showing that all is well.
std::vector<std::string_view> missing_proof(const Result& report) {
  constexpr std::string_view kRules[] = {"no-mms",
                                         "one-direction-capture",
                                         "capture-loss",
                                         "truncated-packets",
                                         "capture-cut-short",
                                         "encrypted-connection",
                                         "limit-reached"};
  std::vector<std::string_view> missing;
  for (const std::string_view rule : kRules) {
    const auto is_it = [&](const Finding& f) { return f.rule == rule; };
    if (std::any_of(report.findings.begin(), report.findings.end(), is_it)) missing.push_back(rule);
  }
  return missing;
}

std::uint64_t servers_with(const Result& report, Severity least) {
  return static_cast<std::uint64_t>(
      std::count_if(report.servers.begin(), report.servers.end(), [&](const ServerResult& s) {
        return s.errors > 0 || (least == Severity::warning && s.warnings > 0);
      }));
}

std::uint64_t causes_with(const Result& report, Severity severity) {
  return static_cast<std::uint64_t>(
      std::count_if(report.causes.begin(), report.causes.end(),
                    [&](const Cause& cause) { return cause.severity == severity; }));
}

// "2 causes of errors and 1 of warnings, on 3 of 150 servers; first: The server refused a command."
std::string problems_sentence(const Result& report) {
  const std::uint64_t errors = causes_with(report, Severity::error);
  const std::uint64_t warnings = causes_with(report, Severity::warning);
  std::string text;
  if (errors > 0) text = text::counted(errors, "cause") + " of errors";
  if (warnings > 0) {
    text += errors > 0 ? fmt::format(" and {} of warnings", warnings)
                       : text::counted(warnings, "cause") + " of warnings";
  }
  const std::uint64_t servers = servers_with(report, Severity::warning);
  if (report.servers.size() > 1 && servers > 0) {
    text += fmt::format(", on {} of {}", servers, text::counted(report.servers.size(), "server"));
  }
  const Cause& worst = report.causes.front();
  text += fmt::format("; first: {}", worst.title);
  if (worst.servers.distinct > 1) {
    text += fmt::format(" (on {})", text::counted(worst.servers.distinct, "server"));
  }
  return text + ".";
}

}  // namespace

void conclude(Result& report, const iec61850::ServerModels& models) {
  report.causes = causes_of(report.findings);
  report.servers = servers_of(report, models);
  report.verdict = verdict_of(report);
}

std::vector<Cause> causes_of(std::span<const Finding> findings) {
  std::vector<Draft> drafts;
  std::map<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    const Rule* rule = find_rule(finding.rule);
    Evidence common = common_evidence(finding, rule);
    const auto [place, is_new] = by_key.emplace(key_of(finding, common), drafts.size());
    if (is_new) {
      Cause& cause = drafts.emplace_back().cause;
      cause.rule = finding.rule;
      cause.title = rule == nullptr ? finding.rule : rule->title;
      cause.severity = finding.severity;
      cause.party = finding.party;
      cause.evidence = std::move(common);
      cause.first = finding.time;
    }
    Draft& draft = drafts[place->second];
    Cause& cause = draft.cause;
    cause.findings.push_back(i);
    cause.occurrences += finding.count;
    cause.first = std::min(cause.first, finding.time);
    cause.last = std::max({cause.last, finding.time, finding.last_time});
    count(draft.servers, finding.server);
    count(draft.clients, host_of(finding.client));
    count(draft.objects, finding.object);
  }
  std::vector<Cause> causes;
  for (Draft& draft : drafts) {
    draft.cause.servers = most_frequent(draft.servers);
    draft.cause.clients = most_frequent(draft.clients);
    draft.cause.objects = most_frequent(draft.objects);
    causes.push_back(std::move(draft.cause));
  }
  std::stable_sort(causes.begin(), causes.end(), [](const Cause& a, const Cause& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.servers.distinct != b.servers.distinct) return a.servers.distinct > b.servers.distinct;
    return a.findings.size() > b.findings.size();
  });
  return causes;
}

std::vector<ServerResult> servers_of(const Result& report, const iec61850::ServerModels& models) {
  std::map<std::string, ServerResult, std::less<>> servers;
  for (const AssociationResult& association : report.associations) {
    ServerResult& server = servers[association.server];
    server.server = association.server;
    ++server.associations;
    for (const auto& [kind, messages] : association.messages) server.messages += messages;
  }
  models.for_each([&](const Endpoint& endpoint, const iec61850::ServerModel& model) {
    const auto known = servers.find(text::endpoint(endpoint));
    if (known == servers.end()) return;
    for (const std::string& device : model.logical_devices()) {
      if (known->second.devices.size() >= kMaxDevices) break;
      known->second.devices.push_back(device);
    }
  });
  for (std::size_t i = 0; i < report.causes.size(); ++i) {
    for (const std::size_t number : report.causes[i].findings) {
      const Finding& finding = report.findings[number];
      const auto known = servers.find(finding.server);
      if (known == servers.end()) continue;
      ServerResult& server = known->second;
      ++(finding.severity == Severity::error     ? server.errors
         : finding.severity == Severity::warning ? server.warnings
                                                 : server.notes);
      if (finding.severity != Severity::note && !server.main_cause) server.main_cause = i;
    }
  }
  std::vector<ServerResult> out;
  for (auto& [name, server] : servers) out.push_back(std::move(server));
  std::stable_sort(out.begin(), out.end(), [](const ServerResult& a, const ServerResult& b) {
    if (a.errors != b.errors) return a.errors > b.errors;
    return a.warnings > b.warnings;
  });
  return out;
}

Verdict verdict_of(const Result& report) {
  const std::vector<std::string_view> missing = missing_proof(report);
  const auto verdict = [&](Verdict::Kind kind, std::string sentence) {
    return Verdict{kind, std::move(sentence), missing};
  };
  const bool problems = !report.causes.empty() && report.causes.front().severity != Severity::note;
  if (!report.selection.empty() && report.associations.empty()) {
    return verdict(Verdict::Kind::unproven,
                   fmt::format("Nothing in the capture is selected ({}).", report.selection));
  }
  const bool nothing = report.messages == 0;
  if (nothing && (!problems || report.causes.front().rule == "no-mms")) {
    return verdict(Verdict::Kind::no_mms,
                   fmt::format("No MMS message was found in {}.",
                               text::counted(report.capture.packets, "packet")));
  }
  if (problems) {
    const bool errors = report.causes.front().severity == Severity::error;
    return verdict(errors ? Verdict::Kind::errors : Verdict::Kind::warnings,
                   problems_sentence(report));
  }
  if (!missing.empty()) {
    return verdict(Verdict::Kind::unproven,
                   fmt::format("No problems found, but the capture can not show that all is well: "
                               "{}.",
                               fmt::join(missing, ", ")));
  }
  return verdict(
      Verdict::Kind::healthy,
      report.selection.empty()
          ? "No problems found."
          : fmt::format("No problems found in what is selected ({}).", report.selection));
}

}  // namespace mmsa::analysis
