#include <benchmark/benchmark.h>

#include "bench/samples.h"
#include "mms/pdu.h"
#include "mmsanalyze/undecoded.h"
#include "osi/stack.h"
#include "osi/tpkt.h"

namespace mmsa::bench {
namespace {

class OneFrame final : public FrameIndex {
 public:
  FrameRef frames_of(std::uint64_t, std::uint64_t,
                     std::vector<std::uint64_t>& frames) const override {
    frames.push_back(frame.number);
    return frame;
  }
  FrameRef frame{1, 1, 1};
};

Connection port_102() {
  Connection connection;
  connection.endpoint[0].port = 50'000;
  connection.endpoint[1].port = 102;
  return connection;
}

void tpkt_framing(benchmark::State& state) {
  const Octets octets = tpkt_of(read_response(20));
  for (auto _ : state) benchmark::DoNotOptimize(osi::next_tpkt(octets));
}
BENCHMARK(tpkt_framing);

// One TPKT with one MMS PDU in one segment: TPKT, COTP, session and presentation.
void stack_of_one_message(benchmark::State& state) {
  const Octets octets = tpkt_of(read_response(static_cast<int>(state.range(0))));
  const Connection connection = port_102();
  NoAssociations sink;
  UndecodedCounters undecoded;
  const osi::StackOptions options;
  osi::StackFactory factory(options, mms::looks_like_pdu, sink, undecoded);
  const auto stack = factory.open(connection);
  OneFrame frames;
  std::uint64_t offset = 0;
  for (auto _ : state) {
    ++frames.frame.number;
    offset += stack->on_data(Side::b, octets, offset, frames);
  }
  if (sink.octets == 0 || sink.malformed != 0) state.SkipWithError("the message was not decoded");
  state.SetBytesProcessed(static_cast<std::int64_t>(offset));
}
BENCHMARK(stack_of_one_message)->Arg(1)->Arg(20);

}  // namespace
}  // namespace mmsa::bench
