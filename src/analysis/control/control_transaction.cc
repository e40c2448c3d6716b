#include "analysis/control/control_transaction.h"

#include <fmt/format.h>

#include <algorithm>

#include "iec61850/names.h"
#include "iec61850/value_text.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using iec61850::ControlDifference;
using iec61850::ControlKind;
using iec61850::ControlParameters;

// "station-control SCADA"; an identification that is no text in hex, as 0a000003.
std::string origin_text(const ControlParameters& parameters) {
  std::string out;
  if (parameters.or_cat) {
    const std::string_view name = iec61850::or_cat_name(*parameters.or_cat);
    // 0, not-supported, is no name for anybody.
    out = name.empty() || *parameters.or_cat == 0 ? fmt::format("orCat {}", *parameters.or_cat)
                                                  : std::string(name);
  }
  if (parameters.or_ident.empty()) return out;
  if (!out.empty()) out += ' ';
  const bool readable = std::ranges::all_of(
      parameters.or_ident, [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7F; });
  if (readable) {
    out += as_text(parameters.or_ident);
  } else {
    text::append_hex(out, parameters.or_ident);
  }
  return out;
}

std::string check_text(const ControlParameters& parameters) {
  std::string out;
  if (!parameters.check) return "missing";
  iec61850::append_check(out, BitString(parameters.check.bytes()));
  return out;
}

}  // namespace

std::string_view component_name(ControlKind kind) {
  switch (kind) {
    case ControlKind::select:
      return "SBO";
    case ControlKind::select_with_value:
      return "SBOw";
    case ControlKind::cancel:
      return "Cancel";
    default:
      return "Oper";
  }
}

void note_parameters(ControlTransaction& transaction, const ControlParameters& parameters,
                     iec61850::TypeRef type) {
  ControlResult& report = transaction.report;
  if (parameters.ctl_val && !transaction.fault.ctl_val) {
    report.ctl_val.clear();
    iec61850::append_value(report.ctl_val, parameters.ctl_val, {.type = type});
  }
  if (parameters.or_cat || !parameters.or_ident.empty()) {
    report.originator = origin_text(parameters);
    transaction.identity.or_cat = parameters.or_cat;
    transaction.identity.or_ident = as_text(parameters.or_ident);
  }
  if (parameters.ctl_num) {
    report.ctl_num = static_cast<std::int64_t>(*parameters.ctl_num & 0x7FFF'FFFFu);
    transaction.identity.ctl_num = parameters.ctl_num;
  }
  report.test = parameters.test.value_or(report.test);
}

std::size_t add_step(ControlTransaction& transaction, FrameRef frame, std::string_view what) {
  std::vector<ControlStep>& steps = transaction.report.steps;
  if (steps.size() < kMaxControlSteps) {
    ControlStep& step = steps.emplace_back();
    step.frame = frame;
    step.what = what;
    return steps.size() - 1;
  }
  return kMaxControlSteps;
}

double response_milliseconds(FrameRef asked, FrameRef answered) {
  return static_cast<double>(elapsed(asked, answered)) / 1e6;
}

ControlStep* step_at(ControlTransaction& transaction, std::size_t place) {
  std::vector<ControlStep>& steps = transaction.report.steps;
  return place < steps.size() ? &steps[place] : nullptr;
}

std::string_view outcome_of(const ControlTransaction& transaction, bool enhanced) {
  if (transaction.termination == Termination::negative) return "terminated";
  const ControlRequest& operate = transaction.operate;
  if (operate.refused()) return "refused";
  if (transaction.termination == Termination::positive) return "done";
  if (transaction.cancel.accepted()) return "cancelled";
  if (operate.accepted()) {
    return enhanced || transaction.time_activated ? "unfinished" : "done";
  }
  if (operate.seen()) return "unfinished";
  if (transaction.select.refused() || transaction.cancel.refused()) return "refused";
  return transaction.select.accepted() ? "selected only" : "unfinished";
}

std::string add_cause_text(std::int64_t add_cause) {
  const std::string_view name = iec61850::add_cause_name(add_cause);
  return name.empty() ? fmt::format("AddCause {}", add_cause)
                      : fmt::format("{} (AddCause {})", name, add_cause);
}

std::string reason_text(const ControlRequest& request) {
  if (!request.add_cause) return request.error + ", no LastApplError";
  std::string out = add_cause_text(*request.add_cause);
  // Without meaning by itself: what the answer says tells more.
  if (*request.add_cause == 0 && !request.error.empty()) out += ", " + request.error;
  return out;
}

std::string add_cause_short(std::int64_t add_cause) {
  const std::string_view name = iec61850::add_cause_name(add_cause);
  return name.empty() ? std::to_string(add_cause) : std::string(name);
}

std::string members_text(const ControlParameters& parameters, std::uint8_t differences) {
  std::string out;
  const auto add = [&](std::uint8_t flag, std::string_view name, const std::string& value) {
    if ((differences & flag) == 0) return;
    if (!out.empty()) out += ", ";
    out += name;
    out += ' ';
    out += value;
  };
  std::string value;
  iec61850::append_value(value, parameters.ctl_val);
  add(ControlDifference::kCtlVal, "ctlVal", value);
  add(ControlDifference::kOrigin, "origin", origin_text(parameters));
  add(ControlDifference::kCtlNum, "ctlNum",
      parameters.ctl_num ? std::to_string(*parameters.ctl_num) : "missing");
  add(ControlDifference::kTest, "Test",
      parameters.test ? (*parameters.test ? "true" : "false") : "missing");
  add(ControlDifference::kCheck, "Check", check_text(parameters));
  return out;
}

}  // namespace mmsa::analysis
