// Values in time: each value of an attribute that a capture shows, in the order of the capture.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "iec61850/iec_value.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/packet.h"

namespace mmsa::signals {

// What told the value.
enum class Source : std::uint8_t { report, read, write, log };
std::string_view source_name(Source source);  // "report"

// One value of one attribute. Views are valid during the call.
struct Value {
  Endpoint server;
  std::uint32_t stream = 0;
  FrameRef frame;
  Source source = Source::report;
  std::string_view ref;  // as iec61850::Attribute::ref
  asn1::NodeRef value;   // never a structure or an array
  iec61850::IecValue iec;
  asn1::NodeRef quality;        // a bit-string; none where the message has none
  std::optional<UtcTime> time;  // the device's time stamp; none where it has none or is not set
  std::optional<TimeNs> entry_time;    // TimeOfEntry of the report, time of the log's entry
  std::optional<std::uint8_t> reason;  // iec61850::Reason
  std::string_view rpt_id;             // of a report
  bool guessed = false;
  // Capture time minus the device's, of a value that was sent because it changed.
  std::optional<TimeNs> delay;

  bool good() const;  // has no quality or a good one
};

class ValueSink {
 public:
  virtual ~ValueSink() = default;
  virtual void on(const Value& value) = 0;
};

}  // namespace mmsa::signals
