#include "diff/step_recorder.h"

#include <algorithm>

#include "diff/dialogue.h"

namespace mmsa::diff {
namespace {

bool is_ours(const Association& association) {
  return association.expected_here || association.carries == Association::Carries::iso_on_tcp ||
         association.carries == Association::Carries::mms;
}

}  // namespace

struct StepRecorder::Impl {
  Impl(Vocabulary& vocabulary, const iec61850::ServerModels& server_models)
      : models(server_models), shared{vocabulary, capture} {}

  Dialogue& dialogue_of(const Association& association) {
    if (association.slot >= open.size()) open.resize(association.slot + 1);
    std::unique_ptr<Dialogue>& dialogue = open[association.slot];
    if (dialogue == nullptr) dialogue = std::make_unique<Dialogue>(shared);
    return *dialogue;
  }

  void close(const Association& association, const ConnectionClose& event) {
    if (is_ours(association)) {
      capture.associations.push_back(dialogue_of(association).finish(association, event));
    }
    if (association.slot < open.size()) open[association.slot].reset();
  }

  const iec61850::ServerModels& models;
  CaptureSteps capture;
  Shared shared;
  std::vector<std::unique_ptr<Dialogue>> open;  // by Association::slot
};

StepRecorder::StepRecorder(Vocabulary& vocabulary, const iec61850::ServerModels& models)
    : impl_(std::make_unique<Impl>(vocabulary, models)) {}
StepRecorder::~StepRecorder() = default;

void StepRecorder::on(const Association& association, const iec61850::Event& event) {
  using iec61850::Exchange;
  Impl& impl = *impl_;
  std::visit(ByKind{[&](const std::reference_wrapper<const Exchange>& exchange) {
                      ++impl.capture.messages;
                      impl.dialogue_of(association).on_exchange(exchange);
                    },
                    [&](const StepEvent& step) {
                      impl.dialogue_of(association).life().on_step(association, step);
                    },
                    [&](const MalformedUnit& unit) {
                      impl.dialogue_of(association).on_malformed(association, unit);
                    },
                    [&](const GapEvent& gap) { impl.dialogue_of(association).on_gap(gap); },
                    [&](const FinEvent& fin) {
                      impl.dialogue_of(association).life().on_fin(association, fin);
                    },
                    [&](const RstEvent& rst) {
                      impl.dialogue_of(association).life().on_rst(association, rst);
                    },
                    [&](const WindowStall&) {},
                    [&](const UnansweredRequest& request) {
                      impl.dialogue_of(association).on_unanswered(association, request);
                    },
                    [&](const ConnectionClose& close) { impl.close(association, close); }},
             event);
}

void StepRecorder::on_trace_end(TimeNs last) { impl_->shared.end = last; }

CaptureSteps StepRecorder::finish() {
  CaptureSteps& capture = impl_->capture;
  impl_->models.for_each([&](const Endpoint& server, const iec61850::ServerModel& model) {
    const auto& devices = model.logical_devices();
    if (!devices.empty()) capture.devices[server] = devices;
  });
  std::sort(
      capture.associations.begin(), capture.associations.end(),
      [](const AssociationSteps& a, const AssociationSteps& b) { return a.stream < b.stream; });
  return std::move(capture);
}

}  // namespace mmsa::diff
