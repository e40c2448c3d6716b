// What is known of the report control blocks of a server, over all associations with it (IEC
// 61850-7-2 clause 17.2; PROTOCOL 4.4): configuration as last told, and who holds a block since
// when. A second client meets what a first one did. Values without wording.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iec61850/rcb.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/packet.h"

namespace mmsa::iec61850 {

// A client that has a block for itself.
struct RcbHolder {
  std::string client;  // "10.0.0.3:50000"
  std::uint32_t stream = 0;
  FrameRef since;         // the answer that gave it the block; number 0: nobody
  FrameRef disconnected;  // its connection ended without a release; number 0: it is there

  bool held() const { return since.number != 0; }
};

struct ReportControl {
  // An interval in which a block was enabled; `to` with number 0 while it is.
  struct Life {
    std::uint32_t stream = 0;
    FrameRef from;
    FrameRef to;
  };

  std::string reference;  // "IED1LD0/LLN0$BR$brcb01"
  bool buffered = false;

  // As last read or written; none where it was not.
  std::optional<std::string> rpt_id;  // empty: the reference is used
  std::optional<std::string> dat_set;
  std::optional<std::uint64_t> conf_rev;
  std::optional<std::uint16_t> opt_flds;  // low_bits()
  std::optional<std::uint16_t> trg_ops;
  std::optional<std::uint64_t> buf_tm;   // milliseconds
  std::optional<std::uint64_t> intg_pd;  // milliseconds
  std::optional<std::int64_t> resv_tms;  // seconds; -1: assigned by configuration

  FrameRef conf_rev_told;  // the last answer that told ConfRev
  // Who told DatSet as it is: it was read, or written.
  struct DatSetTold {
    FrameRef frame;  // number 0: not told
    std::uint32_t stream = 0;
    bool written = false;
  };
  DatSetTold dat_set_told;
  // What was written to EntryID since the block was last disabled.
  struct Position {
    FrameRef frame;        // number 0: nothing was
    bool refused = false;  // by the server: it has no such entry
    bool named = false;    // an entry that is not zero was accepted
    bool known() const { return refused || named; }
  };
  Position position;
  bool purged = false;  // since its last report

  RcbHolder enabled_by;
  RcbHolder reserved_by;
  // Owner as last read: an address, empty where it is nobody's or no address.
  std::string owner;
  FrameRef owner_read;
  // RptEna was last read as true, though no association of the capture had enabled it.
  FrameRef enabled_unseen;

  // Accepted for one client though another one had it, and was connected: the first
  // kMaxTakeovers. Whether the capture shows that the other one kept it is known at its end.
  struct Takeover {
    RcbHolder holder;
    bool enabled = false;  // by the holder; else reserved
    std::string client;
    RcbAttribute attribute = RcbAttribute::none;
    FrameRef request;
    FrameRef answer;
  };
  std::vector<Takeover> takeovers;

  std::vector<Life> lives;  // the first kMaxLives
  std::uint64_t life_count = 0;
  std::uint64_t entry_ids_written = 0;
  std::uint64_t entry_ids_refused = 0;
  std::uint64_t purges = 0;
  std::uint64_t purging_streams = 0;  // connections in which it was purged
  std::uint32_t last_purge = 0;       // stream of the last purge

  // This association has it enabled, as far as was seen.
  bool enabled_here(std::uint32_t stream) const {
    return enabled_by.held() && enabled_by.stream == stream;
  }

  // The RptID that its reports carry.
  std::string_view effective_rpt_id() const {
    return rpt_id && !rpt_id->empty() ? std::string_view(*rpt_id) : std::string_view(reference);
  }
};

// Enabled intervals kept of one block.
inline constexpr std::size_t kMaxLives = 64;
// Takeovers kept of one block: one proves the fault.
inline constexpr std::size_t kMaxTakeovers = 8;

// Who accesses a block.
struct RcbClient {
  std::string_view endpoint;
  std::uint32_t stream = 0;
};

// The blocks of one server.
class ReportControls {
 public:
  // Made where it is new. Null beyond the cap. Addresses stay.
  ReportControl* of(std::string_view reference, bool buffered);
  const ReportControl* find(std::string_view reference) const;

  // A write that was accepted, or refused; an attribute that was read.
  void written(ReportControl& block, RcbAttribute attribute, asn1::NodeRef value, RcbClient client,
               FrameRef frame);
  static void refused(ReportControl& block, RcbAttribute attribute, FrameRef frame);
  static void read(ReportControl& block, RcbAttribute attribute, asn1::NodeRef value,
                   RcbClient client, FrameRef frame);
  // A report of it came.
  static void reported(ReportControl& block) { block.purged = false; }
  // The connection of a client ended: what it holds is not released by that (a server should).
  void disconnected(std::uint32_t stream, FrameRef frame);

  // Who holds the block against this stream: who enabled it, else who reserved it. Null where that
  // was not seen.
  static const RcbHolder* holder_against(const ReportControl& block, std::uint32_t stream);

 private:
  static void learn(ReportControl& block, RcbAttribute attribute, asn1::NodeRef value);

  std::map<std::string, ReportControl, std::less<>> blocks_;
  // What the open connections have written to take or to give back.
  std::unordered_map<std::uint32_t, std::set<ReportControl*>> taken_by_;
};

// The blocks of all servers of a trace.
class ServerReportControls {
 public:
  ReportControls& of(const Association& association) {
    return servers_[association.connection->endpoint[index(association.server())]];
  }

 private:
  std::map<Endpoint, ReportControls> servers_;
};

// The address that an Owner names: 4 octets of IPv4 or 16 of IPv6; empty where all are zero or it
// is none.
std::string owner_text(Bytes owner);

}  // namespace mmsa::iec61850
