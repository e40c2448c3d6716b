// Whatever the capture does to the segments, the stream is the same.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "unit/tcp/flow.h"

namespace mmsa::tcp::test {
namespace {

struct Cut {
  std::size_t begin;
  std::size_t end;
};

std::string random_text(std::mt19937& random, std::size_t size) {
  std::string text(size, ' ');
  for (char& c : text) c = random() % 9 == 0 ? '\n' : static_cast<char>('a' + random() % 26);
  return text;
}

// Covers [0, size) with segments, some of which overlap or come twice, in a disturbed order. The
// first one stays the first: it tells where the stream begins.
std::vector<Cut> random_cuts(std::mt19937& random, std::size_t size) {
  std::vector<Cut> cuts;
  for (std::size_t at = 0; at < size;) {
    const std::size_t length = 1 + random() % 40;
    const std::size_t back = random() % 4 == 0 ? std::min<std::size_t>(at, random() % 60) : 0;
    const Cut cut{at - back, std::min(size, at + length)};
    cuts.push_back(cut);
    if (random() % 8 == 0) cuts.push_back(cut);
    at = cut.end;
  }
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (random() % 3 != 0) continue;
    std::swap(cuts[i], cuts[std::min(cuts.size() - 1, i + random() % 9)]);
  }
  return cuts;
}

}  // namespace

TEST_CASE("split, reordered, duplicated and overlapping segments give the same stream") {
  const auto appetite = GENERATE(Appetite::all, Appetite::lines, Appetite::one);
  const auto seed = GENERATE(range(0u, 40u));
  std::mt19937 random(seed);
  Flow f(appetite);
  f.client_seq = static_cast<std::uint32_t>(0) - 700;  // wraps
  if (seed % 2 == 0) f.handshake();
  const std::string text = random_text(random, 2000) + "\n";
  for (const Cut& cut : random_cuts(random, text.size())) {
    f.client(static_cast<std::int64_t>(cut.begin), 0, text.substr(cut.begin, cut.end - cut.begin));
  }
  f.client(static_cast<std::int64_t>(text.size()), 0, "", kFin | kAck);
  f.finish();
  CAPTURE(seed);
  const std::string& got = f[0].octets[0];
  CHECK(got == text.substr(0, got.size()));
  if (appetite != Appetite::one) CHECK(got.size() == text.size());
  CHECK(f[0].gaps[0].empty());
  CHECK(f.undecoded[Undecoded::overlap_conflicts] == 0);
}

TEST_CASE("both directions disturbed: every octet once, and both streams whole") {
  const auto seed = GENERATE(range(100u, 130u));
  std::mt19937 random(seed);
  // A conversation in causal order, then disturbed.
  struct Sent {
    bool client;
    std::int64_t seq, ack;
    std::string text;
  };
  std::vector<Sent> sent;
  std::string whole[2];
  for (int i = 0; i < 200; ++i) {
    const bool client = random() % 2 == 0;
    const std::string text = random_text(random, 1 + random() % 20);
    std::string& own = whole[client ? 0 : 1];
    sent.push_back({client, static_cast<std::int64_t>(own.size()),
                    static_cast<std::int64_t>(whole[client ? 1 : 0].size()), text});
    own += text;
  }
  for (std::size_t i = 1; i < sent.size(); ++i) {
    if (random() % 3 == 0) std::swap(sent[i], sent[std::min(sent.size() - 1, i + random() % 12)]);
  }
  Flow f;
  f.handshake();
  for (const Sent& s : sent) {
    if (s.client) {
      f.client(s.seq, s.ack, s.text);
    } else {
      f.server(s.seq, s.ack, s.text);
    }
  }
  f.finish();
  CAPTURE(seed);
  CHECK(f[0].octets[0] == whole[0]);
  CHECK(f[0].octets[1] == whole[1]);
  CHECK(f[0].gaps[0].empty());
  CHECK(f[0].gaps[1].empty());
}

TEST_CASE("the first copy of an octet wins") {
  Flow f(Appetite::lines);
  f.handshake();
  SECTION("among octets that wait behind a hole") {
    f.client(4, 0, "efgh");
    f.client(2, 0, "cdXXXXij");
    f.client(0, 0, "ab");
    f.client(10, 0, "\n");
    CHECK(f.log() == "a:abcdefghij\n");
    CHECK(f.undecoded[Undecoded::overlap_conflicts] == 4);
  }
  SECTION("among octets that were delivered and not consumed") {
    f.client(0, 0, "abcd");
    f.client(2, 0, "XdYf\n");
    CHECK(f.log() == "a:abcdYf\n");
    CHECK(f.undecoded[Undecoded::overlap_conflicts] == 1);
  }
}

