// Which connection a segment is of, where its numbers jump.
#include <catch2/catch.hpp>

#include "mmsanalyze/limits.h"
#include "unit/tcp/flow.h"

namespace mmsa::tcp::test {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

// One request and its answer, each 4 octets, from these numbers on.
void exchange(Flow& f, std::int64_t client, std::int64_t server, const std::string& text) {
  f.client(client, server, text);
  f.server(server, client + 4, text);
  f.client(client + 4, server + 4);
}

}  // namespace

TEST_CASE("port reused, no SYN captured: behind the old numbers") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "old1");
  f.wait(65 * kNsPerSecond);
  f.client_seq -= 500'000;
  f.server_seq -= 700'000;
  exchange(f, 0, 0, "new1");
  exchange(f, 4, 4, "new2");
  f.finish();
  REQUIRE(f.records.size() == 2);
  CHECK(f.log(0) == "a:old1 | b:old1 | close reused a");
  CHECK(f.log(1) == "a:new1 | b:new1 | a:new2 | b:new2 | close end a");
  // As Wireshark, which sees one conversation.
  CHECK(f[1].stream == 0);
  CHECK(f.table.connections() == 2);
  CHECK(f[0].connection->facts[0].retransmissions == 0);
  CHECK(f[0].connection->facts[0].foreign_octets == 0);
  CHECK_FALSE(f[1].connection->syn_seen);
}

TEST_CASE("port reused, no SYN captured: both numbers further ahead than any IED sends") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "old1");
  f.wait(10 * kNsPerSecond);
  f.client_seq += 300'000'000;
  f.server_seq += 700'000'000;
  exchange(f, 0, 0, "new1");
  f.finish();
  REQUIRE(f.records.size() == 2);
  CHECK(f.log(1) == "a:new1 | b:new1 | close end a");
}

TEST_CASE("port reused, no SYN captured: the server speaks first; the start was not captured") {
  Flow f;
  f.client(100, 100, "old1");
  f.server(100, 104, "old1");
  f.client_seq += 0x7000'0000;
  f.server_seq -= 0x6000'0000;
  f.server(0, 0, "rep1");
  f.server(4, 0, "rep2");
  f.client(0, 8);
  f.finish();
  REQUIRE(f.records.size() == 2);
  CHECK(f.log(1) == "a:rep1 | a:rep2 | close end a");
}

TEST_CASE("port reused after the end: a small step ahead is another connection, too") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "old1");
  f.client(4, 4, "", kRst | kAck);
  f.client_seq += 64'000;
  f.server_seq += 64'000;
  exchange(f, 0, 0, "new1");
  f.finish();
  REQUIRE(f.records.size() == 2);
  CHECK(f.log(1) == "a:new1 | b:new1 | close end a");
}

TEST_CASE("port reused, seen only from the server: its SYN-ACK opens the next connection") {
  Flow f;
  f.server(-1, 0, "", kSyn | kAck);
  f.server(0, 4, "old1");
  f.wait(10 * kNsPerSecond);
  f.client_seq += 70'000;
  f.server_seq -= 99'000;
  f.server(-1, 0, "", kSyn | kAck);
  f.server(0, 4, "new1");
  f.finish();
  REQUIRE(f.records.size() == 2);
  CHECK(f.log(0) == "a:old1 | close reused a");
  CHECK(f.log(1) == "a:new1 | close end a");
  CHECK(f[1].connection->opener == Side::b);
  CHECK(f[1].stream == 0);
}

