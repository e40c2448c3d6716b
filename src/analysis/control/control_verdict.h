// What went wrong in a command, if anything did: one verdict for each, the most specific.
#pragma once

#include <optional>

#include "analysis/control/control_transaction.h"

namespace mmsa::analysis {

// What is known of the object and the association when a transaction ends.
struct ControlCircumstances {
  std::optional<std::int64_t> ctl_model;  // read, or inferred from what was accepted
  bool enhanced = false;                  // the IED tells how commands end
  std::optional<TimeNs> sbo_timeout;      // read
  TimeNs end = 0;  // the association was watched up to here, by FrameRef::clock
  // The capture lost octets of the server while the termination was due.
  bool termination_may_be_missed = false;

  bool select_first() const { return ctl_model && (*ctl_model == 2 || *ctl_model == 4); }
};

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
ControlVerdict verdict_of(const ControlTransaction& transaction,
                          const ControlCircumstances& circumstances, TimeNs command_timeout);

}  // namespace mmsa::analysis
