// One command from its select to its end (IEC 61850-7-2 clause 20), and what a server's control
// objects are known to do, whichever client saw it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iec61850/control.h"
#include "iec61850/data_copy.h"
#include "iec61850/position_watch.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/flow.h"
#include "mmsanalyze/packet.h"

namespace mmsa::iec61850 {

enum class Answer : std::uint8_t { none, accepted, refused };

// Select or SelectWithValue, Operate, or Cancel of a transaction.
struct CommandRequest {
  FrameRef asked;     // number 0 where it was not seen
  FrameRef answered;  // the same
  Answer answer = Answer::none;
  bool rejected = false;  // by a rejectPDU, which is a finding of its own
  std::string error;      // in words, of a refusal: "object-access-denied"
  std::optional<std::int64_t> access_error;
  FrameRef error_frame;  // of its LastApplError
  std::optional<std::int64_t> add_cause;
  std::optional<std::int64_t> control_error;  // Error of LastApplError
  std::size_t step = 0;                       // its place in the list of the command's messages

  bool seen() const { return asked.number != 0 || error_frame.number != 0; }
  bool waiting() const { return asked.number != 0 && answer == Answer::none; }
  bool accepted() const { return answer == Answer::accepted; }
  // The answer says so, or it was not captured and the LastApplError before it says so.
  bool refused() const {
    return answer == Answer::refused || (answer == Answer::none && error_frame.number != 0);
  }
};

// Who sent a command and under which number.
struct CommandIdentity {
  std::optional<std::int64_t> or_cat;
  std::string or_ident;
  std::optional<std::uint64_t> ctl_num;

  // Missing members match: a Select by Read has none, and servers leave some out.
  bool matches(std::optional<std::int64_t> cat, Bytes ident,
               std::optional<std::uint64_t> number) const;
};

// What used a selection up.
enum class SelectionEnd : std::uint8_t { none, operate, refused_operate, cancel };

// How the selection stood when Operate was sent.
struct SelectionNote {
  FrameRef asked;  // of the last accepted select of the object; number 0 where there was none
  FrameRef answered;
  FrameRef ended;  // by what used it up; number 0 while it lasts
  SelectionEnd ended_by = SelectionEnd::none;
};

enum class Termination : std::uint8_t { none, positive, negative };

// Who has an object selected, or had.
struct ControlSelection {
  std::uint64_t stream = 0;
  Endpoint client;
  FrameRef asked;
  FrameRef answered;
  FrameRef ended;         // by what used it up; number 0 while it lasts
  FrameRef disconnected;  // its connection ended, which should have freed the object
};

// One message of a command, with its answer.
struct CommandStep {
  enum class What : std::uint8_t {
    select,
    select_with_value,
    operate,
    time_activated_operate,
    cancel,
    last_appl_error,
    termination_positive,
    termination_negative,
  };
  enum class Result : std::uint8_t {
    none,  // not answered
    ok,
    refused,     // `error` says how
    unreadable,  // the answer
    error,       // `add_cause`; none where it can not be decoded
  };
  FrameRef frame;
  What what = What::operate;
  Result result = Result::none;
  std::string error{};
  std::optional<std::int64_t> add_cause{};
  std::optional<TimeNs> took{};  // of an answer, and of a termination since Operate
};

// ctlVal of another type than the object's. Where both are the same, members or size differ.
struct OtherType {
  DataType sent;
  DataType of_object;
};

// A command as the messages of one association tell it.
struct Command {
  std::string object;  // "IED1LD0/CSWI1$CO$Pos"
  CommandIdentity identity;
  DataCopy ctl_val;                               // of the last message that had it
  ControlKind ctl_val_of = ControlKind::operate;  // which of them that was
  bool test = false;
  std::vector<CommandStep> steps;  // the first kMaxSteps
  ControlKind select_kind = ControlKind::select;
  CommandRequest select;
  CommandRequest operate;
  CommandRequest cancel;
  SelectionNote selection;
  // Another client's, which lasted when a request of this command was refused.
  std::optional<ControlSelection> other_selection;
  bool time_activated = false;
  TimeNs execute_at = 0;      // operTm, by the server's clock; 0 where it is at once
  bool kind_unknown = false;  // a LastApplError that does not say to which service it belongs
  bool apart = false;         // Oper was written member by member
  ParameterFault fault;       // of the last SBOw, Oper or Cancel
  FrameRef type_told;         // the answer with the type that it does not fit; number 0: none
  std::optional<OtherType> other_type;

