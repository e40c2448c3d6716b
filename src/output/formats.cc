#include "output/formats.h"

#include <algorithm>
#include <iterator>

#include "output/ci_formats.h"
#include "output/report_json.h"

namespace mmsa::output {
namespace {

constexpr ReportFormat kReportFormats[] = {
    {"text", "for people: associations, findings, response times",
     [](const Result& report, const TextOptions& options, std::string& out,
        const std::function<void()>&) { write_report_text(report, options, out); }},
    {"json", "one object, docs/report.schema.json",
     [](const Result& report, const TextOptions&, std::string& out,
        const std::function<void()>& between) { write_report_json(report, out, between); }},
    {"junit", "a test case for each server and rule, for GitLab and Jenkins",
     [](const Result& report, const TextOptions& options, std::string& out,
        const std::function<void()>&) { write_junit(report, options, out); }},
    {"sarif", "SARIF 2.1.0, for code scanning",
     [](const Result& report, const TextOptions& options, std::string& out,
        const std::function<void()>&) { write_sarif(report, options, out); }},
    {"github", "annotations and a summary for GitHub Actions",
     [](const Result& report, const TextOptions& options, std::string& out,
        const std::function<void()>&) { write_github(report, options, out); }},
    {"gitlab", "a code quality report for GitLab",
     [](const Result& report, const TextOptions& options, std::string& out,
        const std::function<void()>&) { write_gitlab(report, options, out); }},
};

}  // namespace

std::span<const ReportFormat> report_formats() { return kReportFormats; }

const ReportFormat* find_report_format(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kReportFormats), std::end(kReportFormats),
                                         [&](const ReportFormat& row) { return row.name == name; });
  return found == std::end(kReportFormats) ? nullptr : found;
}

std::string report_format_names() {
  std::string names;
  for (const ReportFormat& row : kReportFormats) {
    if (!names.empty()) names += ", ";
    names += row.name;
  }
  return names;
}

}  // namespace mmsa::output
