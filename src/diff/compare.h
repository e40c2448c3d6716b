// In what two captures differ in meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diff/pairing.h"
#include "diff/steps.h"

namespace mmsa::diff {

// Who spoke; endpoints as text.
struct Who {
  std::uint32_t stream = 0;
  std::string client;
  std::string server;
};

struct Difference {
  Kind kind = Kind::step;
  std::string subject;  // "Operate IED1CTRL/CSWI1$CO$Pos: origin"
  std::string a;        // what the first capture says
  std::string b;
  std::vector<std::uint64_t> a_frames;  // empty where nothing of it is there
  std::vector<std::uint64_t> b_frames;
  std::optional<Who> a_who;  // none where there is no such association
  std::optional<Who> b_who;
  std::uint64_t count = 1;  // how often the same differs in the same way

  // Where it stands among the others: a frame of the first capture.
  std::uint64_t position = 0;
};

// A step of one capture that the other could not show.
struct NotSeen {
  std::string subject;
  bool in_b = true;         // the capture that does not show it
  std::string reason;       // "the capture begins later"
  std::uint64_t frame = 0;  // in the capture that shows it
};

struct Comparison {
  std::vector<Difference> differences;  // the first one first; those of response times last
  std::uint64_t differences_total = 0;
  std::vector<NotSeen> not_seen;
  std::uint64_t not_seen_total = 0;
  std::vector<ServerPair> servers;
  std::uint64_t pairs = 0;        // associations compared
  std::uint64_t alike_steps = 0;  // compared and found alike
  bool alike() const { return differences_total == 0; }
};

// The vocabulary is that of both.
Comparison compare(const CaptureSteps& a, const CaptureSteps& b, const Vocabulary& vocabulary,
                   const std::vector<AddressMap>& map);

// Differences and steps not seen that are kept; the rest is counted. More than this nobody reads.
inline constexpr std::size_t kMaxDifferences = 200;
inline constexpr std::size_t kMaxNotSeen = 50;

}  // namespace mmsa::diff
