// One MMS message as one line for people.
#pragma once

#include <string>

#include "iec61850/meaning.h"
#include "output/message_printer.h"

namespace mmsa::output {

class MessageText {
 public:
  explicit MessageText(const MessageOptions& options) : options_(options) {}

  // Appends the line: frame, time, stream, from > to, service, invoke id, objects and values.
  void write(const iec61850::Exchange& exchange, std::string& out);

 private:
  void append_time(std::string& line, TimeNs time);
  void append_sides(std::string& line, const iec61850::Exchange& exchange) const;

  MessageOptions options_;
  bool started_ = false;
  TimeNs origin_ = 0;    // of relative times
  TimeNs previous_ = 0;  // of delta times
  std::string line_;     // reused
};

}  // namespace mmsa::output
