// A command as the report tells it.
#pragma once

#include <string>
#include <string_view>

#include "analysis/control/control_verdict.h"
#include "iec61850/command.h"
#include "iec61850/server_model.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

ControlResult result_of(const iec61850::Command& command, const ControlCircumstances& circumstances,
                        const iec61850::ServerModel& model);

// "blocked-by-interlocking (AddCause 10)"; "AddCause -22" of codes without a name.
std::string add_cause_text(std::int64_t add_cause);
// "blocked-by-interlocking (AddCause 10)", "object-access-denied, no LastApplError".
std::string reason_text(const iec61850::CommandRequest& request);
// "ctlVal true, ctlNum 7" of the members that `differences` names.
std::string members_text(const iec61850::ControlParameters& parameters, std::uint8_t differences);
// "an Operate", "a Cancel", "a refused Operate"; empty where nothing ended it.
std::string_view selection_end_text(iec61850::SelectionEnd end);
// "integer"; "other members or size" of the same alternative.
std::string_view sent_type_text(const iec61850::OtherType& type);

}  // namespace mmsa::analysis
