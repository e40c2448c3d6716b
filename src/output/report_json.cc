#include "output/report_json.h"

#include <vector>

#include "output/facts.h"
#include "output/json_values.h"
#include "output/version.h"

namespace mmsa::output {
namespace {

constexpr unsigned kIndent = 1;

Json capture_json(const CaptureResult& capture) {
  Json files = Json::array();
  for (const CaptureFileResult& file : capture.files) {
    Json object = {{"path", json_text(file.path)}};
    put_text(object, "format", file.format);
    object["packets"] = file.packets;
    object["dropped"] = file.dropped;
    object["cut_short"] = file.cut_short;
    put_text(object, "damage", file.damage);
    put_text(object, "filter_error", file.filter_error);
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

Json summary_json(const Result& report) {
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
    const auto* const integer = std::get_if<std::int64_t>(&value);
    if (key == "add_cause" && integer != nullptr) {
      object[key] = add_cause_json(*integer);
    } else if (key == "add_cause_name") {
      continue;  // stands in add_cause
    } else if (const auto* number = std::get_if<double>(&value)) {
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

Json subject_json(const Subject& subject) {
  Json object = {{"kind", subject_kind_name(subject.kind)}};
  if (subject.kind == Subject::Kind::association) object["stream"] = subject.stream;
  put_text(object, "client", subject.client);
  put_text(object, "server", subject.server);
  put_text(object, "file", subject.file);
  return object;
}

Json occurrence_json(const Occurrence& occurrence) {
  Json object = {{"frame", occurrence.frame.number},
                 {"frames", occurrence.frames},
                 {"time", json_time(occurrence.frame.time)}};
  if (occurrence.has_stream) object["stream"] = occurrence.stream;
  return object;
}

// A finding tells its cause and its next step itself where they are its own, and where it is one of
// the first ones of its cause in `causes`; of many that say the same, the rest refers to it.
constexpr std::size_t kInFull = 10;

struct FindingRow {
  const Finding& finding;
  std::size_t cause = 0;  // in Result::causes
  bool in_full = true;
};

Json finding_json(const FindingRow& row) {
  const Finding& finding = row.finding;
  Json object = {{"rule", json_text(finding.rule)},
                 {"severity", severity_name(finding.severity)},
                 {"party", party_name(finding.party)},
                 {"subject", subject_json(finding.subject)},
                 {"fingerprint", finding.fingerprint}};
  if (!finding.frames.empty()) object["time"] = json_time(finding.time);
  object["frames"] = finding.frames;
  object["count"] = finding.count;
  if (finding.count > 1) object["last_time"] = json_time(finding.last_time);
  Json& occurrences = object["occurrences"] = Json::array();
  for (const Occurrence& each : finding.occurrences) occurrences.push_back(occurrence_json(each));
  put_text(object, "object", finding.object);
  object["message"] = json_text(finding.message);
  object["evidence"] = evidence_json(finding.evidence);
  object["cause_index"] = row.cause;
  if (row.in_full) {
    put_text(object, "cause", finding.cause);
    put_text(object, "next_step", finding.next_step);
  }
  if (finding.baseline != BaselineState::none) {
    object["baseline"] = baseline_state_name(finding.baseline);
  }
  return object;
}

std::vector<FindingRow> finding_rows(const Result& report) {
  std::vector<FindingRow> rows;
  rows.reserve(report.findings.size());
  for (const Finding& finding : report.findings) rows.push_back({finding});
  for (std::size_t i = 0; i < report.causes.size(); ++i) {
    const std::vector<std::size_t>& findings = report.causes[i].findings;
    const Finding& first = report.findings[findings.front()];
    for (std::size_t k = 0; k < findings.size(); ++k) {
      FindingRow& row = rows[findings[k]];
      row.cause = i;
      row.in_full = k < kInFull || row.finding.cause != first.cause ||
                    row.finding.next_step != first.next_step;
    }
  }
  return rows;
}

Json names_json(const CountedNames& names) {
  Json list = Json::array();
  for (const auto& [name, findings] : names.names) {
    list.push_back({{"name", json_text(name)}, {"findings", findings}});
  }
  return list;
}

struct CauseRow {
  const Cause& cause;
  const Finding& first;
};

Json cause_json(const CauseRow& row) {
  const Cause& cause = row.cause;
  Json object = {{"rule", json_text(cause.rule)},
                 {"title", json_text(cause.title)},
                 {"severity", severity_name(cause.severity)},
                 {"party", party_name(cause.party)},
                 {"evidence", evidence_json(cause.evidence)},
                 {"findings", cause.findings.size()},
                 {"occurrences", cause.occurrences},
                 {"servers", names_json(cause.servers)},
                 {"servers_total", cause.servers.distinct},
                 {"clients", names_json(cause.clients)},
                 {"clients_total", cause.clients.distinct},
                 {"objects", names_json(cause.objects)},
                 {"objects_total", cause.objects.distinct},
                 {"example", cause.findings.front()}};
  if (cause.last != 0) {
    object["first"] = json_time(cause.first);
    object["last"] = json_time(cause.last);
  }
  put_text(object, "cause", row.first.cause);
  put_text(object, "next_step", row.first.next_step);
  return object;
}

Json server_json(const ServerResult& server) {
  Json object = {{"server", json_text(server.server)}, {"associations", server.associations},
                 {"messages", server.messages},        {"errors", server.errors},
                 {"warnings", server.warnings},        {"notes", server.notes},
                 {"logical_devices", Json::array()}};
  for (const std::string& device : server.devices) {
    object["logical_devices"].push_back(json_text(device));
  }
  if (server.main_cause) object["main_cause"] = *server.main_cause;
  return object;
}

Json names_json(const AddressNames& names) {
  Json object = Json::object();
  for (const auto& [address, name] : names) object[address] = json_text(name);
  return object;
}

Json verdict_json(const Verdict& verdict) {
  return {{"kind", verdict_kind_name(verdict.kind)},
          {"sentence", json_text(verdict.sentence)},
          {"unproven_by", verdict.unproven_by}};
}

Json undecoded_json(const UndecodedCounters& counters) {
  Json object = Json::object();
  for (std::size_t i = 0; i < kUndecodedTable.size(); ++i) {
    object[std::string(kUndecodedTable[i].name)] = counters[static_cast<Undecoded>(i)];
  }
  return object;
}

Json entry_json(const BaselineEntry& entry) {
  Json object = {
      {"fingerprint", entry.fingerprint}, {"rule", json_text(entry.rule)}, {"count", entry.count}};
  put_text(object, "server", entry.server);
  put_text(object, "object", entry.object);
  put_text(object, "reason", entry.reason);
  put_text(object, "expires", entry.expires);
  return object;
}

Json baseline_json(const BaselineResult& baseline) {
  Json gone = Json::array();
  for (const BaselineEntry& entry : baseline.gone) gone.push_back(entry_json(entry));
  return {{"file", json_text(baseline.file)},
          {"new", baseline.is_new},
          {"known", baseline.known},
          {"gone", std::move(gone)},
          {"gone_total", baseline.gone_findings},
          {"proves_fixed", baseline.proves_fixed}};
}

// Appends a value as the library prints it inside `depth` others.
void append_value(std::string& out, const Json& value, std::size_t depth) {
  constexpr bool kEnsureAscii = true;
  for (const char c : value.dump(static_cast<int>(kIndent), ' ', kEnsureAscii)) {
    out.push_back(c);
    if (c == '\n') out.append(depth * kIndent, ' ');
  }
}

void append_row(std::string& out, const Json& value) {
  constexpr int kOneLine = -1;
  out += value.dump(kOneLine, ' ', /*ensure_ascii=*/true);
}

void append_key(std::string& out, std::string_view key) {
  out.append(kIndent, ' ');
  out += '"';
  out += key;
  out += "\": ";
}

void append_member(std::string& out, std::string_view key, const Json& value) {
  append_key(out, key);
  append_value(out, value, 1);
  out += ",\n";
}

// A list as long as the trace has connections is not held as one value. One row a line.
template <typename Rows>
void append_list(std::string& out, std::string_view key, const Rows& rows,
                 Json (*convert)(const typename Rows::value_type&),
                 const std::function<void()>& between) {
  append_key(out, key);
  if (rows.empty()) {
    out += "[],\n";
    return;
  }
  bool first = true;
  for (const auto& row : rows) {
    out += first ? "[\n" : ",\n";
    first = false;
    out.append(2 * kIndent, ' ');
    append_row(out, convert(row));
    between();
  }
  out += '\n';
  out.append(kIndent, ' ');
  out += "],\n";
}

}  // namespace

void write_report_json(const Result& report, std::string& out,
                       const std::function<void()>& between) {
  out += "{\n";
  append_member(out, "schema", "mmsanalyze-report/2");
  append_member(out, "tool", {{"name", kToolName}, {"version", tool_version()}});
  append_member(out, "capture", capture_json(report.capture));
  if (!report.selection.empty()) {
    append_member(out, "selection", json_text(report.selection));
  }
  append_member(out, "summary", summary_json(report));
  append_member(out, "verdict", verdict_json(report.verdict));
  if (report.baseline) append_member(out, "baseline", baseline_json(*report.baseline));
  std::vector<CauseRow> causes;
  for (const Cause& cause : report.causes) {
    causes.push_back({cause, report.findings[cause.findings.front()]});
  }
  append_list(out, "causes", causes, cause_json, between);
  append_list(out, "incidents", report.incidents, incident_json, between);
  append_member(out, "incidents_total", report.incidents_total);
  append_member(out, "names", names_json(report.names));
  append_list(out, "servers", report.servers, server_json, between);
  append_list(out, "associations", report.associations, association_json, between);
  append_list(out, "findings", finding_rows(report), finding_json, between);
  append_key(out, "undecoded");
  append_value(out, undecoded_json(report.undecoded), 1);
  out += "\n}\n";
}

}  // namespace mmsa::output
