// The StreamConsumer: framing, fragments, steps.
#include "osi/stack.h"

#include <catch2/catch.hpp>
#include <random>

#include "osi/plain_data.h"
#include "support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

namespace {

constexpr const char* kOpening =
    "C CR | S CC | C CN | C AARQ | C pdu A826800300/40 ctx 3 | "
    "S AC | S AARE | S pdu A926800300/40 ctx 3";

// A whole life of an association, as octets by side in the order of sending.
struct Turn {
  Side side;
  Octets octets;
};
std::vector<Turn> life() {
  const Octets big = response(2, 3000);
  return {
      {Side::a, connect_request()},
      {Side::b, connect_confirm()},
      {Side::a, dt(cn(cp()))},
      {Side::b, fragments(ac(cpa()), 50)},
      {Side::a, join({mms(3, request(1)), mms(3, request(2)), mms(3, request(3))})},
      {Side::b, join({mms(3, response(1)), fragments(data_tsdu(user_data(3, big)), 1021)})},
      {Side::b, join({mms(3, report()), dt(data_tsdu(tlv(0x60, response(3))))})},
      {Side::a, mms(3, hex("8B 00"))},
      {Side::b, mms(3, hex("8C 00"))},
      {Side::a, dt(finish())},
      {Side::b, dt(disconnect())},
  };
}

Wire::Setup mid_stream() {
  Wire::Setup setup;
  setup.syn = false;
  return setup;
}

}  // namespace

TEST_CASE("an association from its opening to its release") {
  Wire wire;
  for (const Turn& turn : life()) wire.segment(turn.side, turn.octets);
  wire.close();
  CHECK(wire.take() ==
        std::string(kOpening) +
            " | C pdu A005020101/7 ctx 3 | C pdu A005020102/7 ctx 3 | C pdu A005020103/7 ctx 3"
            " | S pdu A107020101/9 ctx 3 | S pdu A1820BC102/3013 ctx 3"
            " | S pdu A306A004A1/8 ctx 3 | S pdu A107020103/9 ctx 3"
            " | C pdu 8B00/2 ctx 3 | S pdu 8C00/2 ctx 3"
            " | C FN | C RLRQ | S DN | S RLRE | C close");
  CHECK(wire.sink.last.carries == Association::Carries::mms);
  CHECK(wire.sink.last.role_source == RoleSource::syn);
  CHECK(wire.sink.last.cotp->tpdu_size == 1024);
  CHECK(wire.sink.last.connection == &wire.connection);
}

TEST_CASE("how the octets are segmented never changes the events") {
  Wire whole;
  for (const Turn& turn : life()) whole.segment(turn.side, turn.octets);
  whole.close();
  const std::string expected = whole.take();
  std::mt19937 random(20240607);
  for (int round = 0; round < 60; ++round) {
    Wire wire;
    const std::size_t longest = round < 20 ? 1 + static_cast<std::size_t>(round) : 400;
    for (const Turn& turn : life()) {
      for (std::size_t at = 0; at < turn.octets.size();) {
        const std::size_t n =
            std::min<std::size_t>(1 + random() % longest, turn.octets.size() - at);
        const auto from = turn.octets.begin() + static_cast<std::ptrdiff_t>(at);
        wire.segment(turn.side, Octets(from, from + static_cast<std::ptrdiff_t>(n)));
        at += n;
      }
    }
    wire.close();
    CHECK(wire.take() == expected);
  }
}

TEST_CASE("a PDU names the frames that carry it") {
  Wire wire;
  wire.open();
  wire.take();
  wire.sink.frames = true;
  const Octets octets = join({mms(3, request(1)), mms(3, request(2))});
  wire.client({octets.begin(), octets.begin() + 2});       // frame 5
  wire.client({octets.begin() + 2, octets.begin() + 30});  // frame 6: the rest and more
  wire.client({octets.begin() + 30, octets.end()});        // frame 7
  CHECK(wire.take() == "C pdu A005020101/7 ctx 3 in 5 6 #6 | C pdu A005020102/7 ctx 3 in 6 7 #7");
  const Octets pieces = fragments(data_tsdu(user_data(3, response(1, 200))), 100);
  wire.server({pieces.begin(), pieces.begin() + 60});  // frame 8
  wire.server({pieces.begin() + 60, pieces.end()});    // frame 9
  CHECK(wire.take() == "S pdu A181D00201/211 ctx 3 in 8 9 #9");
}

