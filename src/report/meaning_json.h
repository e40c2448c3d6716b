// What a message means to IEC 61850, as the keys `report`, `control` and `file` of its record.
#pragma once

#include "iec61850/acsi.h"
#include "iec61850/report.h"
#include "iec61850/server_model.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/events.h"
#include "report/json_writer.h"

namespace mmsa::report {

// Learns the members of data sets on the way, so that report entries have names.
class MeaningJson {
 public:
  // Appends the keys that apply; `acsi` too.
  void write(JsonWriter& json, const Association& association, const MmsMessage& message);
  // The association is over: what belonged to it alone is forgotten.
  void forget(const Association& association);

 private:
  void write_report(JsonWriter& json, const iec61850::ServerModel& model,
                    const Association& association, const MmsMessage& message);

  iec61850::ServerModels models_;
  const Association* last_association_ = nullptr;  // of last_model_
  iec61850::ServerModel* last_model_ = nullptr;
  iec61850::ReportView report_;  // reused
};

}  // namespace mmsa::report
