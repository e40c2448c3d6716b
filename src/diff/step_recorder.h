// Exchanges -> the steps of a capture.
#pragma once

#include <memory>

#include "diff/steps.h"
#include "iec61850/meaning.h"

namespace mmsa::diff {

class StepRecorder : public iec61850::ExchangeSink {
 public:
  // Both outlive the recorder. The vocabulary is that of both captures.
  StepRecorder(Vocabulary& vocabulary, const iec61850::ServerModels& models);
  ~StepRecorder() override;

  void on(const Association& association, const iec61850::Event& event) override;
  void on_trace_end(TimeNs last) override;

  // The steps of the whole capture; the recorder is empty afterwards.
  CaptureSteps finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmsa::diff
