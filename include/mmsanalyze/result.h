// The result of analysing one trace, as a value. output/ prints it; nothing in it refers to
// packets. Texts that come from the wire stand here as they are: output/ makes them safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mmsanalyze/association.h"
#include "mmsanalyze/finding.h"
#include "mmsanalyze/packet.h"
#include "mmsanalyze/undecoded.h"

namespace mmsa {

struct CaptureFileResult {
  std::string path;
  std::string format;
  std::uint64_t packets = 0;
  FrameRef last;  // the last frame that was read, whether the filter dropped it or not
  std::uint64_t dropped = 0;
  bool cut_short = false;
  std::string damage;
  std::string filter_error;  // why the filter could not judge some frames, which were left out
};

struct CaptureResult {
  ClockJumps clock_jumps;
  std::vector<CaptureFileResult> files;
  std::uint64_t packets = 0;
  std::uint64_t octets = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

// What the pipeline knows at the end of the trace besides what it told the sinks.
struct TraceFacts {
  CaptureResult capture;
  UndecodedCounters undecoded;
  std::uint64_t connections = 0;          // all TCP connections
  std::uint64_t evicted_connections = 0;  // dropped at limits::kMaxConnections
};

// Response times in nanoseconds. Quantiles are exact up to some hundred samples, and within 1 %
// above.
struct LatencyResult {
  std::uint64_t samples = 0;
  TimeNs min = 0;
  TimeNs p50 = 0;
  TimeNs p95 = 0;
  TimeNs p99 = 0;
  TimeNs max = 0;
};

struct ServiceResult {
  std::string service;  // ISO 9506-2 identifier
  std::string sender;   // who requests: "client" or "server"
  std::uint64_t requests = 0;
  std::uint64_t ok = 0;
  std::uint64_t errors = 0;  // confirmed-ErrorPDU, rejectPDU; and answers with a failed item
  std::uint64_t unanswered = 0;
  LatencyResult latency;
};

// One thing that happened to a report control block, in order.
struct RcbStep {
  FrameRef frame;
  std::string
      what;  // "reserved", "configured", "enabled", "GI", "disabled", "purged", "resync", ...
  std::string detail;  // "OptFlds=0111110010, TrgOps=011001"
  bool ok = true;
  std::string error;  // DataAccessError where refused
};

struct RcbResult {
  std::string reference;  // "IED1LD0/LLN0$BR$brcb01", or empty where only its reports were seen
  std::string rpt_id;
  std::string data_set;
  std::optional<bool> buffered;
  std::vector<RcbStep> story;  // the first ones where there are very many
  std::uint64_t steps = 0;     // of the whole story
  std::uint64_t reports = 0;
  std::uint64_t segments = 0;   // InformationReports that carried them
  std::uint64_t missing = 0;    // SqNums skipped
  std::uint64_t overflows = 0;  // BufOvfl true
  std::optional<std::uint64_t> first_sq_num;
  std::optional<std::uint64_t> last_sq_num;
  FrameRef first_report;
  FrameRef last_report;
  std::uint64_t general_interrogations = 0;
  std::uint64_t integrity_reports = 0;
  std::string holder;  // who holds it, "10.0.0.3:50000" or an owner's octets, where known
};

struct ControlStep {
  FrameRef frame;
  std::string what;  // "Select", "SelectWithValue", "Operate", "Cancel", "CommandTermination+", ...
  std::string result;       // "ok", "refused: object-access-denied", ...
  double response_ms = -1;  // negative where there is none
};

struct ControlResult {
  std::string object;     // "IED1LD0/CSWI1$CO$Pos"
  std::string ctl_model;  // by name, empty where unknown
  std::string ctl_val;
  std::string originator;  // "station-control SCADA"
  std::int64_t ctl_num = -1;
  bool test = false;
  std::string
      outcome;  // "done", "refused", "cancelled", "terminated", "unfinished", "selected only"
  std::string add_cause;  // by name, empty where none
  std::vector<ControlStep> steps;
};

struct FileResult {
  std::string name;
  std::string direction;              // "get" (to the client) or "set" (to the server)
  std::optional<std::uint64_t> size;  // as announced by FileOpen
  std::uint64_t octets = 0;           // transferred
  std::uint64_t reads = 0;
  FrameRef opened;
  FrameRef closed;      // number 0 where it was not
  std::string outcome;  // "complete", "incomplete", "failed: ...", "unclosed"
};

struct DataSetResult {
  std::string name;
  std::vector<std::string> members;  // with their FC, "IED1LD0/GGIO1$ST$Ind1"
  std::string source;                // the service that told
};

struct SettingGroupStep {
  FrameRef frame;
  std::string object;
  std::string what;  // "SelectActiveSG 2"
  std::string result;
};

struct LogResult {
  std::string name;
  std::uint64_t queries = 0;
  std::uint64_t entries = 0;
  std::uint64_t errors = 0;
};

// Services that the server's tracking data (LTRK) told of, by kind and result.
struct ServiceTrackingResult {
  std::string service;  // "SetBRCBValues"
  std::string error;    // of errorCode, empty for no-error
  std::uint64_t count = 0;
  std::string last_object;  // objRef
  FrameRef first;
};

struct AssociationResult {
  std::uint32_t stream = 0;
  std::string client;
  std::string server;
  std::string role_source;  // "syn", "requests", "port"
  std::string carries;      // "mms", "iso-on-tcp", "tls", "s7comm", "other", "nothing"
  bool is_iec61850 = false;

