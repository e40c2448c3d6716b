#include "osi/session.h"

#include <catch2/catch.hpp>

#include "support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

namespace {

struct Decoded {
  Octets octets;
  Trouble trouble;
  Spdu spdu;
  Octets rest;
  explicit Decoded(Octets from, bool first = true)
      : octets(std::move(from)), trouble(Layer::session, octets) {
    const Bytes behind = decode_spdu(octets, first, trouble, spdu);
    rest.assign(behind.begin(), behind.end());
  }
  // "field @offset", or "none".
  std::string error() const {
    if (!trouble.error()) return "none";
    return std::string(trouble.error()->field) + " @" + std::to_string(trouble.error()->offset);
  }
};

const Octets kConnect =
    hex("0D 25                   # CN, LI 37"
        "\n01 03 0A 01 41          # connection identifier: skipped"
        "\n33 02 00 05             # calling session selector"
        "\n05 0C                   # connect/accept item"
        "\n   16 01 03             #   versions 1 and 2"
        "\n   15 04 04 00 08 00    #   TSDU maximum size 1024, 2048"
        "\n   13 01 00             #   protocol options"
        "\n77 01 00                # unknown: skipped"
        "\n34 01 31                # called session selector"
        "\n14 02 00 02             # duplex"
        "\nC1 02 31 00             # user data");

}  // namespace

TEST_CASE("CN with its parameters in any order") {
  const Decoded d(kConnect);
  CHECK(d.error() == "none");
  CHECK(d.spdu.si == Si::connect);
  CHECK(to_hex(d.spdu.user_data) == "3100");
  CHECK(d.rest.empty());
  SessionFacts facts;
  store(d.spdu, facts);
  CHECK(facts.connect_seen);
  CHECK(facts.calling_selector == std::string("\0\5", 2));
  CHECK(facts.called_selector == "1");
  CHECK(facts.version == 3);
  CHECK(facts.requirements == 2);
  CHECK(facts.max_tsdu_calling == 1024);
  CHECK(facts.max_tsdu_called == 2048);
}

TEST_CASE("CN truncated at each length") {
  for (std::size_t n = 1; n < kConnect.size(); ++n) {
    const Decoded d(Octets(kConnect.begin(), kConnect.begin() + static_cast<std::ptrdiff_t>(n)));
    REQUIRE(d.trouble.error());
    CHECK(d.trouble.error()->problem == Errc::truncated);
    CHECK(d.error() == "LI @1");
    CHECK(d.spdu.user_data.empty());
    if (n >= 11) CHECK(to_hex(*d.spdu.calling_selector) == "0005");
  }
}

TEST_CASE("octets behind a CN belong to nothing") {
  const Decoded d(join({kConnect, hex("00 00 00")}));
  CHECK(d.error() == "LI @1");
  CHECK(d.trouble.error()->problem == Errc::bad_length);
  CHECK(to_hex(d.spdu.user_data) == "3100");
}

TEST_CASE("a parameter that reaches behind its SPDU is named") {
  CHECK(Decoded(hex("0D 04 14 05 00 02")).error() == "Session User Requirements @2");
  CHECK(Decoded(hex("0D 04 05 02 16 01")).error() == "Version Number @4");
  CHECK(Decoded(hex("0D 01 33")).error() == "Calling Session Selector @2");
  CHECK(Decoded(hex("0D 03 14 01 02")).error() == "Session User Requirements @2");
  CHECK(Decoded(hex("19 03 11 00 00")).error() == "Transport Disconnect @2");
  CHECK(Decoded(hex("0C 02 32 00")).error() == "Reason Code @2");
}

TEST_CASE("lengths over 254 have three octets") {
  const Octets ppdu = tlv(0x31, Octets(300, 0));
  const Decoded d(cn(ppdu));
  CHECK(d.octets[1] == 0xFF);
  CHECK(d.error() == "none");
  CHECK(d.spdu.user_data.size() == ppdu.size());
  CHECK(Decoded(hex("0D FF 01")).error() == "LI @1");
}

