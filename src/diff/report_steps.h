// The steps that a report in JSON (docs/report.schema.json) holds: less than its capture did.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "diff/steps.h"

namespace mmsa::diff {

CaptureSteps steps_of_report(const nlohmann::json& report, Vocabulary& vocabulary);

}  // namespace mmsa::diff
