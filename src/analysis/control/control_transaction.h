// A command as the report tells it: its steps and its texts. Owns all it holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iec61850/command.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

using iec61850::Answer;
using iec61850::SelectionNote;
using iec61850::Termination;
using ControlRequest = iec61850::CommandRequest;
using ControlIdentity = iec61850::CommandIdentity;

// A command and how it is told.
struct ControlTransaction : iec61850::Command {
  ControlResult report;
  std::string selected_values;  // of the members that differ
  std::string operated_values;
  std::string_view type_of_object;  // of ctlVal, where it is another one than that of the command
  std::string_view type_of_command;

  FrameRef first_frame() const {
    return report.steps.empty() ? FrameRef{} : report.steps.front().frame;
  }
};

// Value, originator, number and flags of a command, for the report.
void note_parameters(ControlTransaction& transaction, const iec61850::ControlParameters& parameters,
                     iec61850::TypeRef type);
// Adds a step; returns its place. Steps beyond kMaxControlSteps are left out.
std::size_t add_step(ControlTransaction& transaction, FrameRef frame, std::string_view what);
double response_milliseconds(FrameRef asked, FrameRef answered);  // never negative
ControlStep* step_at(ControlTransaction& transaction, std::size_t place);
inline constexpr std::size_t kMaxControlSteps = 32;

// The component of the object that carries a service: "SBO", "SBOw", "Oper", "Cancel".
std::string_view component_name(iec61850::ControlKind kind);

// "done", "refused", "cancelled", "terminated", "unfinished", "selected only".
std::string_view outcome_of(const ControlTransaction& transaction, bool enhanced);

// "blocked-by-interlocking (AddCause 10)"; "AddCause -22" of codes without a name.
std::string add_cause_text(std::int64_t add_cause);
// "blocked-by-interlocking (AddCause 10)", "object-access-denied, no LastApplError".
std::string reason_text(const ControlRequest& request);
// By name, else the number.
std::string add_cause_short(std::int64_t add_cause);
// "ctlVal true, ctlNum 7" of the members that `differences` names.
std::string members_text(const iec61850::ControlParameters& parameters, std::uint8_t differences);

}  // namespace mmsa::analysis
