#include "analysis/control/control_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "iec61850/names.h"
#include "iec61850/value_text.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using iec61850::Command;
using iec61850::CommandRequest;
using iec61850::CommandStep;
using iec61850::ControlDifference;
using iec61850::ControlParameters;
using iec61850::Termination;

// "station-control SCADA"; an identification that is no text in hex, as 0a000003.
std::string origin_text(std::optional<std::int64_t> or_cat, Bytes or_ident) {
  std::string out;
  if (or_cat) {
    const std::string_view name = iec61850::or_cat_name(*or_cat);
    // 0, not-supported, is no name for anybody.
    out = name.empty() || *or_cat == 0 ? fmt::format("orCat {}", *or_cat) : std::string(name);
  }
  if (or_ident.empty()) return out;
  if (!out.empty()) out += ' ';
  const bool readable = std::ranges::all_of(
      or_ident, [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7F; });
  if (readable) {
    out += as_text(or_ident);
  } else {
    text::append_hex(out, or_ident);
  }
  return out;
}

std::string check_text(const ControlParameters& parameters) {
  std::string out;
  if (!parameters.check) return "missing";
  iec61850::append_check(out, BitString(parameters.check.bytes()));
  return out;
}

std::string ctl_val_text(const Command& command, const iec61850::ServerModel& model) {
  std::string out;
  if (!command.ctl_val.root()) return out;
  const ObjectName name = iec61850::split_reference(command.object);
  const iec61850::TypeRef type = model.type_of(
      name.domain, fmt::format("{}${}", name.item, component_name(command.ctl_val_of)));
  iec61850::append_value(
      out, command.ctl_val.root(),
      {.type = type == nullptr ? nullptr : iec61850::find_component(type, "ctlVal")});
  return out;
}

std::string_view what_text(CommandStep::What what) {
  // In the order of the enumeration.
  constexpr std::string_view kTexts[] = {"Select",
                                         "SelectWithValue",
                                         "Operate",
                                         "TimeActivatedOperate",
                                         "Cancel",
                                         "LastApplError",
                                         "CommandTermination+",
                                         "CommandTermination-"};
  return kTexts[static_cast<std::size_t>(what)];
}

std::string result_text(const CommandStep& step) {
  switch (step.result) {
    case CommandStep::Result::ok:
      return "ok";
    case CommandStep::Result::refused:
      return "refused: " + step.error;
    case CommandStep::Result::unreadable:
      return "answer not readable";
    case CommandStep::Result::error:
      return step.add_cause ? add_cause_text(*step.add_cause) : "undecodable";
    default:
      return {};
  }
}

// "done", "refused", "cancelled", "terminated", "unfinished", "selected only".
std::string_view outcome_of(const Command& command, bool enhanced) {
  if (command.termination == Termination::negative) return "terminated";
  const CommandRequest& operate = command.operate;
  if (operate.refused()) return "refused";
  if (command.termination == Termination::positive) return "done";
  if (command.cancel.accepted()) return "cancelled";
  if (operate.accepted()) return enhanced || command.time_activated ? "unfinished" : "done";
  if (operate.seen()) return "unfinished";
  if (command.select.refused() || command.cancel.refused()) return "refused";
  return command.select.accepted() ? "selected only" : "unfinished";
}

}  // namespace

ControlResult result_of(const Command& command, const ControlCircumstances& circumstances,
                        const iec61850::ServerModel& model) {
  ControlResult result;
  result.object = command.object;
  if (circumstances.ctl_model) {
    result.ctl_model = text::name_or_number(iec61850::ctl_model_name(*circumstances.ctl_model),
                                            *circumstances.ctl_model);
  }
  result.ctl_val = ctl_val_text(command, model);
  const iec61850::CommandIdentity& identity = command.identity;
  result.originator = origin_text(identity.or_cat, as_bytes(identity.or_ident));
  if (identity.ctl_num) {
    result.ctl_num = static_cast<std::int64_t>(*identity.ctl_num & 0x7FFF'FFFFu);
  }
  result.test = command.test;
  result.outcome = outcome_of(command, circumstances.enhanced);
  if (command.last_cause) {
    result.add_cause =
        text::name_or_number(iec61850::add_cause_name(*command.last_cause), *command.last_cause);
  }
  for (const CommandStep& step : command.steps) {
    result.steps.push_back({.frame = step.frame,
                            .what = std::string(what_text(step.what)),
                            .result = result_text(step),
                            .response_ms = step.took ? static_cast<double>(*step.took) / 1e6 : -1});
  }
  return result;
}

std::string add_cause_text(std::int64_t add_cause) {
  const std::string_view name = iec61850::add_cause_name(add_cause);
  return name.empty() ? fmt::format("AddCause {}", add_cause)
                      : fmt::format("{} (AddCause {})", name, add_cause);
}

std::string reason_text(const CommandRequest& request) {
  if (!request.add_cause) return request.error + ", no LastApplError";
  std::string out = add_cause_text(*request.add_cause);
  // Without meaning by itself: what the answer says tells more.
  if (*request.add_cause == 0 && !request.error.empty()) out += ", " + request.error;
  return out;
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
  add(ControlDifference::kOrigin, "origin", origin_text(parameters.or_cat, parameters.or_ident));
  add(ControlDifference::kCtlNum, "ctlNum",
      parameters.ctl_num ? std::to_string(*parameters.ctl_num) : "missing");
  add(ControlDifference::kTest, "Test",
      parameters.test ? (*parameters.test ? "true" : "false") : "missing");
  add(ControlDifference::kCheck, "Check", check_text(parameters));
  return out;
}

std::string_view selection_end_text(iec61850::SelectionEnd end) {
  // In the order of the enumeration.
  constexpr std::string_view kTexts[] = {"", "an Operate", "a refused Operate", "a Cancel"};
  return kTexts[static_cast<std::size_t>(end)];
}

std::string_view sent_type_text(const iec61850::OtherType& type) {
  return type.sent == type.of_object ? "other members or size" : data_type_name(type.sent);
}

}  // namespace mmsa::analysis