  FrameRef opened;
  std::string opened_how;  // "initiate", "before the capture", "refused: ...", "unanswered: ..."
  FrameRef closed;
  std::string closed_how;  // "conclude", "release", "abort", "fin", "rst", "open at the end", ...
  std::string closed_by;   // "client", "server", ""

  Common<CotpFacts> cotp;
  Common<SessionFacts> session;
  Common<PresentationFacts> presentation;
  Common<AcseFacts> acse;
  MmsFacts mms;
  std::int64_t mms_context = 0;
  std::string context_source;  // "negotiated", "inferred", "assumed", "user", "none"

  std::map<std::string, std::uint64_t> messages;  // by PDU kind
  LatencyResult latency;                          // of all answered confirmed requests
  std::vector<ServiceResult> services;            // by name
  std::vector<RcbResult> report_control_blocks;
  std::vector<ControlResult> controls;
  std::vector<FileResult> files;
  std::vector<DataSetResult> data_sets;
  std::vector<SettingGroupStep> setting_groups;
  std::vector<LogResult> logs;
  std::vector<ServiceTrackingResult> service_tracking;
  std::uint64_t controls_total = 0;  // where `controls` holds only the first ones
  std::uint64_t files_total = 0;

  // Where the octets went that were captured: captured = delivered + repeated + foreign + capped,
  // and delivered is the sum of `framing`. Client to server, server to client.
  struct Octets {
    std::uint64_t captured = 0;
    std::uint64_t delivered = 0;
    std::uint64_t repeated = 0;
    std::uint64_t foreign = 0;
    std::uint64_t capped = 0;
    FramingOctets framing;
  };
  Octets octets[2];
  std::uint64_t lost_octets[2] = {0, 0};  // likewise
  std::uint64_t retransmissions[2] = {0, 0};
  std::uint64_t duplicates[2] = {0, 0};
};

// Names with the number of findings about each, the most frequent first; the first ones where there
// are very many.
struct CountedNames {
  std::vector<std::pair<std::string, std::uint64_t>> names;
  std::uint64_t distinct = 0;
};

// What a person would fix once: the findings of one rule, severity and party that agree in what the
// rule declares as discriminating, over all servers.
struct Cause {
  std::string_view rule;
  std::string_view title;  // of the rule
  Severity severity = Severity::note;
  Party party = Party::unknown;
  Evidence evidence;                  // what all of them have in common
  std::vector<std::size_t> findings;  // in Result::findings; the first is the example
  std::uint64_t occurrences = 0;
  CountedNames servers;  // "10.0.0.2:102"
  CountedNames clients;  // "10.0.0.3"
  CountedNames objects;
  TimeNs first = 0;
  TimeNs last = 0;
};

// What the capture says about the plant, as one sentence.
struct Verdict {
  enum class Kind : std::uint8_t {
    errors,    // something does not work
    warnings,  // something will bite, or hides faults
    healthy,
    unproven,  // nothing is wrong in it, but the capture can not show that all is well
    no_mms,    // there is no MMS message in it
  } kind = Kind::healthy;
  std::string sentence;
};
constexpr std::string_view verdict_kind_name(Verdict::Kind kind) {
  constexpr std::string_view kNames[] = {"errors", "warnings", "healthy", "unproven", "no-mms"};
  return kNames[static_cast<std::size_t>(kind)];
}

// One server over all its associations.
struct ServerResult {
  std::string server;                // "10.0.0.2:102"
  std::vector<std::string> devices;  // names of its logical devices, the first ones
  std::uint64_t associations = 0;
  std::uint64_t messages = 0;
  std::uint64_t errors = 0;  // findings
  std::uint64_t warnings = 0;
  std::uint64_t notes = 0;
  std::optional<std::size_t> main_cause;  // in Result::causes, of those above note
};

// Findings of one fingerprint that were accepted before.
struct BaselineEntry {
  std::string fingerprint;
  std::string rule;
  std::string server;  // for people: "10.0.0.2:102"
  std::string object;
  std::uint64_t count = 1;  // findings, not occurrences
  std::string reason;       // what a person wrote
  std::string expires;      // "2027-03-31", the last day on which it is accepted; or empty
};

// The findings compared with those that were accepted before.
struct BaselineResult {
  std::string file;
  std::uint64_t is_new = 0;  // findings
  std::uint64_t known = 0;
  std::vector<BaselineEntry> gone;  // accepted, not found; `count` is what is missing
  std::uint64_t gone_findings = 0;
  bool proves_fixed = true;  // false: the capture shows too little to say that what is gone is fixed
};

struct Result {
  Verdict verdict;
  bool proves_health = true;  // false: loss, one direction, cut, encrypted, or no MMS at all
  CaptureResult capture;
  std::deque<AssociationResult> associations;  // by stream
  std::vector<Finding> findings;               // worst first, then by stream and time
  std::vector<Cause> causes;                   // of all findings, worst first
  std::vector<ServerResult> servers;           // those with the most errors first
  std::optional<BaselineResult> baseline;      // none without --baseline
  UndecodedCounters undecoded;
  std::uint64_t messages = 0;
  std::uint64_t connections = 0;  // all TCP connections of the trace
};

}  // namespace mmsa
