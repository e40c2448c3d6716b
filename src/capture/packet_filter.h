// libpcap's filter expressions (pcap-filter(7)) over packets of several link types.
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <string>
#include <unordered_map>

#include "mmsanalyze/packet.h"

namespace mmsa::capture {

class PacketFilter {
 public:
  // Throws CaptureError where no link type understands the expression.
  explicit PacketFilter(std::string expression);
  ~PacketFilter();
  PacketFilter(const PacketFilter&) = delete;
  PacketFilter& operator=(const PacketFilter&) = delete;

  // Why the expression can not be used on this link type, empty where it can.
  const std::string& error_for(std::uint32_t link_type) { return program_for(link_type).error; }
  // False too where the expression can not be used on the packet's link type.
  bool matches(const Packet& packet);

 private:
  struct Program {
    bpf_program code{};
    std::string error;
  };

  const Program& program_for(std::uint32_t link_type);
  Program compile(std::uint32_t link_type) const;

  std::string expression_;
  std::unordered_map<std::uint32_t, Program> programs_;  // by link type
  std::uint32_t last_link_type_ = 0;
  const Program* last_ = nullptr;  // into programs_, whose elements stay where they are
};

}  // namespace mmsa::capture
