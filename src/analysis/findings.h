// Collects findings while the trace is read: the same fault many times is one finding with a count.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/rules.h"
#include "analysis/settings.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/finding.h"

namespace mmsa::analysis {

// Frame numbers kept for one finding, and for each of its occurrences: more prove nothing more.
inline constexpr std::size_t kMaxFramesOfFinding = 32;
// Occurrences kept of one finding; `count` tells how many there were.
inline constexpr std::size_t kMaxOccurrences = 32;

class FindingCollector;

// One occurrence of a fault, before it is known whether it is the first of its kind: what the raise
// sites have in common. Lives in one expression, which ends with put():
//
//   Finding* f = context.findings.raise("file-failed", context.association, message.frame)
//                    .object(name)
//                    .with("service", service)
//                    .with("error_code", code)
//                    .also(request)
//                    .put();
//   if (f == nullptr || f->count > 1) return;
//   f->message = ...;
class FindingDraft {
 public:
  // What it is about; by default the association, and of the capture where there is none.
  // All connections between this client host and the server: a client that tries again and again
  // takes a new port each time.
  FindingDraft&& between_hosts() &&;
  // All connections to the server: what it says of itself it says to every client.
  FindingDraft&& of_server() &&;
  FindingDraft&& of_client() &&;
  // One of the files that the capture is in.
  FindingDraft&& of_file(std::string_view path) &&;

  FindingDraft&& object(std::string_view object) &&;
  // Where it is not the rule's.
  FindingDraft&& party(Party party) &&;
  // A figure. Findings of one rule, subject and object that agree in all that the rule declares as
  // discriminating are one; of the other figures the first occurrence's are kept.
  template <typename T>
  FindingDraft&& with(std::string_view key, T&& value) && {
    if (row_ != nullptr) finding_.evidence.set(key, std::forward<T>(value));
    return std::move(*this);
  }
  // The same where `condition` holds.
  template <typename T>
  FindingDraft&& with_if(bool condition, std::string_view key, T&& value) && {
    if (!condition) return std::move(*this);
    return std::move(*this).with(key, std::forward<T>(value));
  }
  // Frames of the proof besides the occurrence's own; none where their number is 0.
  FindingDraft&& also(FrameRef frame) &&;
  FindingDraft&& also(std::span<const FrameRef> frames) &&;

  // Merges it into the finding of its kind, or makes that. Returns it for the caller to fill in its
  // texts (count == 1) or to bring its figures up to date; valid until the next put(). Null where
  // the rule is disabled, or where the subject has too many findings of it already.
  Finding* put() &&;

 private:
  friend class FindingCollector;
  FindingDraft(FindingCollector& collector, const Rule* row, const Association* association,
               FrameRef frame);

  FindingCollector* collector_;
  const Rule* row_;  // null: the rule is disabled
  const Association* association_;
  FrameRef frame_;
  Finding finding_;
  Occurrence occurrence_;
};

// What a server is called wherever its address differs: the names of its logical devices, or the
// address where nothing else is known. Arguments: server ("10.0.0.2:102") and object of a finding.
using ServerIdentity = std::function<std::string(std::string_view, std::string_view)>;

class FindingCollector {
 public:
  explicit FindingCollector(const Settings& settings) : settings_(settings) {}

  // One occurrence of `rule` at `frame`, about the association.
  FindingDraft raise(std::string_view rule, const Association& association, FrameRef frame) {
    return {*this, row_of(rule), &association, frame};
  }
  // About the capture.
  FindingDraft raise(std::string_view rule, FrameRef frame) {
    return {*this, row_of(rule), nullptr, frame};
  }

  // A finding by a number that stays, for what is learnt of it later.
  std::size_t id_of(const Finding& finding) const {
    return static_cast<std::size_t>(&finding - findings_.data());
  }
  Finding& at(std::size_t id) { return findings_[id]; }

  // Adds a frame that belongs to the proof.
  static void add_frame(Finding& finding, std::uint64_t frame);

  // All findings, worst first, then by stream, time and rule.
  std::vector<Finding> take_sorted(const ServerIdentity& identity = {});
  // Findings that were left out because their rule had too many of one subject.
  std::uint64_t left_out() const { return left_out_; }

 private:
  friend class FindingDraft;
  const Rule* row_of(std::string_view rule) const;
  Finding* put(FindingDraft& draft);
  bool too_many(const std::string& rule_and_subject);

  const Settings& settings_;
  std::vector<Finding> findings_;
  std::unordered_map<std::string, std::size_t> by_key_;
  std::unordered_map<std::string, std::uint32_t> per_rule_;  // findings by rule and subject
  std::uint64_t left_out_ = 0;
};

// The order of findings: worst first, then by stream, time and rule.
bool comes_before(const Finding& a, const Finding& b);

// "1:" and 16 hexadecimal digits: FNV-1a, 64 bit, of rule, server, object and the discriminating
// evidence in the order of the rule table. Each text is preceded by its length.
std::string fingerprint_of(const Finding& finding, std::string_view server_identity);

}  // namespace mmsa::analysis
