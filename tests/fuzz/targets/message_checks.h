// An event sink that writes every message in every form there is, and requires the properties.
#pragma once

#include <cstdint>
#include <string>

#include "iec61850/report.h"
#include "mmsanalyze/events.h"
#include "mmsanalyze/report.h"
#include "report/message_json.h"
#include "report/message_text.h"

namespace mmsa::fuzz {

class MessageChecks : public EventSink {
 public:
  explicit MessageChecks(report::TimeMode time) : text_({.time = time, .width = 0}) {}

  void on_message(const Association& association, const MmsMessage& message) override;
  void on_malformed(const Association& association, const MalformedUnit& unit) override;
  void on_close(const Association& association, const ConnectionClose& close) override;

  std::uint64_t messages() const { return messages_; }

 private:
  report::MessageJson json_;
  report::MessageText text_;
  iec61850::ReportView report_;
  std::string out_;
  std::uint64_t messages_ = 0;
};

// The report of what `analyzer` was told, in every form.
void require_report(const Report& report);

}  // namespace mmsa::fuzz
