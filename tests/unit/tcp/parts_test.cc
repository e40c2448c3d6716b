// The parts that the flow table is made of.
#include <catch2/catch.hpp>
#include <random>
#include <unordered_map>

#include "tcp/connection_index.h"
#include "tcp/hole_map.h"
#include "tcp/seq_number.h"
#include "tcp/stream_buffer.h"

namespace mmsa::tcp {
namespace {

Bytes view(const char* text) { return as_bytes(text); }

Segment between(std::uint32_t host, std::uint16_t port) {
  Segment segment;
  segment.src = {
      {{10, static_cast<std::uint8_t>(host >> 8), static_cast<std::uint8_t>(host), 1}, false},
      port};
  segment.dst = {{{10, 1, 1, 1}, false}, 102};
  return segment;
}

}  // namespace

TEST_CASE("sequence numbers become offsets, across the wrap") {
  CHECK(seq_distance(0xfffffff0, 0x10) == 0x20);
  CHECK(seq_distance(0x10, 0xfffffff0) == -0x20);
  CHECK(seq_distance(5, 5) == 0);
  const SeqOrigin origin{0xffffff00};
  CHECK(origin.seq_of(0x100) == 0);
  CHECK(origin.seq_of(0x1'0000'0100) == 0);
  CHECK(origin.offset_of(0, 0) == 0x100);
  CHECK(origin.offset_of(0, 0x3'0000'0000) == 0x3'0000'0100);
  CHECK(origin.offset_of(0xfffffeff, 0) == -1);
  CHECK(origin.offset_of(origin.seq_of(0x5'1234'5678), 0x5'3000'0000) == 0x5'1234'5678);
}

TEST_CASE("a stream buffer gives back what was put in, in any portions") {
  std::mt19937 random(7);
  StreamBuffer buffer;
  std::string in;
  std::string out;
  for (int i = 0; i < 2000; ++i) {
    const std::string text(1 + random() % 50, static_cast<char>('a' + i % 26));
    buffer.append(as_bytes(text), in.size(), {static_cast<std::uint64_t>(i + 1), i});
    in += text;
    REQUIRE(buffer.begin() == out.size());
    // The frame of the first octet is that of the text it came with.
    std::vector<std::uint64_t> frames;
    const FrameRef last = SpanIndex(buffer.spans()).frames_of(buffer.begin(), in.size(), frames);
    REQUIRE(last.number == static_cast<std::uint64_t>(i + 1));
    REQUIRE((frames[0] - 1) % 26 == static_cast<std::uint64_t>(in[out.size()] - 'a'));
    const std::size_t take = random() % (buffer.size() + 1);
    out += as_text(buffer.octets().first(take));
    buffer.consume(take);
  }
  out += as_text(buffer.octets());
  CHECK(out == in);
}

TEST_CASE("a hole map keeps pieces apart and the first copy of each octet") {
  HoleMap map;
  const Piece what;
  CHECK(map.insert_data(10, view("abc"), what).octets == 3);
  CHECK(map.insert_data(20, view("def"), what).octets == 3);
  const auto between = map.insert_data(8, view("..aXc-------dYf!"), what);
  CHECK(between.octets == 2 + 7 + 1);
  CHECK(between.first == 8);
  CHECK(between.conflicts == 2);
  CHECK(map.insert_data(8, view(".."), what).octets == 0);
  CHECK(map.covers(8));
  CHECK_FALSE(map.covers(7));
  CHECK(map.covers(23));
  CHECK_FALSE(map.covers(24));
  CHECK(map.contiguous_end(8) == 24);
  CHECK(map.contiguous_end(7) == 7);
  CHECK(map.end() == 24);
  std::string all;
  while (!map.empty()) {
    const Piece piece = map.take_front();
    all += as_text(piece.octets);
  }
  CHECK(all == "..abc-------def!");
  CHECK(map.cost() == 0);
}

TEST_CASE("a key is the same for both directions and differs for everything else") {
  Segment there = between(1, 5000);
  Segment back = there;
  std::swap(back.src, back.dst);
  CHECK(key_of(there).key == key_of(back).key);
  CHECK(key_of(there).sender_is_low != key_of(back).sender_is_low);
  CHECK_FALSE(key_of(there).key == key_of(between(1, 5001)).key);
  CHECK_FALSE(key_of(there).key == key_of(between(2, 5000)).key);
  Segment crossed = there;
  std::swap(crossed.src.port, crossed.dst.port);
  CHECK_FALSE(key_of(there).key == key_of(crossed).key);
  Segment v6 = there;
  v6.src.address.is_v6 = v6.dst.address.is_v6 = true;
  CHECK_FALSE(key_of(there).key == key_of(v6).key);
}

TEST_CASE("the index finds what is in it, through inserts and erases") {
  UndecodedCounters undecoded;
  TableState state(undecoded);
  ConnectionIndex index;
  std::mt19937 random(3);
  std::unordered_map<std::uint32_t, bool> there;
  std::size_t count = 0;
  for (std::uint32_t step = 0; step < 20'000; ++step) {
    const auto host = static_cast<std::uint32_t>(random() % 3000);
    const Segment segment = between(host, 7);
    const ConnectionKey key = key_of(segment).key;
    LiveConnection* found = index.find(key);
    REQUIRE((found != nullptr) == there[host]);
    if (found != nullptr && random() % 2 == 0) {
      REQUIRE(found->info().stream == host);
      index.erase(key);
      there[host] = false;
      --count;
    } else if (found == nullptr) {
      index.insert(std::make_unique<LiveConnection>(state, key, host));
      there[host] = true;
      ++count;
    }
    REQUIRE(index.size() == count);
  }
  CHECK(index.all().size() == count);
}

TEST_CASE("an idle connection is small") { CHECK(sizeof(LiveConnection) <= 1216); }

}  // namespace mmsa::tcp
