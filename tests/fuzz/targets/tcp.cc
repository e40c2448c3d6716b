// Segments of four connections through tcp/. Every octet tells its place in its stream, so what a
// consumer gets can be checked: in order, once, nothing made up.
#include <vector>

#include "capture/capture_clock.h"
#include "fuzz/input.h"
#include "fuzz/properties.h"
#include "fuzz/targets.h"
#include "mmsanalyze/limits.h"
#include "support/association.h"
#include "tcp/flow_table.h"

namespace mmsa::fuzz {
namespace {

struct Expected {
  bool placed_octets = true;   // payload octets are the low octet of their sequence number
  std::uint64_t fed = 0;       // payload octets
  std::uint64_t captured = 0;  // the same by the facts of the connections
  std::uint64_t segments = 0;
  std::uint64_t frame = 0;  // the last one
  std::uint64_t open = 0;   // connections
  std::uint64_t calls = 0;
};

class Consumer : public StreamConsumer {
 public:
  // Consumes whole units; what is left comes again.
  Consumer(Expected& expected, const Connection& connection, std::size_t unit)
      : expected_(expected), connection_(connection), unit_(unit) {
    ++expected_.open;
  }
  ~Consumer() override {
    --expected_.open;
    if (!closed_) violated("a connection is closed before it is forgotten");
  }

  std::size_t on_data(Side sender, Bytes available, std::uint64_t offset,
                      const FrameIndex& frames) override {
    Direction& direction = called(sender);
    require(!available.empty(), "data is not empty");
    require(offset == direction.next, "data goes on where it ended");
    require(available.size() > direction.waiting, "data comes with more behind it");
    check_octets(direction, available, offset);
    frames_.clear();
    const FrameRef last = frames.frames_of(offset, offset + available.size(), frames_);
    require(!frames_.empty(), "octets have frames");
    check_frames(last);
    const std::size_t taken = available.size() / unit_ * unit_;
    direction.next += taken;
    direction.waiting = available.size() - taken;
    direction.delivered += available.size() - (available.size() - taken);
    return taken;
  }

  void on_gap(Side sender, const StreamGap& gap, Bytes leftover, const FrameIndex&) override {
    Direction& direction = called(sender);
    require(gap.length > 0, "a gap is not empty");
    require(leftover.size() == direction.waiting, "what was left is told at a gap");
    require(gap.offset == direction.next + leftover.size(), "a gap is where the data ended");
    if (!leftover.empty()) check_octets(direction, leftover, direction.next);
    direction.next = gap.offset + gap.length;
    direction.waiting = 0;
  }
  void on_fin(Side sender, FrameRef) override {
    Direction& direction = called(sender);
    require(!direction.fin, "a FIN is told once");
    direction.fin = true;
  }
  void on_rst(Side sender, FrameRef) override {
    Direction& direction = called(sender);
    require(!direction.rst, "a RST is told once");
    direction.rst = true;
  }
  void on_window_stall(const WindowStall& stall) override { called(stall.receiver); }
  void on_close(const ConnectionClose&) override {
    called(Side::a);
    for (const Side side : {Side::a, Side::b}) {
      const DirectionFacts& facts = connection_.facts[index(side)];
      const Direction& direction = directions_[index(side)];
      require_accounted(facts);
      require(facts.octets + facts.capped_octets + facts.lost_octets ==
                  direction.next + direction.waiting,
              "what was told is what was delivered, capped or lost");
      expected_.captured += facts.captured_octets;
    }
    closed_ = true;
  }

 private:
  struct Direction {
    std::uint64_t next = 0;
    std::size_t waiting = 0;  // octets that were shown and not consumed
    std::uint64_t delivered = 0;
    bool placed = false;
    std::uint8_t origin = 0;  // low octet of the sequence number of offset 0
    bool fin = false;
    bool rst = false;
  };

  Direction& called(Side sender) {
    require(!closed_, "nothing follows the close");
    ++expected_.calls;
    return directions_[index(sender)];
  }

  void check_octets(Direction& direction, Bytes octets, std::uint64_t offset) {
    touch(octets);
    if (!expected_.placed_octets) return;
    if (!direction.placed) {
      direction.placed = true;
      direction.origin = static_cast<std::uint8_t>(octets[0] - offset);
    }
    for (std::size_t i = 0; i < octets.size(); ++i) {
      require(octets[i] == static_cast<std::uint8_t>(direction.origin + offset + i),
              "octets stand at their place in the stream");
    }
  }

  void check_frames(FrameRef last) {
    std::uint64_t before = 0;
    bool found = false;
    for (const std::uint64_t frame : frames_) {
      require(frame > before && frame <= expected_.frame, "frames ascend and were captured");
      before = frame;
      found = found || frame == last.number;
    }
    require(found, "the frame that completed is one of the frames");
  }

