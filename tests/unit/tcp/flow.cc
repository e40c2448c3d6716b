#include "unit/tcp/flow.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

namespace mmsa::tcp::test {
namespace {

const char* name(Side side) { return side == Side::a ? "a" : "b"; }

const char* name(CloseKind kind) {
  switch (kind) {
    case CloseKind::fin:
      return "fin";
    case CloseKind::rst:
      return "rst";
    case CloseKind::reused:
      return "reused";
    case CloseKind::evicted:
      return "evicted";
    case CloseKind::capture_end:
      return "end";
  }
  return "?";
}

class Recorder final : public StreamConsumer {
 public:
  Recorder(Record& record, Appetite appetite) : record_(record), appetite_(appetite) {}

  std::size_t on_data(Side sender, Bytes available, std::uint64_t offset,
                      const FrameIndex& frames) override {
    REQUIRE_FALSE(record_.closed);
    REQUIRE_FALSE(available.empty());
    REQUIRE(offset == record_.offset[index(sender)]);
    const std::size_t used = appetite(available);
    if (used == 0) return 0;
    const std::string text(as_text(available.first(used)));
    record_.octets[index(sender)] += text;
    record_.offset[index(sender)] += used;
    std::vector<std::uint64_t> numbers;
    const FrameRef last = frames.frames_of(offset, offset + used, numbers);
    REQUIRE_FALSE(numbers.empty());
    REQUIRE(std::is_sorted(numbers.begin(), numbers.end()));
    REQUIRE(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
    REQUIRE(numbers.back() == last.number);
    record_.frames[index(sender)].push_back(numbers);
    record_.completed[index(sender)].push_back(last);
    record_.events.push_back(std::string(name(sender)) + ":" + text);
    return used;
  }

  void on_gap(Side sender, const StreamGap& gap, Bytes leftover,
              const FrameIndex& frames) override {
    REQUIRE_FALSE(record_.closed);
    REQUIRE(gap.offset == record_.offset[index(sender)] + leftover.size());
    if (!leftover.empty()) {
      std::vector<std::uint64_t> numbers;
      REQUIRE(frames.frames_of(gap.offset - leftover.size(), gap.offset, numbers).number != 0);
      record_.events.push_back(std::string(name(sender)) +
                               " left:" + std::string(as_text(leftover)));
    }
    record_.offset[index(sender)] = gap.offset + gap.length;
    record_.gaps[index(sender)].push_back(gap);
    record_.events.push_back(std::string(name(sender)) + " gap " + std::to_string(gap.offset) +
                             "+" + std::to_string(gap.length) + (gap.acknowledged ? " acked" : "") +
                             (gap.snapped ? " snapped" : "") + (gap.limit ? " limit" : ""));
  }
  void on_fin(Side sender, FrameRef) override {
    record_.events.push_back(std::string(name(sender)) + " fin");
  }
  void on_rst(Side sender, FrameRef) override {
    record_.events.push_back(std::string(name(sender)) + " rst");
  }
  void on_window_stall(const WindowStall& stall) override {
    record_.stalls.push_back(stall);
    record_.events.push_back(std::string("stall ") + name(stall.receiver) + " " +
                             std::to_string(stall.probes));
  }
  void on_close(const ConnectionClose& close) override {
    REQUIRE_FALSE(record_.closed);
    record_.closed = true;
    record_.close = close;
    record_.last_facts = *record_.connection;
    record_.connection = &record_.last_facts;
    for (const Side side : {Side::a, Side::b}) {
      const DirectionFacts& facts = record_.last_facts.facts[index(side)];
      CHECK(facts.captured_octets ==
            facts.octets + facts.repeated_octets + facts.foreign_octets + facts.capped_octets);
    }
    record_.events.push_back(std::string("close ") + name(close.kind) + " " + name(close.by));
  }

 private:
  std::size_t appetite(Bytes available) const {
    switch (appetite_) {
      case Appetite::all:
        return available.size();
      case Appetite::lines:
        return as_text(available).rfind('\n') + 1;
      case Appetite::one:
        return 1;
      case Appetite::nothing:
        break;
    }
    return 0;
  }

  Record& record_;
  Appetite appetite_;
};

}  // namespace

std::string Record::log() const {
  std::string all;
  for (const std::string& event : events) all += (all.empty() ? "" : " | ") + event;
  return all;
}

std::unique_ptr<StreamConsumer> Flow::open(const Connection& connection) {
  records.push_back(std::make_unique<Record>());
  records.back()->connection = &connection;
  records.back()->stream = connection.stream;
  return std::make_unique<Recorder>(*records.back(), appetite_);
}

std::uint64_t Flow::feed(Segment segment) {
  segment.frame = {++frame, time_};
  clock_.stamp(segment.frame);
  segment.window = window;
  segment.missing = std::exchange(missing, 0);
  segment.quoted = std::exchange(quoted, false);
  time_ += 10'000;
  table.feed(segment);
  return frame;
}

std::uint64_t Flow::client(std::int64_t seq, std::int64_t ack, std::string_view text,
                           std::uint8_t flags) {
  Segment segment;
  segment.src = {{{10, 0, 0, 1}, false}, client_port};
  segment.dst = {{{10, 0, 0, 2}, false}, 102};
  segment.seq = client_seq + static_cast<std::uint32_t>(seq);
  segment.ack = (flags & kAck) != 0 ? server_seq + static_cast<std::uint32_t>(ack) : 0;
  segment.flags = flags;
  segment.payload = as_bytes(text);
  return feed(segment);
}

std::uint64_t Flow::server(std::int64_t seq, std::int64_t ack, std::string_view text,
                           std::uint8_t flags) {
  Segment segment;
  segment.src = {{{10, 0, 0, 2}, false}, 102};
  segment.dst = {{{10, 0, 0, 1}, false}, client_port};
  segment.seq = server_seq + static_cast<std::uint32_t>(seq);
  segment.ack = (flags & kAck) != 0 ? client_seq + static_cast<std::uint32_t>(ack) : 0;
  segment.flags = flags;
  segment.payload = as_bytes(text);
  return feed(segment);
}

void Flow::handshake() {
  client(-1, 0, "", kSyn);
  server(-1, 0, "", kSyn | kAck);
  client(0, 0);
}

}  // namespace mmsa::tcp::test
