#include "osi/cotp.h"

#include <catch2/catch.hpp>

#include "support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

namespace {

struct Decoded {
  Octets octets;
  Trouble trouble;
  Tpdu tpdu;
  explicit Decoded(Octets from)
      : octets(std::move(from)), trouble(Layer::cotp, octets), tpdu(decode_tpdu(octets, trouble)) {}
  std::string field() const { return trouble.error() ? trouble.error()->field : "none"; }
};

const Octets kConnectRequest =
    hex("17 E0          # LI 23, CR"
        "\n00 00 01 02    # DST-REF 0, SRC-REF 258"
        "\n00             # class 0"
        "\nC2 02 00 01    # called TSAP"
        "\nC0 01 0D       # TPDU size 8192"
        "\nC1 03 41 42 43 # calling TSAP"
        "\nC6 01 02       # additional options: skipped"
        "\n99 00          # unknown: skipped");

}  // namespace

TEST_CASE("CR with all parameters in any order") {
  const Decoded d(kConnectRequest);
  CHECK(d.field() == "none");
  CHECK(d.tpdu.code == TpduCode::cr);
  CHECK(d.tpdu.source_reference == 258);
  CHECK(d.tpdu.tpdu_size == 8192);
  CHECK(as_text(*d.tpdu.calling_tsap) == "ABC");
  CHECK(to_hex(*d.tpdu.called_tsap) == "0001");
  CHECK(d.tpdu.user_data.empty());

  CotpFacts facts;
  store(d.tpdu, facts);
  CHECK(facts.request_seen);
  CHECK(facts.calling_tsap == "ABC");
  CHECK(facts.proposed_tpdu_size == 8192);
  CHECK(facts.source_reference == 258);
}

TEST_CASE("CR truncated at each length") {
  for (std::size_t n = 0; n < kConnectRequest.size(); ++n) {
    const Decoded d(
        Octets(kConnectRequest.begin(), kConnectRequest.begin() + static_cast<std::ptrdiff_t>(n)));
    REQUIRE(d.trouble.error());
    CHECK(d.field() == "LI");
    CHECK(d.trouble.error()->offset == 0);
    if (n >= 7) CHECK(d.tpdu.source_reference == 258);  // what is there is right
  }
}

TEST_CASE("octets behind the header are user data") {
  const Decoded d(join({kConnectRequest, hex("AA BB")}));
  CHECK(d.field() == "none");
  CHECK(to_hex(d.tpdu.user_data) == "AABB");
}

TEST_CASE("CC, and facts where the CR was not captured") {
  const Decoded d(hex("0D D0 00 07 00 09 10 C1 01 31 C2 02 00 01 F0"));
  CHECK(d.field() == "none");
  CHECK(d.tpdu.class_option == 0x10);
  CotpFacts facts;
  store(d.tpdu, facts);
  CHECK(facts.confirm_seen);
  CHECK_FALSE(facts.request_seen);
  CHECK(facts.source_reference == 7);
  CHECK(facts.destination_reference == 9);
  CHECK(facts.transport_class == 1);
  CHECK(facts.calling_tsap == "1");
}

TEST_CASE("preferred maximum TPDU size overrides the TPDU size") {
  CHECK(Decoded(hex("0C E0 0000 0001 00 F0 01 08 C0 01 07")).tpdu.tpdu_size == 1024);
  CHECK(Decoded(hex("0C E0 0000 0001 00 C0 01 07 F0 01 08")).tpdu.tpdu_size == 1024);
}

TEST_CASE("values that a parameter must not have") {
  const Decoded size(hex("09 E0 0000 0001 00 C0 01 1F"));
  CHECK(size.field() == "TPDU size");
  CHECK(size.trouble.error()->offset == 7);
  const Decoded preferred(hex("08 E0 0000 0001 00 F0 00"));
  CHECK(preferred.field() == "preferred maximum TPDU size");
  const Decoded overrun(hex("09 E0 0000 0001 00 C1 02 00"));
  CHECK(overrun.field() == "parameter");
  CHECK(overrun.trouble.error()->problem == Errc::truncated);
}

TEST_CASE("DR, DC, ER") {
  const Decoded dr(hex("08 80 0001 0002 88 E0 00"));
  CHECK(dr.field() == "none");
  CHECK(dr.tpdu.reason == 136);
  CHECK(dr.tpdu.source_reference == 2);
  const Decoded dc(hex("05 C0 0001 0002"));
  CHECK(dc.field() == "none");
  CHECK(dc.tpdu.destination_reference == 1);
  const Decoded er(hex("08 70 0001 02 C1 02 06 E0"));
  CHECK(er.field() == "none");
  CHECK(er.tpdu.reason == 2);
  CHECK(to_hex(*er.tpdu.invalid_tpdu) == "06E0");
  CotpFacts facts;
  store(dr.tpdu, facts);
  store(er.tpdu, facts);
  CHECK(facts.disconnect_reason == 136);
  CHECK(facts.reject_cause == 2);
}

TEST_CASE("the TPDUs of other classes") {
  const Decoded ed(hex("04 10 0001 85 AA"));
  CHECK(ed.tpdu.code == TpduCode::ed);
  CHECK(ed.tpdu.end_of_tsdu);
  CHECK(ed.tpdu.number == 5);
  CHECK(to_hex(ed.tpdu.user_data) == "AA");
  CHECK(Decoded(hex("04 61 0001 05")).tpdu.code == TpduCode::ak);  // with credit 1
  CHECK(Decoded(hex("04 20 0001 05")).tpdu.code == TpduCode::ea);
  CHECK(Decoded(hex("04 52 0001 05")).tpdu.code == TpduCode::rj);
  CHECK(Decoded(hex("04 61 0001 05")).tpdu.number == 5);
}

TEST_CASE("DT has one header in class 0") {
  const Decoded more(hex("02 F0 00 11 22"));
  CHECK_FALSE(more.tpdu.end_of_tsdu);
  CHECK(to_hex(more.tpdu.user_data) == "1122");
  CHECK(Decoded(hex("02 F0 80")).tpdu.end_of_tsdu);
  CHECK(Decoded(hex("04 F0 0001 80")).field() == "LI");
  CHECK(Decoded(hex("00 F0 80")).field() == "LI");
  const Decoded unknown(hex("02 B0 80"));
  CHECK(unknown.field() == "code");
  CHECK(unknown.trouble.error()->offset == 1);
  CHECK(unknown.trouble.error()->problem == Errc::bad_value);
}
