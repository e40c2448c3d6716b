// Joins the messages of each command (IEC 61850-7-2 clause 20; PROTOCOL 4.5) by object, origin and
// ctlNum, and raises what went wrong when the command is over.
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/control/control_findings.h"
#include "analysis/control/feedback.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class ControlTracker {
 public:
  // Every message: the time, and what was lost up to it.
  void see(const Context& context, const MmsMessage& message) {
    if (now_ == 0) first_time_ = message.frame.clock;
    now_ = message.frame.clock;
    if (context.loss[0].gaps != holes_[0].seen || context.loss[1].gaps != holes_[1].seen) {
      note_holes(context);
    }
  }
  // Reads, writes and information reports, behind see(). Those that can not be about control cost
  // one look at what their requests named.
  void on_message(Context& context, const MmsMessage& message);
  // The association ended at `closed`, or the capture did. Fills context.report.controls.
  void on_close(Context& context, FrameRef closed);

 private:
  // The last accepted select of an object.
  struct Selection {
    FrameRef asked;
    FrameRef answered;
    FrameRef ended;  // by what used it up
    std::string_view ended_by;
    iec61850::DataCopy value;  // SBOw; none of a Read of SBO
  };
  struct Object {
    std::string_view name;    // "IED1LD0/CSWI1$CO$Pos": the key, which stays where it is
    std::string_view domain;  // of it
    std::string_view item;
    Selection selection;
    iec61850::DataCopy asked_value;        // of the last SBOw or SBO that was asked
    std::uint64_t asked_frame = 0;         // its frame
    std::vector<ControlTransaction> open;  // in order; the last may be over
  };
  // Times at which the capture lost octets of one side.
  struct Holes {
    std::uint64_t seen = 0;
    std::vector<TimeNs> times;
    void add(TimeNs time);
    bool any(TimeNs from, TimeNs to) const;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  void note_holes(const Context& context);

  Object& object(Context& context, std::string_view domain, std::string_view item);
  Object* find_object(Context& context, const iec61850::ControlView& view);
  ControlTransaction& begin(Context& context, Object& object);
  bool select_may_be_missed(const Context& context, TimeNs now) const;

  void on_request(Context& context, const MmsMessage& message, const iec61850::ControlView& view);
  ControlTransaction& place_request(Context& context, Object& object,
                                    const iec61850::ControlView& view);
  ControlTransaction* part_of(Object& object, const iec61850::ControlView& view) const;
  static void find_fault(Context& context, const Object& object, ControlTransaction& transaction,
                         const MmsMessage& message, const iec61850::ControlView& view);
  void on_operate(Context& context, Object& object, ControlTransaction& transaction,
                  const MmsMessage& message, const iec61850::ControlView& view);
  void on_answer(Context& context, const MmsMessage& message, const iec61850::ControlView& view);
  void on_accepted(Context& context, Object& object, ControlTransaction& transaction,
                   iec61850::ControlKind kind, FrameRef frame);
  void end_selection(Context& context, Object& object, FrameRef by, std::string_view what);
  ControlRequest* request_of(ControlTransaction& transaction, const iec61850::ControlView& view,
                             bool loosely) const;
  void on_error(Context& context, const MmsMessage& message, const iec61850::ControlView& view);
  void on_termination(Context& context, const MmsMessage& message,
                      const iec61850::ControlView& view);
  void terminate(Context& context, Object& object, ControlTransaction& transaction,
                 const MmsMessage& message, const iec61850::ControlView& view);

  void finish(Context& context, Object& object, ControlTransaction& transaction, TimeNs end);
  void finish_all(Context& context, TimeNs end);

  FeedbackTracker feedback_;
  std::unordered_map<std::string, Object, Hash, std::equal_to<>> objects_;
  std::string key_;
  Object* last_asked_ = nullptr;
  // By FrameRef::clock.
  TimeNs first_time_ = 0;  // of the association's messages
  TimeNs now_ = 0;
  Holes holes_[2];  // by sending Side
};

}  // namespace mmsa::analysis
