// Octets that the capture does not hold.
#include <catch2/catch.hpp>

#include "mmsanalyze/limits.h"
#include "unit/tcp/flow.h"

namespace mmsa::tcp::test {

TEST_CASE("a hole of any size is waited for, then reported and stepped over") {
  const std::int64_t size = GENERATE(1, 2, 1000, 65'535, 1 << 20, 1 << 29, 1 << 30);
  const bool acked = GENERATE(false, true);
  Flow f;
  f.client_seq = 0xfffffff0;
  f.handshake();
  const auto before = f.client(0, 0, "one");
  const auto after = f.client(3 + size, 0, "two");
  if (acked) f.server(0, 6 + size);
  f.wait((acked ? limits::kAckedHoleWait : limits::kOpenHoleWait) - kNsPerMs);
  f.client(6 + size, 0, "three");
  CHECK(f.log() == "a:one");
  f.wait(2 * kNsPerMs);
  f.server(0, 3);
  const std::string gap = "a gap 3+" + std::to_string(size) + (acked ? " acked" : "");
  CHECK(f.log() == "a:one | " + gap + " | a:twothree");
  REQUIRE(f[0].gaps[0].size() == 1);
  CHECK(f[0].gaps[0][0].before.number == before);
  CHECK(f[0].gaps[0][0].after.number == after);
  CHECK(f[0].connection->facts[0].lost_octets == static_cast<std::uint64_t>(size));
  f.client(11 + size, 0, "four");
  CHECK(f.log() == "a:one | " + gap + " | a:twothree | a:four");
}

TEST_CASE("a hole is filled just in time") {
  Flow f;
  f.handshake();
  f.client(3, 0, "two");
  f.wait(limits::kOpenHoleWait + kNsPerSecond);
  f.client(0, 0, "one");
  CHECK(f.log() == "a:onetwo");
}

TEST_CASE("a retransmission that was captured after its acknowledgment is waited for") {
  Flow f;
  f.handshake();
  f.client(3, 0, "two");
  f.wait(30 * kNsPerSecond);  // the network lost it
  f.server(0, 6);
  f.wait(500 * kNsPerMs);
  f.client(0, 0, "one");
  CHECK(f.log() == "a:onetwo");
}

TEST_CASE("many holes: each is waited for from when it was seen, not one after the other") {
  Flow f;
  f.handshake();
  for (int i = 0; i < 20; ++i) {
    f.client(10 * i + 5, 0, "01234");
    f.server(0, 10 * i + 10);
    f.wait(10 * kNsPerMs);
  }
  f.wait(limits::kAckedHoleWait);
  f.client(200, 0);
  CHECK(f[0].gaps[0].size() == 20);
  CHECK(f[0].octets[0].size() == 100);
}

TEST_CASE("the first octets after the SYN are missing") {
  Flow f;
  f.handshake();
  f.client(100, 0, "x");
  f.server(0, 101);
  f.wait(2 * kNsPerSecond);
  f.server(0, 101);
  CHECK(f.log() == "a gap 0+100 acked | a:x");
  CHECK(f[0].gaps[0][0].before.number == 3);  // the last one of the handshake
}

TEST_CASE("a hole at the end is known by the acknowledgment alone") {
  Flow f;
  f.handshake();
  f.client(0, 0, "one");
  f.server(0, 53);
  f.wait(2 * kNsPerSecond);
  f.server(0, 53, "ans");
  f.client(53, 3, "two");
  CHECK(f.log() == "a:one | a gap 3+50 acked | b:ans | a:two");
  CHECK(f[0].gaps[0][0].after.number == 0);
}

TEST_CASE("a hole is known by the number of an empty segment") {
  Flow f;
  f.handshake();
  f.client(0, 0, "one");
  const auto shows = f.client(53, 0);
  f.wait(limits::kOpenHoleWait + kNsPerSecond);
  f.server(0, 3);
  CHECK(f.log() == "a:one | a gap 3+50");
  CHECK(f[0].gaps[0][0].after.number == shows);
}

TEST_CASE("pure acknowledgments of one side: its octets are missing, the other side's are not") {
  Flow f;
  f.client(0, 0, "req1");
  f.server(0, 4);
  f.client(4, 120, "req2");
  f.server(120, 8);
  CHECK(f.log() == "a:req1");
  f.wait(2 * kNsPerSecond);
  f.server(120, 8);
  CHECK(f.log() == "a:req1 | b gap 0+120 acked | a:req2");
}

TEST_CASE("what is acknowledged of a hole is given up, the rest is still waited for") {
  Flow f;
  f.handshake();
  f.client(20, 0, "tail");
  f.server(0, 12);
  f.wait(2 * kNsPerSecond);
  f.server(0, 12);
  CHECK(f.log() == "a gap 0+12 acked");
  f.client(12, 0, "repaired");
  CHECK(f.log() == "a gap 0+12 acked | a:repairedtail");
}

TEST_CASE("an idle connection's hole is given up while others are busy") {
  Flow f;
  f.handshake();
  f.client(3, 0, "two");
  f.server(0, 6);
  f.wait(2 * kNsPerSecond);
  f.client_port = 2000;
  for (int i = 0; i < 200; ++i) f.client(i, 0, "x");
  CHECK(f.log() == "a gap 0+3 acked | a:two");
}

TEST_CASE("the end of the capture gives up holes, in both directions") {
  Flow f;
  f.handshake();
  f.client(3, 0, "two");
  f.server(9, 0, "late");
  f.finish();
  CHECK(f.log() == "a gap 0+3 | a:two | b gap 0+9 | b:late | close end a");
}

TEST_CASE("clocks that step back: a hole is still given up") {
  Flow f;
  f.handshake();
  f.client(3, 0, "two");
  f.server(0, 6);
  SECTION("by a little, and on again") {
    f.wait(-3 * kNsPerSecond);
    f.client(6, 0, "x");
    CHECK(f.log().empty());
    f.wait(4 * kNsPerSecond + 100 * kNsPerMs);
    f.client(7, 0, "y");
  }
  SECTION("by a day, and on from there") {
    f.wait(-86'400 * kNsPerSecond);
    f.client(6, 0, "x");
    CHECK(f.log().empty());
    f.wait(kNsPerSecond + 100 * kNsPerMs);
    f.client(7, 0, "y");
  }
  CHECK(f.log() == "a gap 0+3 acked | a:twoxy");
}

TEST_CASE("one frame with a wild time does not stop the clock") {
  Flow f;
  f.handshake();
  const TimeNs now = f.now();
  f.at(INT64_MAX - kNsPerSecond);
  f.client(0, 0, "one");
  f.at(INT64_MIN + 5);
  f.client(3, 0, "two");
  f.at(now);
  f.client(9, 0, "four");
  f.server(0, 13);
  f.wait(2 * kNsPerSecond);
  f.server(0, 13);
  CHECK(f.log() == "a:one | a:two | a gap 6+3 acked | a:four");
}

TEST_CASE("octets that a snap length cut off are a gap at once") {
  Flow f(Appetite::lines);
  f.handshake();
  f.missing = 40;
  const auto frame = f.client(0, 0, "x\nhead");
  f.server(0, 46, "ans\n");
  f.client(46, 4, "next\n");
  CHECK(f.log() == "a:x\n | a left:head | a gap 6+40 snapped | b:ans\n | a:next\n");
  CHECK(f[0].gaps[0][0].before.number == frame);
  CHECK(f[0].connection->facts[0].lost_octets == 40);
}

TEST_CASE("a cut segment behind a hole, and one of which a whole copy came before") {
  Flow f;
  f.handshake();
  f.missing = 4;
  f.client(3, 0, "cd");
  f.client(9, 0, "whole");
  f.missing = 3;
  f.client(9, 0, "wh");
  f.client(0, 0, "abc");
  f.missing = 3;
  f.client(9, 0, "wh");
  f.client(14, 0, "!");
  CHECK(f.log() == "a:abccd | a gap 5+4 snapped | a:whole | a:!");
}

TEST_CASE("a cut FIN still comes after its missing octets") {
  Flow f;
  f.handshake();
  f.missing = 9;
  f.client(0, 0, "ab", kFin | kAck);
  CHECK(f.log() == "a:ab | a gap 2+9 snapped | a fin");
}

TEST_CASE("a wild acknowledgment does not move the stream") {
  Flow f;
  f.handshake();
  f.client(0, 0, "one");
  f.server(0, 0x7000'0000, "a");
  f.server(1, -0x7000'0000, "b");
  f.wait(5 * kNsPerSecond);
  f.client(3, 2, "two");
  f.wait(5 * kNsPerSecond);
  f.client(6, 2, "three");
  CHECK(f.log() == "a:one | b:a | b:b | a:two | a:three");
}

TEST_CASE("the leftover before a gap is handed over with it") {
  Flow f(Appetite::lines);
  f.handshake();
  f.client(0, 0, "a\nunfinished");
  f.client(20, 0, "b\n");
  f.server(0, 22);
  f.wait(2 * kNsPerSecond);
  f.server(0, 22);
  CHECK(f.log() == "a:a\n | a left:unfinished | a gap 12+8 acked | a:b\n");
}

}  // namespace mmsa::tcp::test
