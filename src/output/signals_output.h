// Prints the values of signals: `mmsanalyze signals`. THE table of its formats is here.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "output/formats.h"
#include "output/output.h"
#include "signals/clocks.h"
#include "signals/table.h"
#include "signals/value.h"

namespace mmsa::output {

struct SignalOptions {
  TextOptions text;
  bool terminal = false;      // draw curves
  std::string object;         // glob of references; empty: all
  bool changes_only = false;  // only values that differ from the one before
};

class SignalPrinter : public signals::ValueSink {
 public:
  SignalPrinter(Output& output, const SignalOptions& options)
      : output_(output), options_(options) {}

  void on(const signals::Value& value) final;
  // Ends the output. `unnamed` values had no reference.
  void finish(const signals::Clocks& clocks, std::uint64_t unnamed);

 protected:
  virtual void print(const signals::Value& value, std::uint32_t delay) = 0;
  virtual void end(const signals::Clocks& clocks) = 0;

  // In place of the number of a delay: there is none.
  static constexpr std::uint32_t kNoDelay = 0xFFFF'FFFF;
  TimeNs delay(const signals::Clocks& clocks, std::uint32_t number) const;

  Output& output_;
  const SignalOptions options_;
  signals::Table table_;
  std::uint64_t unnamed_ = 0;
  TimeNs first_time_ = 0;
  TimeNs last_time_ = 0;

 private:
  // A delay before the clock of its server is known.
  struct Delay {
    TimeNs raw;
    TimeNs captured;
    std::uint32_t block;
  };
  struct Block {
    Endpoint server;
    std::string rpt_id;
  };
  bool selects(std::string_view ref);
  std::uint32_t block_of(const signals::Value& value);

  std::vector<Delay> delays_;
  std::vector<Block> blocks_;
  std::map<std::pair<Endpoint, std::string>, std::uint32_t> block_of_;
  bool any_ = false;
  std::string acsi_;
};

struct SignalFormat {
  std::string_view name;
  std::unique_ptr<SignalPrinter> (*make)(Output& output, const SignalOptions& options);
};
// Null where there is none of this name.
const SignalFormat* find_signal_format(std::string_view name);
std::string signal_format_names();  // "text, csv, ndjson, json"

}  // namespace mmsa::output
