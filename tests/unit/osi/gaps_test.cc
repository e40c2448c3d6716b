// Octets that the capture lost, and streams that begin in the middle.
#include <catch2/catch.hpp>

#include "support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

namespace {

Octets part(const Octets& octets, std::size_t from, std::size_t to) {
  return {octets.begin() + static_cast<std::ptrdiff_t>(from),
          octets.begin() + static_cast<std::ptrdiff_t>(to)};
}

struct Opened : Wire {
  Opened() {
    open();
    take();
  }
};

// Octets of `mms(3, ...)` before the PDU.
constexpr std::size_t kHeader = 7 + 4 + 2 + 2 + 3 + 2;

}  // namespace

TEST_CASE("a TPKT cut at each position by a hole that ends with it") {
  const Octets first = mms(3, response(1));
  for (std::size_t n = 0; n < first.size(); ++n) {
    Opened wire;
    wire.server(part(first, 0, n));
    wire.gap(Side::b, first.size() - n);
    wire.server(mms(3, response(2)));
    INFO(n);
    std::string expected;
    if (n > kHeader) {
      const Octets pdu = part(first, kHeader, n);
      expected = "S pdu " + to_hex(Bytes(pdu).first(std::min<std::size_t>(5, pdu.size()))) + "/" +
                 std::to_string(pdu.size()) + " ctx 3 cut | ";
    }
    expected += "S gap " + std::to_string(first.size() - n) + " | S pdu A107020102/9 ctx 3";
    CHECK(wire.take() == expected);
  }
}

TEST_CASE("octets of a stream go into TPKTs, are skipped, or wait for the rest of a TPKT") {
  const Octets whole = mms(3, response(1));
  Opened wire;
  const Octets noise(10, 0x55);
  wire.server(noise);
  wire.server(join({whole, whole, part(whole, 0, 9)}));
  wire.close();
  const FramingOctets& octets = wire.sink.last.octets[1];
  CHECK(octets.skipped == noise.size());
  CHECK(octets.unfinished == 9);
  CHECK(octets.foreign == 0);
  CHECK(octets.tpkt > 2 * whole.size());  // and the opening
}

TEST_CASE("a whole TPKT that was found by searching is not cut by a hole behind the next header") {
  Wire wire({.syn = false});
  const Octets whole = mms(3, response(1));
  wire.server(join({Octets(9, 0x55), whole, part(whole, 0, 3)}));
  wire.gap(Side::b, 500);
  CHECK(wire.take().find("pdu A107020101/9 ctx 3 |") != std::string::npos);
}

TEST_CASE("a hole inside a TPKT: the octets behind it are skipped, not searched") {
  // What is left of the first TPKT looks like another TPKT.
  const Octets decoy = mms(3, request(9));
  const Octets first =
      mms(3, tlv(0xA1, join({hex("02 01 01"), tlv(0xA4, join({Octets(40, 0), decoy}))})));
  Opened wire;
  wire.server(part(first, 0, 40));
  wire.gap(Side::b, first.size() - decoy.size() - 40);
  wire.server(join({decoy, mms(3, response(2))}));
  CHECK(wire.take() == "S pdu A148020101/20 ctx 3 cut | S gap " +
                           std::to_string(first.size() - decoy.size() - 40) +
                           " | S pdu A107020102/9 ctx 3");
}

TEST_CASE("a second hole in the octets to skip") {
  const Octets first = mms(3, response(1, 100));
  Opened wire;
  wire.server(part(first, 0, 40));
  wire.gap(Side::b, 10);
  wire.server(part(first, 50, 60));
  SECTION("ends inside the TPKT") {
    wire.gap(Side::b, 10);
    wire.server(join({part(first, 70, first.size()), mms(3, response(2))}));
  }
  SECTION("ends with the TPKT") {
    wire.gap(Side::b, first.size() - 60);
    wire.server(mms(3, response(2)));
  }
  SECTION("ends in the next TPKT") {
    wire.gap(Side::b, first.size() - 60 + 5);
    wire.server(join({part(mms(3, response(7)), 5, 29), mms(3, response(2)), mms(3, report())}));
    CHECK(wire.sink.lines.back() == "S pdu A306A004A1/8 ctx 3");
    wire.sink.lines.pop_back();
  }
  CHECK(wire.sink.lines.back() == "S pdu A107020102/9 ctx 3");
}

