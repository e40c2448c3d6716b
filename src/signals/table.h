// One row for each signal: its first and its last value, how often it changed and was bad; and for
// each control block how long its events took to the client.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "analysis/latency.h"
#include "signals/clocks.h"
#include "signals/value.h"

namespace mmsa::signals {

// Signals whose first and last value, changes and so on are kept. A station of a hundred devices
// reports some ten thousand. What comes beyond is counted, and printed as rows all the same.
inline constexpr std::size_t kMaxSignals = 262'144;

// A number in time, for a small drawing: at most kPoints of its values, evenly spread.
class Curve {
 public:
  void add(double value);
  std::size_t size() const { return size_; }
  double operator[](std::size_t i) const { return points_[i]; }

 private:
  static constexpr std::size_t kPoints = 16;
  std::array<float, kPoints> points_{};
  std::size_t size_ = 0;
  std::uint32_t every_ = 1;  // value that is kept
  std::uint32_t count_ = 0;
};

struct Signal {
  Endpoint server;
  std::string ref;
  std::string first;  // as text
  std::string last;
  FrameRef first_frame;
  FrameRef last_frame;
  std::uint64_t values = 0;
  std::uint64_t changes = 0;  // of the value
  std::uint64_t bad = 0;      // with a quality that is not good
  bool guessed = false;
  Curve curve;

  std::uint64_t value_hash = 0;
  std::uint64_t quality_hash = 0;
};

// Of the events that a control block reported, by its RptID.
struct BlockDelay {
  Endpoint server;
  std::string rpt_id;
  analysis::LatencyRecorder delays;
};

class Table {
 public:
  // Enters a value; false where the signal had the same value with the same quality before.
  bool add(const Value& value);
  // An event, once its delay is known.
  void add_delay(const Endpoint& server, std::string_view rpt_id, TimeNs delay);

  // In the order of server and reference.
  std::vector<const Signal*> signals() const;
  std::vector<const BlockDelay*> delays() const;
  // Values of signals beyond kMaxSignals.
  std::uint64_t left_out() const { return left_out_; }

 private:
  Signal* find(const Value& value);

  std::unordered_map<std::string, Signal> signals_;  // by server and reference
  std::map<std::pair<Endpoint, std::string>, BlockDelay> delays_;
  std::string key_;
  std::uint64_t left_out_ = 0;
};

}  // namespace mmsa::signals