TEST_CASE("plain data is read straight") {
  std::int64_t context = 0;
  Bytes pdu;
  for (const std::size_t extra : {0u, 90u, 120u, 200u, 250u, 300u, 40000u}) {
    const Octets octets = mms(3, response(1, extra));
    REQUIRE(read_plain_data(octets, context, pdu));
    CHECK(context == 3);
    CHECK(to_hex(pdu) == to_hex(response(1, extra)));
    // Every shorter or longer one is left to the layers.
    CHECK_FALSE(read_plain_data(join({octets, {0}}), context, pdu));
    for (std::size_t n = 0; n < std::min<std::size_t>(octets.size(), 60); ++n) {
      const Octets part(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(n));
      CHECK_FALSE(read_plain_data(part, context, pdu));
    }
  }
  CHECK_FALSE(read_plain_data(mms(3, join({request(), request()})), context, pdu));
  CHECK_FALSE(read_plain_data(mms(1, hex("62 00")), context, pdu));
  CHECK_FALSE(read_plain_data(dt(data_tsdu(tlv(0x60, request()))), context, pdu));
}

TEST_CASE("refused connections") {
  Wire wire;
  wire.client(connect_request());
  SECTION("by the transport layer") {
    wire.server(tpkt(hex("06 80 00 07 00 00 02")));
    CHECK(wire.take() == "C CR | S DR");
    CHECK(wire.sink.last.cotp->disconnect_reason == 2);
  }
  SECTION("by an ER") {
    wire.server(tpkt(hex("04 70 00 07 01")));
    CHECK(wire.take() == "C CR | S ER");
  }
  SECTION("by a reset") {
    wire.consumer->on_rst(Side::b, {9, 0});
    wire.consumer->on_fin(Side::a, {10, 0});
    wire.consumer->on_window_stall({Side::b, {3, 0}, {4, 0}, 1});
    wire.close();
    CHECK(wire.take() == "C CR | S rst | C fin | S stall | C close");
  }
}

TEST_CASE("an expected port where nothing is said: a refusal is told") {
  Wire wire;
  wire.consumer->on_rst(Side::b, {2, 0});
  wire.close();
  CHECK(wire.take() == "S rst | C close");
  CHECK(wire.sink.last.carries == Association::Carries::nothing);
  CHECK(wire.sink.last.expected_here);
}

TEST_CASE("malformed layers are told once a TSDU and never end the stream") {
  Wire wire;
  wire.open();
  wire.take();
  SECTION("presentation") {
    wire.server(dt(data_tsdu(hex("61 05 30 02 02 01"))));
    CHECK(wire.take() == "S malformed presentation User-data @4");
  }
  SECTION("session") {
    wire.server(dt(hex("7F 00 00")));
    CHECK(wire.take() == "S malformed session SI @0");
  }
  SECTION("COTP") {
    wire.server(tpkt(hex("02 B0 80 00")));
    CHECK(wire.take() == "S malformed cotp code @5");
    wire.server(tpkt(hex("00 0F 80 00")));
    CHECK(wire.take() == "S malformed cotp code @5");
  }
  SECTION("a TPDU of another class") {
    wire.server(tpkt(hex("04 60 00 01 02")));
    CHECK(wire.take().empty());
    CHECK(wire.count(Undecoded::cotp_unknown) == 1);
  }
  wire.server(mms(3, response(1)));
  CHECK(wire.take() == "S pdu A107020101/9 ctx 3");
}

