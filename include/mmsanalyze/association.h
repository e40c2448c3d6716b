// What osi/ learns of the association that a TCP connection carries, layer by layer. Everything
// here is owned: it outlives the packets it came from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mmsanalyze/common.h"
#include "mmsanalyze/flow.h"

namespace mmsa {

// --- COTP, ISO 8073 class 0 ---

struct CotpFacts {
  bool request_seen = false;  // CR
  bool confirm_seen = false;  // CC
  std::uint8_t transport_class = 0;
  std::uint16_t source_reference = 0;       // of the CR
  std::uint16_t destination_reference = 0;  // the responder's, from the CC
  std::uint32_t proposed_tpdu_size = 0;     // octets, 0 where the parameter is absent
  std::uint32_t tpdu_size = 0;              // of the CC
  // The codes of parameter C0 (2 to the power of it is the size), allowed or not; of CR and CC.
  std::optional<std::uint8_t> proposed_size_code;
  std::optional<std::uint8_t> size_code;
  std::string calling_tsap;  // octets, of the CR
  std::string called_tsap;
  bool calling_tsap_seen = false;  // both are optional
  bool called_tsap_seen = false;
  std::optional<std::uint8_t> disconnect_reason;  // of a DR
  std::optional<std::uint8_t> reject_cause;       // of an ER
};

// --- session, ISO 8327-1 ---

struct SessionFacts {
  bool connect_seen = false;  // CN
  bool accept_seen = false;   // AC
  std::string calling_selector;
  std::string called_selector;
  std::uint8_t version = 0;            // bit 0: version 1, bit 1: version 2; of the AC, else CN
  std::uint16_t requirements = 0;      // functional units of the AC, else CN
  std::uint32_t max_tsdu_calling = 0;  // TSDU maximum size, 0 where absent
  std::uint32_t max_tsdu_called = 0;
  std::optional<std::uint8_t> refuse_reason;         // of an RF; SessionFacts are all there is then
  std::optional<std::uint8_t> transport_disconnect;  // of the last FN, RF or AB
};

// --- presentation, ISO 8823-1 ---

struct PresentationContext {
  std::int64_t id = 0;
  std::string abstract_syntax;  // dotted
  std::vector<std::string> transfer_syntaxes;
  std::optional<std::int64_t> result;  // 0 acceptance, 1 user-, 2 provider-rejection
  std::optional<std::int64_t> reason;  // of a provider-rejection
};

struct PresentationFacts {
  std::string calling_selector;
  std::string called_selector;
  std::string responding_selector;
  std::vector<PresentationContext> contexts;  // as proposed, with the results filled in
  std::optional<std::int64_t> refuse_reason;  // provider-reason of a CPR
  std::optional<std::int64_t> abort_reason;   // provider-reason of an ARP
  std::optional<std::int64_t> abort_event;    // event-identifier of an ARP
};

// --- ACSE, ISO 8650-1 ---

struct AcseFacts {
  std::string application_context;  // dotted, of the AARE, else the AARQ
  std::string calling_ap_title;     // dotted, or escaped text of the other forms
  std::string called_ap_title;
  std::string responding_ap_title;
  std::optional<std::int64_t> calling_ae_qualifier;
  std::optional<std::int64_t> called_ae_qualifier;
  std::optional<std::int64_t> responding_ae_qualifier;
  // Authentication: that there was one, how, and never its value.
  std::string mechanism;  // dotted; "2.2.3.1" is a password in clear
  bool authentication_value_seen = false;
  std::optional<std::int64_t> result;           // of the AARE: 0 accepted, 1 permanent, 2 transient
  std::optional<std::int64_t> diagnostic_user;  // result-source-diagnostic
  std::optional<std::int64_t> diagnostic_provider;
  std::optional<std::int64_t> release_reason;  // RLRQ, then RLRE
  std::optional<std::int64_t> abort_source;    // ABRT: 0 user, 1 provider
  std::optional<std::int64_t> abort_diagnostic;
};

// --- MMS, ISO 9506-2 Initiate ---

struct InitiateValues {
  std::optional<std::int64_t> local_detail;  // maximum PDU size in octets
  std::int64_t max_outstanding_calling = 0;
  std::int64_t max_outstanding_called = 0;
  std::optional<std::int64_t> nesting_level;
  std::int64_t version = 0;
  std::string parameter_cbb;       // bits as "1111000..."
  std::string services_supported;  // bits, by service number
};

struct MmsFacts {
  // Null where they were not seen. Shared with reports.
  std::shared_ptr<const InitiateValues> proposed;    // initiate-RequestPDU
  std::shared_ptr<const InitiateValues> negotiated;  // initiate-ResponsePDU
};

// Where the presentation context that MMS is decoded in comes from.
enum class ContextSource : std::uint8_t {
  none,        // no PDV was seen
  negotiated,  // the association's own context definition list
  inferred,    // its start is missing; this context carries valid MMS PDUs
  assumed,     // the same, and it is context 3
  user,        // --pres-context
};

// How the client side was told from the server side.
enum class RoleSource : std::uint8_t { syn, requests, port };

// One TCP connection as ISO-on-TCP sees it.
// Where the octets of one direction went that tcp/ delivered: once the association is closed,
// DirectionFacts::octets is the sum of these.
struct FramingOctets {
  std::uint64_t tpkt = 0;     // in TPKTs, as far as the capture holds them
  std::uint64_t skipped = 0;  // passed over on the way to the next TPKT, or the end of a lost TSDU
  std::uint64_t foreign = 0;  // of a connection that carries something else than MMS
  std::uint64_t capped = 0;   // of TSDUs beyond limits::kMaxTsdu or kMaxJoinedTotal
  std::uint64_t unfinished = 0;  // of a TPKT whose rest the capture does not hold

