// COMTRADE (IEC 60255-24, IEEE C37.111): what the configuration of a disturbance record says of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmsa::files {

// Octets from the wire, except for the numbers: outputs make them safe.
struct Comtrade {
  std::string station;
  std::string device;
  std::string revision;  // "1999"; empty: that of 1991, which does not say
  bool channels_known = false;
  std::uint32_t analogue = 0;  // channels
  std::uint32_t digital = 0;
  std::string start;    // "22/11/2026,08:47:16.500000": of the first value, as written
  std::string trigger;  // the same of the trigger; may be empty
};

// Of the text of a .cfg file, or of the first section of a .cff file. None where it is neither.
std::optional<Comtrade> read_comtrade(std::string_view text);

// What the end of a file's name says, in whatever case.
enum class ComtradePart : std::uint8_t { none, configuration, data, combined };
ComtradePart comtrade_part(std::string_view name);
// The name without what tells the parts of a record apart: "COMTRADE/FRA00042".
std::string_view comtrade_record(std::string_view name);

}  // namespace mmsa::files
