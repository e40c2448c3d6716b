// Service tracking (IEC 61850-7-2 clause 15): what the server's LTRK reports of the services that
// its clients asked for, also of those in other associations.
#pragma once

#include "analysis/context.h"
#include "iec61850/report.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class ServiceTrackingTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);

 private:
  static void count(Context& context, asn1::NodeRef value, FrameRef frame);
};

}  // namespace mmsa::analysis
