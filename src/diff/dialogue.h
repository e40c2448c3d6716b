// One association while the capture is read: requests wait for their answers, commands for what
// follows from them, and what is only asked again is dropped.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "diff/describe.h"
#include "diff/life.h"
#include "diff/steps.h"
#include "iec61850/meaning.h"

namespace mmsa::diff {

// What the dialogues of one capture have in common.
struct Shared {
  Vocabulary& vocabulary;
  CaptureSteps& capture;
  std::size_t steps = 0;  // kept, of all associations
  TimeNs end = -1;        // of the capture, by the clock; negative while it is read
  // Reused from message to message.
  StepName name{};
  FactWriter facts{};
};

class Dialogue {
 public:
  explicit Dialogue(Shared& shared) : shared_(shared) {}

  void on_exchange(const iec61850::Exchange& exchange);
  void on_malformed(const Association& association, const MalformedUnit& unit);
  void on_gap(const GapEvent& event) {
    holes_.push_back({event.gap.before.number, event.gap.after.number});
  }
  void on_unanswered(const Association& association, const UnansweredRequest& event);
  Life& life() { return life_; }

  // Nothing may be told afterwards.
  AssociationSteps finish(const Association& association, const ConnectionClose& close);

 private:
  struct Pending {
    Step step;
    bool from_client = true;
    bool repeats = false;  // doing it again changes nothing
    std::string object;    // of a command, else empty
    std::string names;     // of a list that comes in parts, so far
  };
  // The last command to an object, which LastApplError and CommandTermination are about.
  struct Command {
    std::uint32_t sequence = 0;
    std::uint64_t id = 0;              // in pending_, while it waits
    bool operate = false;              // only these are terminated
    std::optional<std::size_t> place;  // in steps_, once it was answered
  };
  // What the last Select sent, to say whether its Operate sends the same.
  struct Selected {
    std::optional<std::uint64_t> ctl_num;
    std::string t;
  };
  struct Reported {
    std::uint64_t header = 0;   // hash of the last header
    std::vector<bool> members;  // whose type was kept
  };

  void on_request(const iec61850::Exchange& exchange);
  void on_answer(const iec61850::Exchange& exchange);
  void on_unconfirmed(const iec61850::Exchange& exchange);
  void on_report(const iec61850::Exchange& exchange);
  void on_outcome(const iec61850::Exchange& exchange, const iec61850::ControlView& control);
  void tell(FrameRef frame, std::string_view service, std::string_view objects,
            const FactWriter& facts);
  void add_select_facts(const iec61850::ControlView& control);
  bool continues_list(const iec61850::Exchange& exchange, Text key, std::uint64_t id);
  void add_part(const iec61850::Exchange& exchange, Pending&& pending);
  void answer(Pending& pending, const FactWriter& facts, const MmsMessage& message);
  std::string object_of(const iec61850::ControlView& control) const;
  void keep(Pending&& pending);
  Step* find_command(const std::string& object, bool operate);
  void set_name(Step& step, std::string_view service, std::string_view objects);
  bool is_repetition(const Step& step, std::vector<Step>& list);

  static std::uint64_t id_of(Side sender, std::uint32_t invoke_id) {
    return std::uint64_t{invoke_id} << 1 | index(sender);
  }

  Shared& shared_;
  Life life_;
  std::uint32_t sequence_ = 0;
  std::unordered_map<std::uint64_t, Pending> pending_;  // by sender and invoke id
  std::unordered_map<Text, Pending> lists_;             // by key: more parts are to come
  std::vector<Step> steps_;
  std::vector<Step> told_;
  std::vector<Hole> holes_;
  // The last step of each key, to know what is asked again.
  struct Last {
    Text sent = kUnknown;
    Text answered = kUnknown;
    std::size_t place = 0;  // in steps_ or told_
  };
  std::unordered_map<Text, Last> last_;
  std::unordered_map<std::string, Command> commands_;   // by object
  std::unordered_map<std::string, Selected> selected_;  // by object
  std::unordered_map<std::string, Reported> reported_;  // by RptID
};

}  // namespace mmsa::diff
