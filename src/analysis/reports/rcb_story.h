// The story of each report control block as the reads and writes of one association tell it
// (IEC 61850-7-2 clause 17.2; PROTOCOL 4.4), and the rules about enabling.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/context.h"
#include "iec61850/rcb.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

// An attribute whose write was refused.
struct RcbRefusal {
  iec61850::RcbAttribute attribute = iec61850::RcbAttribute::none;
  asn1::NodeRef value;
  std::int64_t error = 0;
  std::string detail;           // "RptEna=true"
  std::string accepted_before;  // "reserve (frame 37), configure (frame 39)"
  bool enabled_here = false;    // by this association, at that point
};

// What one association knows of a block.
struct RcbState {
  std::string reference;  // "IED1LD0/LLN0$BR$brcb01"
  bool buffered = false;
  // Under which it is looked up by this association; empty: the reference is used.
  std::optional<std::string> rpt_id;
  bool enabled = false;            // by this association
  bool here = false;               // counted as enabled, or asked to be, by it
  bool enabled_elsewhere = false;  // RptEna was read true before it was written here
  FrameRef enabled_at;
  FrameRef pending_enable;           // the last RptEna=TRUE that was asked for
  std::uint64_t pending_losses = 0;  // gaps of the capture before it
  // Its configuration, as all associations told.
  iec61850::ReportControl* control = nullptr;
  RcbResult report;  // what is printed

  // TrgOps, where they are known, ask for integrity reports.
  bool integrity_trigger() const {
    constexpr unsigned kIntegrity = 4;
    return control->trg_ops && (*control->trg_ops >> kIntegrity & 1u) != 0;
  }
  // The RptID that its reports carry.
  std::string_view effective_rpt_id() const {
    return rpt_id && !rpt_id->empty() ? std::string_view(*rpt_id) : std::string_view(reference);
  }
};

// Told when a block of this association is enabled or disabled.
class RcbListener {
 public:
  virtual ~RcbListener() = default;
  // RptEna=TRUE was asked for: reports may come before the answer does.
  virtual void on_enabling(Context& context, RcbState& block, FrameRef frame) = 0;
  virtual void on_disabled(Context& context, RcbState& block, FrameRef frame) = 0;
};

class RcbTracker {
 public:
  // Looks at reads and writes of report control blocks; others cost one look at their first name.
  void on_message(Context& context, const MmsMessage& message, RcbListener& listener);
  void on_close(Context& context, bool reports_seen, FrameRef opened, FrameRef closed);

  std::list<RcbState>& blocks() { return blocks_; }
  // The blocks whose reports carry this RptID, as far as their RptID is known.
  template <typename Function>
  void each_with_rpt_id(std::string_view rpt_id, const Function& function) const {
    const auto [begin, end] = by_rpt_id_.equal_range(std::hash<std::string_view>{}(rpt_id));
    for (auto at = begin; at != end; ++at) {
      if (at->second->effective_rpt_id() == rpt_id) function(*at->second);
    }
  }
  // Blocks that this association enabled, or asked to enable, and whose RptID was never told.
  const std::vector<RcbState*>& enabled_unnamed() const { return enabled_unnamed_; }
  // Counts up with each change of what is enabled, here or elsewhere, and of RptIDs.
  std::uint64_t version() const { return version_; }
  // How many blocks this association enabled, or asked to enable.
  std::size_t enabled_here() const { return enabled_here_; }

 private:
  void on_write_request(Context& context, const MmsMessage& message, RcbListener& listener);
  void on_write_answer(Context& context, const MmsMessage& message, RcbListener& listener);
  void on_read_answer(Context& context, const MmsMessage& message);
  void read_block(Context& context, std::string_view domain, const iec61850::RcbItem& item,
                  asn1::NodeRef value, FrameRef frame);
  void read_blocks(Context& context, const ObjectName& name, asn1::NodeRef value, FrameRef frame);
  // Null beyond the cap.
  RcbState* find_block(Context& context, std::string_view domain, const iec61850::RcbItem& item);
  void touch(const RcbState& state, FrameRef frame);
  void accepted(Context& context, RcbState& block, iec61850::RcbAttribute attribute,
                asn1::NodeRef value, const MmsMessage& message, RcbListener& listener);
  void refused(RcbState& block, iec61850::RcbAttribute attribute, asn1::NodeRef value,
               std::int64_t error, FrameRef frame);
  // Those of one block and request, as one finding.
  void raise_refused(Context& context, RcbState& block, std::span<const RcbRefusal> refused,
                     const MmsMessage& message);
  // Taken by this client though another one has it.
  static void note_takeover(const Context& context, RcbState& block,
                            iec61850::RcbAttribute attribute, asn1::NodeRef value,
                            const MmsMessage& message);
  // Of blocks that this client had, at its end.
  static void raise_takeovers(Context& context, const RcbState& block);
  void check_purge(Context& context, RcbState& block, const MmsMessage& message);
  void raise_refusals(Context& context, const MmsMessage& message);
  void sync(RcbState& block);
  void read_attribute(Context& context, RcbState& block, iec61850::RcbAttribute attribute,
                      asn1::NodeRef value, FrameRef frame);
  void learn(RcbState& block, iec61850::RcbAttribute attribute, asn1::NodeRef value);
  void set_rpt_id(RcbState& block, std::string_view rpt_id);
  void index_rpt_id(RcbState& block);
  void set_here(RcbState& block, bool here);

  // Of the answer that is looked at.
  std::vector<std::pair<RcbState*, RcbRefusal>> refusals_;
  std::list<RcbState> blocks_;  // addresses stay
  std::map<std::string, RcbState*, std::less<>> by_reference_;
  std::unordered_multimap<std::size_t, RcbState*> by_rpt_id_;  // by hash of the effective RptID
  std::vector<RcbState*> enabled_unnamed_;
  std::size_t enabled_here_ = 0;
  std::uint64_t version_ = 0;
  std::uint64_t not_followed_ = 0;  // accesses to blocks beyond the cap
  bool enable_tried_ = false;
  bool written_ = false;  // a block was written: more than browsing
  bool refused_ = false;  // such a write was refused
  FrameRef first_touch_;  // the first read or write that is about reporting
  std::string first_touched_;
};

}  // namespace mmsa::analysis
