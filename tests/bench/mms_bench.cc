#include <benchmark/benchmark.h>

#include <string>

#include "bench/samples.h"
#include "mms/pdu.h"
#include "mmsanalyze/events.h"
#include "report/message_json.h"

namespace mmsa::bench {
namespace {

void decode(benchmark::State& state, const Octets& octets) {
  asn1::Tree tree;
  for (auto _ : state) {
    const MmsPdu pdu = mms::decode_pdu(octets, tree);
    if (pdu.error) state.SkipWithError("the message is malformed");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets.size()));
}

void decode_read_response(benchmark::State& state) {
  decode(state, read_response(static_cast<int>(state.range(0))));
}
BENCHMARK(decode_read_response)->Arg(1)->Arg(20);

void decode_report(benchmark::State& state) {
  decode(state, report(static_cast<int>(state.range(0))));
}
BENCHMARK(decode_report)->Arg(1)->Arg(20);

void write_json(benchmark::State& state, const Octets& octets) {
  asn1::Tree tree;
  const MmsPdu pdu = mms::decode_pdu(octets, tree);
  const std::uint64_t frames[] = {123'456};
  Connection connection;
  connection.endpoint[0] = {{{10, 0, 0, 1}, false}, 50'000};
  connection.endpoint[1] = {{{10, 0, 0, 2}, false}, 102};
  Association association;
  association.connection = &connection;
  const MmsMessage message{.pdu = pdu,
                           .tree = tree,
                           .octets = octets,
                           .sender = Side::b,
                           .frame = {123'456, 1'772'445'600'123'456'789, 1},
                           .frames = frames,
                           .context = 3};
  report::MessageJson json;
  std::string out;
  std::size_t written = 0;
  for (auto _ : state) {
    out.clear();
    json.write(association, message, out);
    written += out.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(written));
}

void json_of_read_response(benchmark::State& state) {
  write_json(state, read_response(static_cast<int>(state.range(0))));
}
BENCHMARK(json_of_read_response)->Arg(1)->Arg(20);

void json_of_report(benchmark::State& state) {
  write_json(state, report(static_cast<int>(state.range(0))));
}
BENCHMARK(json_of_report)->Arg(1)->Arg(20);

}  // namespace
}  // namespace mmsa::bench