TEST_CASE("octets that are no TPKT in an intact stream are told once, then skipped") {
  Wire wire;
  wire.open();
  wire.take();
  SECTION("version") {
    wire.server(join({hex("AA BB CC DD EE"), mms(3, response(1)), mms(3, response(2))}));
    CHECK(wire.take() ==
          "S malformed tpkt version @0 | S pdu A107020101/9 ctx 3 | S pdu A107020102/9 ctx 3");
    CHECK(wire.count(Undecoded::resync_octets) == 5);
  }
  SECTION("length") {
    wire.server(join({hex("03 00 00 05 00"), mms(3, response(1))}));
    CHECK(wire.take() == "S malformed tpkt length @2 | S pdu A107020101/9 ctx 3");
    CHECK(wire.count(Undecoded::resync_octets) == 5);
  }
}

TEST_CASE("a TSDU that never ends is given up") {
  Wire wire;
  wire.open();
  wire.take();
  const Octets piece = dt(join({data_tsdu({}), Octets(60000, 0x61)}), true);
  for (int i = 0; i < 75; ++i) wire.server(piece);
  CHECK(wire.take() == "S malformed cotp TSDU @0");
  wire.server(dt(hex("00")));
  wire.server(mms(3, response(1)));
  CHECK(wire.take() == "S pdu A107020101/9 ctx 3");
}

TEST_CASE("empty DTs keep a connection alive") {
  Wire wire;
  wire.open();
  wire.take();
  wire.client(dt({}));
  wire.client(mms(3, request()));
  CHECK(wire.take() == "C pdu A005020101/7 ctx 3");
}

TEST_CASE("MMS right on COTP, on an expected port") {
  Wire wire;
  wire.client(connect_request());
  wire.server(connect_confirm());
  wire.client(dt(initiate_request()));
  wire.server(dt(initiate_response()));
  wire.client(fragments(request(), 3));
  CHECK(wire.take() ==
        "C CR | S CC | C pdu A826800300/40 ctx 0 | S pdu A926800300/40 ctx 0"
        " | C pdu A005020101/7 ctx 0");
}

TEST_CASE("one direction alone is enough") {
  Wire wire(mid_stream());
  wire.server(connect_confirm());
  wire.server(fragments(ac(cpa()), 40));
  wire.server(mms(3, response(1)));
  CHECK(wire.take() ==
        "S CC | S AC | S AARE | S pdu A926800300/40 ctx 3 | S pdu A107020101/9 ctx 3");
  CHECK(wire.sink.last.context_source == ContextSource::assumed);
}

TEST_CASE("a TPKT cut short by the next one is one fault, and the next one is read") {
  Wire wire;
  wire.open();
  wire.take();
  const Octets one = mms(3, request(1));
  wire.client({one.begin(), one.begin() + 12});
  wire.client(mms(3, request(2)));
  wire.client(mms(3, request(3)));
  const std::string told = wire.take();
  CHECK(told.find("C malformed tpkt TPKT @2") == 0);
  CHECK(told.find("malformed", 5) == std::string::npos);
  wire.server(mms(3, response(2)));
  CHECK(wire.take() == "S pdu A107020102/9 ctx 3");
  CHECK(wire.count(Undecoded::resync_octets) == 0);
}

TEST_CASE("random octets never break the stack") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    Wire wire(round % 2 == 0 ? Wire::Setup{} : mid_stream());
    if (round % 3 == 0) wire.open();
    // A life with damaged octets, holes and odd segments.
    for (const Turn& turn : life()) {
      Octets octets = turn.octets;
      for (int i = 0; i < 3; ++i)
        octets[random() % octets.size()] = static_cast<std::uint8_t>(random());
      const std::size_t cut = random() % octets.size();
      wire.segment(turn.side, {octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(cut)});
      if (random() % 4 == 0) wire.gap(turn.side, 1 + random() % 50);
      wire.segment(turn.side, {octets.begin() + static_cast<std::ptrdiff_t>(cut), octets.end()});
    }
    wire.close();
    CHECK(wire.sink.lines.back().ends_with("close"));
  }
}
