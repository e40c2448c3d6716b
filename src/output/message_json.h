// One MMS message as one JSON object: docs/messages.schema.json.
#pragma once

#include <string>

#include "iec61850/meaning.h"
#include "output/meaning_json.h"
#include "output/node_json.h"

namespace mmsa::output {

class MessageJson {
 public:
  // Appends the object, without a line end.
  void write(const iec61850::Exchange& exchange, std::string& out);

 private:
  DetailWriter detail_;
};

}  // namespace mmsa::output
