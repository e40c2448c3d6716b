// File transfer, IEC 61850-8-1 clause 23 on the file services of ISO 9506-2 annex D.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// What one request or response of a file service says. Views into the message; of an answer the
// names are those of its request.
struct FileView {
  std::uint16_t service = Service::kNone;
  bool answer = false;
  asn1::NodeRef name;                     // FileName: of fileOpen, fileDelete; sourceFile, ...
  asn1::NodeRef second_name;              // destinationFile, newFileName; continueAfter
  std::optional<std::int64_t> frsm_id;    // of fileRead and fileClose, and the answer to fileOpen
  std::optional<std::uint64_t> position;  // initialPosition
  std::optional<std::uint64_t> size;      // sizeOfFile, answer to fileOpen
  std::string_view last_modified;         // GeneralizedTime as on the wire
  std::optional<std::uint64_t> data_octets;  // of an answer to fileRead
  Bytes data;                                // the octets themselves
  std::optional<bool> more_follows;          // with the default of the service where it is absent
};
// False where the message is no request or response of a file service.
bool read_file(const MmsMessage& message, FileView& view);

// Components of a FileName joined by '/', unless one ends in a separator. As on the wire: outputs
// make it safe, and nothing may use it as a path.
void append_file_name(std::string& out, asn1::NodeRef file_name);

}  // namespace mmsa::iec61850
