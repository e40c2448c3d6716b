// The classic file format of libpcap.
#pragma once

#include <memory>
#include <string>

#include "capture/trace_file.h"

namespace mmsa::capture {

// Whether a file that begins with these octets is one.
bool is_pcap(Bytes start);

// Throws CaptureError, with `path` in it, where the file header is cut off or not understood.
std::unique_ptr<TraceFile> open_pcap(std::unique_ptr<ByteSource> source, const std::string& path);

}  // namespace mmsa::capture
