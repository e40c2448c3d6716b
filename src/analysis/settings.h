// What the operator may say about the rules.
#pragma once

#include <map>
#include <set>
#include <string>

#include "analysis/severity_rules.h"
#include "mmsanalyze/packet.h"

namespace mmsa::analysis {

struct Settings {
  TimeNs slow = 2 * kNsPerSecond;              // --slow: a response is slow beyond it
  TimeNs stale = 60 * kNsPerSecond;            // --stale: a report's TimeOfEntry is old beyond it
  TimeNs idle = 60 * kNsPerSecond;             // --idle: a connection without MMS is idle beyond it
  TimeNs no_response = 10 * kNsPerSecond;      // --no-response: a request is unanswered beyond it
  TimeNs command_timeout = 10 * kNsPerSecond;  // --command-timeout: for CommandTermination
  std::set<std::string, std::less<>> disabled;  // --disable, rule ids
  SeverityRules severities;                     // --severity
  // --name: what an address is called, "10.0.0.2" or "10.0.0.2:102" -> name.
  std::map<std::string, std::string, std::less<>> names;
};

}  // namespace mmsa::analysis
