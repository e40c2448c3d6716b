#include "iec61850/command.h"

#include <algorithm>

namespace mmsa::iec61850 {
namespace {

constexpr std::string_view kSboTimeout = "$sboTimeout";
constexpr std::uint64_t kDay = 86'400'000;  // milliseconds: no selection lasts longer

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

void ControlObjects::learn_timeout(const ObjectName& attribute, asn1::NodeRef value) {
  const DataType type = data_type(value.node());
  if (type != DataType::unsigned_integer && type != DataType::integer) return;
  if (!attribute.item.ends_with(kSboTimeout)) return;
  const Reference reference = parse_item(attribute.domain, attribute.item);
  if (reference.fc != Fc::CF) return;
  std::string object(attribute.domain);
  object += '/';
  object += reference.ln;
  object += "$CO$";
  object += reference.path.substr(0, reference.path.size() - kSboTimeout.size());
  if (Object* const known = of(object)) {
    known->sbo_timeout = static_cast<TimeNs>(std::min(value.unsigned_integer(), kDay)) * kNsPerMs;
  }
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
