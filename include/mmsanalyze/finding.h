// What a rule says: stable id, severity, whose fault, where, and about whom. Findings are data;
// every output format prints the same ones.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
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

// Whose fault it is; `unknown` where the octets prove none's, or where it is nobody's.
enum class Party : std::uint8_t { unknown, client, server, network, capture };
constexpr std::string_view party_name(Party party) {
  constexpr std::string_view kNames[] = {"unknown", "client", "server", "network", "capture"};
  return kNames[static_cast<std::size_t>(party)];
}

// A figure that proves the finding: a number, a flag or a text.
using EvidenceValue = std::variant<std::int64_t, double, bool, std::string>;
// In the order of EvidenceValue's alternatives.
enum class EvidenceType : std::uint8_t { integer, number, flag, text };
constexpr std::string_view evidence_type_name(EvidenceType type) {
  constexpr std::string_view kNames[] = {"integer", "number", "flag", "text"};
  return kNames[static_cast<std::size_t>(type)];
}

// A key that the findings of a rule may hold, as the rule table declares it.
struct EvidenceKey {
  std::string_view key;  // snake_case
  EvidenceType type;
  std::string_view meaning;  // one line
  // Findings that differ in it are about different faults: they are not merged. Never a frame, a
  // time, a client's port, a count, a duration or a stream.
  bool discriminates = false;
  // It is in fingerprints as well, which other captures of the same fault are to have.
  bool in_fingerprint = false;
};

// Declares a key by which faults differ.
constexpr EvidenceKey discriminating(std::string_view key, EvidenceType type,
                                     std::string_view meaning) {
  return {key, type, meaning, true, true};
}

// The same for what depends on how much of the fault this capture shows: on what was learnt before,
// on the moment, on the other connections. Another capture may show less.
constexpr EvidenceKey discriminating_here(std::string_view key, EvidenceType type,
                                          std::string_view meaning) {
  return {key, type, meaning, true, false};
}

// The figures of one finding, in the order in which they were first set. Setting a key that its
// rule does not declare, or with a value of another type, is a programming error.
class Evidence {
 public:
  using Entry = std::pair<std::string_view, EvidenceValue>;  // keys are of tables or literals

  Evidence() = default;
  // `declared` outlives it.
  explicit Evidence(std::span<const EvidenceKey> declared) : declared_(declared), checked_(true) {}
  // Without a rule that would declare its keys.
  Evidence(std::initializer_list<Entry> entries) : entries_(entries) {}

  // Sets or replaces.
  void set(std::string_view key, EvidenceValue value);
  void set(std::string_view key, std::string_view text) {
    set(key, EvidenceValue(std::string(text)));
  }
  void set(std::string_view key, const std::string& text) { set(key, EvidenceValue(text)); }
  void set(std::string_view key, const char* text) { set(key, std::string_view(text)); }
  void set(std::string_view key, std::integral auto number) {
    if constexpr (std::same_as<decltype(number), bool>) {
      set(key, EvidenceValue(number));
    } else {
      set(key, EvidenceValue(static_cast<std::int64_t>(number)));
    }
  }
  // Adds to a number, which is 0 where it was not set; returns the sum.
  std::int64_t add(std::string_view key, std::uint64_t number);
  // Keeps the greatest; returns it.
  double keep_maximum(std::string_view key, double number);

  // Null where it was not set.
  const EvidenceValue* find(std::string_view key) const;

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  const Entry& front() const { return entries_.front(); }

 private:
  std::vector<Entry> entries_;
  std::span<const EvidenceKey> declared_;
  bool checked_ = false;
};

// About whom a finding is. A GOOSE publisher will be one more kind.
struct Subject {
  enum class Kind : std::uint8_t {
    capture,
    association,
    hosts,   // all connections of a client host with a server
    server,  // all its associations
    client,  // a client host
  };
  Kind kind = Kind::capture;
  std::uint32_t stream = 0;  // of an association
  std::string client;        // association: "10.0.0.3:50000"; hosts, client: "10.0.0.3"
  std::string server;        // "10.0.0.2:102"
  std::string file;          // capture: where it is about one of its files

  friend bool operator==(const Subject&, const Subject&) = default;
};
constexpr std::string_view subject_kind_name(Subject::Kind kind) {
  constexpr std::string_view kNames[] = {"capture", "association", "hosts", "server", "client"};
  return kNames[static_cast<std::size_t>(kind)];
}

// Whether it was accepted before (--baseline).
enum class BaselineState : std::uint8_t { none, is_new, known };  // none: nothing to compare with
constexpr std::string_view baseline_state_name(BaselineState state) {
  constexpr std::string_view kNames[] = {"none", "new", "known"};
  return kNames[static_cast<std::size_t>(state)];
}

// One time that the fault was seen.
struct Occurrence {
  FrameRef frame;                     // where it was seen
  std::vector<std::uint64_t> frames;  // all that prove it, ascending, `frame` among them
  bool has_stream = false;
  std::uint32_t stream = 0;
};

struct Finding {
  std::string_view rule;  // id of a row of the rule table
  Severity severity = Severity::note;
  Party party = Party::unknown;
  Subject subject;
  // Names the same fault in another capture of the same plant: docs/architecture.md.
  std::string fingerprint;
  // The association of the first occurrence; no stream where it is about the capture.
  bool has_stream = false;
  std::uint32_t stream = 0;
  std::string client;  // "10.0.0.3:50000", empty where it is about the capture
  std::string server;
  TimeNs time = 0;                      // of the first frame
  std::vector<std::uint64_t> frames;    // ascending, the first ones where there are very many
  std::uint64_t count = 1;              // occurrences of the same cause
  TimeNs last_time = 0;                 // of the last occurrence
  std::vector<Occurrence> occurrences;  // the first ones where there are very many
  std::string object;                   // "IED1LD0/CSWI1$CO$Pos", may be empty
  std::string message;                  // one sentence
  Evidence evidence;
  std::string cause;  // the likely one
  std::string next_step;
  BaselineState baseline = BaselineState::none;
};

}  // namespace mmsa
