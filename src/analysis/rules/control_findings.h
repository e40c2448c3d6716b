// The one finding of a failed command: operate-without-select, select-expired, control-rejected,
// control-terminated, control-unterminated, control-mismatch; the most specific of them.
#pragma once

#include "analysis/context.h"
#include "analysis/rules/control_transaction.h"

namespace mmsa::analysis {

// What is known of the object and the association when a transaction ends.
struct ControlCircumstances {
  std::optional<std::int64_t> ctl_model;  // read, or inferred from what was accepted
  bool enhanced = false;                  // the IED tells how commands end
  std::optional<TimeNs> sbo_timeout;      // read
  TimeNs end = 0;                         // the association was watched up to here
  // The capture lost octets of the server while the termination was due.
  bool termination_may_be_missed = false;

  bool select_first() const { return ctl_model && (*ctl_model == 2 || *ctl_model == 4); }
};

// Raises nothing where nothing failed. `transaction` may be one of which only a part was captured.
void raise_control_finding(Context& context, const ControlTransaction& transaction,
                           const ControlCircumstances& circumstances);

}  // namespace mmsa::analysis