TEST_CASE("a hole over several TPKTs at each position") {
  const Octets stream = join({mms(3, response(1)), mms(3, response(2)), mms(3, response(3))});
  const std::size_t size = mms(3, response(1)).size();
  for (std::size_t begin = 0; begin < size; ++begin) {
    for (std::size_t end = begin + 1; end <= stream.size(); ++end) {
      Opened wire;
      wire.server(part(stream, 0, begin));
      wire.gap(Side::b, end - begin);
      wire.server(part(stream, end, stream.size()));
      wire.server(mms(3, response(4)));
      wire.server(mms(3, response(5)));
      const std::string lines = wire.take();
      INFO(begin << " to " << end << ": " << lines);
      CHECK(lines.find("malformed") == std::string::npos);
      CHECK(lines.ends_with("S pdu A107020104/9 ctx 3 | S pdu A107020105/9 ctx 3"));
      // Whole TPKTs behind the hole are found.
      const bool third_whole = end <= 2 * size;
      CHECK((lines.find("A107020103") != std::string::npos) == third_whole);
    }
  }
}

TEST_CASE("a hole in a fragmented TSDU at each position") {
  const Octets tsdu = data_tsdu(user_data(3, response(1, 300)));
  const Octets stream = fragments(tsdu, 64);
  for (std::size_t begin = 0; begin < stream.size(); ++begin) {
    for (const std::size_t length : {1u, 71u, 100u}) {
      const std::size_t end = std::min(begin + length, stream.size());
      Opened wire;
      wire.server(part(stream, 0, begin));
      wire.gap(Side::b, end - begin);
      wire.server(part(stream, end, stream.size()));
      wire.server(mms(3, response(4)));
      wire.server(mms(3, response(5)));
      const std::string lines = wire.take();
      INFO(begin << " to " << end << ": " << lines);
      CHECK(lines.find("malformed") == std::string::npos);
      CHECK(lines.ends_with("S pdu A107020104/9 ctx 3 | S pdu A107020105/9 ctx 3"));
      // Three of the lengths before the PDU have two octets more.
      CHECK((lines.find(" cut") != std::string::npos) == (begin > kHeader + 6));
    }
  }
}

TEST_CASE("a cut PDU names the frames of all its fragments") {
  const Octets stream = fragments(data_tsdu(user_data(3, response(1, 300))), 64);
  Opened wire;
  wire.sink.frames = true;
  wire.server(part(stream, 0, 71));
  wire.server(part(stream, 71, 100));
  wire.gap(Side::b, 10);
  CHECK(wire.take() == "S pdu A182013502/67 ctx 3 cut in 5 6 #6 | S gap 10 #0");
}

TEST_CASE("other TPDUs cut by a snap length") {
  Wire wire;
  SECTION("CR") {
    wire.client(part(connect_request(), 0, 12));
    wire.gap(Side::a, connect_request().size() - 12);
    CHECK(wire.take() == "C CR | C gap 10");
    CHECK(wire.sink.last.cotp->source_reference == 7);
  }
  SECTION("CR, right behind its code") {
    wire.client(part(connect_request(), 0, 6));
    wire.gap(Side::a, connect_request().size() - 6);
    CHECK(wire.take() == "C CR | C gap 16");
  }
  SECTION("CN") {
    wire.client(connect_request());
    const Octets connect = dt(cn(cp()));
    wire.client(part(connect, 0, 50));
    wire.gap(Side::a, connect.size() - 50);
    wire.client(mms(3, request(1)));
    CHECK(wire.take() == "C CR | C CN | C gap " + std::to_string(connect.size() - 50) +
                             " | C pdu A005020101/7 ctx 3");
    CHECK(wire.sink.last.context_source == ContextSource::assumed);
  }
}

