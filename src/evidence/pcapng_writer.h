// Packets as pcapng (draft-ietf-opsawg-pcapng), with comments that Wireshark shows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "mmsanalyze/packet.h"

namespace mmsa::evidence {

// One section, written into a text that its owner takes away between packets. An interface for each
// link type, in nanoseconds, is described when its first packet comes.
class PcapngWriter {
 public:
  // Section header (4.1); `comment` may be empty.
  static void put_header(std::string& out, std::string_view comment);
  // Enhanced packet block (4.3) with a comment, which may be empty; and before it the description
  // of its interface (4.2), where this is the first packet of its link type.
  void put_packet(std::string& out, const Packet& packet, std::string_view comment);

 private:
  std::map<std::uint32_t, std::uint32_t> interface_of_;  // by link type
};

}  // namespace mmsa::evidence
