#include "analysis/findings.h"

#include <algorithm>

#include "analysis/rules.h"
#include "mmsanalyze/limits.h"
#include "text/text.h"

namespace mmsa::analysis {

Finding* FindingCollector::raise_keyed(std::string_view rule, std::string key, FrameRef frame,
                                       bool& fresh) {
  fresh = false;
  if (settings_.disabled.contains(rule)) return nullptr;
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) {
    Finding& finding = findings_[known->second];
    ++finding.count;
    finding.last_time = std::max(finding.last_time, frame.time);
    add_frame(finding, frame.number);
    return &finding;
  }
  const Rule* row = find_rule(rule);
  if (row == nullptr) return nullptr;
  fresh = true;
  by_key_.emplace(std::move(key), findings_.size());
  Finding& finding = findings_.emplace_back();
  finding.rule = row->id;
  finding.severity = row->severity;
  finding.time = frame.time;
  finding.last_time = frame.time;
  finding.cause = row->cause;
  finding.next_step = row->next_step;
  add_frame(finding, frame.number);
  return &finding;
}

Finding* FindingCollector::raise_for(std::string_view rule, const Association& association,
                                     std::string_view object, std::string scope,
                                     std::string_view cause, FrameRef frame) {
  std::string rule_key(rule);
  rule_key += '\n';
  rule_key += scope;
  std::string key = rule_key;
  key += '\n';
  key += object;
  key += '\n';
  key += cause;
  if (!by_key_.contains(key) && !settings_.disabled.contains(rule) &&
      ++per_rule_[rule_key] > limits::kMaxFindingsPerRule) {
    ++left_out_;
    return nullptr;
  }
  bool fresh = false;
  Finding* finding = raise_keyed(rule, std::move(key), frame, fresh);
  if (finding != nullptr && fresh) {
    const Connection& connection = *association.connection;
    finding->has_stream = true;
    finding->stream = connection.stream;
    finding->client = text::endpoint(connection.endpoint[index(association.client)]);
    finding->server = text::endpoint(connection.endpoint[index(association.server())]);
    finding->object = object;
  }
  return finding;
}

Finding* FindingCollector::raise(std::string_view rule, const Association& association,
                                 std::string_view object, std::string_view cause, FrameRef frame) {
  return raise_for(rule, association, object, std::to_string(association.connection->stream), cause,
                   frame);
}

Finding* FindingCollector::raise_between_hosts(std::string_view rule,
                                               const Association& association,
                                               std::string_view cause, FrameRef frame) {
  const Connection& connection = *association.connection;
  std::string scope;
  text::append_address(scope, connection.endpoint[index(association.client)].address);
  scope += ' ';
  text::append_endpoint(scope, connection.endpoint[index(association.server())]);
  return raise_for(rule, association, {}, std::move(scope), cause, frame);
}

Finding* FindingCollector::raise_for_server(std::string_view rule, const Association& association,
                                            FrameRef frame) {
  const Endpoint& server = association.connection->endpoint[index(association.server())];
  return raise_for(rule, association, {}, text::endpoint(server), {}, frame);
}

Finding* FindingCollector::raise_capture(std::string_view rule, std::string_view cause,
                                         FrameRef frame) {
  std::string key(rule);
  key += "\n\n";
  key += cause;
  bool fresh = false;
  return raise_keyed(rule, std::move(key), frame, fresh);
}

void FindingCollector::add_frame(Finding& finding, std::uint64_t frame) {
  if (frame == 0 || finding.frames.size() >= kMaxFramesOfFinding) return;
  const auto at = std::lower_bound(finding.frames.begin(), finding.frames.end(), frame);
  if (at == finding.frames.end() || *at != frame) finding.frames.insert(at, frame);
}

std::vector<Finding> FindingCollector::take_sorted() {
  for (Finding& finding : findings_) {
    const auto severity = settings_.severities.find(finding.rule);
    if (severity != settings_.severities.end()) finding.severity = severity->second;
  }
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.has_stream != b.has_stream) return !a.has_stream;
    if (a.stream != b.stream) return a.stream < b.stream;
    if (a.time != b.time) return a.time < b.time;
    if (a.rule != b.rule) return a.rule < b.rule;
    return a.object < b.object;
  });
  by_key_.clear();
  per_rule_.clear();
  return std::move(findings_);
}

}  // namespace mmsa::analysis