  Termination termination = Termination::none;
  FrameRef terminated;
  std::optional<std::int64_t> termination_cause;
  std::optional<std::int64_t> termination_error;

  std::optional<std::int64_t> last_cause;  // AddCause, of whatever came last

  std::uint8_t differences = 0;  // ControlDifference of Operate and its select
  bool t_differs = false;        // not among them
  DataCopy selected;             // SBOw and Oper, where they differ
  DataCopy operated;

  TimeNs watched_to = 0;  // when it was over, by FrameRef::clock; 0 while it is not

  bool executing() const {
    return operate.seen() && !operate.refused() && termination == Termination::none;
  }
  // Selected or selecting, and nothing else yet.
  bool awaits_operate() const {
    return select.seen() && !operate.seen() && !cancel.accepted() && !cancel.waiting();
  }
  // From here on the termination is due: the answer, or operTm where that is later.
  // A FrameRef::clock.
  TimeNs due_from() const {
    return operate.answered.clock + std::max<TimeNs>(execute_at - operate.answered.time, 0);
  }
  CommandRequest& request(ControlKind kind);
  // Returns its place, kMaxSteps where it was left out.
  std::size_t add_step(CommandStep step);
  // Null where there is none.
  CommandStep* step(std::size_t place) { return place < steps.size() ? &steps[place] : nullptr; }
  FrameRef first_frame() const { return steps.empty() ? FrameRef{} : steps.front().frame; }

  // A command has some ten messages; more come of members that are written one by one, and of
  // errors that are told again and again. What they say is noted all the same.
  static constexpr std::size_t kMaxSteps = 32;
};

// The component of a control object that carries a service: "SBO", "SBOw", "Oper", "Cancel".
std::string_view component_name(ControlKind kind);

// operTm as a time; 0 where there is none, or none with a date.
TimeNs execution_time(const ControlParameters& parameters);

// The control objects of one server, as all its clients have met them. Keys: "LD/LN$CO$DO".
class ControlObjects {
 public:
  struct Object {
    std::optional<std::int64_t> inferred_model;  // from what was accepted
    bool terminates = false;                     // a CommandTermination was seen
    std::optional<TimeNs> sbo_timeout;           // read
    std::optional<ControlSelection> selection;   // the last one that was granted
    FrameRef operated;                           // the last Operate, whoever sent it
    FrameRef outcome_told;                       // the last CommandTermination or LastApplError
  };
  // Null where nothing is known and there is room for no more (kMaxObjects).
  Object* of(std::string_view object);
  PositionWatches& positions() { return positions_; }

  void end_selection(std::string_view object, std::uint64_t stream, FrameRef by);
  // The connection is gone: what it had selected should be free, as IEC 61850-7-2 clause 20 has it.
  void disconnected(std::uint64_t stream, FrameRef by);
  // Of another connection than `stream`, which at `now` may still last.
  std::optional<ControlSelection> other_selection(std::string_view object, std::uint64_t stream,
                                                  TimeNs now) const;

 private:
  // More than any IED has; a hostile capture can not grow the memory of it.
  static constexpr std::size_t kMaxObjects = 4096;
  std::map<std::string, Object, std::less<>> objects_;
  PositionWatches positions_;
};

// A selection of unknown sboTimeout has ended by then in every IED.
inline constexpr TimeNs kLongestSelection = 120 * kNsPerSecond;

}  // namespace mmsa::iec61850
