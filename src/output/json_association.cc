// One association of the JSON report.
#include "output/json_values.h"

namespace mmsa::output {
namespace {

Json both_ways(const std::uint64_t (&counts)[2]) {
  return {{"client_to_server", counts[0]}, {"server_to_client", counts[1]}};
}

// tcp/ first, and what became of what it delivered.
Json octets_json(const AssociationResult::Octets& octets) {
  const FramingOctets& framing = octets.framing;
  return {{"captured", octets.captured},       {"repeated", octets.repeated},
          {"foreign", octets.foreign},         {"capped", octets.capped},
          {"delivered", octets.delivered},     {"in_tpkts", framing.tpkt},
          {"skipped", framing.skipped},        {"other_protocol", framing.foreign},
          {"in_capped_tsdus", framing.capped}, {"unfinished", framing.unfinished}};
}

Json service_json(const ServiceResult& service) {
  Json object = {{"service", json_text(service.service)},
                 {"sender", json_text(service.sender)},
                 {"requests", service.requests},
                 {"ok", service.ok},
                 {"errors", service.errors},
                 {"unanswered", service.unanswered}};
  put_latency(object, service.latency);
  return object;
}

Json rcb_step_json(const RcbStep& step) {
  Json object = Json::object();
  put_frame(object, step.frame);
  object["what"] = json_text(step.what);
  put_text(object, "detail", step.detail);
  object["ok"] = step.ok;
  put_text(object, "error", step.error);
  return object;
}

Json rcb_json(const RcbResult& rcb) {
  Json object = Json::object();
  put_text(object, "reference", rcb.reference);
  put_text(object, "rpt_id", rcb.rpt_id);
  put_text(object, "data_set", rcb.data_set);
  put_optional(object, "buffered", rcb.buffered);
  object["story"] = list(rcb.story, rcb_step_json);
  object["steps"] = rcb.steps;
  object["reports"] = rcb.reports;
  object["segments"] = rcb.segments;
  object["missing"] = rcb.missing;
  object["overflows"] = rcb.overflows;
  put_optional(object, "first_sq_num", rcb.first_sq_num);
  put_optional(object, "last_sq_num", rcb.last_sq_num);
  object["sq_nums"] = list(rcb.sq_nums, [](const SqNumInterval& interval) {
    return Json{{"first", interval.first}, {"last", interval.last}};
  });
  put_frame(object, "first_report", rcb.first_report);
  put_frame(object, "last_report", rcb.last_report);
  object["general_interrogations"] = rcb.general_interrogations;
  object["integrity_reports"] = rcb.integrity_reports;
  put_text(object, "holder", rcb.holder);
  return object;
}

Json control_step_json(const ControlStep& step) {
  Json object = Json::object();
  put_frame(object, step.frame);
  object["what"] = json_text(step.what);
  put_text(object, "result", step.result);
  if (!step.result.empty()) object["ok"] = step.result == "ok";
  if (step.response_ms >= 0) object["response_ms"] = json_number(step.response_ms);
  return object;
}

Json control_json(const ControlResult& control) {
  Json object = {{"object", json_text(control.object)}};
  put_text(object, "ctl_model", control.ctl_model);
  put_text(object, "ctl_val", control.ctl_val);
  put_text(object, "originator", control.originator);
  if (control.ctl_num >= 0) object["ctl_num"] = control.ctl_num;
  object["test"] = control.test;
  object["outcome"] = kind_and_prose(control.outcome);
  if (!control.add_cause.empty()) object["add_cause"] = add_cause_json(control.add_cause);
  object["steps"] = list(control.steps, control_step_json);
  return object;
}

Json file_json(const FileResult& file) {
  Json object = {{"name", json_text(file.name)}, {"direction", json_text(file.direction)}};
  put_optional(object, "size", file.size);
  object["position"] = file.position;
  object["octets"] = file.octets;
  object["reads"] = file.reads;
  put_frame(object, "opened", file.opened);
  put_frame(object, "closed", file.closed);
  object["outcome"] = kind_and_prose(file.outcome);
  return object;
}

Json data_set_json(const DataSetResult& data_set) {
  Json object = {{"name", json_text(data_set.name)}};
  object["members"] = list(data_set.members, [](const std::string& m) { return json_text(m); });
  put_text(object, "source", data_set.source);
  return object;
}

Json setting_group_json(const SettingGroupStep& step) {
  Json object = Json::object();
  put_frame(object, step.frame);
  put_text(object, "object", step.object);
  object["what"] = json_text(step.what);
  put_text(object, "result", step.result);
  if (!step.result.empty()) object["ok"] = step.result == "ok";
  return object;
}

Json log_json(const LogResult& log) {
  return {{"name", json_text(log.name)},
          {"queries", log.queries},
          {"entries", log.entries},
          {"errors", log.errors}};
}

Json service_tracking_json(const ServiceTrackingResult& tracked) {
  Json object = {{"service", json_text(tracked.service)}, {"count", tracked.count}};
  put_text(object, "error", tracked.error);
  put_text(object, "last_object", tracked.last_object);
  object["first_frame"] = tracked.first.number;
  return object;
}

void put_ends(Json& object, const AssociationResult& association) {
  Json& opened = object["opened"] = Json::object();
  put_frame(opened, association.opened);
  opened.update(kind_and_prose(association.opened_how));
  Json& closed = object["closed"] = Json::object();
  put_frame(closed, association.closed);
  closed.update(kind_and_prose(association.closed_how));
  put_text(closed, "by", association.closed_by);
  Json& context = object["context"] = Json::object();
  if (association.context_source != "none") context["id"] = association.mms_context;
  context["source"] = json_text(association.context_source);
}

}  // namespace

Json association_json(const AssociationResult& association) {
  Json object = {{"stream", association.stream},
                 {"client", json_text(association.client)},
                 {"server", json_text(association.server)},
                 {"role_source", json_text(association.role_source)},
                 {"carries", json_text(association.carries)},
                 {"is_iec61850", association.is_iec61850}};
  put_ends(object, association);
  put_layers(object, association);
  Json& messages = object["messages"] = Json::object();
  for (const auto& [kind, count] : association.messages) messages[kind] = count;
  put_latency(object, association.latency);
  object["services"] = list(association.services, service_json);
  object["report_control_blocks"] = list(association.report_control_blocks, rcb_json);
  object["controls"] = list(association.controls, control_json);
  object["controls_total"] = association.controls_total;
  object["files"] = list(association.files, file_json);
  object["files_total"] = association.files_total;
  object["data_sets"] = list(association.data_sets, data_set_json);
  object["setting_groups"] = list(association.setting_groups, setting_group_json);
  object["logs"] = list(association.logs, log_json);
  object["service_tracking"] = list(association.service_tracking, service_tracking_json);
  object["octets"] = {{"client_to_server", octets_json(association.octets[0])},
                      {"server_to_client", octets_json(association.octets[1])}};
  object["lost_octets"] = both_ways(association.lost_octets);
  object["retransmissions"] = both_ways(association.retransmissions);
  object["duplicates"] = both_ways(association.duplicates);
  return object;
}

}  // namespace mmsa::output
