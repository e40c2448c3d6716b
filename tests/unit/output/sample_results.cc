#include "unit/output/sample_results.h"

#include <limits>
#include <utility>

#include "analysis/causes.h"

namespace mmsa::samples {
namespace {

void fill_layers(AssociationResult& association) {
  association.cotp.edit().request_seen = association.cotp.edit().confirm_seen = true;
  association.cotp.edit().proposed_tpdu_size = 8192;
  association.cotp.edit().tpdu_size = 1024;
  association.cotp.edit().calling_tsap = std::string("\x00\x01", 2);
  association.cotp.edit().called_tsap = "TS";
  association.session.edit().connect_seen = association.session.edit().accept_seen = true;
  association.session.edit().version = 2;
  association.session.edit().called_selector = std::string("\x00\x01", 2);
  association.presentation.edit().contexts = {{1, "2.2.1.0.1", {"2.1.1"}, 0, {}},
                                              {3, "1.0.9506.2.1", {"2.1.1"}, 0, {}},
                                              {5, "1.0.9506.2.2", {"2.1.1"}, 2, 1}};
  association.acse.edit().application_context = "1.0.9506.2.3";
  association.acse.edit().calling_ap_title = "1.1.1.999";
  association.acse.edit().called_ae_qualifier = 12;
  association.acse.edit().mechanism = "2.2.3.1";
  association.acse.edit().authentication_value_seen = true;
  association.acse.edit().result = 0;
  association.mms.proposed = std::make_shared<InitiateValues>(
      InitiateValues{65000, 5, 5, 10, 1, "11110001000", "1110111"});
  association.mms.negotiated = std::make_shared<InitiateValues>(
      InitiateValues{32000, 3, 3, {}, 1, "11110001000", "1110110"});
}

AssociationResult association(std::uint32_t stream) {
  AssociationResult out;
  out.stream = stream;
  out.client = "10.0.0.3:50000";
  out.server = "10.0.0.1:102";
  out.role_source = "syn";
  out.carries = "mms";
  out.is_iec61850 = true;
  out.opened = frame(8, 30);
  out.opened_how = "initiate";
  out.closed = frame(2000, 12'300);
  out.closed_how = "conclude";
  out.closed_by = "client";
  out.mms_context = 3;
  out.context_source = "negotiated";
  out.messages = {{"confirmed-RequestPDU", 20}, {"confirmed-ResponsePDU", 20}};
  out.latency = {20, 500'000, 1'250'000, 12'345'678, 90'000'001, 2'500'000'000};
  out.services = {{"read", "client", 15, 14, 1, 0, {15, 500'000, 1'000'000, 9'999'999, 0, 1}},
                  {"getNamedVariableListAttributes", "client", 5, 4, 0, 1, out.latency},
                  {"identify", "server", 1, 0, 0, 1, {}}};
  fill_layers(out);
  return out;
}

CaptureResult capture() {
  CaptureResult out;
  out.files = {{"/tmp/site/capture.pcapng", "pcapng", 2000, {}, 0, false, "", ""}};
  out.packets = 2000;
  out.octets = 345'678;
  out.first = kStart;
  out.last = kStart + 12'345 * kNsPerMs;
  return out;
}

// Of no rule of the table: any evidence is allowed.
Finding finding(std::string_view rule, Severity severity, std::uint32_t stream) {
  Finding out;
  out.rule = rule;
  out.severity = severity;
  out.has_stream = true;
  out.stream = stream;
  out.client = "10.0.0.3:50000";
  out.server = "10.0.0.1:102";
  out.time = frame(1234, 1000).time;
  out.last_time = out.time;
  out.frames = {1234, 1240};
  out.party = Party::server;
  out.subject.kind = Subject::Kind::association;
  out.subject.stream = stream;
  out.subject.client = out.client;
  out.subject.server = out.server;
  out.fingerprint = "1:0123456789abcdef";
  out.occurrences = {
      {.frame = frame(1234, 1000), .frames = {1234, 1240}, .has_stream = true, .stream = stream}};
  out.object = "IED1LD0/LLN0$BR$brcb01";
  out.message =
      "3 reports are missing between SqNum 17 and SqNum 21, although the TCP stream is "
      "whole: the server never sent them.";
  out.evidence = {
      {"missing", std::int64_t{3}}, {"ratio", 0.25}, {"buffered", true}, {"rpt_id", "brcb 01"}};
  out.cause = "The buffer of the server overflowed.";
  out.next_step = "Raise the size of the buffer.";
  return out;
}

RcbResult report_control_block() {
  RcbResult out;
  out.reference = "IED1LD0/LLN0$BR$brcb01";
  out.rpt_id = "brcb01";
  out.data_set = "IED1LD0/LLN0$ds1";
  out.buffered = true;
  out.story = {{frame(20, 100), "reserved", "ResvTms=10", true, ""},
               {frame(22, 120), "enabled", "", false, "temporarily-unavailable"}};
  out.steps = 2;
  out.reports = 12;
  out.segments = 14;
  out.missing = 3;
  out.first_sq_num = 0;
  out.last_sq_num = 3;
  out.sq_nums = {{0, 10}, {0, 3}};
  out.first_report = frame(30, 200);
  out.last_report = frame(1240, 9000);
  out.holder = "10.0.0.9:50001";
  return out;
}

ControlResult control() {
  ControlResult out;
  out.object = "IED1LD0/CSWI1$CO$Pos";
  out.ctl_model = "sbo-with-enhanced-security";
  out.ctl_val = "true";
  out.originator = "station-control SCADA";
  out.ctl_num = 7;
  out.outcome = "refused";
  out.add_cause = "blocked-by-interlocking";
  out.steps = {{frame(40, 400), "SelectWithValue", "ok", 1.25},
               {frame(42, 420), "Operate", "refused: object-access-denied", 0.1234567}};
  return out;
}

// ESC sequence, bidirectional override, C1 control, markup, quotes, a backslash, a lone octet.
constexpr const char* kNasty =
    "\x1b[31mred\x1b]0;title\x07 \xe2\x80\xae\xc2\x9b<script>\"q\" C:\\dir\n\r\t\x7f";
constexpr const char* kNotUtf8 = "caf\xe9 \xff\xfe\x1b[2J";

void poison(Finding& finding) {
  finding.subject.client = finding.subject.server = finding.subject.file = kNotUtf8;
  finding.client = finding.server = finding.message = finding.cause = kNasty;
  finding.object = finding.next_step = kNotUtf8;
  finding.evidence = {{"name", std::string(kNasty)},
                      {"octets", std::string(kNotUtf8)},
                      {"nan", std::numeric_limits<double>::quiet_NaN()},
                      {"large", -std::numeric_limits<double>::infinity()}};
}

void poison(AssociationResult& association) {
  association.opened_how = "refused: " + std::string(kNasty);  // the kind before it is ours
  association.client = association.server = kNotUtf8;
  association.acse.edit().called_ap_title = kNasty;
  association.cotp.edit().calling_tsap = kNasty;
  for (ServiceResult& service : association.services) service.service = kNasty;
  for (RcbResult& rcb : association.report_control_blocks) {
    rcb.reference = rcb.holder = kNasty;
    rcb.rpt_id = rcb.data_set = kNotUtf8;
    for (RcbStep& step : rcb.story) step.what = step.detail = step.error = kNasty;
  }
  for (ControlResult& each : association.controls) {
    each.object = each.ctl_val = each.originator = each.add_cause = kNasty;
    for (ControlStep& step : each.steps) step.what = step.result = kNotUtf8;
  }
  for (FileResult& file : association.files) {
    file.name = kNasty;
    file.outcome = "failed: " + std::string(kNasty);
  }
  for (DataSetResult& data_set : association.data_sets) {
    data_set.name = data_set.source = kNotUtf8;
    data_set.members = {kNasty, kNotUtf8, std::string(70'000, 'x')};
  }
  for (SettingGroupStep& step : association.setting_groups) {
    step.object = step.what = step.result = kNasty;
  }
  for (LogResult& log : association.logs) log.name = kNasty;
}

}  // namespace

Result concluded(Result report) {
  analysis::conclude(report, iec61850::ServerModels());
  return report;
}

Result empty() {
  Result out;
  out.capture.files = {{"nothing.pcap", "pcap", 0, {}, 0, false, "", ""}};
  return concluded(std::move(out));
}

Result healthy() {
  Result out;
  out.capture = capture();
  out.associations = {association(0)};
  out.messages = 40;
  out.connections = 1;
  Finding note = finding("sample-closed", Severity::note, 0);
  note.object.clear();
  out.findings = {note};
  return concluded(std::move(out));
}

Result faulty() {
  Result out;
  out.capture = capture();
  out.capture.files.push_back(
      {"second.pcap.gz", "pcap", 10, {}, 4, true, "the last packet is cut", ""});
  AssociationResult busy = association(2);
  busy.report_control_blocks = {report_control_block()};
  busy.controls = {control()};
  busy.controls_total = 1;
  busy.files = {{"COMTRADE/rec1.cfg", "get", 4096, 0, 4000, 4, frame(50, 500), {}, "incomplete"}};
  busy.files_total = 1;
  busy.data_sets = {
      {"IED1LD0/LLN0$ds1", {"IED1LD0/GGIO1$ST$Ind1"}, "getNamedVariableListAttributes"}};
  busy.setting_groups = {{frame(60, 600), "IED1LD0/LLN0$SP$SGCB", "SelectActiveSG 2", "ok"}};
  busy.logs = {{"IED1LD0/LLN0$EventLog", 1, 120, 0}};
  busy.lost_octets[0] = 1460;
  AssociationResult refused = association(5);
  refused.server = "[2001:db8:1111:2222:3333:4444:5555:6666]:102";
  refused.opened_how = "refused: AARE rejected-permanent, authentication required";
  refused.services.clear();
  refused.latency = {};
  refused.context_source = "none";
  refused.mms = {};
  out.associations = {busy, refused};
  out.messages = 1839;
  out.connections = 9;

  Finding repeated = finding("sample-error", Severity::error, 2);
  repeated.count = 17;
  repeated.last_time = repeated.time + 152 * kNsPerSecond;
  Finding of_capture;
  of_capture.rule = "sample-cut-short";
  of_capture.severity = Severity::warning;
  of_capture.fingerprint = "1:fedcba9876543210";
  of_capture.message = "The file ends inside a packet.";
  out.findings = {finding("sample-refused", Severity::error, 5), repeated, of_capture,
                  finding("sample-reduced", Severity::note, 2)};
  out.undecoded.add(Undecoded::not_ip, 12);
  return concluded(std::move(out));
}

Result hostile() {
  Result out = faulty();
  for (CaptureFileResult& file : out.capture.files)
    file.path = file.damage = file.filter_error = kNasty;
  for (AssociationResult& each : out.associations) poison(each);
  for (Finding& each : out.findings) poison(each);
  return concluded(std::move(out));
}

Result huge() {
  constexpr std::uint32_t kAssociations = 60;
  constexpr std::size_t kRows = 55;
  Result out = faulty();
  const AssociationResult pattern = out.associations.front();
  out.associations.clear();
  out.findings.clear();
  for (std::uint32_t stream = 0; stream < kAssociations; ++stream) {
    AssociationResult each = pattern;
    each.stream = stream;
    each.controls.assign(kRows, control());
    each.controls_total = 1000;
    each.files.assign(kRows, pattern.files.front());
    each.report_control_blocks.assign(kRows, report_control_block());
    each.report_control_blocks.front().story.assign(kRows,
                                                    pattern.report_control_blocks[0].story[0]);
    each.report_control_blocks.front().steps = 5000;
    out.associations.push_back(std::move(each));
  }
  for (std::uint32_t i = 0; i < 70; ++i) {
    out.findings.push_back(finding("sample-failed", Severity::warning, 59));
    out.findings.back().frames.assign(40, 1);
  }
  return concluded(std::move(out));
}

}  // namespace mmsa::samples
