// A small capture for each finding, to be sent to whom it concerns.
#pragma once

#include <string>
#include <vector>

#include "capture/capture_reader.h"
#include "mmsanalyze/result.h"

namespace mmsa::evidence {

// Makes the folder where it is not there, and writes into it, for each finding, NNNN-RULE.pcapng:
// the opening of its association, so that any decoder understands what follows, the frames that
// prove it, and the five before and after each in the same connection. Comments name the original
// frame numbers and the finding. manifest.json lists the files with their SHA-256. Files of these
// names are written anew. Throws CaptureError, OutputError.
void write_evidence(const std::vector<std::string>& captures, const Result& result,
                    const std::string& folder);

}  // namespace mmsa::evidence
