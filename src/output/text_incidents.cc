// Incidents: what followed from what, in the order of time.
#include <fmt/format.h>

#include <algorithm>

#include "output/text_sections.h"

namespace mmsa::output {
namespace {

// Attempts that failed one after the other are one line.
struct Run {
  const IncidentStep* first = nullptr;
  const IncidentStep* last = nullptr;
  std::size_t count = 0;
};

std::vector<Run> runs_of(const Incident& incident) {
  std::vector<Run> runs;
  for (const IncidentStep& step : incident.steps) {
    const bool same = !runs.empty() && step.kind == IncidentStep::Kind::not_admitted &&
                      runs.back().first->kind == step.kind && runs.back().first->what == step.what;
    if (!same) runs.push_back({&step, &step, 0});
    runs.back().last = &step;
    ++runs.back().count;
  }
  return runs;
}

std::string_view verb(IncidentStep::Kind kind) {
  switch (kind) {
    case IncidentStep::Kind::lost:
      return "connection ";
    case IncidentStep::Kind::not_admitted:
      return "attempt ";
    case IncidentStep::Kind::enabled:
      return "enabled ";
    case IncidentStep::Kind::unanswered:
    case IncidentStep::Kind::connected:
    case IncidentStep::Kind::events_lost:
      break;
  }
  return "";
}

std::string run_text(const TextWriter& writer, const Run& run) {
  std::string out = frame_text(run.first->frame) + "  " + writer.times.time(run.first->frame.time);
  if (run.first->has_stream) out += fmt::format("  stream {}", run.first->stream);
  out += "  ";
  out += verb(run.first->kind);
  out += run.first->what;
  if (run.count > 1) {
    out += fmt::format(" ({} times, up to {} {})", run.count, frame_text(run.last->frame),
                       writer.times.time(run.last->frame.time));
  }
  return out;
}

void put_incident(TextWriter& writer, const Incident& incident, std::size_t most) {
  writer.page.line(0, writer.times.time(incident.first) + "  " + incident.summary, 2);
  const std::vector<Run> runs = runs_of(incident);
  const std::size_t shown = std::min(most, runs.size());
  for (const Run& run : std::span(runs).first(shown)) {
    writer.page.line(2, run_text(writer, run), 4);
  }
  std::size_t told = 0;
  for (const Run& run : std::span(runs).first(shown)) told += run.count;
  if (told < incident.steps_total && shown > 0) {
    writer.page.line(
        2, fmt::format("... and {} more steps (-v or --format json)", incident.steps_total - told));
  }
}

}  // namespace

void put_incidents(TextWriter& writer) {
  constexpr std::size_t kSteps = 8;
  constexpr std::size_t kStepsOfMany = 3;
  constexpr std::size_t kFew = 3;
  const Result& report = writer.report;
  if (report.incidents.empty()) return;
  writer.page.heading("INCIDENTS");
  const bool all = writer.options.verbose;
  const std::size_t shown =
      all ? report.incidents.size() : std::min(report.incidents.size(), kShownIncidents);
  const bool many = report.incidents.size() > kFew && is_station(writer);
  const std::size_t steps = all ? SIZE_MAX : many ? kStepsOfMany : kSteps;
  for (const Incident& incident : std::span(report.incidents).first(shown)) {
    put_incident(writer, incident, steps);
  }
  put_rest(writer, 0, report.incidents_total - shown);
}

}  // namespace mmsa::output
