#include "report/report_json.h"

#include "report/facts.h"
#include "report/json_values.h"
#include "report/version.h"

namespace mmsa::report {
namespace {

constexpr int kIndent = 1;

Json capture_json(const CaptureReport& capture) {
  Json files = Json::array();
  for (const CaptureFileReport& file : capture.files) {
    Json object = {{"path", json_text(file.path)}};
    put_text(object, "format", file.format);
    object["packets"] = file.packets;
    object["dropped"] = file.dropped;
    object["cut_short"] = file.cut_short;
    put_text(object, "damage", file.damage);
    files.push_back(std::move(object));
  }
  Json object = {
      {"files", std::move(files)}, {"packets", capture.packets}, {"bytes", capture.octets}};
  if (capture.packets > 0) {
    object["first"] = json_time(capture.first);
    object["last"] = json_time(capture.last);
  }
  return object;
}

Json summary_json(const Report& report) {
  const FindingCounts counts = count_findings(report);
  return {{"associations", report.associations.size()},
          {"connections", report.connections},
          {"messages", report.messages},
          {"errors", counts.errors},
          {"warnings", counts.warnings},
          {"notes", counts.notes}};
}

Json evidence_json(const Evidence& evidence) {
  Json object = Json::object();
  for (const auto& [key, value] : evidence) {
    if (const auto* number = std::get_if<double>(&value)) {
      object[key] = json_number(*number);
    } else if (const auto* wire = std::get_if<std::string>(&value)) {
      object[key] = json_text(*wire);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
      object[key] = *flag;
    } else {
      object[key] = std::get<std::int64_t>(value);
    }
  }
  return object;
}

Json finding_json(const Finding& finding) {
  Json object = {{"rule", json_text(finding.rule)}, {"severity", severity_name(finding.severity)}};
  if (finding.has_stream) object["stream"] = finding.stream;
  put_text(object, "client", finding.client);
  put_text(object, "server", finding.server);
  if (!finding.frames.empty()) object["time"] = json_time(finding.time);
  object["frames"] = finding.frames;
  object["count"] = finding.count;
  if (finding.count > 1) object["last_time"] = json_time(finding.last_time);
  put_text(object, "object", finding.object);
  object["message"] = json_text(finding.message);
  object["evidence"] = evidence_json(finding.evidence);
  put_text(object, "cause", finding.cause);
  put_text(object, "next_step", finding.next_step);
  return object;
}

Json undecoded_json(const UndecodedCounters& counters) {
  Json object = Json::object();
  for (std::size_t i = 0; i < kUndecodedTable.size(); ++i) {
    object[std::string(kUndecodedTable[i].name)] = counters[static_cast<Undecoded>(i)];
  }
  return object;
}

}  // namespace

void write_report_json(const Report& report, std::string& out) {
  Json associations = Json::array();
  for (const AssociationReport& association : report.associations) {
    associations.push_back(association_json(association));
  }
  Json findings = Json::array();
  for (const Finding& finding : report.findings) findings.push_back(finding_json(finding));

  const Json object = {
      {"schema", "mmsanalyze-report/1"},
      {"tool", {{"name", kToolName}, {"version", tool_version()}}},
      {"capture", capture_json(report.capture)},
      {"summary", summary_json(report)},
      {"associations", std::move(associations)},
      {"findings", std::move(findings)},
      {"undecoded", undecoded_json(report.undecoded)},
  };
  constexpr bool kEnsureAscii = true;
  out += object.dump(kIndent, ' ', kEnsureAscii);
  out.push_back('\n');
}

}  // namespace mmsa::report
