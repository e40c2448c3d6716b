// What went wrong in a command, if anything did: one verdict for each, the most specific.
#pragma once

#include <optional>

#include "iec61850/command.h"

namespace mmsa::analysis {

// What is known of the object and the association when a command is over.
struct ControlCircumstances {
  std::optional<std::int64_t> ctl_model;  // read, or inferred from what was accepted
  bool enhanced = false;                  // the IED tells how commands end
  std::optional<TimeNs> sbo_timeout;      // read
  // A select may have come before the capture or in a hole of it.
  bool select_may_be_missed = false;
  bool holes = false;  // the capture lost octets between Operate and the end
  // The capture lost octets of the server while the termination was due.
  bool termination_may_be_missed = false;

  bool select_first() const { return ctl_model && (*ctl_model == 2 || *ctl_model == 4); }
};

// There is an AddCause, and it is neither unknown nor none.
bool tells_cause(std::optional<std::int64_t> add_cause);
// Whether a refusal with this AddCause may be about the parameters of the command; without one,
// too.
bool speaks_of_parameters(std::optional<std::int64_t> add_cause);

enum class ControlVerdict : std::uint8_t {
  none,
  select_expired,
  not_selected,         // refused, because there was no select
  accepted_unselected,  // though ctlModel wants a select
  mismatch,
  select_rejected,
  operate_rejected,
  cancel_rejected,
  terminated,
  unterminated,
};
ControlVerdict verdict_of(const iec61850::Command& command,
                          const ControlCircumstances& circumstances, TimeNs command_timeout);

}  // namespace mmsa::analysis
