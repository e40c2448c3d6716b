// The result of analysing one trace, as a value. output/ prints it; nothing in it refers to
// packets. Texts that come from the wire stand here as they are: output/ makes them safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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
  std::uint64_t filtered = 0;   // frames that the capture filter dropped; not among the packets
  std::uint64_t truncated = 0;  // packets of which a snap length cut the end
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

// "10.0.0.2" of "10.0.0.2:102", "fe80::1" of "[fe80::1]:102"; an address without a port is its own.
constexpr std::string_view host_of(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  const std::size_t colon = address.find(':');
  return colon == address.rfind(':') ? address.substr(0, colon) : address;
}

// Names of addresses: endpoints ("10.0.0.2:102") or hosts ("10.0.0.2").
using AddressNames = std::map<std::string, std::string, std::less<>>;
// What an endpoint or host is called: its own name, else that of its host; empty where it has none.
inline std::string_view name_in(const AddressNames& names, std::string_view address) {
  auto found = names.find(address);
  if (found == names.end()) found = names.find(host_of(address));
  return found == names.end() ? std::string_view() : std::string_view(found->second);
}

// First and last SqNum of the reports between one enable and the next.
struct SqNumInterval {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
// More intervals of one block than this are not told apart: one more stands for the rest.
inline constexpr std::size_t kMaxSqNumIntervals = 32;

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
  std::vector<SqNumInterval> sq_nums;  // by enabled interval, in order, the first ones
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
  std::uint64_t position = 0;         // initialPosition: the octet that it began with
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
  // Rules of the findings that keep the capture from proving health: loss, cuts, one direction,
  // encryption. What is not captured may be anything.
  std::vector<std::string_view> unproven_by;
};
constexpr std::string_view verdict_kind_name(Verdict::Kind kind) {
  constexpr std::string_view kNames[] = {"errors", "warnings", "healthy", "unproven", "no-mms"};
  return kNames[static_cast<std::size_t>(kind)];
}

// One thing that happened in an incident.
struct IncidentStep {
  enum class Kind : std::uint8_t {
    unanswered,    // a request that waited in vain
    lost,          // an association ended that should not have
    not_admitted,  // an attempt to associate was refused or not answered
    connected,     // associated again
    enabled,       // a report control block was enabled again
    events_lost,   // the buffer had run over, or numbers are missing
  } kind = Kind::lost;
  FrameRef frame;
  bool has_stream = false;
  std::uint32_t stream = 0;
  std::string what;  // "reset by the server", "IED1LD0/LLN0$BR$brcb01"
};
constexpr std::string_view incident_step_name(IncidentStep::Kind kind) {
  constexpr std::string_view kNames[] = {"unanswered", "lost",    "not-admitted",
                                         "connected",  "enabled", "events-lost"};
  return kNames[static_cast<std::size_t>(kind)];
}

// What followed from what on one server or client: what came first, and what would not have
// happened without it.
struct Incident {
  enum class Kind : std::uint8_t {
    connection_lost,   // one client and one server
    server_restarted,  // all clients of a server within a short time
    client_restarted,  // all servers of a client within a short time
    refused_at_first,  // attempts that failed, until one was admitted
  } kind = Kind::connection_lost;
  std::vector<std::string> servers;  // "10.0.0.2:102"
  std::vector<std::string> clients;  // hosts, "10.0.0.3"
  TimeNs first = 0;
  TimeNs last = 0;
  std::uint64_t refused = 0;  // attempts that were not admitted
  bool over = false;          // every client is connected again
  // From the loss until the last client was connected again; with `over` only.
  std::optional<double> without_connection_s;
  // From the loss until the last block that had been enabled was enabled again, where all were.
  std::optional<double> without_reports_s;
  std::vector<std::string> not_enabled_again;  // blocks, on a connection that is back
  std::string summary;                         // one sentence
  std::vector<IncidentStep> steps;             // in order, the first ones
  std::uint64_t steps_total = 0;
  std::vector<std::size_t> findings;  // in Result::findings, that belong to it
};
constexpr std::string_view incident_kind_name(Incident::Kind kind) {
  constexpr std::string_view kNames[] = {"connection-lost", "server-restarted", "client-restarted",
                                         "refused-at-first"};
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
  bool proves_fixed =
      true;  // false: the capture shows too little to say that what is gone is fixed
};

struct Result {
  Verdict verdict;
  CaptureResult capture;
  std::deque<AssociationResult> associations;  // by stream
  std::vector<Finding> findings;               // worst first, then by stream and time
  std::vector<Cause> causes;                   // of all findings, worst first
  std::vector<Incident> incidents;             // in the order of time, the first ones
  std::uint64_t incidents_total = 0;
  std::vector<ServerResult> servers;  // those with the most errors first
  // What of the trace this is about, in words, where it is not all of it: "server 10.0.0.2".
  std::string selection;
  // What addresses are called: "10.0.0.2:102" or "10.0.0.3" -> name; of --name, or of the data.
  AddressNames names;
  std::optional<BaselineResult> baseline;  // none without --baseline
  UndecodedCounters undecoded;
  std::uint64_t messages = 0;
  std::uint64_t connections = 0;  // all TCP connections of the trace
};

// False: loss, one direction, cut, encrypted, or no MMS at all. What is not in such a capture need
// not be absent from the plant.
inline bool proves_health(const Result& result) {
  return result.messages > 0 && result.verdict.unproven_by.empty();
}

}  // namespace mmsa
