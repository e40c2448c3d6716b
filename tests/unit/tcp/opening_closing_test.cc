// Where a connection begins and ends, and which number it has.
#include <catch2/catch.hpp>

#include "mmsanalyze/limits.h"
#include "unit/tcp/flow.h"

namespace mmsa::tcp::test {

TEST_CASE("a whole connection, in order") {
  Flow f;
  f.handshake();
  f.client(0, 0, "req1");
  f.server(0, 4, "answer1");
  f.client(4, 7);
  f.client(4, 7, "", kFin | kAck);
  f.server(7, 5, "", kFin | kAck);
  f.client(5, 8);
  f.finish();
  CHECK(f.log() == "a:req1 | b:answer1 | a fin | b fin | close fin a");
  const Record& r = f[0];
  CHECK(r.connection->opener == Side::a);
  CHECK(r.connection->syn_seen);
  CHECK(r.connection->syn_ack_seen);
  CHECK(r.connection->first.number == 1);
  CHECK(r.connection->last.number == 9);
  CHECK(r.connection->endpoint[0].port == 1024);
  CHECK(r.connection->endpoint[1].port == 102);
  CHECK(r.connection->facts[0].segments == 6);
  CHECK(r.connection->facts[0].octets == 4);
  CHECK(r.connection->facts[1].octets == 7);
  CHECK(r.connection->facts[0].syn.number == 1);
  CHECK(r.connection->facts[1].syn.number == 2);
  CHECK(r.connection->facts[0].fin.number == 7);
  CHECK(r.connection->facts[0].retransmissions + r.connection->facts[0].duplicates == 0);
  CHECK(r.close.frame.number == 7);
  CHECK(f.table.connections() == 1);
}

TEST_CASE("the SYN and the FIN may carry data") {
  Flow f;
  f.client(-1, 0, "fast", kSyn);
  f.server(-1, 4, "", kSyn | kAck);
  f.client(4, 0, "last", kAck | kFin);
  f.finish();
  CHECK(f.log() == "a:fast | a:last | a fin | close end a");
}

TEST_CASE("a connection that was open before the capture began") {
  Flow f;
  f.server(500, 90, "report");
  f.client(90, 506, "req");
  f.server(506, 93, "answer");
  f.finish();
  CHECK(f.log() == "a:report | b:req | a:answer | close end a");
  CHECK_FALSE(f[0].connection->opener.has_value());
  CHECK_FALSE(f[0].connection->syn_seen);
  CHECK(f[0].connection->endpoint[0].port == 102);
}

TEST_CASE("octets from before the first segment are old") {
  Flow f;
  f.client(100, 0, "later");
  f.client(95, 0, "early");
  f.client(93, 0, "earlyearlier");  // its last octets repeat the first ones
  f.client(105, 0, "!");
  f.finish();
  CHECK(f.log() == "a:later | a:! | close end a");
}

TEST_CASE("the SYN-ACK alone tells the roles") {
  Flow f;
  f.server(-1, 0, "", kSyn | kAck);
  f.client(0, 0, "req");
  f.finish();
  CHECK(f.log() == "b:req | close end a");
  CHECK(f[0].connection->opener == Side::b);
  CHECK_FALSE(f[0].connection->syn_seen);
  CHECK(f[0].connection->syn_ack_seen);
}

TEST_CASE("a SYN that was captured after its SYN-ACK is the same connection") {
  Flow f;
  f.server(-1, 0, "", kSyn | kAck);
  f.client(-1, 0, "", kSyn);
  f.client(0, 0, "req");
  f.finish();
  REQUIRE(f.records.size() == 1);
  CHECK(f[0].connection->opener == Side::b);
  CHECK(f[0].connection->syn_seen);
  CHECK(f.log() == "b:req | close end a");
}

TEST_CASE("a repeated SYN is no new connection") {
  Flow f;
  f.client(-1, 0, "", kSyn);
  f.wait(kNsPerSecond);
  f.client(-1, 0, "", kSyn);
  f.server(-1, 0, "", kSyn | kAck);
  f.client(0, 0, "req");
  f.client(-1, 0, "", kSyn);
  f.client(3, 0, "more");
  f.finish();
  CHECK(f.records.size() == 1);
  CHECK(f.log() == "a:req | a:more | close end a");
  CHECK(f[0].connection->facts[0].retransmissions == 1);
  CHECK(f[0].connection->facts[0].duplicates == 1);
}

TEST_CASE("a SYN-ACK with a wild number does not move the stream") {
  Flow f;
  f.handshake();
  f.server(0, 0, "one");
  f.server(900'000, 0, "", kSyn | kAck);
  f.server(3, 0, "two");
  f.finish();
  CHECK(f.log() == "b:one | b:two | close end a");
}

TEST_CASE("port reuse in every state of the old connection") {
  const int state = GENERATE(0, 1, 2, 3, 4, 5, 6);
  Flow f;
  std::string old;
  f.client(-1, 0, "", kSyn);
  if (state >= 1) f.server(-1, 0, "", kSyn | kAck);
  if (state >= 2) f.client(0, 0, "req");
  if (state >= 2) old += "a:req | ";
  if (state == 3) f.client(5, 0, "beyond");  // behind a hole of 2 octets
  if (state == 3) old += "a gap 3+2 | a:beyond | ";
  if (state >= 4) f.client(3, 0, "", kFin | kAck);
  if (state >= 4) old += "a fin | ";
  if (state == 5) f.server(0, 4, "", kFin | kAck);
  if (state == 5) f.client(4, 1);
  if (state == 5) old += "b fin | ";
  if (state == 6) f.server(0, 4, "", kRst | kAck);
  if (state == 6) old += "b rst | ";
  old += state == 5 ? "close fin a" : state == 6 ? "close rst b" : "close reused a";
  f.client_seq += 70'000;
  f.server_seq -= 99;
  f.handshake();
  f.client(0, 0, "REQ");
  f.server(0, 3, "ANSWER");
  f.finish();
  REQUIRE(f.records.size() == 2);
  CHECK(f.log(0) == old);
  CHECK(f.log(1) == "a:REQ | b:ANSWER | close end a");
  CHECK(f[1].stream == 1);
  CHECK(f[1].connection->syn_ack_seen);
}

TEST_CASE("the port of a connection whose SYN was not captured is reused") {
  Flow f;
  f.client(10, 0, "mid");
  f.client_seq += 500;
  f.handshake();
  f.client(0, 0, "new");
  f.finish();
  CHECK(f.log(0) == "a:mid | close reused a");
  CHECK(f.log(1) == "a:new | close end a");
}

TEST_CASE("the side that opens again may be the other one") {
  Flow f;
  f.handshake();
  f.server(400, 0, "", kSyn);
  f.finish();
  REQUIRE(f.records.size() == 2);
  CHECK(f[1].connection->endpoint[0].port == 102);
  CHECK(f[1].connection->opener == Side::a);
}

TEST_CASE("late segments of a closed connection open no new one") {
  Flow f;
  f.handshake();
  f.client(0, 0, "", kFin | kAck);
  f.server(0, 1, "", kFin | kAck);
  f.client(1, 1);
  f.wait(60 * kNsPerSecond);
  f.server(0, 1, "", kFin | kAck);
  f.client(1, 1, "", kRst | kAck);
  f.client(1, 1, "", kRst | kAck);
  f.finish();
  CHECK(f.records.size() == 1);
  CHECK(f.log() == "a fin | b fin | a rst | close fin a");
}

TEST_CASE("a closed connection is forgotten after a while") {
  Flow f;
  f.handshake();
  f.client(0, 0, "", kRst);
  CHECK(f.log() == "a rst");
  f.wait(limits::kClosedLinger + kNsPerSecond);
  f.client_port = 2000;
  f.client(-1, 0, "", kSyn);
  for (int i = 0; i < 200; ++i) f.client(0, 0);
  CHECK(f.log() == "a rst | close rst a");
  CHECK(f[1].events.empty());
}

TEST_CASE("one side has closed and the other one still sends") {
  Flow f;
  f.handshake();
  f.client(0, 0, "bye", kFin | kAck);
  f.server(0, 4, "more");
  f.client(4, 4);
  f.wait(limits::kClosedLinger * 2);
  f.server(4, 4, "and more", kFin | kAck);
  f.client(4, 13);
  f.finish();
  CHECK(f.log() == "a:bye | a fin | b:more | b:and more | b fin | close fin a");
}

TEST_CASE("nothing follows a FIN in its direction") {
  Flow f;
  f.handshake();
  f.client(0, 0, "bye", kFin | kAck);
  f.client(4, 0, "ghost");
  f.client(50, 0, "ghost");
  f.finish();
  CHECK(f.log() == "a:bye | a fin | close end a");
}

TEST_CASE("a refused connection") {
  Flow f;
  f.client(-1, 0, "", kSyn);
  f.server(-1, 0, "", kRst | kAck);
  f.finish();
  CHECK(f.log() == "b rst | close rst b");
  CHECK_FALSE(f[0].connection->syn_ack_seen);
  CHECK(f[0].connection->facts[1].rst.number == 2);
}

TEST_CASE("the payload and the number of a RST do not enter the stream") {
  Flow f;
  f.handshake();
  f.server(0, 0, "one");
  f.server(800'000, 0, "why I reset", kRst | kAck);
  f.server(3, 0, "two");  // sent before it, captured after it
  f.finish();
  CHECK(f.log() == "b:one | b rst | b:two | close rst b");
}

TEST_CASE("a RST closes all holes at once") {
  Flow f;
  f.handshake();
  f.client(0, 0, "one");
  f.client(5, 0, "three");
  f.server(7, 3, "later");
  f.server(12, 3, "", kRst | kAck);
  CHECK(f.log() == "a:one | a gap 3+2 | a:three | b gap 0+7 | b:later | b rst");
  f.finish();
  CHECK(f[0].close.kind == CloseKind::rst);
  CHECK(f[0].close.by == Side::b);
}

TEST_CASE("a FIN that arrives before the data in front of it") {
  Flow f;
  f.handshake();
  f.client(3, 0, "two", kFin | kAck);
  f.client(0, 0, "one");
  f.finish();
  CHECK(f.log() == "a:onetwo | a fin | close end a");
}

TEST_CASE("one direction only: its FIN ends the connection") {
  Flow f;
  f.server(0, 10, "one");
  f.server(3, 99, "two");
  f.server(6, 500, "", kFin | kAck);
  f.server(7, 501);
  f.finish();
  CHECK(f.log() == "a:one | a:two | a fin | close fin a");
}

TEST_CASE("simultaneous open is one connection") {
  Flow f;
  f.client(-1, 0, "", kSyn);
  f.server(-1, 0, "", kSyn);
  f.client(-1, 0, "", kSyn | kAck);
  f.server(-1, 0, "", kSyn | kAck);
  f.client(0, 0, "x");
  f.finish();
  CHECK(f.log() == "a:x | close end a");
  CHECK(f[0].connection->opener == Side::a);
}

TEST_CASE("connections of the same ports on other hosts are others") {
  Flow f;
  f.client(0, 0, "x");
  f.client_port = 1025;
  f.client(0, 0, "y");
  f.client_port = 1024;
  f.client(1, 0, "z");
  f.finish();
  CHECK(f.log(0) == "a:x | a:z | close end a");
  CHECK(f.log(1) == "a:y | close end a");
  CHECK(f[1].stream == 1);
}

// What tshark 4.0 does with the same frames.
TEST_CASE("a connection that only an ICMP error quotes has a number, and nothing else") {
  Flow f;
  f.quoted = true;
  f.client(-1, 0, "", kSyn);
  CHECK(f.table.connections() == 1);
  f.client_port = 1025;
  f.handshake();
  REQUIRE(f.records.size() == 1);
  CHECK(f[0].stream == 1);
  f.finish();
  CHECK(f[0].closed);
}

TEST_CASE("a connection that was quoted before begins with its first own segment") {
  Flow f;
  f.quoted = true;
  f.client(-1, 0, "", kSyn);
  CHECK(f.records.empty());
  f.server(-1, 0, "", kSyn | kAck);
  f.client(0, 0, "req");
  f.finish();
  REQUIRE(f.records.size() == 1);
  CHECK(f[0].stream == 0);
  CHECK(f[0].connection->first.number == 2);
  CHECK(f[0].connection->endpoint[0].port == 102);
  CHECK(f[0].connection->opener == Side::b);
  CHECK_FALSE(f[0].connection->syn_seen);
  CHECK(f[0].connection->facts[0].segments == 1);
  CHECK(f[0].connection->facts[1].segments == 1);
  CHECK(f.log() == "b:req | close end a");
}

TEST_CASE("quoted segments do not move a stream") {
  Flow f;
  f.handshake();
  f.client(0, 0, "one");
  f.quoted = true;
  f.client(3, 0, "lost", kAck);
  f.quoted = true;
  f.server(9, 3, "", kRst);
  f.client(3, 0, "two");
  f.finish();
  CHECK(f.log() == "a:one | a:two | close end a");
  CHECK(f[0].connection->facts[0].segments == 4);
}

TEST_CASE("a quoted SYN of another number is of a new connection, which any SYN may open") {
  Flow f;
  f.handshake();
  f.quoted = true;
  f.client(-1, 0, "", kSyn);  // the one that was seen
  CHECK(f.table.connections() == 1);
  f.client_seq = 90'000;
  f.quoted = true;
  f.client(-1, 0, "", kSyn);
  CHECK(f.table.connections() == 2);
  CHECK(f[0].close.kind == CloseKind::reused);
  f.client_seq = 100'000;
  f.quoted = true;
  f.client(-1, 0, "", kSyn);
  f.client_seq = 110'000;
  f.handshake();
  CHECK(f.table.connections() == 2);
  REQUIRE(f.records.size() == 2);
  CHECK(f[1].stream == 1);
  f.client_seq = 120'000;
  f.handshake();
  CHECK(f.table.connections() == 3);
}

}  // namespace mmsa::tcp::test
