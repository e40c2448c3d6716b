#include "iec61850/command.h"

#include <algorithm>

namespace mmsa::iec61850 {
namespace {


}  // namespace

bool CommandIdentity::matches(std::optional<std::int64_t> cat, Bytes ident,
                              std::optional<std::uint64_t> number) const {
  if (or_cat && cat && (*or_cat != *cat || or_ident != as_text(ident))) return false;
  return !ctl_num || !number || *ctl_num == *number;
}

CommandRequest& Command::request(ControlKind kind) {
  switch (kind) {
    case ControlKind::select:
    case ControlKind::select_with_value:
      return select;
    case ControlKind::cancel:
      return cancel;
    default:
      return operate;
  }
}

std::size_t Command::add_step(CommandStep step) {
  if (steps.size() >= kMaxSteps) return kMaxSteps;
  steps.push_back(std::move(step));
  return steps.size() - 1;
}

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

TimeNs execution_time(const ControlParameters& parameters) {
  if (!parameters.time_activated()) return 0;
  UtcTime utc;
  if (read_utc_time(parameters.oper_tm.bytes(), utc)) return utc.time();
  BinaryTime binary;
  if (!read_binary_time(parameters.oper_tm.bytes(), binary) || !binary.has_date) return 0;
  return binary.time();
}

ControlObjects::Object* ControlObjects::of(std::string_view object) {
  const auto known = objects_.find(object);
  if (known != objects_.end()) return &known->second;
  if (objects_.size() >= kMaxObjects) return nullptr;
  return &objects_.try_emplace(std::string(object)).first->second;
}

void ControlObjects::end_selection(std::string_view object, std::uint64_t stream, FrameRef by) {
  const auto known = objects_.find(object);
  if (known == objects_.end() || !known->second.selection) return;
  ControlSelection& selection = *known->second.selection;
  if (selection.stream == stream && selection.ended.number == 0) selection.ended = by;
}

void ControlObjects::disconnected(std::uint64_t stream, FrameRef by) {
  for (auto& [name, object] : objects_) {
    if (!object.selection || object.selection->stream != stream) continue;
    if (object.selection->disconnected.number == 0) object.selection->disconnected = by;
  }
}

std::optional<ControlSelection> ControlObjects::other_selection(std::string_view object,
                                                                std::uint64_t stream,
                                                                TimeNs now) const {
  const auto known = objects_.find(object);
  if (known == objects_.end() || !known->second.selection) return std::nullopt;
  const ControlSelection& selection = *known->second.selection;
  const TimeNs lasts = known->second.sbo_timeout.value_or(kLongestSelection);
  const bool other = selection.stream != stream && selection.ended.number == 0;
  if (!other || now - selection.answered.clock > lasts) return std::nullopt;
  return selection;
}

}  // namespace mmsa::iec61850
