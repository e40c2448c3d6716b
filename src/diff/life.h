// How an association was opened, layer by layer, and how it ended.
#pragma once

#include <string>

#include "diff/opening.h"
#include "diff/steps.h"
#include "iec61850/meaning.h"
#include "mmsanalyze/association.h"
#include "mmsanalyze/events.h"

namespace mmsa::diff {

// Collects frames and endings while the association lives; its facts stand in the Association.
class Life {
 public:
  void on_step(const Association& association, const StepEvent& event);
  void on_fin(const Association& association, const FinEvent& event);
  void on_rst(const Association& association, const RstEvent& event);
  // initiate- and conclude-PDUs.
  void on_message(const Association& association, const MmsMessage& message);

  // Writes opening, close, start_seen and end_seen. Once, when the association is closed.
  void write(const Association& association, const ConnectionClose& close, Vocabulary& vocabulary,
             AssociationSteps& out) const;

 private:
  enum class How : std::uint8_t { open, conclude, release, disconnect, abort, tcp };

  void end(How how, std::string text, std::uint64_t frame);

  Opening opening_;
  How how_ = How::open;
  std::string end_text_;    // "Conclude by the client"
  std::string end_answer_;  // empty where the capture does not show it
  std::uint64_t end_frame_ = 0;
  std::uint64_t end_answer_frame_ = 0;
};

}  // namespace mmsa::diff
