// Prints messages while the trace is read. THE format table of `messages` is here.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "iec61850/meaning.h"
#include "mmsanalyze/result.h"
#include "output/message_json.h"
#include "output/output.h"
#include "output/time_text.h"

namespace mmsa::output {

struct MessageOptions {
  TimeMode time = TimeMode::utc;
  std::size_t width = 0;    // columns at which a line is wrapped; 0: never
  bool verbose = false;     // nothing is left out
  bool color = false;       // ANSI colours: answer, failure, report
  bool one_stream = false;  // "C>S" in place of addresses, which are the same in every line
  AddressNames names{};     // of --name
  MessageKeys keys = MessageKeys::all();  // of JSON
};

// Writes one record for each message. finish() ends the output.
class MessagePrinter : public iec61850::ExchangeSink {
 public:
  void on(const Association&, const iec61850::Event& event) final {
    if (const auto* exchange =
            std::get_if<std::reference_wrapper<const iec61850::Exchange>>(&event)) {
      print(*exchange);
    }
  }
  virtual void finish() = 0;

 protected:
  virtual void print(const iec61850::Exchange& exchange) = 0;
};

struct MessageFormat {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<MessagePrinter> (*make)(Output& output, const MessageOptions& options);
};

std::span<const MessageFormat> message_formats();
// Null where there is none of this name.
const MessageFormat* find_message_format(std::string_view name);
// "text, ndjson, json": for error messages and help.
std::string message_format_names();

}  // namespace mmsa::output
