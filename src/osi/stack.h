// Stream bytes -> MMS PDU bytes: TPKT, COTP, session, presentation and ACSE of one connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mmsanalyze/events.h"
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

// What the stacks of one factory have in common (osi/shared.h).
struct Shared;

// Makes one stack for each TCP connection. The sink, the counters and the options outlive it, and
// it outlives its stacks. All of them belong to one thread; the sink must not feed them.
class StackFactory : public StreamConsumerFactory {
 public:
  StackFactory(const StackOptions& options, PduProbe looks_like_mms, AssociationSink& sink,
               UndecodedCounters& undecoded);
  ~StackFactory() override;
  StackFactory(const StackFactory&) = delete;
  StackFactory& operator=(const StackFactory&) = delete;

  std::unique_ptr<StreamConsumer> open(const Connection& connection) override;

 private:
  std::unique_ptr<Shared> shared_;
};

}  // namespace mmsa::osi
