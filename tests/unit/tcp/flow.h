// A flow table with a consumer that writes down what it is told, and a short way to write segments.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "capture/capture_clock.h"
#include "mmsanalyze/flow.h"
#include "tcp/flow_table.h"

namespace mmsa::tcp::test {

inline constexpr std::uint8_t kSyn = TcpFlags::kSyn;
inline constexpr std::uint8_t kAck = TcpFlags::kAck;
inline constexpr std::uint8_t kFin = TcpFlags::kFin;
inline constexpr std::uint8_t kRst = TcpFlags::kRst;

// What one connection's consumer was told. Lines of `events`:
//   "a:text" octets, "a gap 10+5 acked snapped limit", "a fin", "a rst", "stall b 1", "close rst a"
struct Record {
  const Connection* connection = nullptr;
  std::uint32_t stream = 0;
  std::vector<std::string> events;
  std::string octets[2];
  std::uint64_t offset[2] = {0, 0};  // behind the last octet or gap
  std::vector<StreamGap> gaps[2];
  std::vector<WindowStall> stalls;
  ConnectionClose close;
  bool closed = false;
  // Of every octet that was consumed: the frames, and the one that completed it.
  std::vector<std::vector<std::uint64_t>> frames[2];
  std::vector<FrameRef> completed[2];
  Connection last_facts;

  std::string log() const;  // the events, joined by " | "
};

enum class Appetite {
  all,
  lines,  // consumes up to and with each '\n', one call one or more lines
  one,    // one octet for each call
  nothing,
};

class Flow final : public StreamConsumerFactory {
 public:
  explicit Flow(Appetite appetite = Appetite::all) : table(*this, undecoded), appetite_(appetite) {}

  std::unique_ptr<StreamConsumer> open(const Connection& connection) override;

  // The time of the next segment; each one is 10 us after the one before.
  void at(TimeNs time) { time_ = time; }
  void wait(TimeNs time) { time_ += time; }
  TimeNs now() const { return time_; }

  // Segments of client 1 (side a where it comes first) and of its server. Sequence and
  // acknowledgment numbers are relative to `client_seq` and `server_seq`, the ones behind the SYNs.
  std::uint64_t client(std::int64_t seq, std::int64_t ack, std::string_view text = "",
                       std::uint8_t flags = kAck);
  std::uint64_t server(std::int64_t seq, std::int64_t ack, std::string_view text = "",
                       std::uint8_t flags = kAck);
  void handshake();
  // The next segment of client() or server() is changed so.
  std::uint32_t missing = 0;
  bool quoted = false;
  std::uint16_t window = 8192;
  std::uint16_t client_port = 1024;

  void finish() { table.finish(); }
  Record& operator[](std::size_t i) { return *records.at(i); }
  std::string log(std::size_t i = 0) const { return records.at(i)->log(); }

  UndecodedCounters undecoded;
  FlowTable table;
  std::vector<std::unique_ptr<Record>> records;
  std::uint32_t client_seq = 1001;
  std::uint32_t server_seq = 5001;
  std::uint64_t frame = 0;

 private:
  std::uint64_t feed(Segment segment);

  Appetite appetite_;
  TimeNs time_ = kNsPerSecond;
  capture::CaptureClock clock_;
};

}  // namespace mmsa::tcp::test
