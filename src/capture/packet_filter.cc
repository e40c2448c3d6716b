#include "capture/packet_filter.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "capture/capture_reader.h"
#include "capture/link.h"
#include "mmsanalyze/limits.h"

namespace mmsa::capture {
namespace {

// The header of a pcap file, in this machine's byte order.
struct FileHeader {
  std::uint32_t magic = 0xa1b2c3d4;
  std::uint16_t major = 2;
  std::uint16_t minor = 4;
  std::uint32_t reserved[2] = {0, 0};
  std::uint32_t snap_length = limits::kMaxPacket;
  std::uint32_t link_type = 0;
};

// A handle to compile for. Not of pcap_open_dead(): for such a one libpcap compiles what only the
// kernel can answer ("outbound" on Ethernet), which then silently matches nothing. That a file does
// not have it, it says.
// `header` has to live as long as the handle.
pcap_t* open_empty_file(FileHeader& header, std::string& error) {
  std::array<char, PCAP_ERRBUF_SIZE> text{};
  std::FILE* stream = fmemopen(&header, sizeof header, "rb");
  pcap_t* handle = stream != nullptr ? pcap_fopen_offline(stream, text.data()) : nullptr;
  if (handle == nullptr) {
    error = stream != nullptr ? text.data() : "out of memory";
    if (stream != nullptr) std::fclose(stream);
  }
  return handle;
}

}  // namespace

// What is wrong in itself is wrong for every link type; what only some links can answer ("vlan",
// "outbound") is right for one of these.
PacketFilter::PacketFilter(std::string expression) : expression_(std::move(expression)) {
  constexpr std::array<std::uint32_t, 3> kTried{kLinkEthernet, kLinkSll, kLinkRaw};
  const bool usable = std::any_of(kTried.begin(), kTried.end(), [this](std::uint32_t link_type) {
    return error_for(link_type).empty();
  });
  if (usable) return;
  const std::string& error = error_for(kLinkEthernet);
  throw CaptureError(fmt::format("filter '{}': {}", expression_, error));
}

PacketFilter::~PacketFilter() {
  for (auto& [link_type, program] : programs_) pcap_freecode(&program.code);
}

PacketFilter::Program PacketFilter::compile(std::uint32_t link_type) const {
  Program program;
  FileHeader header;
  header.link_type = link_type == kLinkRawOpenBsd ? kLinkRaw : link_type;
  pcap_t* handle = open_empty_file(header, program.error);
  if (handle == nullptr) return program;
  constexpr int kOptimize = 1;
  if (pcap_compile(handle, &program.code, expression_.c_str(), kOptimize, PCAP_NETMASK_UNKNOWN) !=
      0) {
    program.error = pcap_geterr(handle);
    program.code = {};
  }
  pcap_close(handle);
  return program;
}

const PacketFilter::Program& PacketFilter::program_for(std::uint32_t link_type) {
  if (last_ != nullptr && last_link_type_ == link_type) return *last_;
  auto found = programs_.find(link_type);
  if (found == programs_.end()) found = programs_.emplace(link_type, compile(link_type)).first;
  last_link_type_ = link_type;
  last_ = &found->second;
  return *last_;
}

bool PacketFilter::matches(const Packet& packet) {
  const Program& program = program_for(packet.link_type);
  if (!program.error.empty()) return false;
  pcap_pkthdr header{};
  header.caplen = static_cast<bpf_u_int32>(packet.data.size());
  header.len = packet.original_length;
  return pcap_offline_filter(&program.code, &header, packet.data.data()) != 0;
}

}  // namespace mmsa::capture
