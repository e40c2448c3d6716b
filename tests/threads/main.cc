// Runs the pipeline into a sink that reads everything it is told, in the second thread, now faster
// and now slower than the first: built with the thread sanitizer, see tests/meta/threads.py.
// Prints messages, their octets and whether a second thread told them.
#include <chrono>
#include <cstdio>
#include <thread>

#include "pipeline.h"

namespace mmsa {
namespace {

// Every so many messages the sink is slow for a while, and the first thread decodes ahead.
constexpr std::uint64_t kPeriod = 4096;
constexpr std::uint64_t kSlow = 64;

class Sink : public MmsSink {
 public:
  void on(const Association& association, const MmsEvent& event) override {
    std::visit(
        ByKind{[&](const MmsMessage& message) { read(association, message); }, [](const auto&) {}},
        event);
  }

  std::uint64_t messages = 0;
  std::uint64_t sum = 0;  // of all octets
  bool second_thread = false;

 private:
  void read(const Association& association, const MmsMessage& message) {
    ++messages;
    second_thread |= std::this_thread::get_id() != main_;
    for (const std::uint8_t octet : message.octets) sum += octet;
    for (const std::uint64_t frame : message.frames) sum += frame;
    sum += association.connection->stream + message.pdu.invoke_id.value_or(0);
    if (association.mms.negotiated != nullptr) ++sum;
    if (message.request != nullptr) sum += message.request->octets.size();
    if (messages % kPeriod < kSlow) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::thread::id main_ = std::this_thread::get_id();
};

}  // namespace
}  // namespace mmsa

int main(int argc, char** argv) {
  mmsa::PipelineOptions options;
  options.captures.assign(argv + 1, argv + argc);
  mmsa::Sink sink;
  mmsa::run_pipeline(options, sink);
  std::printf("messages %llu sum %llu second-thread %d\n",
              static_cast<unsigned long long>(sink.messages),
              static_cast<unsigned long long>(sink.sum), sink.second_thread ? 1 : 0);
  return 0;
}