TEST_CASE("repeated segments: duplicates of the capture and retransmissions") {
  Flow f;
  f.handshake();
  f.client(0, 0, "request");
  f.client(0, 0, "request");  // 10 us later
  f.wait(200 * kNsPerMs);
  const auto again = f.client(0, 0, "request");
  f.client(3, 0, "uest");
  f.client(7, 0);
  f.client(7, 0);
  f.finish();
  const DirectionFacts& facts = f[0].connection->facts[0];
  CHECK(facts.duplicates == 1);
  CHECK(facts.retransmissions == 2);
  CHECK(facts.last_retransmission.number == again + 1);
  CHECK(f.log() == "a:request | close end a");
}

TEST_CASE("a segment that waits behind a hole and comes twice") {
  Flow f;
  f.handshake();
  f.client(3, 0, "two");
  f.wait(2 * kNsPerMs);
  f.client(3, 0, "two");
  f.client(0, 0, "one");
  CHECK(f.log() == "a:onetwo");
  CHECK(f[0].connection->facts[0].retransmissions == 1);
}

TEST_CASE("keep-alives are neither data nor retransmissions") {
  const std::string octet = GENERATE("", "\xff");
  Flow f;
  f.handshake();
  f.client(0, 0, "req");
  f.wait(10 * kNsPerSecond);
  f.client(2, 0, octet);
  f.server(0, 3);
  f.client(5, 0, "gap");
  f.client(7, 0, octet);  // behind the hole
  f.client(3, 0, "no");
  f.finish();
  CHECK(f.log() == "a:req | a:nogap | close end a");
  CHECK(f[0].connection->facts[0].retransmissions == 0);
  CHECK(f[0].connection->facts[0].duplicates == 0);
  CHECK(f.undecoded[Undecoded::overlap_conflicts] == 0);
}

TEST_CASE("a capture that begins with a keep-alive") {
  const std::string octet = GENERATE("", "\xff");
  const bool answer_first = GENERATE(false, true);
  Flow f;
  if (answer_first || !octet.empty()) f.server(50, 20);
  f.client(19, 50, octet);
  f.server(50, 20);
  f.client(20, 50, "req");
  f.server(50, 23, "ans");
  f.finish();
  std::string all = f[0].octets[0] + f[0].octets[1];
  std::sort(all.begin(), all.end());
  CHECK(all == "aenqrs");
  CHECK(f[0].gaps[0].empty());
  CHECK(f[0].gaps[1].empty());
}

TEST_CASE("a keep-alive that is the first thing captured brings no octet") {
  Flow f;
  f.client(10, 0, std::string(1, '\0'));
  f.client(11, 0, "req");
  f.finish();
  CHECK(f.log() == "a:req | close end a");
  CHECK(f[0].connection->facts[0].repeated_octets == 1);
}

TEST_CASE("frames: a PDU is completed by its own frames") {
  Flow f(Appetite::one);
  f.handshake();  // frames 1 to 3
  const auto third = f.client(6, 0, "ef");
  const auto first = f.client(0, 0, "ab");
  const auto second = f.client(2, 0, "cdXX");
  f.client(8, 0, "g");
  f.client(9, 0, "h");
  f.client(10, 0, "i");
  f.finish();
  // One octet for each call: a, then b with c.. still to come.
  const auto& frames = f[0].frames[0];
  REQUIRE(frames.size() >= 5);
  CHECK(frames[0] == std::vector<std::uint64_t>{first});
  CHECK(frames[1] == std::vector<std::uint64_t>{first});
  CHECK(frames[2] == std::vector<std::uint64_t>{second});
  CHECK(third < first);
}

TEST_CASE("frames: in a line that was filled later, and in one that was there before") {
  Flow f(Appetite::all);
  f.handshake();
  const auto late = f.client(4, 0, "e\nfg\n");
  f.client(2, 0, "cd");
  const auto fill = f.client(0, 0, "ab");
  f.finish();
  // One call with everything: the frames in ascending order, the last one completed it.
  CHECK(f[0].frames[0].back() == std::vector<std::uint64_t>{late, late + 1, fill});
  CHECK(f[0].completed[0].back().number == fill);
  CHECK(f[0].completed[0].back().time > 0);
}

