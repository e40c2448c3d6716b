// Caps: memory stays bounded whatever is captured.
#include "mmsanalyze/limits.h"

#include <catch2/catch.hpp>

#include "unit/tcp/flow.h"

namespace mmsa::tcp::test {

TEST_CASE("a hole is given up when too much is behind it") {
  Flow f;
  f.handshake();
  const std::string block(32'768, 'x');
  std::int64_t at = 3;
  for (; at < static_cast<std::int64_t>(limits::kMaxBufferedPerStream + block.size());
       at += 32'768) {
    f.client(at, 0, block);
  }
  REQUIRE(f[0].gaps[0].size() == 1);
  CHECK(f[0].gaps[0][0].limit);
  CHECK(f[0].gaps[0][0].length == 3);
  CHECK(f[0].octets[0].size() == static_cast<std::size_t>(at - 3));
}

TEST_CASE("segments of one octet behind a hole count more than their octet") {
  Flow f;
  f.handshake();
  for (int i = 0; i < 20'000; ++i) f.client(2 * i + 1, 0, "x");
  CHECK(f[0].gaps[0].size() > 1000);
  f.finish();
  CHECK(f[0].octets[0].size() == 20'000);
}

TEST_CASE("what waits for the other direction is bounded as well") {
  Flow f;
  f.handshake();
  const std::string block(32'768, 'x');
  for (int i = 0; i < 40; ++i) f.server(32'768 * i, 10, block);
  REQUIRE(f[0].gaps[0].size() == 1);
  CHECK(f[0].gaps[0][0].limit);
  CHECK(f[0].gaps[0][0].acknowledged);
  CHECK(f[0].octets[1].size() >= limits::kMaxBufferedPerStream);
}

TEST_CASE("all connections together are bounded") {
  Flow f;
  const std::string block(32'768, 'x');
  for (int c = 0; c < 80; ++c) {
    f.client_port = static_cast<std::uint16_t>(2000 + c);
    f.client(-1, 0, "", kSyn);
    for (int i = 0; i < 31; ++i) f.client(1 + 32'768 * i, 0, block);
  }
  int given_up = 0;
  for (const auto& record : f.records) given_up += record->gaps[0].empty() ? 0 : 1;
  CHECK(given_up >= 15);
  CHECK(given_up < 80);
  f.finish();
  for (const auto& record : f.records) CHECK(record->octets[0].size() == 31u * 32'768);
}

TEST_CASE("a consumer that never consumes") {
  Flow f(Appetite::nothing);
  f.handshake();
  const std::string block(32'768, 'x');
  for (int i = 0; i < 100; ++i) f.client(32'768 * i, 0, block);
  REQUIRE_FALSE(f[0].gaps[0].empty());
  CHECK(f[0].gaps[0][0].limit);
  CHECK(f[0].gaps[0][0].offset == 0);
  CHECK(f[0].gaps[0][0].length > limits::kMaxBufferedPerStream);
}

TEST_CASE("tails of many connections are bounded") {
  Flow f(Appetite::nothing);
  const std::string block(65'000, 'x');
  for (int c = 0; c < 1200; ++c) {
    f.client_port = static_cast<std::uint16_t>(2000 + c);
    f.client(0, 0, block);
  }
  int dropped = 0;
  for (const auto& record : f.records) dropped += record->gaps[0].empty() ? 0 : 1;
  CHECK(dropped > 100);
  CHECK(dropped < 300);
}

TEST_CASE("beyond the number of connections the one idle longest is dropped") {
  Flow f;
  // Ports do not suffice: the address differs as well.
  std::size_t fed = 0;
  const auto open = [&](std::size_t i, std::uint8_t flags) {
    Segment s;
    s.frame = {++fed, static_cast<TimeNs>(fed)};
    s.src = {{{10, static_cast<std::uint8_t>(i >> 16), 0, 1}, false},
             static_cast<std::uint16_t>(i & 0xffff)};
    s.dst = {{{10, 200, 0, 2}, false}, 102};
    s.flags = flags;
    s.window = 1;
    f.table.feed(s);
  };
  for (std::size_t i = 0; i < limits::kMaxConnections; ++i) open(i, kAck);
  CHECK(f.table.evicted() == 0);
  open(0, kAck);  // no longer the one idle longest
  open(7, kRst);  // ended, so it goes first
  open(limits::kMaxConnections, kAck);
  CHECK(f.log(7) == "a rst | close rst a");
  CHECK(f.table.evicted() == 0);
  open(limits::kMaxConnections + 1, kAck);
  CHECK(f.log(1) == "close evicted a");
  CHECK(f.log(0).empty());
  CHECK(f.table.evicted() == 1);
  CHECK(f.table.connections() == limits::kMaxConnections + 2);
  f.finish();
  for (const auto& record : f.records) REQUIRE(record->closed);
}

TEST_CASE("connections are closed in the order of their numbers") {
  Flow f;
  for (int i = 0; i < 50; ++i) {
    f.client_port = static_cast<std::uint16_t>(5000 - 7 * i);
    f.client(0, 0, "x");
  }
  f.finish();
  for (std::size_t i = 0; i < 50; ++i) {
    CHECK(f[i].stream == i);
    CHECK(f.log(i) == "a:x | close end a");
  }
}

}  // namespace mmsa::tcp::test