  Expected& expected_;
  const Connection& connection_;
  std::size_t unit_;
  Direction directions_[2];
  std::vector<std::uint64_t> frames_;
  bool closed_ = false;
};

class Factory : public StreamConsumerFactory {
 public:
  explicit Factory(Expected& expected) : expected_(expected) {}
  std::unique_ptr<StreamConsumer> open(const Connection& connection) override {
    ++opened;
    const std::size_t unit = connection.endpoint[0].port % 2 == 0 ? 1 : 24;
    return std::make_unique<Consumer>(expected_, connection, unit);
  }
  std::uint64_t opened = 0;

 private:
  Expected& expected_;
};

// Where the sides of one 5-tuple stand.
struct Talk {
  std::uint32_t next[2] = {0xFFFF'FF00, 7};
  std::uint16_t port = 0;
};

struct Head {
  static constexpr std::uint8_t kServer = 0x04;
  static constexpr std::uint8_t kJump = 0x08;     // four octets of a sequence number follow
  static constexpr std::uint8_t kMissing = 0x10;  // two octets of a length follow
  static constexpr std::uint8_t kQuoted = 0x20;
  static constexpr std::uint8_t kStay = 0x40;  // the side does not move on: it will repeat
  static constexpr std::uint8_t kTime = 0x80;  // eight octets of a time follow
};

// One segment: head (two bits of it choose the connection), flags, a small step of the sequence
// number, one of the acknowledgment, time, payload length.
Segment read_segment(Input& in, Talk (&talks)[4], FrameRef& frame,
                     std::vector<std::uint8_t>& payload) {
  const std::uint8_t head = in.u8();
  Talk& talk = talks[head & 3];
  const std::size_t side = (head & Head::kServer) != 0 ? 1 : 0;
  Segment segment;
  segment.flags = in.u8();
  segment.seq = talk.next[side] + static_cast<std::uint32_t>(static_cast<std::int8_t>(in.u8()));
  segment.ack = talk.next[1 - side] + static_cast<std::uint32_t>(static_cast<std::int8_t>(in.u8()));
  if ((head & Head::kJump) != 0) segment.seq = in.u32();
  const std::uint8_t step = in.u8();
  // As file times may: around the ends of their range too.
  frame.time = static_cast<TimeNs>(static_cast<std::uint64_t>(frame.time) +
                                   (std::uint64_t{1} << (step % 40)));
  if ((head & Head::kTime) != 0) {
    const std::uint64_t low = in.u32();
    frame.time = static_cast<TimeNs>(std::uint64_t{in.u32()} << 32 | low);
  }
  const std::size_t length = std::size_t{in.u8()} * (step >= 0x80 ? 64 : 1);
  if ((head & Head::kMissing) != 0) segment.missing = in.u16();
  segment.quoted = (head & Head::kQuoted) != 0;
  segment.window = (segment.flags & 0x40) != 0 ? 0 : 8192;

  const std::uint32_t first = segment.seq + (segment.syn() ? 1 : 0);
  payload.resize(segment.quoted ? 0 : length);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<std::uint8_t>(first + i);
  }
  segment.payload = payload;
  if (segment.quoted) segment.missing = 0;
  const Endpoint ends[2] = {test::ipv4_endpoint(1, talk.port), test::ipv4_endpoint(2, 102)};
  segment.src = ends[side];
  segment.dst = ends[1 - side];
  if ((head & Head::kStay) == 0) {
    talk.next[side] = first + segment.payload_length() + (segment.fin() ? 1 : 0);
  }
  return segment;
}

}  // namespace

// The first octet: 1 for payload that disagrees where it overlaps.
void fuzz_tcp(Bytes input) {
  Input in(input);
  Expected expected;
  expected.placed_octets = (in.u8() & 1) == 0;
  Factory factory(expected);
  UndecodedCounters undecoded;
  Talk talks[4];
  for (std::uint16_t i = 0; i < 4; ++i) talks[i].port = static_cast<std::uint16_t>(50'000 + i);
  {
    tcp::FlowTable flows(factory, undecoded);
    capture::CaptureClock clock;
    FrameRef frame;
    std::vector<std::uint8_t> payload;
    while (!in.at_end()) {
      ++frame.number;
      Segment segment = read_segment(in, talks, frame, payload);
      if (!expected.placed_octets) {
        for (std::uint8_t& octet : payload) octet = static_cast<std::uint8_t>(octet ^ frame.number);
      }
      clock.stamp(frame);
      segment.frame = frame;
      expected.frame = frame.number;
      expected.fed += payload.size();
      ++expected.segments;
      flows.feed(segment);
      std::fill(payload.begin(), payload.end(), std::uint8_t{0xEE});  // views end with the call
    }
    flows.finish();
    require(expected.open == 0, "the end of the trace closes every connection");
    require(expected.captured == expected.fed, "every octet that was captured is counted");
    require(flows.connections() <= expected.segments, "connections are no more than segments");
  }
  require(factory.opened <= expected.segments, "connections open at segments");
  require(expected.calls <= 16 * expected.segments + 64, "calls are linear in segments");
}

}  // namespace mmsa::fuzz
