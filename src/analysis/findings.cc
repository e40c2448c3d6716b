#include "analysis/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "mmsanalyze/limits.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

void insert_frame(std::vector<std::uint64_t>& frames, std::uint64_t frame) {
  if (frame == 0 || frames.size() >= kMaxFramesOfFinding) return;
  const auto at = std::lower_bound(frames.begin(), frames.end(), frame);
  if (at == frames.end() || *at != frame) frames.insert(at, frame);
}

// Length first, so that texts from the wire can not imitate the border between two of them.
void append_counted(std::string& out, std::string_view text) {
  fmt::format_to(std::back_inserter(out), "{}:{}", text.size(), text);
}

// As in the JSON report, but for the quotes.
void append_value(std::string& out, const EvidenceValue& value) {
  std::visit(
      [&out](const auto& each) {
        if constexpr (std::same_as<std::decay_t<decltype(each)>, std::string>) {
          append_counted(out, each);
        } else {
          append_counted(out, fmt::format("{}", each));
        }
      },
      value);
}

// All that tells findings apart, or what of it is in fingerprints.
void append_discriminating(std::string& out, const Rule& row, const Evidence& evidence,
                           bool EvidenceKey::*wanted) {
  for (const EvidenceKey& key : row.evidence) {
    if (!(key.*wanted)) continue;
    const EvidenceValue* value = evidence.find(key.key);
    if (value == nullptr) continue;
    append_counted(out, key.key);
    append_value(out, *value);
  }
}

void append_subject(std::string& out, const Subject& subject) {
  out += subject_kind_name(subject.kind);
  if (subject.kind == Subject::Kind::association) {
    out += fmt::format(" {}", subject.stream);
    return;
  }
  for (const std::string& text : {subject.client, subject.server, subject.file}) {
    append_counted(out, text);
  }
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const char c : text) {
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100'0000'01B3;
  }
  return hash;
}

Subject subject_of(Subject::Kind kind, std::string client, std::string server) {
  Subject subject;
  subject.kind = kind;
  subject.client = std::move(client);
  subject.server = std::move(server);
  return subject;
}

std::string host_of_client(const Association& association) {
  std::string host;
  text::append_address(host, association.connection->endpoint[index(association.client)].address);
  return host;
}

}  // namespace

std::string fingerprint_of(const Finding& finding, std::string_view server_identity) {
  std::string text;
  append_counted(text, finding.rule);
  append_counted(text, server_identity);
  append_counted(text, finding.object);
  if (const Rule* row = find_rule(finding.rule)) {
    append_discriminating(text, *row, finding.evidence, &EvidenceKey::in_fingerprint);
  }
  return fmt::format("1:{:016x}", fnv1a(text));
}

FindingDraft::FindingDraft(FindingCollector& collector, const Rule* row,
                           const Association* association, FrameRef frame)
    : collector_(&collector), row_(row), association_(association), frame_(frame) {
  if (row == nullptr) return;
  finding_.rule = row->id;
  finding_.severity = row->severity;
  finding_.party = row->party;
  finding_.time = frame.time;
  finding_.last_time = frame.time;
  finding_.evidence = Evidence(row->evidence);
  occurrence_.frame = frame;
  insert_frame(occurrence_.frames, frame.number);
  if (association == nullptr) return;
  const Connection& connection = *association->connection;
  finding_.has_stream = occurrence_.has_stream = true;
  finding_.stream = occurrence_.stream = connection.stream;
  finding_.client = text::endpoint(connection.endpoint[index(association->client)]);
  finding_.server = text::endpoint(connection.endpoint[index(association->server())]);
  finding_.subject = subject_of(Subject::Kind::association, finding_.client, finding_.server);
  finding_.subject.stream = connection.stream;
}

FindingDraft&& FindingDraft::between_hosts() && {
  if (row_ != nullptr && association_ != nullptr) {
    finding_.subject =
        subject_of(Subject::Kind::hosts, host_of_client(*association_), finding_.server);
  }
  return std::move(*this);
}

FindingDraft&& FindingDraft::of_server() && {
  finding_.subject = subject_of(Subject::Kind::server, {}, finding_.server);
  return std::move(*this);
}

