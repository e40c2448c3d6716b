// An event sink that writes every message in every form there is, and requires the properties.
#pragma once

#include <cstdint>
#include <string>

#include "iec61850/meaning.h"
#include "mmsanalyze/result.h"
#include "output/message_json.h"
#include "output/message_text.h"

namespace mmsa::fuzz {

class MessageChecks : public iec61850::ExchangeSink {
 public:
  explicit MessageChecks(output::TimeMode time) : text_({.time = time, .width = 0}) {}

  void on(const Association& association, const iec61850::Event& event) override;

  std::uint64_t messages() const { return messages_; }

 private:
  void check(const iec61850::Exchange& exchange);

  output::MessageJson json_;
  output::MessageText text_;
  std::string out_;
  std::uint64_t messages_ = 0;
};

// The report of what `analyzer` was told, in every form.
void require_report(const Result& report);

}  // namespace mmsa::fuzz
