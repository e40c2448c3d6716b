// The everyday filters: --server, --client, --stream, --object, --from, --to. They select messages,
// and of a report associations and findings; what is learnt comes from the whole capture.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iec61850/meaning.h"
#include "mmsanalyze/result.h"

namespace mmsa::filter {

// Whether the reference is of this pattern, or below an object that is: `*` stands for any
// characters, `?` for one; "IED1LD0/CSWI1$CO$Pos" takes in "IED1LD0/CSWI1$CO$Pos$Oper$ctlVal".
bool glob_matches(std::string_view pattern, std::string_view reference);

// A moment as a person writes it: RFC 3339, a time of day, or seconds after the first packet.
struct Moment {
  enum class Kind : std::uint8_t { absolute, time_of_day, relative } kind = Kind::absolute;
  TimeNs value = 0;               // since 1970; since midnight; since the first packet
  bool local = false;             // of the time zone of this computer, not UTC
  bool minute_or_second = false;  // written without a fraction: --to takes in the whole second

  // "2024-02-21T20:46:31.8Z", "20:46:31", "20:46", "+12.5", "12.5". Times without a zone are UTC,
  // or local where `local`. Empty where it is none of them.
  static std::optional<Moment> parse(std::string_view text, bool local);
  // A time of day is the one nearest to the first packet in the 24 hours from 12 hours before it.
  TimeNs resolve(TimeNs first) const;
};

class Selection {
 public:
  // Addresses "10.0.0.2", "10.0.0.2:102", "[fe80::1]:102"; any of them.
  std::vector<std::string> servers;
  std::vector<std::string> clients;
  std::vector<std::uint32_t> streams;
  std::vector<std::string> objects;  // globs
  std::optional<Moment> from;
  std::optional<Moment> to;  // inclusive
  std::string text;          // all of it, as it was asked for

  bool empty() const {
    return servers.empty() && clients.empty() && streams.empty() && objects.empty() && !from && !to;
  }
  // Before times are compared: when the trace begins.
  void begin(TimeNs first);

  bool selects_time(TimeNs time) const { return time >= first_ && time <= last_; }
  // From the first time to the last, in part or as a whole.
  bool selects_span(TimeNs begin, TimeNs end) const { return end >= first_ && begin <= last_; }
  bool selects_ends(std::uint32_t stream, std::string_view client, std::string_view server) const;
  bool selects_object(std::string_view reference) const;
  bool selects(const iec61850::Exchange& exchange) const;

 private:
  TimeNs first_ = INT64_MIN;
  TimeNs last_ = INT64_MAX;
};

// Takes from a result the associations, findings, incidents and rows of lists that are not
// selected. Findings about the capture stay: they say what can not be known of the rest.
void select(Result& result, const Selection& selection);

// Lets through the messages that are selected; other events pass.
class SelectedSink : public iec61850::ExchangeSink {
 public:
  // Both outlive this object; `selection` has begun when the first message comes.
  SelectedSink(iec61850::ExchangeSink& next, const Selection& selection)
      : next_(next), selection_(selection) {}

  void on(const Association& association, const iec61850::Event& event) override;
  void on_trace_end(TimeNs last) override { next_.on_trace_end(last); }

 private:
  iec61850::ExchangeSink& next_;
  const Selection& selection_;
};

}  // namespace mmsa::filter