TEST_CASE("frames of a line over three segments that came little by little") {
  Flow f(Appetite::lines);
  f.handshake();
  const auto one = f.client(0, 0, "x\nab");
  f.client(4, 0, "cd");
  f.client(6, 0, "ef\ny\nz");
  f.finish();
  REQUIRE(f[0].frames[0].size() == 2);
  CHECK(f[0].frames[0][0] == std::vector<std::uint64_t>{one});
  CHECK(f[0].frames[0][1] == std::vector<std::uint64_t>{one, one + 1, one + 2});
}

TEST_CASE("an answer is not delivered before its request because the capture reordered them") {
  Flow f;
  f.handshake();
  SECTION("the request comes next") {
    f.server(0, 3, "ans");
    CHECK(f.log().empty());
    f.client(0, 0, "req");
    CHECK(f.log() == "a:req | b:ans");
  }
  SECTION("the next exchange comes in between") {
    f.server(0, 3, "ans");
    f.client(3, 3, "REQ");
    f.server(3, 6, "ANS");
    f.wait(100 * kNsPerMs);
    f.client(0, 0, "req");
    CHECK(f.log() == "a:req | b:ans | a:REQ | b:ANS");
  }
  SECTION("a FIN and a RST wait as well") {
    f.server(0, 3, "", kFin | kAck);
    f.server(1, 3, "", kRst | kAck);
    CHECK(f.log().empty());
    f.client(0, 0, "req");
    CHECK(f.log() == "a:req | b fin | b rst");
  }
  SECTION("the request was not captured at all") {
    f.server(0, 3, "ans");
    f.wait(2 * kNsPerSecond);
    f.client(3, 3);
    CHECK(f.log() == "a gap 0+3 acked | b:ans");
  }
}

TEST_CASE("two directions that wait for each other are released") {
  Flow f;
  f.handshake();
  // Nobody can send an octet that acknowledges what acknowledges it.
  f.client(5, 9, "abcde");
  f.server(5, 9, "fghij");
  f.server(0, 10, "01234");
  f.client(0, 10, "56789");
  CHECK(f[0].octets[0] == "56789abcde");
  CHECK(f[0].octets[1] == "01234fghij");
}

TEST_CASE("whatever is fed: offsets go on, memory is given back, every connection is closed") {
  const auto seed = GENERATE(range(0u, 60u));
  const auto appetite = GENERATE(Appetite::lines, Appetite::one);
  std::mt19937 random(seed);
  Flow f(appetite);
  f.client_seq = f.server_seq = 0xffffff00;
  const std::int64_t spread = seed % 3 == 0 ? 50 : seed % 3 == 1 ? 3000 : 0x1'0000'0000;
  const auto near = [&] { return static_cast<std::int64_t>(random() % 0xffffffff) % spread; };
  for (int i = 0; i < 3000; ++i) {
    f.client_port = static_cast<std::uint16_t>(1 + random() % 3);
    std::uint8_t flags = random() % 8 == 0 ? 0 : kAck;
    if (random() % 40 == 0) flags |= kSyn;
    if (random() % 60 == 0) flags |= kFin;
    if (random() % 90 == 0) flags |= kRst;
    f.missing = random() % 20 == 0 ? static_cast<std::uint32_t>(random() % 30) : 0;
    f.window = random() % 10 == 0 ? 0 : 1;
    const std::string text = random_text(random, random() % 3 == 0 ? 0 : random() % 40);
    if (random() % 50 == 0) f.wait(static_cast<TimeNs>(random() % 90) * kNsPerSecond);
    if (random() % 70 == 0) f.wait(-static_cast<TimeNs>(random() % 30) * kNsPerSecond);
    if (random() % 2 == 0) {
      f.client(near(), near(), text, flags);
    } else {
      f.server(near(), near(), text, flags);
    }
  }
  f.finish();
  for (const auto& record : f.records) {
    REQUIRE(record->closed);
    for (const std::size_t side : {0u, 1u}) {
      const DirectionFacts& facts = record->connection->facts[side];
      REQUIRE(facts.octets + facts.lost_octets >= record->offset[side]);
    }
  }
}

TEST_CASE("in a capture of one direction nothing waits") {
  Flow f;
  f.server(0, 100, "one");
  f.server(3, 5000, "two");
  f.server(6, 90'000, "three");
  CHECK(f.log() == "a:one | a:two | a:three");
}

}  // namespace mmsa::tcp::test
