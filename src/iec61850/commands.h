// The commands of one association, from its messages: which request, error and termination belongs
// to which command (IEC 61850-7-2 clause 20, IEC 61850-8-1 clause 20; PROTOCOL 4.5). Without
// wording.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iec61850/command.h"
#include "iec61850/server_model.h"
#include "mmsanalyze/events.h"
#include "text/string_map.h"

namespace mmsa::iec61850 {

class Commands {
 public:
  // Caps that a message may reach.
  enum class Cap : std::uint8_t {
    none,
    objects,  // the message was left out
    open,     // the oldest of the object was given up, though its termination was due
  };

  // A message that is about a control object, and what it says. `model`: of the server, whose
  // control objects learn what this association did to them.
  void see(const Association& association, ServerModel& model, const MmsMessage& message,
           const ControlView& view);
  // Of the last see().
  Cap cap_reached() const { return cap_; }

  // Commands that are over since they were last taken, in the order in which they ended. Those that
  // wait for their answer or termination are not.
  std::vector<Command> take_over() { return std::exchange(over_, {}); }
  // What is left when the association is watched no longer, in the order of their first frames.
  std::vector<Command> take_open(TimeNs now);

 private:
  // The last accepted select of an object.
  struct Selection {
    FrameRef asked;
    FrameRef answered;
    FrameRef ended;  // by what used it up
    SelectionEnd ended_by = SelectionEnd::none;
    DataCopy value;  // SBOw; none of a Read of SBO
  };
  struct Object {
    std::string_view name;    // "IED1LD0/CSWI1$CO$Pos": the key, which stays where it is
    std::string_view domain;  // of it
    std::string_view item;
    Selection selection;
    DataCopy asked_value;           // of the last SBOw or SBO that was asked
    std::uint64_t asked_frame = 0;  // its frame
    std::vector<Command> open;      // in order; the last may be over
  };
  // What one call is about.
  struct Scene {
    const Association& association;
    ServerModel& model;
    const MmsMessage& message;
    const ControlView& view;

    std::uint32_t stream() const { return association.connection->stream; }
    FrameRef frame() const { return message.frame; }
  };

  Object* object(std::string_view domain, std::string_view item);
  Object* find_object(const Scene& scene);
  Command& begin(const Scene& scene, Object& object);
  void finish(Command&& command, TimeNs now);

  void on_request(const Scene& scene);
  Command& place_request(const Scene& scene, Object& object);
  static Command* part_of(const Scene& scene, Object& object);
  static void find_fault(const Scene& scene, const Object& object, Command& command);
  static void on_operate(const Scene& scene, const Object& object, Command& command);
  void on_answer(const Scene& scene);
  static void on_accepted(const Scene& scene, Object& object, Command& command);
  static void end_selection(const Scene& scene, Object& object, FrameRef by, SelectionEnd what);
  static CommandRequest* request_of(const Scene& scene, Command& command, bool loosely);
  void on_error(const Scene& scene);
  void on_termination(const Scene& scene);
  static void terminate(const Scene& scene, Command& command);

  text::StringMap<Object> objects_;
  std::string key_;
  Object* last_asked_ = nullptr;
  std::vector<Command> over_;
  Cap cap_ = Cap::none;
};

}  // namespace mmsa::iec61850
