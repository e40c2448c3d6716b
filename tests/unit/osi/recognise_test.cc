// What a connection carries, and who is the client.
#include "osi/recognise.h"

#include <catch2/catch.hpp>

#include "support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

namespace {

constexpr const char* kOpening =
    "C CR | S CC | C CN | C AARQ | C pdu A826800300/40 ctx 3 | "
    "S AC | S AARE | S pdu A926800300/40 ctx 3";

Wire::Setup other_port(bool syn = true) {
  Wire::Setup setup;
  setup.port_b = 10102;
  setup.syn = syn;
  return setup;
}
Wire::Setup mid_stream() {
  Wire::Setup setup;
  setup.syn = false;
  return setup;
}

}  // namespace

TEST_CASE("other traffic on an expected port") {
  Wire wire;
  SECTION("HTTP") {
    const Octets get(as_bytes("GET / HTTP/1.1\r\n\r\n").begin(),
                     as_bytes("GET / HTTP/1.1\r\n\r\n").end());
    wire.client(get);
    wire.server(get);
    wire.close();
    CHECK(wire.take() == "C close");
    CHECK(wire.sink.last.carries == Association::Carries::other);
    CHECK(wire.count(Undecoded::other_tcp_octets) == 2 * get.size());
  }
  SECTION("TLS, in pieces") {
    wire.client(hex("16 03"));
    wire.client(hex("01 00 05 01 00 00 01 00"));
    wire.server(hex("16 03 03 00 05 02 00 00 01 00"));
    wire.close();
    CHECK(wire.take() == "C close");
    CHECK(wire.sink.last.carries == Association::Carries::tls);
    CHECK(wire.count(Undecoded::encrypted_octets) == 20);
  }
  SECTION("S7comm") {
    wire.client(connect_request());
    wire.server(connect_confirm());
    wire.client(dt(hex("32 01 00 00 00 01 00 08 00 00 F0 00 00 01 00 01 01 E0")));
    wire.server(dt(hex("32 03 00 00 00 01 00 08 00 00 F0 00 00 01 00 01 01 E0")));
    wire.close();
    CHECK(wire.take() == "C CR | S CC | C close");
    CHECK(wire.sink.last.carries == Association::Carries::s7comm);
    CHECK(wire.count(Undecoded::other_tcp_octets) > 0);
  }
  SECTION("a TPKT header before noise") {
    wire.client(hex("03 00 FF FF A7 13 99 00"));
    wire.close();
    CHECK(wire.take() == "C close");
    CHECK(wire.sink.last.carries == Association::Carries::other);
  }
  SECTION("noise first, MMS behind it") {
    wire.client(hex("47 45 54"));
    wire.client(join({connect_request(), dt(cn(cp()))}));
    CHECK(wire.take() == "C CR | C CN | C AARQ | C pdu A826800300/40 ctx 3");
  }
}

TEST_CASE("any port carries MMS if it begins like it") {
  Wire wire(other_port());
  SECTION("whole") {
    wire.open();
    CHECK(wire.take() == kOpening);
  }
  SECTION("octet by octet") {
    for (const std::uint8_t octet : connect_request()) wire.client({octet});
    CHECK(wire.take() == "C CR");
  }
  wire.close();
  CHECK(wire.take() == "C close");
  CHECK_FALSE(wire.sink.last.expected_here);
}

TEST_CASE("a CR without TSAP is recognised on any port") {
  Wire wire(other_port());
  SECTION("with a TPDU size") {
    wire.client(tpkt(hex("09 E0 00 00 00 00 00 C0 01 0A")));
    CHECK(wire.take() == "C CR");
  }
  SECTION("with a TPDU size that is not allowed") {
    wire.client(tpkt(hex("09 E0 00 00 00 01 00 C0 01 A2")));
    CHECK(wire.take().find("C CR") == 0);
    CHECK(wire.sink.last.cotp->proposed_size_code == 0xA2);
    CHECK_FALSE(wire.sink.last.cotp->called_tsap_seen);
  }
  SECTION("without any parameter") {
    wire.client(tpkt(hex("06 E0 00 00 00 01 00")));
    CHECK(wire.take() == "C CR");
  }
  SECTION("without any parameter and reference: by what follows") {
    wire.client(tpkt(hex("06 E0 00 00 00 00 00")));
    CHECK(wire.take().empty());
    wire.client(dt(cn(cp())));
    CHECK(wire.take() == "C CR | C CN | C AARQ | C pdu A826800300/40 ctx 3");
  }
}

TEST_CASE("S7comm in short exchanges and without its start") {
  Wire wire(mid_stream());
  wire.client(dt(GENERATE(hex("32"), hex("32 07"), hex("32 01 00 00 05"))));
  wire.close();
  CHECK(wire.sink.last.carries == Association::Carries::s7comm);
}

