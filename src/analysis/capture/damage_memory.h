// Messages that break the encoding rules and the findings about them: what came of a message is
// said in its own finding, for one fault is one finding.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "mmsanalyze/finding.h"
#include "mmsanalyze/flow.h"

namespace mmsa::analysis {

struct Context;

class DamageMemory {
 public:
  // `finding`: FindingCollector::id_of().
  void note(Side sender, FrameRef frame, std::size_t finding);
  // The finding about what `sender` sent in that frame; none where there is none, or too many came
  // since.
  std::optional<std::size_t> find(Side sender, FrameRef frame) const;
  // Where `sender` sent such a message last; number 0: nowhere.
  FrameRef last(Side sender) const;

 private:
  struct Entry {
    FrameRef frame;
    std::size_t finding = 0;
  };
  // The last ones, by sender. As many as wait for an answer at a time in the field; an older one
  // that is answered all the same has its answer in a finding of its own, so nothing is lost.
  static constexpr std::size_t kMost = 64;
  std::vector<Entry> entries_[2];
};

// Says in the finding about the message of `sender` in `frame` what came of it, once. `answer` is
// evidence ("rejected: invalid-pdu"), `sentence` follows a semicolon and needs no full stop.
// Returns the finding, or null where there is none.
Finding* tell_answer(Context& context, Side sender, FrameRef frame, std::string_view answer,
                     FrameRef answered, std::string_view sentence);

}  // namespace mmsa::analysis