FindingDraft&& FindingDraft::of_client() && {
  if (row_ != nullptr && association_ != nullptr) {
    finding_.subject = subject_of(Subject::Kind::client, host_of_client(*association_), {});
  }
  return std::move(*this);
}

FindingDraft&& FindingDraft::of_file(std::string_view path) && {
  finding_.subject = {};
  finding_.subject.file = path;
  return std::move(*this);
}

FindingDraft&& FindingDraft::object(std::string_view object) && {
  finding_.object = object;
  return std::move(*this);
}

FindingDraft&& FindingDraft::party(Party party) && {
  finding_.party = party;
  return std::move(*this);
}

FindingDraft&& FindingDraft::also(FrameRef frame) && {
  insert_frame(occurrence_.frames, frame.number);
  return std::move(*this);
}

FindingDraft&& FindingDraft::also(std::span<const FrameRef> frames) && {
  for (const FrameRef frame : frames) insert_frame(occurrence_.frames, frame.number);
  return std::move(*this);
}

Finding* FindingDraft::put() && { return row_ == nullptr ? nullptr : collector_->put(*this); }

const Rule* FindingCollector::row_of(std::string_view rule) const {
  return settings_.disabled.contains(rule) ? nullptr : find_rule(rule);
}

bool FindingCollector::too_many(const std::string& rule_and_subject) {
  if (++per_rule_[rule_and_subject] <= limits::kMaxFindingsPerRule) return false;
  ++left_out_;
  return true;
}

Finding* FindingCollector::put(FindingDraft& draft) {
  std::string key(draft.finding_.rule);
  key += '\n';
  append_subject(key, draft.finding_.subject);
  const std::size_t rule_and_subject = key.size();
  key += '\n';
  append_counted(key, draft.finding_.object);
  append_discriminating(key, *draft.row_, draft.finding_.evidence, &EvidenceKey::discriminates);

  const auto [place, fresh] = by_key_.try_emplace(key, findings_.size());
  if (fresh) {
    const bool about_capture = draft.finding_.subject.kind == Subject::Kind::capture;
    if (!about_capture && too_many(key.substr(0, rule_and_subject))) {
      by_key_.erase(place);
      return nullptr;
    }
    draft.finding_.cause = draft.row_->cause;
    draft.finding_.next_step = draft.row_->next_step;
    findings_.push_back(std::move(draft.finding_));
  }
  Finding& finding = findings_[place->second];
  if (!fresh) {
    ++finding.count;
    finding.last_time = std::max(finding.last_time, draft.frame_.time);
  }
  for (const std::uint64_t frame : draft.occurrence_.frames) insert_frame(finding.frames, frame);
  if (draft.frame_.number != 0 && finding.occurrences.size() < kMaxOccurrences) {
    finding.occurrences.push_back(std::move(draft.occurrence_));
  }
  return &finding;
}

void FindingCollector::add_frame(Finding& finding, std::uint64_t frame) {
  insert_frame(finding.frames, frame);
  // The last occurrence, unless it was one too many to be kept.
  if (!finding.occurrences.empty() && finding.occurrences.size() == finding.count) {
    insert_frame(finding.occurrences.back().frames, frame);
  }
}

bool comes_before(const Finding& a, const Finding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.has_stream != b.has_stream) return !a.has_stream;
  if (a.stream != b.stream) return a.stream < b.stream;
  if (a.time != b.time) return a.time < b.time;
  if (a.rule != b.rule) return a.rule < b.rule;
  return a.object < b.object;
}

std::vector<Finding> FindingCollector::take_sorted(const ServerIdentity& identity) {
  for (Finding& finding : findings_) {
    finding.severity = settings_.severities.of(finding).value_or(finding.severity);
    finding.fingerprint = fingerprint_of(
        finding, identity ? identity(finding.server, finding.object) : finding.server);
  }
  std::stable_sort(findings_.begin(), findings_.end(), comes_before);
  by_key_.clear();
  per_rule_.clear();
  return std::move(findings_);
}

}  // namespace mmsa::analysis
