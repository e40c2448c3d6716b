// The capture once more, with the findings as comments of their frames.
#pragma once

#include <string>
#include <vector>

#include "capture/capture_reader.h"
#include "mmsanalyze/result.h"

namespace mmsa::evidence {

// Writes `path` as pcapng. Of one pcapng file every block is kept as it is; of classic pcap, and of
// several files, all packets (those that a capture filter leaves out, too, so that frame numbers
// stay). Frames that prove a finding carry it as their comment. Throws CaptureError, OutputError.
void annotate(const std::vector<std::string>& captures, const Result& result,
              const std::string& path);

}  // namespace mmsa::evidence
