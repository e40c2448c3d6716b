#include <benchmark/benchmark.h>

#include "bench/samples.h"
#include "mmsanalyze/undecoded.h"
#include "tcp/flow_table.h"

namespace mmsa::bench {
namespace {

Segment segment_of(std::uint32_t connection, Bytes payload) {
  Segment segment;
  segment.src = {
      {{10, static_cast<std::uint8_t>(connection >> 16), static_cast<std::uint8_t>(connection >> 8),
        static_cast<std::uint8_t>(connection)},
       false},
      50'000};
  segment.dst = {{{10, 200, 0, 1}, false}, 102};
  segment.flags = TcpFlags::kAck;
  segment.window = 8192;
  segment.payload = payload;
  return segment;
}

// Segments in order, one connection after the other. Argument: connections.
void segments_in_order(benchmark::State& state) {
  const auto connections = static_cast<std::uint32_t>(state.range(0));
  const Octets octets(100, 0x42);
  Drain drain;
  UndecodedCounters undecoded;
  tcp::FlowTable table(drain, undecoded);
  std::vector<Segment> next;
  for (std::uint32_t i = 0; i < connections; ++i) next.push_back(segment_of(i, octets));
  std::uint64_t number = 0;
  std::size_t at = 0;
  for (auto _ : state) {
    Segment& segment = next[at];
    at = at + 1 == next.size() ? 0 : at + 1;
    const auto time = static_cast<TimeNs>(++number * 1000);
    segment.frame = {number, time, time};
    table.feed(segment);
    segment.seq += 100;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(number));
  table.finish();
}
BENCHMARK(segments_in_order)->Arg(1)->Arg(100)->Arg(20'000);

// Every second pair of segments comes in the wrong order.
void segments_out_of_order(benchmark::State& state) {
  const Octets octets(100, 0x42);
  Drain drain;
  UndecodedCounters undecoded;
  tcp::FlowTable table(drain, undecoded);
  Segment segment = segment_of(1, octets);
  table.feed(segment);
  std::uint32_t seq = 100;
  std::uint64_t number = 1;
  for (auto _ : state) {
    for (const std::uint32_t ahead : {100u, 0u}) {
      const auto time = static_cast<TimeNs>(++number * 1000);
      segment.frame = {number, time, time};
      segment.seq = seq + ahead;
      table.feed(segment);
    }
    seq += 200;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(number));
  table.finish();
}
BENCHMARK(segments_out_of_order);

}  // namespace
}  // namespace mmsa::bench
