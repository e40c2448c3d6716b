// Controls, files, data sets, setting groups and logs: one line each.
#include <fmt/format.h>

#include "output/text_sections.h"

namespace mmsa::output {
namespace {

// "IED1LD0/CSWI1$CO$Pos=true: refused, AddCause blocked-by-interlocking. Operate frame 14 ..."
std::string control_text(const ControlResult& control) {
  std::string out = control.object;
  if (!control.ctl_val.empty()) out += "=" + control.ctl_val;
  out += ": " + control.outcome;
  if (!control.add_cause.empty()) out += ", AddCause " + control.add_cause;
  for (std::size_t i = 0; i < control.steps.size(); ++i) {
    const ControlStep& step = control.steps[i];
    out += i == 0 ? "; " : ", ";
    out += step.what + " " + frame_text(step.frame);
    if (!step.result.empty()) out += " " + step.result;
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

std::string file_text(const FileResult& file) {
  std::string out = file.direction + "  " + file.name + ": " + file.outcome + ", ";
  out += file.size ? fmt::format("{} of {} octets", file.octets, *file.size)
                   : fmt::format("{} octets", file.octets);
  out += " in " + counted(file.reads, "read");
  if (file.opened.number != 0) out += ", opened in " + frame_text(file.opened);
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
                writer.page.line(2, control_text(control), 4);
              }
              put_beyond(writer, association.controls_total, association.controls.size());
            });
}

void put_files(TextWriter& writer) {
  put_lists(writer, "FILES", &AssociationResult::files,
            [&](const AssociationResult& association, std::span<const FileResult> files) {
              for (const FileResult& file : files) writer.page.line(2, file_text(file), 4);
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
