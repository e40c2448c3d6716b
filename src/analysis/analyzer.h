// Events -> the report. Keeps one story for each association that is open, and what the trace has
// taught about each server.
#pragma once

#include <memory>

#include "analysis/settings.h"
#include "filter/selection.h"
#include "iec61850/meaning.h"
#include "mmsanalyze/result.h"

namespace mmsa::analysis {

class Analyzer : public iec61850::ExchangeSink {
 public:
  // `settings` and `models` outlive the analyzer.
  Analyzer(const Settings& settings, iec61850::ServerModels& models);
  ~Analyzer() override;

  void on(const Association& association, const iec61850::Event& event) override;
  void on_trace_end(TimeNs last) override;

  // The report of the trace, or of what is selected of it; the analyzer is empty afterwards.
  Result finish(const TraceFacts& facts, filter::Selection selection = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmsa::analysis
