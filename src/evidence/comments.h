// What the comment of a frame says.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mmsanalyze/finding.h"

namespace mmsa::evidence {

// "mmsanalyze ERROR control-rejected: Operate ... was refused (AddCause 10). Next: ..."
std::string comment_of(const Finding& finding);

// Findings by the frames that prove them, of all their occurrences that were kept.
std::map<std::uint64_t, std::vector<const Finding*>> findings_of_frames(
    const std::vector<Finding>& findings);

}  // namespace mmsa::evidence
