// Entries of a log, as a ReadJournal answers: IEC 61850-8-1 clause 19 on ISO 9506-2 clause 20.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mmsanalyze/data.h"
#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// A value that a log kept. Views into the message.
struct LoggedValue {
  std::string_view ref;  // "LD/LN$FC$DO", as the log says it
  asn1::NodeRef value;
  std::optional<std::uint8_t> reason;    // of the variable ReasonCode behind it, as in reports
  std::optional<BinaryTime> entry_time;  // of its entry
};

// Fills the reused vector; it stays empty where the message answers no ReadJournal.
void read_logged_values(const MmsMessage& message, std::vector<LoggedValue>& values);

}  // namespace mmsa::iec61850