TEST_CASE("one damaged number of a segment moves nothing") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "one1");
  SECTION("sequence, far ahead") { f.client(4 + (1 << 30), 4, "lost"); }
  SECTION("sequence, before the start") { f.client(-70'000, 4, "lost"); }
  SECTION("sequence, captured twice") {
    f.client(4 + (1 << 30), 4, "lost");
    f.client(4 + (1 << 30), 4, "lost");
  }
  exchange(f, 8, 4, "two2");
  f.wait(2 * kNsPerSecond);
  exchange(f, 12, 8, "end3");
  f.finish();
  CHECK(f.records.size() == 1);
  CHECK(f.log() ==
        "a:one1 | b:one1 | a gap 4+4 acked | a:two2 | b:two2 | a:end3 | b:end3 | close end a");
  CHECK(f[0].connection->facts[0].foreign_octets >= 4);
}

TEST_CASE("one damaged acknowledgment moves nothing") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "one1");
  const bool twice = GENERATE(false, true);
  f.client(4, 4 + (1 << 30), "two2");
  if (twice) f.client(4, 4 + (1 << 30), "two2");  // by a mirror port
  f.wait(5 * kNsPerSecond);
  f.server(4, 8, "two2");
  exchange(f, 8, 8, "end3");
  f.finish();
  CHECK(f.log() == "a:one1 | b:one1 | a:two2 | b:two2 | a:end3 | b:end3 | close end a");
  CHECK(f[0].connection->facts[1].lost_octets == 0);
}

TEST_CASE("acknowledgments far ahead that agree are believed") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "one1");
  f.client(4, 40 * kMiB, "two2");
  f.client(8, 40 * kMiB + 200, "end3");
  f.wait(2 * kNsPerSecond);
  f.client(12, 40 * kMiB + 300);
  f.finish();
  CHECK(f[0].connection->facts[1].lost_octets == 40 * kMiB + 300 - 4);
}

TEST_CASE("the capture lost megabytes of both directions: the same connection goes on") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "one1");
  f.wait(60 * kNsPerSecond);
  exchange(f, 3 * kMiB, 30 * kMiB, "two2");
  f.wait(2 * kNsPerSecond);
  exchange(f, 3 * kMiB + 4, 30 * kMiB + 4, "end3");
  f.finish();
  CHECK(f.records.size() == 1);
  CHECK(f[0].octets[0] == "one1two2end3");
  CHECK(f[0].octets[1] == "one1two2end3");
  CHECK(f[0].connection->facts[0].lost_octets == 3 * kMiB - 4);
}

TEST_CASE("what is held at the end of the capture is delivered where it can be of the connection") {
  Flow f;
  f.handshake();
  exchange(f, 0, 0, "one1");
  SECTION("behind a hole") {
    f.client(2 * kMiB, 4, "last");
    f.finish();
    CHECK(f[0].octets[0] == "one1last");
  }
  SECTION("of no connection") {
    f.client(-90'000, -90'000, "last");
    f.finish();
    CHECK(f[0].octets[0] == "one1");
    CHECK(f[0].connection->facts[0].foreign_octets == 4);
  }
}

TEST_CASE("data begins at the SYN's own sequence number: the first message is there") {
  Flow f;
  f.handshake();
  f.client(-1, -1, "first");
  f.server(-1, 4, "answer");
  f.client(4, 5, "second");
  f.server(5, 10, "more");
  f.finish();
  CHECK(f.log() == "a:first | b:answer | a:second | b:more | close end a");
  CHECK(f[0].connection->facts[0].lost_octets + f[0].connection->facts[1].lost_octets == 0);
}

TEST_CASE("a keep-alive before any data is no data that begins at the SYN's number") {
  Flow f;
  f.handshake();
  f.client(-1, 0, "x");
  f.client(0, 0, "first");
  f.finish();
  CHECK(f.log() == "a:first | close end a");
}

TEST_CASE("every octet is accounted for") {
  Flow f;
  f.handshake();
  f.client(0, 0, "abcd");
  f.client(2, 0, "cdef");   // two are new
  f.client(10, 0, "klmn");  // behind a hole
  f.client(12, 0, "mnop");  // two are new
  f.client(16, 0, "", kFin | kAck);
  f.client(20, 0, "ghost");
  f.wait(2 * kNsPerMs);
  f.client(0, 0, "ab");
  f.server(0, 17, "no", kRst | kAck);
  f.finish();
  const DirectionFacts& facts = f[0].connection->facts[0];
  CHECK(facts.captured_octets == 4 + 4 + 4 + 4 + 5 + 2);
  CHECK(facts.octets == 12);
  CHECK(facts.repeated_octets == 2 + 2 + 2);
  CHECK(facts.foreign_octets == 5);
  CHECK(facts.lost_octets == 4);
  CHECK(f[0].connection->facts[1].foreign_octets == 2);
}

}  // namespace mmsa::tcp::test
