// Receive windows that are closed for a while.
#include <catch2/catch.hpp>

#include "unit/tcp/flow.h"

namespace mmsa::tcp::test {

TEST_CASE("a window that was closed for seconds is reported when it opens") {
  Flow f;
  f.handshake();
  f.server(0, 0, "report");
  f.window = 0;
  const auto closed = f.client(0, 6);
  CHECK(f[0].connection->facts[0].window_closed);
  CHECK(f[0].connection->facts[0].window_closed_at.number == closed);
  f.window = 8192;
  const std::string probe = GENERATE("", "N");
  for (int i = 0; i < 3; ++i) {
    f.wait(kNsPerSecond);
    f.server(probe.empty() ? 5 : 6, 0, probe);
    f.window = 0;
    f.client(0, 6);
    f.window = 8192;
  }
  const auto reopened = f.client(0, 6);
  f.server(6, 0, "Next");
  CHECK(f[0].octets[1] == "reportNext");
  REQUIRE(f[0].stalls.size() == 1);
  CHECK(f[0].stalls[0].receiver == Side::a);
  CHECK(f[0].stalls[0].closed.number == closed);
  CHECK(f[0].stalls[0].reopened.number == reopened);
  CHECK(f[0].stalls[0].probes == 3);
  CHECK_FALSE(f[0].connection->facts[0].window_closed);
}

TEST_CASE("a window that opens soon is no stall") {
  Flow f;
  f.handshake();
  f.window = 0;
  f.client(0, 0);
  f.window = 100;
  f.wait(900 * kNsPerMs);
  f.client(0, 0);
  f.wait(10 * kNsPerSecond);
  f.client(0, 0);
  f.finish();
  CHECK(f[0].stalls.empty());
}

TEST_CASE("a window that is still closed at the end is reported there") {
  Flow f;
  f.handshake();
  f.window = 0;
  f.server(0, 0);
  f.wait(3 * kNsPerSecond);
  f.window = 8192;
  f.client(-1, 0);
  f.finish();
  CHECK(f.log() == "stall b 1 | close end a");
  CHECK(f[0].stalls[0].reopened.number == 0);
}

TEST_CASE("the window of a segment that was overtaken, of a RST and of a SYN says nothing") {
  Flow f;
  f.window = 0;
  f.client(-1, 0, "", kSyn);
  f.window = 8192;
  f.server(-1, 0, "", kSyn | kAck);
  f.client(0, 0);
  f.server(0, 0, "one");
  f.client(0, 3);
  f.window = 0;
  f.client(0, 2);
  CHECK_FALSE(f[0].connection->facts[0].window_closed);
  f.client(0, 3, "", kRst | kAck);
  CHECK_FALSE(f[0].connection->facts[0].window_closed);
}

}  // namespace mmsa::tcp::test
