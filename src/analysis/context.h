// What a tracker is given with each event: where to put findings, and about whom.
#pragma once

#include "analysis/association/server_load.h"
#include "analysis/capture/damage_memory.h"
#include "analysis/findings.h"
#include "analysis/settings.h"
#include "analysis/time/server_clock.h"
#include "iec61850/meaning.h"
#include "iec61850/report_control.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

// Octets that the capture lost of one direction, so that no device is blamed for them.
struct LossMemory {
  std::uint64_t gaps = 0;
  FrameRef last;              // the frame behind the last one
  std::uint64_t damages = 0;  // messages of this direction that could not be decoded
};

struct Context {
  const Settings& settings;
  FindingCollector& findings;
  const Association& association;
  AssociationResult& report;     // filled by each tracker when the association closes
  iec61850::ServerModel& model;  // what this trace has taught about the server
  const LossMemory (&loss)[2];   // by sending Side
  // No frame of the other side was captured: nothing can be said about answers.
  bool one_direction = false;
  // Of a confirmed request, and of its answer.
  iec61850::RequestNote asked = {};
  // The greatest time of the trace; known when it has ended, else 0.
  FrameRef trace_end;  // only its clock
  // What the message means; null for other events.
  const iec61850::Exchange* exchange = nullptr;
  // The report control blocks of the server, as all associations with it told; the analyzer sets
  // it.
  iec61850::ReportControls* report_controls = nullptr;
  // Associations of the server at a time; set by the analyzer, too.
  ServerLoad* load = nullptr;
  // Of the server; shared by its associations. Null in tests that are not about it.
  ServerClock* clock = nullptr;
  // Of the association. Null in tests that are not about it.
  DamageMemory* damage = nullptr;

  std::string_view name_of(Side side) const {
    return side == association.client ? "client" : "server";
  }
  Party party_of(Side side) const {
    return side == association.client ? Party::client : Party::server;
  }
};

}  // namespace mmsa::analysis