TEST_CASE("other protocols on any port are passed over in silence") {
  Wire wire(other_port());
  const auto everything = [&](const Octets& first) {
    wire.client(first);
    wire.client(join({connect_request(), dt(cn(cp()))}));
    wire.server(connect_confirm());
    wire.close();
    CHECK(wire.take().empty());
  };
  SECTION("text") { everything(hex("47 45 54 20 2F")); }
  SECTION("RDP") { everything(tpkt(hex("0E E0 00 00 00 00 00 01 00 08 00 03 00 00 00"))); }
  SECTION("RDP with a cookie") {
    everything(tpkt(hex("12 E0 00 00 00 00 00 43 6F 6F 6B 69 65 3A 20 6D 73 0D 0A")));
  }
  SECTION("H.323") { everything(tpkt(hex("08 02 00 01 05 04 03 88 C0 A5"))); }
  SECTION("data before a CR") { everything(mms(3, request())); }
  CHECK(wire.count(Undecoded::other_tcp_octets) > 0);
  CHECK(wire.count(Undecoded::resync_octets) == 0);
}

TEST_CASE("TLS on any port is counted as what it is") {
  Wire wire(other_port());
  wire.client(hex("16 03 01 00 05 01 00 00 01 00"));
  wire.server(hex("16 03 03 00 05 02"));
  wire.close();
  CHECK(wire.take().empty());
  CHECK(wire.count(Undecoded::encrypted_octets) == 16);
}

TEST_CASE("the middle of a stream on any port") {
  Wire wire(other_port(false));
  SECTION("session data") {
    wire.server(mms(3, response(1)));
    CHECK(wire.take() == "S pdu A107020101/9 ctx 3");
  }
  SECTION("the header in a segment of its own") {
    const Octets octets = mms(3, response(1));
    wire.server({octets.begin(), octets.begin() + 4});
    wire.server({octets.begin() + 4, octets.end()});
    CHECK(wire.take() == "S pdu A107020101/9 ctx 3");
  }
  SECTION("fragments, then session data") {
    const Octets pieces = fragments(data_tsdu(user_data(3, response(1, 500))), 100);
    wire.server({pieces.begin() + 107, pieces.end()});
    wire.server(mms(3, response(2)));
    CHECK(wire.take() == "S pdu A107020102/9 ctx 3");
  }
  SECTION("not in the first segments of the direction") {
    for (int i = 0; i < 7; ++i) wire.server(hex("11 22 33 44"));
    wire.server(mms(3, response(1)));
    CHECK(wire.take() == "S pdu A107020101/9 ctx 3");
  }
  SECTION("too late") {
    for (int i = 0; i < 8; ++i) wire.server(hex("11 22 33 44"));
    wire.server(mms(3, response(1)));
    CHECK(wire.take().empty());
  }
  SECTION("too far") {
    wire.server(Octets(20000, 0x55));
    wire.server(mms(3, response(1)));
    CHECK(wire.take().empty());
  }
  SECTION("RDP data") {
    const Octets data = dt(hex("64 00 06 03 EB 70 14 08 00 00 00 00"));
    wire.server(join({data, data}));
    CHECK(wire.take().empty());
  }
}

TEST_CASE("roles without a SYN") {
  const auto client_after = [](const Octets& octets, Side sender, std::uint16_t port_a,
                               std::uint16_t port_b) {
    Wire::Setup setup = mid_stream();
    setup.port_a = port_a;
    setup.port_b = port_b;
    Wire wire(setup);
    wire.segment(sender, octets);
    wire.close();
    return std::pair(wire.sink.last.client, wire.sink.last.role_source);
  };
  using Role = std::pair<Side, RoleSource>;
  const Role a_by_requests{Side::a, RoleSource::requests};
  const Role b_by_requests{Side::b, RoleSource::requests};
  // The port says the contrary: requests count more.
  CHECK(client_after(mms(3, request()), Side::a, 102, 50000) == a_by_requests);
  CHECK(client_after(mms(3, response()), Side::a, 50000, 102) == b_by_requests);
  CHECK(client_after(mms(3, report()), Side::b, 102, 50000) == a_by_requests);
  CHECK(client_after(connect_request(), Side::a, 102, 50000) == a_by_requests);
  CHECK(client_after(connect_confirm(), Side::a, 50000, 102) == b_by_requests);
  CHECK(client_after(dt(ac(cpa())), Side::a, 50000, 102) == b_by_requests);
  // File services are asked for by either side.
  const Octets file_read = hex("A0 07 02 01 01 9F 49 01 05");
  const Octets file_open = hex("A0 0C 02 01 01 BF 48 06 A0 01 61 81 01 00");
  const Octets file_data = hex("A1 09 02 01 01 BF 49 03 80 01 00");
  for (const Octets& pdu : {file_read, file_open, file_data}) {
    CHECK(client_after(mms(3, pdu), Side::b, 50000, 102) == Role{Side::a, RoleSource::port});
  }
  CHECK(client_after(mms(3, hex("A4 03 85 01 00")), Side::b, 102, 50000) ==
        Role{Side::b, RoleSource::port});
}

TEST_CASE("the side with a port of ours is the server, else the lower port") {
  Wire::Setup setup = mid_stream();
  setup.port_a = 60000;
  setup.port_b = 50001;
  setup.options.ports = {60000};
  Wire by_option(setup);
  by_option.client(mms(3, hex("A4 03 85 01 00")));
  CHECK(by_option.sink.last.client == Side::b);
  CHECK(by_option.sink.last.expected_here);
  setup.options.ports.clear();
  Wire lower(setup);
  lower.client(mms(3, hex("A4 03 85 01 00")));
  CHECK(lower.sink.last.client == Side::a);
}
