// One command from its select to its end (IEC 61850-7-2 clause 20): the requests, their answers and
// what became of them. Owns all it holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iec61850/control.h"
#include "iec61850/data_copy.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/report.h"

namespace mmsa::analysis {

enum class Answer : std::uint8_t { none, accepted, refused };

// Select or SelectWithValue, Operate, or Cancel of a transaction.
struct ControlRequest {
  FrameRef asked;     // number 0 where it was not seen
  FrameRef answered;  // the same
  Answer answer = Answer::none;
  bool rejected = false;  // by a rejectPDU, which is a finding of its own
  std::string error;      // in words, of a refusal: "object-access-denied"
  std::optional<std::int64_t> access_error;
  FrameRef error_frame;  // of its LastApplError
  std::optional<std::int64_t> add_cause;
  std::optional<std::int64_t> control_error;  // Error of LastApplError
  std::size_t step = 0;                       // its place in ControlReport::steps

  bool seen() const { return asked.number != 0 || error_frame.number != 0; }
  bool waiting() const { return asked.number != 0 && answer == Answer::none; }
  bool accepted() const { return answer == Answer::accepted; }
  // The answer says so, or it was not captured and the LastApplError before it says so.
  bool refused() const {
    return answer == Answer::refused || (answer == Answer::none && error_frame.number != 0);
  }
};

// Who sent a command and under which number.
struct ControlIdentity {
  std::optional<std::int64_t> or_cat;
  std::string or_ident;
  std::optional<std::uint64_t> ctl_num;

  // Missing members match: a Select by Read has none, and servers leave some out.
  bool matches(std::optional<std::int64_t> cat, Bytes ident,
               std::optional<std::uint64_t> number) const;
};

// How the selection stood when Operate was sent.
struct SelectionNote {
  FrameRef asked;  // of the last accepted select of the object; number 0 where there was none
  FrameRef answered;
  FrameRef ended;  // by what used it up; number 0 while it lasts
  std::string_view ended_by;
  bool may_be_missed = false;  // a select may have come before the capture or in a hole of it
};

enum class Termination : std::uint8_t { none, positive, negative };

struct ControlTransaction {
  ControlReport report;
  ControlIdentity identity;
  iec61850::ControlKind select_kind = iec61850::ControlKind::select;
  ControlRequest select;
  ControlRequest operate;
  ControlRequest cancel;
  SelectionNote selection;
  bool time_activated = false;
  bool kind_unknown = false;  // a LastApplError that does not say to which service it belongs

  Termination termination = Termination::none;
  FrameRef terminated;
  std::optional<std::int64_t> termination_cause;
  std::optional<std::int64_t> termination_error;

  std::uint8_t differences = 0;  // iec61850::ControlDifference of Operate and its select
  bool t_differs = false;        // not among them
  std::string selected_values;   // of the members that differ
  std::string operated_values;
  std::string_view type_of_object;  // of ctlVal, where it is another one than that of the command
  std::string_view type_of_command;

  bool executing() const {
    return operate.seen() && !operate.refused() && termination == Termination::none;
  }
  // Selected or selecting, and nothing else yet.
  bool awaits_operate() const {
    return select.seen() && !operate.seen() && !cancel.accepted() && !cancel.waiting();
  }
  FrameRef first_frame() const {
    return report.steps.empty() ? FrameRef{} : report.steps.front().frame;
  }
  ControlRequest& request(iec61850::ControlKind kind);
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
std::string access_error_text(std::int64_t error);
// "ctlVal true, ctlNum 7" of the members that `differences` names.
std::string members_text(const iec61850::ControlParameters& parameters, std::uint8_t differences);

}  // namespace mmsa::analysis
