// How far the clocks of the servers are from the capture's, for delays between a device's time and
// the capture's.
#pragma once

#include <map>
#include <vector>

#include "analysis/time/server_clock.h"
#include "iec61850/meaning.h"

namespace mmsa::signals {

class Clocks : public iec61850::ExchangeSink {
 public:
  void on(const Association& association, const iec61850::Event& event) override;

  // What is to be subtracted from a delay of this server that was captured at that time. 0 where
  // its clock is not known to be off: a delay of less than a second may be a delay.
  TimeNs correction(const Endpoint& server, TimeNs captured) const;

 private:
  struct Server {
    analysis::ServerClock clock;
    mutable std::vector<analysis::ServerClock::Offset> offsets;  // worked out when first asked for
    mutable bool known = false;
  };
  std::map<Endpoint, Server> servers_;
};

}  // namespace mmsa::signals