  std::uint64_t sum() const { return tpkt + skipped + foreign + capped + unfinished; }
};

struct Association {
  const Connection* connection = nullptr;  // valid as long as this object
  // A small number that no other open association has: sinks index their tables with it. It is used
  // again after on_close.
  std::uint32_t slot = 0;
  // Counts up whenever anything below may have changed, `mms` apart, which mms/ fills in.
  std::uint32_t version = 0;
  Side client = Side::a;
  RoleSource role_source = RoleSource::port;

  // Whether the octets are ISO-on-TCP, and if not what else was recognised.
  enum class Carries : std::uint8_t {
    nothing,
    iso_on_tcp,
    mms,
    tls,
    s7comm,
    other
  } carries = Carries::nothing;
  bool expected_here = false;  // port 102, 3782 or --port: other traffic there is worth a note
  FramingOctets octets[2];     // by sending side; set when the association closes

  Common<CotpFacts> cotp;
  Common<SessionFacts> session;
  Common<PresentationFacts> presentation;
  Common<AcseFacts> acse;
  MmsFacts mms;

  std::int64_t mms_context = 0;  // presentation context id of MMS
  ContextSource context_source = ContextSource::none;

  Side server() const { return other(client); }
};

// One step of the association's life below MMS, in the order seen.
enum class Step : std::uint8_t {
  connect_request,              // COTP CR
  connect_confirm,              // COTP CC
  disconnect_request,           // COTP DR
  disconnect_confirm,           // COTP DC
  tpdu_error,                   // COTP ER
  session_connect,              // CN
  session_accept,               // AC
  session_refuse,               // RF
  session_finish,               // FN
  session_disconnect,           // DN
  session_not_finished,         // NF
  session_abort,                // AB
  session_abort_accept,         // AA
  presentation_refuse,          // CPR inside RF
  presentation_abort_user,      // ARU
  presentation_abort_provider,  // ARP
  associate_request,            // AARQ
  associate_response,           // AARE, see AcseFacts::result
  release_request,              // RLRQ
  release_response,             // RLRE
  abort,                        // ABRT
};

}  // namespace mmsa
