// One MMS message as one JSON object: docs/messages.schema.json.
#pragma once

#include <string>

#include "mmsanalyze/association.h"
#include "mmsanalyze/events.h"
#include "report/meaning_json.h"
#include "report/node_json.h"

namespace mmsa::report {

class MessageJson {
 public:
  // Appends the object, without a line end.
  void write(const Association& association, const MmsMessage& message, std::string& out);

  void forget(const Association& association) { meaning_.forget(association); }

 private:
  DetailWriter detail_;
  MeaningJson meaning_;
};

}  // namespace mmsa::report
