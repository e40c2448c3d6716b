// The name that was probably meant where a server does not know one, from everything that the
// capture taught of the server.
#pragma once

#include <string>
#include <string_view>

#include "analysis/context.h"

namespace mmsa::analysis {

struct NearMiss {
  std::string name;         // "IED1CTRL/CSWI1$CO$Pos"; empty where nothing is near
  bool constraint = false;  // it differs in the functional constraint only
  // Where the name is right up to a structure whose type is known: what that structure has.
  std::string holder;
  std::string components;

  bool found() const { return !name.empty() || !components.empty(); }
};

// Of a variable, data set, log or control block `domain`/`item`; with alternate access, too.
NearMiss near_miss(const iec61850::ServerModel& model, std::string_view domain,
                   std::string_view item);

// Puts it into evidence, cause and next step; leaves the finding as it is where nothing is near.
void tell_near_miss(Finding& finding, const iec61850::ServerModel& model, std::string_view domain,
                    std::string_view item);
// The same for a logical device.
void tell_near_domain(Finding& finding, const iec61850::ServerModel& model,
                      std::string_view domain);

}  // namespace mmsa::analysis
