#include <benchmark/benchmark.h>

#include "bench/samples.h"
#include "mmsanalyze/ber.h"

namespace mmsa::bench {
namespace {

std::uint64_t count(ber::Reader reader) {
  std::uint64_t elements = 0;
  ber::Element element;
  while (reader.next(element, "element")) {
    ++elements;
    if (element.constructed) elements += count(ber::Reader(element.content, reader.trouble()));
  }
  return elements;
}

// All elements of a message, level by level.
void walk_elements(benchmark::State& state) {
  const Octets octets = read_response(20);
  std::uint64_t elements = 0;
  for (auto _ : state) {
    Trouble trouble(Layer::mms, octets);
    elements += count(ber::Reader(octets, trouble));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(elements));
}
BENCHMARK(walk_elements);

}  // namespace
}  // namespace mmsa::bench
