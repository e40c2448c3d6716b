// Exchanges -> values: which messages tell the value of an attribute, and which attributes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "iec61850/attributes.h"
#include "iec61850/log_entries.h"
#include "iec61850/meaning.h"
#include "signals/value.h"

namespace mmsa::signals {

// Reports (general interrogation and integrity too), answers to Reads, Writes that the server
// accepted, and log entries. A CommandTermination and a LastApplError repeat what a command said.
class Reader : public iec61850::ExchangeSink {
 public:
  // The sink outlives this object.
  explicit Reader(ValueSink& sink) : sink_(sink) {}

  void on(const Association& association, const iec61850::Event& event) override;

  // Values that no reference is known of: answers whose request was not captured.
  std::uint64_t unnamed() const { return unnamed_; }

 private:
  // A value that a message tells, before it is taken apart.
  struct Told {
    std::string_view ref{};
    asn1::NodeRef value{};
    std::optional<std::uint8_t> reason{};
    std::optional<TimeNs> entry_time{};
    // Told for themselves by the same message, `..$q` and `..$t` beside `..$stVal`.
    asn1::NodeRef quality{};
    asn1::NodeRef time{};
    bool column = false;   // it is such a one
    std::size_t made = 0;  // octets of refs_ that are its reference; 0: it has one of its own
  };

  void on_exchange(const iec61850::Exchange& exchange);
  void collect_report(const iec61850::Exchange& exchange);
  void collect_items(const iec61850::Exchange& exchange);
  void collect_log(const iec61850::Exchange& exchange);
  void find_columns();
  void tell(const iec61850::Exchange& exchange, Source source);

  ValueSink& sink_;
  iec61850::AttributeSplitter splitter_;
  std::uint64_t unnamed_ = 0;
  // Reused from message to message.
  std::vector<Told> told_;
  std::vector<iec61850::LoggedValue> logged_;
  std::string refs_;
};

}  // namespace mmsa::signals
