// What a tracker is given with each event: where to put findings, and about whom.
#pragma once

#include "analysis/findings.h"
#include "analysis/settings.h"
#include "iec61850/reference.h"
#include "iec61850/server_model.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/report.h"

namespace mmsa::analysis {

// Octets that the capture lost of one direction, so that no device is blamed for them.
struct LossMemory {
  std::uint64_t gaps = 0;
  FrameRef last;  // the frame behind the last one
};

struct Context {
  const Settings& settings;
  FindingCollector& findings;
  const Association& association;
  AssociationReport& report;     // filled by each tracker when the association closes
  iec61850::ServerModel& model;  // what this trace has taught about the server
  const LossMemory (&loss)[2];   // by sending Side
  // No frame of the other side was captured: nothing can be said about answers.
  bool one_direction = false;
  // The functional constraints of the names in a confirmed request; of an answer, those of its
  // request: what they are not about needs no closer look.
  iec61850::FcSet constraints = {};
  // The greatest time of the trace; known when it has ended, else 0.
  TimeNs trace_end = 0;

  std::string_view name_of(Side side) const {
    return side == association.client ? "client" : "server";
  }
};

}  // namespace mmsa::analysis
