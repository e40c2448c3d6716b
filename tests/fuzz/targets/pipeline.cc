// A capture through the whole program, into every output.
#include "pipeline.h"

#include "analysis/analyzer.h"
#include "fuzz/memory_file.h"
#include "fuzz/targets.h"
#include "fuzz/targets/message_checks.h"

namespace mmsa::fuzz {

void fuzz_pipeline(Bytes input) {
  const MemoryFile file(input);
  const analysis::Settings settings;
  iec61850::ServerModels models;
  analysis::Analyzer analyzer(settings, models);
  MessageChecks checks(output::TimeMode::relative);
  iec61850::Meaning meaning(models, {&analyzer, &checks});
  PipelineOptions options;
  options.captures = {file.path()};
  try {
    const TraceFacts facts = run_pipeline(options, meaning);
    Result report = analyzer.finish(facts);
    for (CaptureFileResult& capture : report.capture.files) capture.path = "fuzz";
    require(report.messages == checks.messages(), "every message is analysed");
    for (const AssociationResult& association : report.associations) {
      for (const AssociationResult::Octets& octets : association.octets) {
        require(
            octets.captured == octets.delivered + octets.repeated + octets.foreign + octets.capped,
            "every captured octet is accounted for, once");
        require(octets.delivered == octets.framing.sum(),
                "every delivered octet is accounted for, once");
      }
    }
    require_report(report);
  } catch (const capture::CaptureError&) {
    // The operator's mistake, not the file's: nothing was read.
  }
}

}  // namespace mmsa::fuzz
