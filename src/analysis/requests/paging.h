// Lists that come in pages: the server says that more follows, the client asks for what comes after
// the last name (moreFollows and continueAfter of ISO 9506-2). A server that sends the same page
// again lets its client go round in circles.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/context.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class PagingTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);

 private:
  // The last page of a list, by service; a client that asks for several lists at a time mixes
  // them, which only hides a repetition.
  struct Page {
    std::uint16_t service = Service::kNone;
    std::uint64_t hash = 0;
    FrameRef frame;
    std::uint32_t repeated = 0;
  };

  std::vector<Page> pages_;
};

}  // namespace mmsa::analysis
