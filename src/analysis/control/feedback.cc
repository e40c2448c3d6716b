#include "analysis/control/feedback.h"

#include <fmt/format.h>

#include "analysis/wording.h"

namespace mmsa::analysis {
namespace {

using iec61850::PositionWatch;
using iec61850::PositionWatches;

// A position told this soon after a CommandTermination+ may have been on its way.
constexpr TimeNs kOnItsWay = 2 * kNsPerSecond;

std::string_view position_text(const iec61850::Position& position) {
  if (!position.on) return "intermediate or bad";
  return *position.on ? "on" : "off";
}

// Whether its entries are of now: only those of a buffer may be old.
bool is_live(PositionWatches& positions, const iec61850::Exchange& exchange,
             const iec61850::ReportHeader& report) {
  if (!report.entry_id) return true;
  std::optional<TimeNs> time;
  if (report.time_of_entry && report.time_of_entry->has_date) time = report.time_of_entry->time();
  return positions.is_live(exchange.association().connection->stream, report.rpt_id, time,
                           exchange.message().frame);
}

// The last position told is another one, and it was told when the switch should have moved.
bool stayed(const PositionWatch& watch, const iec61850::Command& command, TimeNs command_timeout) {
  if (watch.moved() || watch.last().number == 0) return false;
  // Without a termination the switch may take as long as a command may take.
  const TimeNs due = command.termination == iec61850::Termination::positive
                         ? command.terminated.clock + kOnItsWay
                         : command.operate.answered.clock + command_timeout;
  return watch.last().clock >= due;
}

}  // namespace

void watch_command(const Context& context, const iec61850::ControlView& operate) {
  const asn1::NodeRef value = operate.parameters.ctl_val;
  if (operate.parameters.apart && !value) return;  // another member of the same command
  std::string object(operate.domain);
  object += '/';
  object += operate.object;
  PositionWatches& positions = context.model.controls().positions();
  if (value && data_type(value.node()) == DataType::boolean) {
    positions.command(object, value.boolean(), context.exchange->message().frame);
  } else {
    positions.forget(object);
  }
}

void watch_positions(const Context& context) {
  PositionWatches& positions = context.model.controls().positions();
  if (positions.empty() || context.exchange == nullptr) return;
  const iec61850::Exchange& exchange = *context.exchange;
  const FrameRef frame = exchange.message().frame;
  if (exchange.message().pdu.kind == PduKind::confirmed_response) {
    const bool about_status =
        exchange.note().constraints.has(iec61850::Fc::ST) || exchange.note().data_set;
    if (exchange.message().service() != Service::kRead || !about_status) return;
    for (const iec61850::Item& item : exchange.items()) {
      positions.see(item.ref, item.value, frame, false, true);
    }
    return;
  }
  const iec61850::ReportHeader* const report = exchange.report_header();
  if (report == nullptr) return;
  const bool live = is_live(positions, exchange, *report);
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    const bool changed = (entry.reason.value_or(0) & iec61850::Reason::kDataChange) != 0;
    positions.see(exchange.entry_name(entry), entry.value, frame, changed, live);
  }
}

void raise_no_feedback(Context& context, const iec61850::Command& command,
                       const ControlCircumstances& circumstances) {
  const bool terminated = command.termination == iec61850::Termination::positive;
  if (circumstances.holes || command.test || command.time_activated) return;
  if (!command.operate.accepted()) return;
  if (circumstances.enhanced ? !terminated : command.cancel.accepted()) return;
  // Another command of the object came since, of this client or of another one.
  const auto* object = context.model.controls().of(command.object);
  if (object == nullptr || object->operated.number != command.operate.asked.number) return;
  const PositionWatch* const watch = context.model.controls().positions().find(command.object);
  if (watch == nullptr || !stayed(*watch, command, context.settings.command_timeout)) return;
  const std::string_view wanted = watch->wanted() ? "on" : "off";
  const std::string_view position = position_text(watch->last_position());
  Finding* f =
      context.findings.raise("control-no-feedback", context.association, command.operate.asked)
          .object(command.object)
          .with("ctl_val", wanted)
          .with("st_val", position)
          .with("terminated", terminated)
          .with("seconds_watched", seconds_between(command.operate.asked, watch->last()))
          .also(command.operate.answered)
          .also(command.terminated)
          .also(watch->last())
          .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format(
      "Operate {} ({}) was {}, but stVal is still {} after {} (frame {}).", command.object, wanted,
      terminated ? "carried out, as its CommandTermination says" : "accepted", position,
      duration_text(elapsed(command.operate.asked, watch->last())), watch->last().number);
  if (!terminated) return;
  f->cause =
      "The IED ends the command without waiting for the position, the output is a pulse, or "
      "another data object than this one shows the position.";
}

}  // namespace mmsa::analysis
