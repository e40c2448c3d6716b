// What a tracker is given with each event: where to put findings, and about whom.
#pragma once

#include "analysis/findings.h"
#include "analysis/settings.h"
#include "iec61850/reference.h"
#include "iec61850/report.h"
#include "iec61850/server_model.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/report.h"

namespace mmsa::analysis {

// Octets that the capture lost of one direction, so that no device is blamed for them.
struct LossMemory {
  std::uint64_t gaps = 0;
  FrameRef last;  // the frame behind the last one
};

// What is remembered of a request until its answer comes, so that it need not be decoded again.
struct Asked {
  // Of its names: what it is not about needs no closer look.
  iec61850::FcSet constraints = {};
  std::uint32_t results = 0;  // how many a read or write should have; 0: not known
  bool data_set = false;      // the members of a data set, as last told

  std::uint64_t mark() const {
    return constraints.bits() | std::uint64_t{results & kMaxResults} << 32 |
           std::uint64_t{data_set} << 63;
  }
  static Asked of(std::uint64_t mark) {
    return {iec61850::FcSet(static_cast<std::uint32_t>(mark)),
            static_cast<std::uint32_t>(mark >> 32) & kMaxResults, mark >> 63 != 0};
  }

 private:
  static constexpr std::uint32_t kMaxResults = 0x7FFF'FFFF;
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
  // Of a confirmed request; of an answer, what its request left.
  Asked asked = {};
  iec61850::ReportView& report_view;  // for who takes a report apart: reused
  // The greatest time of the trace; known when it has ended, else 0.
  TimeNs trace_end = 0;

  std::string_view name_of(Side side) const {
    return side == association.client ? "client" : "server";
  }
};

}  // namespace mmsa::analysis
