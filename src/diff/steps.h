// A capture reduced to what its associations did, step by step: what two captures are compared by.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/latency.h"
#include "diff/facts.h"
#include "mmsanalyze/packet.h"

namespace mmsa::diff {

// A request with its answer and what follows from it, or something that one side told by itself.
struct Step {
  Text service = kUnknown;     // "Operate"
  Text key = kUnknown;         // "Operate IED1CTRL/CSWI1$CO$Pos": finds the same step of the other
  Text sent = kUnknown;        // facts
  Text answered = kUnknown;    // facts; kUnknown where the capture does not show the answer
  Text followed = kUnknown;    // facts: LastApplError, CommandTermination; kUnknown where none came
  std::uint32_t sequence = 0;  // in the order of requests
  std::uint64_t frame = 0;
  std::uint64_t answer_frame = 0;    // 0: none
  std::uint64_t followed_frame = 0;  // 0: none
  TimeNs clock = 0;
};

// Octets that the capture lost, by the frames around them; 0: from the start, to the end.
struct Hole {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
};

// Layers of the opening, in their order.
enum class OpeningLayer : std::uint8_t {
  connection,
  transport,
  session,
  presentation,
  acse,
  initiate
};
inline constexpr std::size_t kOpeningLayers = 6;

struct AssociationSteps {
  std::uint32_t stream = 0;
  Endpoint client;
  Endpoint server;
  std::uint64_t first_frame = 0;
  std::uint64_t last_frame = 0;
  TimeNs last_clock = 0;
  bool start_seen = false;
  bool end_seen = false;
  std::array<Step, kOpeningLayers> opening;  // a layer without service is not there
  std::vector<Step> steps;                   // what the client asked, in order
  std::vector<Step> told;  // what came unasked, and requests of the server: no order
  Step close;              // without service where the end was not seen
  std::vector<Hole> holes;
};

struct CaptureSteps {
  std::vector<AssociationSteps> associations;  // in order of appearance
  // Names of the logical devices of each server.
  std::map<Endpoint, std::set<std::string, std::less<>>> devices;
  // Response times by server and service.
  std::map<std::pair<Endpoint, Text>, analysis::LatencyRecorder> response_times;
  std::uint64_t messages = 0;
  std::uint64_t left_out = 0;  // steps beyond kMaxSteps
};

// Steps of one capture. As many confirmed requests that all differ as a day of polling has.
inline constexpr std::size_t kMaxSteps = 4'000'000;

}  // namespace mmsa::diff
