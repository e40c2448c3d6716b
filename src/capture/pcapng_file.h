// The pcapng file format (draft-ietf-opsawg-pcapng), read without libpcap: libpcap refuses files
// whose interfaces differ in link type, snap length or time resolution, and hides drop counters.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "capture/trace_file.h"

namespace mmsa::capture {

// Wireshark (4.0 was tried) lists these among the packets and gives them frame numbers.
bool is_frame_to_wireshark(std::uint32_t block_type);

// Throws CaptureError, with `path` in it, where the first section header is not whole or not
// understood.
std::unique_ptr<TraceFile> open_pcapng(std::unique_ptr<ByteSource> source, const std::string& path);

}  // namespace mmsa::capture
