// Stream bytes -> MMS PDU bytes: TPKT, COTP, session, presentation and ACSE of one connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mmsanalyze/association.h"
#include "mmsanalyze/flow.h"
#include "mmsanalyze/undecoded.h"

namespace mmsa::osi {

struct StackOptions {
  std::vector<std::uint16_t> ports;  // --port: besides 102
  struct UserContext {
    std::int64_t id = 3;
    std::string abstract_syntax = "1.0.9506.2.1";
  };
  std::vector<UserContext> contexts;  // --pres-context
};

// Whether an unnegotiated PDV's content can be an MMS PDU; given by the pipeline so that osi/ need
// not know mms/.
using PduProbe = bool (*)(Bytes);

// Makes one stack for each TCP connection. The sink, the counters and the options outlive it.
class StackFactory : public StreamConsumerFactory {
 public:
  StackFactory(const StackOptions& options, PduProbe looks_like_mms, AssociationSink& sink,
               UndecodedCounters& undecoded);

  std::unique_ptr<StreamConsumer> open(const Connection& connection) override;

 private:
  const StackOptions& options_;
  PduProbe looks_like_mms_;
  AssociationSink& sink_;
  UndecodedCounters& undecoded_;
};

}  // namespace mmsa::osi