TEST_CASE("user data whose length was written modulo 256 reaches to the end of the TSDU") {
  const Octets ppdu = tlv(0x31, Octets(300, 0));
  SECTION("both lengths wrapped") {
    Octets tsdu = join({hex("0E 00 14 02 00 02 C1 00"), ppdu});
    tsdu[1] = static_cast<std::uint8_t>((tsdu.size() - 2) & 0xFF);
    tsdu[7] = static_cast<std::uint8_t>(ppdu.size() & 0xFF);
    const Decoded d(tsdu);
    CHECK(d.error() == "none");
    CHECK(d.spdu.user_data.size() == ppdu.size());
  }
  SECTION("a length of 0 before 120 octets") {
    const Octets cpa_like = tlv(0x31, Octets(118, 0));
    const Decoded d(join({hex("0E 06 14 02 00 02 C1 00"), cpa_like}));
    CHECK(d.error() == "none");
    CHECK(d.spdu.user_data.size() == cpa_like.size());
  }
  SECTION("no PPDU follows") {
    const Decoded d(join({hex("0E 06 14 02 00 02 C1 00"), Octets(120, 0)}));
    CHECK(d.error() == "LI @1");
    CHECK(d.spdu.user_data.empty());
  }
}

TEST_CASE("GT and PT are followed by DT, whose user data is the rest") {
  const Decoded gt(hex("01 00 01 00 61 00"));
  CHECK_FALSE(gt.spdu.is_data);
  CHECK(to_hex(gt.rest) == "01006100");
  const Decoded data(gt.rest, false);
  CHECK(data.spdu.is_data);
  CHECK(to_hex(data.spdu.user_data) == "6100");
  CHECK_FALSE(Decoded(hex("02 03 10 01 01 01 00")).spdu.is_data);
  CHECK(Decoded(hex("02 03 10 01 01 01 00")).rest == hex("01 00"));
  CHECK(Decoded(hex("01 00 61 03 30 01 00")).spdu.is_data);  // GT left out
  const Decoded segment(hex("01 03 19 01 01 61 00"), false);
  CHECK(segment.spdu.enclosure == 1);
  CHECK(to_hex(segment.spdu.user_data) == "6100");
}

TEST_CASE("RF, AB, AA, NF and what they say") {
  const Decoded rf(hex("0C 0C 11 01 01 32 07 02 30 04 8A 01 03 00"));
  CHECK(rf.error() == "none");
  CHECK(rf.spdu.reason == 2);
  CHECK(to_hex(rf.spdu.user_data) == "30048A010300");
  SessionFacts facts;
  store(rf.spdu, facts);
  CHECK(facts.refuse_reason == 2);
  CHECK(facts.transport_disconnect == 1);
  const Decoded ab(hex("19 07 11 01 0B C1 02 A0 00"));
  CHECK(ab.spdu.transport_disconnect == 11);
  CHECK(to_hex(ab.spdu.user_data) == "A000");
  CHECK(Decoded(hex("1A 00")).error() == "none");
  CHECK(Decoded(hex("08 00")).spdu.si == Si::not_finished);
}

TEST_CASE("SPDUs that MMS does not use are not wrong; other octets are") {
  CHECK_FALSE(Decoded(hex("29 00")).spdu.is_used);
  CHECK(Decoded(hex("29 00")).error() == "none");
  const Decoded none(hex("7F 00"));
  CHECK(none.error() == "SI @0");
  CHECK(none.trouble.error()->problem == Errc::bad_value);
}

TEST_CASE("what a TSDU can begin with") {
  for (const Octets& tsdu : {cn(cp()), ac(cpa()), finish(), disconnect(), hex("1A 00"),
                             data_tsdu(user_data(3, request())), hex("02 03 10 01 01 01 00 61 00"),
                             hex("21 00 A0 00"), hex("01 00 61 00")}) {
    CHECK(starts_like_session(tsdu));
  }
  for (const Octets& tsdu : {hex("32 01 00 00"), hex("A0 05 02"), hex("0D 05 77 00"),
                             hex("01 00 01 00 AA BB"), hex("09"), hex("1A 05 00"), Octets{}}) {
    CHECK_FALSE(starts_like_session(tsdu));
  }
}
