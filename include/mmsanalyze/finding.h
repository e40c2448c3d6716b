// What a rule says: stable id, severity, where, and for whom. Findings are data; every output
// format prints the same ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa {

enum class Severity : std::uint8_t { note = 0, warning = 1, error = 2 };
constexpr std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "note";
}

// A figure that proves the finding: a key in snake_case and a number, a flag or a text.
using EvidenceValue = std::variant<std::int64_t, double, bool, std::string>;
using Evidence = std::vector<std::pair<std::string, EvidenceValue>>;

struct Finding {
  std::string_view rule;  // id of a row of the rule table
  Severity severity = Severity::note;
  // The association it is about; no stream where it is about the capture.
  bool has_stream = false;
  std::uint32_t stream = 0;
  std::string client;  // "10.0.0.3:50000", empty where it is about the capture
  std::string server;
  TimeNs time = 0;                    // of the first frame
  std::vector<std::uint64_t> frames;  // ascending, the first ones where there are very many
  std::uint64_t count = 1;            // occurrences of the same cause
  TimeNs last_time = 0;               // of the last occurrence
  std::string object;                 // "IED1LD0/CSWI1$CO$Pos", may be empty
  std::string message;                // one sentence
  Evidence evidence;
  std::string cause;  // the likely one
  std::string next_step;
};

}  // namespace mmsa
