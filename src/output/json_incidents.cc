// Incidents of the JSON report.
#include "output/json_values.h"

namespace mmsa::output {
namespace {

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(json_text(text));
  return list;
}

Json step_json(const IncidentStep& step) {
  Json object = {{"kind", incident_step_name(step.kind)}};
  put_frame(object, step.frame);
  if (step.has_stream) object["stream"] = step.stream;
  object["what"] = json_text(step.what);
  return object;
}

}  // namespace

Json incident_json(const Incident& incident) {
  Json object = {
      {"kind", incident_kind_name(incident.kind)}, {"summary", json_text(incident.summary)},
      {"first", json_time(incident.first)},        {"last", json_time(incident.last)},
      {"servers", texts_json(incident.servers)},   {"clients", texts_json(incident.clients)},
      {"failed_attempts", incident.refused},       {"over", incident.over}};
  if (incident.without_connection_s) {
    object["without_connection_s"] = json_number(*incident.without_connection_s);
  }
  if (incident.without_reports_s) {
    object["without_reports_s"] = json_number(*incident.without_reports_s);
  }
  object["not_enabled_again"] = texts_json(incident.not_enabled_again);
  Json& steps = object["steps"] = Json::array();
  for (const IncidentStep& step : incident.steps) steps.push_back(step_json(step));
  object["steps_total"] = incident.steps_total;
  object["findings"] = incident.findings;
  return object;
}

}  // namespace mmsa::output
