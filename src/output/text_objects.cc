// Controls, files, data sets, setting groups and logs: one line each.
#include <fmt/format.h>

#include "output/text_sections.h"

namespace mmsa::output {
namespace {

// "1.2 ms": steps of a command are told apart by no more.
std::string step_duration(TimeNs duration) {
  if (duration >= kNsPerSecond) return duration_text(duration);
  return fmt::format("{:.1f} ms", static_cast<double>(duration) / static_cast<double>(kNsPerMs));
}

// "10:00:01.123  IED1LD0/CSWI1$CO$Pos=true: done after 908.5 ms (direct-with-normal-security, ...)"
std::string control_text(const TextWriter& writer, const ControlResult& control) {
  std::string out;
  if (!control.steps.empty()) out = writer.times.time(control.steps.front().frame.time) + "  ";
  out += control.object;
  if (!control.ctl_val.empty()) out += "=" + control.ctl_val;
  out += ": " + control.outcome;
  if (!control.add_cause.empty()) out += ", AddCause " + control.add_cause;
  if (control.steps.size() > 1) {
    out += ", after " +
           step_duration(elapsed(control.steps.front().frame, control.steps.back().frame));
  }
  std::string facts;
  const auto add_fact = [&](const std::string& fact) {
    facts += (facts.empty() ? "" : ", ") + fact;
  };
  if (!control.ctl_model.empty()) add_fact(control.ctl_model);
  if (!control.originator.empty()) add_fact("by " + control.originator);
  if (control.ctl_num >= 0) add_fact(fmt::format("ctlNum {}", control.ctl_num));
  if (control.test) add_fact("TEST");
  return facts.empty() ? out : out + " (" + facts + ")";
}

// "Select frame 12 ok in 0.9 ms, Operate frame 14 +400.0 ms ok, ...": + counts from the first.
std::string control_steps(const ControlResult& control) {
  std::string out;
  for (std::size_t i = 0; i < control.steps.size(); ++i) {
    const ControlStep& step = control.steps[i];
    if (i > 0) out += ", ";
    out += step.what + " " + frame_text(step.frame);
    if (i > 0) out += " +" + step_duration(elapsed(control.steps.front().frame, step.frame));
    if (!step.result.empty()) out += " " + step.result;
    if (step.response_ms >= 0) out += fmt::format(" in {:.1f} ms", step.response_ms);
  }
  return out;
}

// "10:00:01.123  get  COMTRADE/fault.dat: complete, octets 0..12000 of 12000 in 3 reads, 0.20 s;
// ..."
std::string file_text(const TextWriter& writer, const FileResult& file) {
  std::string out;
  if (file.opened.number != 0) out = writer.times.time(file.opened.time) + "  ";
  out += file.direction + "  " + file.name + ": " + file.outcome;
  if (file.reads > 0 || file.size) {
    // From the octet where the transfer began to where it came.
    out += fmt::format(", octets {}..{}", file.position, file.position + file.octets);
    if (file.size) out += fmt::format(" of {}", *file.size);
    out += " in " + counted(file.reads, "read");
  }
  if (file.opened.number != 0 && file.closed.number != 0) {
    out += ", " + duration_text(elapsed(file.opened, file.closed));
  }
  if (file.opened.number != 0) out += "; opened in " + frame_text(file.opened);
  if (file.closed.number != 0) out += ", closed in " + frame_text(file.closed);
  return out;
}

void put_beyond(TextWriter& writer, std::uint64_t total, std::size_t kept) {
  if (total <= kept) return;
  writer.page.line(2, fmt::format("{} in all, the first {} were kept", total, kept));
}

void put_data_set(TextWriter& writer, const DataSetResult& data_set) {
  std::string out = data_set.name + ": " + counted(data_set.members.size(), "member");
  if (!data_set.source.empty()) out += ", from " + data_set.source;
  writer.page.line(2, out, 4);
  if (!writer.options.verbose) return;
  for (const std::string& member : data_set.members) writer.page.line(4, member, 2);
}

}  // namespace

void put_controls(TextWriter& writer) {
  put_lists(writer, "CONTROLS", &AssociationResult::controls,
            [&](const AssociationResult& association, std::span<const ControlResult> controls) {
              for (const ControlResult& control : controls) {
                writer.page.line(2, control_text(writer, control), 4);
                if (!control.steps.empty()) writer.page.line(6, control_steps(control));
              }
              put_beyond(writer, association.controls_total, association.controls.size());
            });
}

void put_files(TextWriter& writer) {
  put_lists(writer, "FILES", &AssociationResult::files,
            [&](const AssociationResult& association, std::span<const FileResult> files) {
              for (const FileResult& file : files) writer.page.line(2, file_text(writer, file), 4);
              put_beyond(writer, association.files_total, association.files.size());
            });
}

void put_data_sets(TextWriter& writer) {
  put_lists(writer, "DATA SETS", &AssociationResult::data_sets,
            [&](const AssociationResult&, std::span<const DataSetResult> data_sets) {
              for (const DataSetResult& data_set : data_sets) put_data_set(writer, data_set);
            });
}

void put_setting_groups(TextWriter& writer) {
  put_lists(writer, "SETTING GROUPS", &AssociationResult::setting_groups,
            [&](const AssociationResult&, std::span<const SettingGroupStep> steps) {
              for (const SettingGroupStep& step : steps) {
                std::string out = frame_text(step.frame) + "  " +
                                  writer.times.time(step.frame.time) + "  " + step.what;
                if (!step.object.empty()) out += "  " + step.object;
                if (!step.result.empty()) out += ": " + step.result;
                writer.page.line(2, out, 4);
              }
            });
}

void put_logs(TextWriter& writer) {
  put_lists(
      writer, "LOGS", &AssociationResult::logs,
      [&](const AssociationResult&, std::span<const LogResult> logs) {
        for (const LogResult& log : logs) {
          writer.page.line(
              2,
              fmt::format("{}: {}, {}, {}", log.name,
                          log.queries == 1 ? "1 query" : fmt::format("{} queries", log.queries),
                          log.entries == 1 ? "1 entry" : fmt::format("{} entries", log.entries),
                          counted(log.errors, "error")),
              4);
        }
      });
}

void put_service_tracking(TextWriter& writer) {
  put_lists(writer, "SERVICE TRACKING", &AssociationResult::service_tracking,
            [&](const AssociationResult&, std::span<const ServiceTrackingResult> tracked) {
              for (const ServiceTrackingResult& t : tracked) {
                writer.page.line(
                    2,
                    fmt::format("{}: {} time{}, {}, first in {}, last of {}", t.service, t.count,
                                t.count == 1 ? "" : "s", t.error.empty() ? "no error" : t.error,
                                frame_text(t.first), t.last_object),
                    4);
              }
            });
}

}  // namespace mmsa::output
