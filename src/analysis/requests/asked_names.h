// What a request is about, in the words of a finding.
#pragma once

#include <string>

#include "iec61850/control.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

struct AskedNames {
  std::string first;      // "IED1CTRL/XCBR1$ST$Pos", a domain, a file; empty where it has no name
  std::size_t count = 0;  // of names

  // "IED1CTRL/XCBR1$ST$Pos and 2 more"; empty where there is none.
  std::string text() const;
};

AskedNames asked_names(const MmsPdu& request, const asn1::Tree& tree);
// Decodes the octets of the request once more; empty where they were not kept.
AskedNames asked_names(const PendingRequest& request);

// The service that a control object was asked for; Select is a Read, the others are Writes.
struct AskedCommand {
  std::string object;  // "IED1CTRL/CSWI1$CO$Pos"; empty where the request is no command
  iec61850::ControlKind kind = iec61850::ControlKind::operate;
  std::string ctl_val;  // empty of a Select
};
AskedCommand asked_command(const PendingRequest& request);

}  // namespace mmsa::analysis