TEST_CASE("every TPKT of a stream cut by a snap length") {
  Wire::Setup setup;
  setup.syn = false;
  Wire wire(setup);
  for (std::uint8_t i = 1; i <= 3; ++i) {
    const Octets octets = mms(3, response(i, 100));
    wire.server(part(octets, 0, 42));
    wire.gap(Side::b, octets.size() - 42);
  }
  CHECK(wire.take() ==
        "S pdu A16B020101/22 ctx 3 cut | S gap 87 | S pdu A16B020102/22 ctx 3 cut | S gap 87 | "
        "S pdu A16B020103/22 ctx 3 cut | S gap 87");
}

TEST_CASE("a stream that begins at each position of a TPKT") {
  const Octets first = mms(3, response(1, 50));
  for (std::size_t from = 1; from < first.size(); ++from) {
    Wire::Setup setup;
    setup.syn = false;
    Wire wire(setup);
    wire.server(part(first, from, first.size()));
    wire.server(mms(3, response(2)));
    wire.server(mms(3, response(3)));
    INFO(from);
    CHECK(wire.take() == "S pdu A107020102/9 ctx 3 | S pdu A107020103/9 ctx 3");
    CHECK(wire.count(Undecoded::resync_octets) == first.size() - from);
  }
}

TEST_CASE("a stream that begins in file data full of TPKT headers") {
  // The file is itself a recording of TPKTs, whose lengths lead nowhere in the transfer.
  Octets file;
  for (int i = 0; i < 50; ++i) {
    file = join({file, hex("03 00 00 20 02 F0 80 01 00 01 00 61 15 30 13"), Octets(40, 0x03)});
  }
  const Octets first =
      mms(3, tlv(0xA1, join({hex("02 01 01"), tlv(0xBF, join({hex("49"), file}))})));
  Wire::Setup setup;
  setup.syn = false;
  Wire wire(setup);
  wire.server(part(first, 100, 1500));
  wire.server(part(first, 1500, first.size()));
  wire.server(mms(3, response(2)));
  wire.server(mms(3, response(3)));
  CHECK(wire.take() == "S pdu A107020102/9 ctx 3 | S pdu A107020103/9 ctx 3");
}

TEST_CASE("gaps before the roles are known are told first") {
  Wire::Setup setup;
  setup.syn = false;
  Wire wire(setup);
  const Octets pieces = fragments(data_tsdu(user_data(3, response(1, 200))), 64);
  wire.server(part(pieces, 71, pieces.size()));
  wire.gap(Side::b, 20);
  CHECK(wire.take().empty());
  wire.server(mms(3, response(2)));
  CHECK(wire.take() == "S gap 20 | S pdu A107020102/9 ctx 3");
}

TEST_CASE("more gaps than are held back before the roles are known lose no octet") {
  Wire::Setup setup;
  setup.syn = false;
  Wire wire(setup);
  const Octets pieces = fragments(data_tsdu(user_data(3, response(1, 200))), 64);
  wire.server(part(pieces, 71, pieces.size()));
  for (int i = 0; i < 100; ++i) wire.gap(Side::b, 20);
  wire.server(mms(3, response(2)));
  CHECK(wire.sink.lines.size() == 64 + 1);
  CHECK(wire.sink.lines[63] == "S gap " + std::to_string((100 - 63) * 20));
}

TEST_CASE("gaps of connections that carry nothing of ours are not told") {
  Wire http;
  http.client(hex("47 45 54 20"));
  http.gap(Side::a, 100);
  http.client(hex("47 45 54 20"));
  http.close();
  CHECK(http.take() == "C close");
  Wire::Setup setup;
  setup.port_b = 80;
  Wire unknown(setup);
  unknown.client(hex("03 00 00"));
  unknown.gap(Side::a, 100);
  unknown.client(hex("47 45 54 20"));
  unknown.close();
  CHECK(unknown.take().empty());
  CHECK(unknown.count(Undecoded::other_tcp_octets) == 7);
}
