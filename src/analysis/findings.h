// Collects findings while the trace is read: the same cause many times is one finding with a count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/settings.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/finding.h"

namespace mmsa::analysis {

class FindingCollector {
 public:
  explicit FindingCollector(const Settings& settings) : settings_(settings) {}

  // One occurrence of `rule` at `frame`. Occurrences of one association with the same rule, object
  // and `cause` key are one finding. Returns it, valid until the next call, for the caller to fill
  // in its texts (count == 1) or to bring its figures up to date. Null where the rule is disabled
  // or the association has too many findings of it already.
  Finding* raise(std::string_view rule, const Association& association, std::string_view object,
                 std::string_view cause, FrameRef frame);
  // The same, but occurrences of all connections between the same client host and server are one
  // finding: a client that tries again and again takes a new port each time.
  Finding* raise_between_hosts(std::string_view rule, const Association& association,
                               std::string_view cause, FrameRef frame);
  // The same for all connections to one server: what it says of itself it says to every client.
  Finding* raise_for_server(std::string_view rule, const Association& association, FrameRef frame);
  // The same for findings about the capture.
  Finding* raise_capture(std::string_view rule, std::string_view cause, FrameRef frame);

  // Adds a frame that belongs to the proof.
  static void add_frame(Finding& finding, std::uint64_t frame);

  // All findings, worst first, then by stream, time and rule.
  std::vector<Finding> take_sorted();
  // Findings that were left out because their rule had too many in one association.
  std::uint64_t left_out() const { return left_out_; }

 private:
  Finding* raise_for(std::string_view rule, const Association& association, std::string_view object,
                     std::string scope, std::string_view cause, FrameRef frame);
  Finding* raise_keyed(std::string_view rule, std::string key, FrameRef frame, bool& fresh);

  const Settings& settings_;
  std::vector<Finding> findings_;
  std::unordered_map<std::string, std::size_t> by_key_;
  std::unordered_map<std::string, std::uint32_t> per_rule_;  // findings by rule and stream
  std::uint64_t left_out_ = 0;
};

// Frame numbers kept for one finding; `count` tells how many occurrences there were.
inline constexpr std::size_t kMaxFramesOfFinding = 32;

}  // namespace mmsa::analysis
