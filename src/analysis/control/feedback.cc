#include "analysis/control/feedback.h"

#include <fmt/format.h>

#include "analysis/wording.h"

namespace mmsa::analysis {
namespace {

// A position told this soon after a CommandTermination+ may have been on its way.
constexpr TimeNs kOnItsWay = 2 * kNsPerSecond;

// "LD/LN$ST$DO" of "LD/LN$CO$DO".
std::string status_name(std::string_view object) {
  std::string name(object);
  const std::size_t at = name.find("$CO$");
  if (at != std::string::npos) name.replace(at, 4, "$ST$");
  return name;
}

std::string_view position_text(const iec61850::Position& position) {
  if (!position.on) return "intermediate or bad";
  return *position.on ? "on" : "off";
}

}  // namespace

void FeedbackTracker::on_operate(std::string_view object,
                                 const iec61850::ControlParameters& parameters, FrameRef asked) {
  const bool is_switch =
      parameters.ctl_val && data_type(parameters.ctl_val.node()) == DataType::boolean;
  std::string name = status_name(object);
  if (!is_switch) {
    watched_.erase(name);
    return;
  }
  if (watched_.size() >= kMaxWatched && !watched_.contains(name)) return;
  watched_[std::move(name)].command(parameters.ctl_val.boolean(), asked);
}

void FeedbackTracker::on_message(const Context& context) {
  if (watched_.empty() || context.exchange == nullptr) return;
  const iec61850::Exchange& exchange = *context.exchange;
  const auto see = [&](std::string_view name, asn1::NodeRef value, bool changed, bool live) {
    constexpr std::string_view kValue = "$stVal";
    if (name.ends_with(kValue)) name.remove_suffix(kValue.size());
    const auto watch = watched_.find(name);
    if (watch == watched_.end()) return;
    watch->second.see(iec61850::read_position(value), exchange.message().frame, changed, live);
  };
  if (exchange.message().pdu.kind == PduKind::confirmed_response) {
    const bool about_status =
        exchange.note().constraints.has(iec61850::Fc::ST) || exchange.note().data_set;
    if (exchange.message().service() != Service::kRead || !about_status) return;
    for (const iec61850::Item& item : exchange.items()) see(item.ref, item.value, false, true);
    return;
  }
  const iec61850::ReportHeader* const report = exchange.report_header();
  if (report == nullptr) return;
  const bool live = !report->entry_id || is_live(*report, exchange.message().frame);
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    const bool changed = (entry.reason.value_or(0) & iec61850::Reason::kDataChange) != 0;
    see(exchange.entry_name(entry), entry.value, changed, live);
  }
}

// Only entries of a buffer may be old.
bool FeedbackTracker::is_live(const iec61850::ReportHeader& report, FrameRef frame) {
  auto known = entries_.find(report.rpt_id);
  if (known == entries_.end()) {
    if (entries_.size() >= kMaxWatched) return false;
    known = entries_.try_emplace(std::string(report.rpt_id)).first;
  }
  std::optional<TimeNs> time;
  if (report.time_of_entry && report.time_of_entry->has_date) time = report.time_of_entry->time();
  return known->second.see(time, frame);
}

void FeedbackTracker::on_finished(Context& context, const ControlTransaction& command,
                                  bool enhanced, bool holes) {
  const bool terminated = command.termination == Termination::positive;
  if (holes || command.report.test || command.time_activated) return;
  if (!command.operate.accepted() || (enhanced ? !terminated : command.cancel.accepted())) return;
  const auto found = watched_.find(status_name(command.report.object));
  if (found == watched_.end()) return;
  const iec61850::PositionWatch& watch = found->second;
  // Another command of the object came since, of this client or of another one.
  const auto* object = context.model.controls().of(command.report.object);
  if (object == nullptr || object->operated.number != command.operate.asked.number) return;
  if (watch.moved() || watch.last().number == 0) return;
  // Without a termination the switch may take as long as a command may take.
  const TimeNs due = terminated ? command.terminated.clock + kOnItsWay
                                : command.operate.answered.clock + context.settings.command_timeout;
  if (watch.last().clock < due) return;
  Finding* f =
      context.findings.raise("control-no-feedback", context.association, command.report.object,
                             terminated ? "terminated" : "accepted", command.operate.asked);
  if (f == nullptr) return;
  for (const FrameRef part : {command.operate.answered, command.terminated, watch.last()}) {
    FindingCollector::add_frame(*f, part.number);
  }
  if (f->count > 1) return;
  const std::string_view wanted = watch.wanted() ? "on" : "off";
  const TimeNs later = elapsed(command.operate.asked, watch.last());
  f->message = fmt::format(
      "Operate {} ({}) was {}, but stVal is still {} after {} (frame {}).", command.report.object,
      wanted, terminated ? "carried out, as its CommandTermination says" : "accepted",
      position_text(watch.last_position()), duration_text(later), watch.last().number);
  set_evidence(*f, "ctl_val", std::string(wanted));
  set_evidence(*f, "st_val", std::string(position_text(watch.last_position())));
  set_evidence(*f, "seconds_watched", seconds_between(command.operate.asked, watch.last()));
  if (terminated) {
    f->cause =
        "The IED ends the command without waiting for the position, the output is a pulse, or "
        "another data object than this one shows the position.";
  }
}

}  // namespace mmsa::analysis
