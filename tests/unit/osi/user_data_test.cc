// User data, contexts, and what carries them.
#include <catch2/catch.hpp>

#include "upper_support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

TEST_CASE("user data in every form") {
  Upper u;
  u.decode(cn(cp()));
  const Octets pdu = request();
  CHECK(u.decode(data_tsdu(user_data(3, pdu))) == "A0/3");
  CHECK(u.decode(data_tsdu(tlv(0x61, pdv(3, pdu, 0x81)))) == "A0/3");
  CHECK(u.decode(data_tsdu(tlv(0x61, pdv(3, join({{0}, pdu}), 0x82)))) == "A0/3");
  CHECK(u.decode(data_tsdu(tlv(0x60, pdu))) == "A0/3");
  CHECK(u.decode(data_tsdu(tlv(0x60, hex("62 00")))) == "RLRQ");
  CHECK(u.decode(data_tsdu(tlv(0x61, join({pdv(3, pdu), pdv(3, response())})))) == "A0/3 A1/3");
  CHECK(u.decode(data_tsdu(join({user_data(3, pdu), user_data(3, report())}))) == "A0/3 A3/3");
  CHECK(u.decode(data_tsdu(user_data(3, join({pdu, response()})))) == "A0/3 A1/3");
  CHECK(u.decode(data_tsdu(
            tlv(0x61, tlv(0x30, join({hex("06 02 51 01 02 01 03"), tlv(0xA0, pdu)}))))) == "A0/3");
  CHECK(u.decode(hex("01 00 01 00 61 80 30 80 02 01 03 A0 80 8B 00 00 00 00 00 00 00")) == "8B/3");
  CHECK(u.decode(join({hex("02 03 10 01 01 01 00"), user_data(3, pdu)})) == "A0/3");
  CHECK(u.decode(join({hex("01 00"), user_data(3, pdu)})) == "A0/3");
  CHECK(u.error() == "none");
  SECTION("octets behind a PDU that are no PDU stay with it") {
    CHECK(u.decode(data_tsdu(user_data(3, join({pdu, hex("00 00")})))) == "A0/3");
    CHECK(u.content.pdus[0].octets.size() == pdu.size() + 2);
  }
}

TEST_CASE("a data TSDU truncated at each length") {
  const Octets whole = data_tsdu(user_data(3, request()));
  for (std::size_t n = 4; n < whole.size(); ++n) {
    Upper u;
    u.decode(cn(cp()));
    const Octets part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    CHECK(u.decode(part).empty());
    CHECK(u.error() == "presentation User-data @4");
    // The same octets where the capture lost the rest: no error, and the PDU as far as it goes.
    const std::size_t header = whole.size() - request().size();
    CHECK(u.decode(part, true) == (n > header ? "A0/3" : ""));
    CHECK(u.error() == "none");
    if (n > header) CHECK(u.content.pdus[0].octets.size() == n - header);
  }
}

TEST_CASE("contexts come from the negotiation") {
  Upper u;
  Opening o;
  o.acse = 3;
  o.mms = 1;
  SECTION("identifiers the other way round") {
    CHECK(u.decode(cn(cp(o))) == "CN AARQ A8/1");
    CHECK(u.association.mms_context == 1);
    CHECK(u.decode(data_tsdu(user_data(1, request()))) == "A0/1");
    CHECK(u.decode(data_tsdu(user_data(3, hex("62 00")))) == "RLRQ");
  }
  SECTION("a result list shorter than the proposal") {
    u.decode(cn(cp()));
    const Octets shorter = tlv(
        0x31,
        join({hex("A0 03 80 01 01"), tlv(0xA2, join({tlv(0xA5, hex("30 07 80 01 00 81 02 51 01")),
                                                     user_data(1, aare())}))}));
    CHECK(u.decode(ac(shorter)) == "AC AARE A9/3");
    CHECK(u.association.presentation->contexts[0].result == 0);
    CHECK_FALSE(u.association.presentation->contexts[1].result);
    CHECK(u.association.mms_context == 3);
  }
  SECTION("MMS rejected, and used all the same") {
    u.decode(cn(cp()));
    const Octets rejected = replace(cpa(), hex("30 07 80 01 00 81 02 51 01 30 07 80 01 00"),
                                    hex("30 07 80 01 00 81 02 51 01 30 07 80 01 02"));
    u.decode(ac(rejected));
    CHECK(u.association.context_source == ContextSource::none);
    CHECK(u.decode(data_tsdu(user_data(3, request()))) == "A0/3");
  }
  SECTION("a context that was not negotiated") {
    u.decode(cn(cp()));
    CHECK(u.decode(data_tsdu(user_data(9, request()))) == "A0/9");
    CHECK(u.association.mms_context == 3);
    CHECK(u.decode(data_tsdu(user_data(9, hex("30 02 80 00")))).empty());
    CHECK(u.undecoded[Undecoded::presentation_other_context] == 1);
  }
  SECTION("a context of something else") {
    const Octets other = replace(cn(cp()), kMmsOid, hex("28 CA 22 07 07"));
    u.decode(other);
    CHECK(u.decode(data_tsdu(user_data(3, request()))).empty());
    CHECK(u.undecoded[Undecoded::presentation_other_context] == 1);
  }
  SECTION("the application context name in place of the syntax") {
    for (const char* oid : {"28 CA 22 02 03", "28 CA 22 01 01"}) {
      Upper v;
      v.decode(cn(replace(cp(), kMmsOid, hex(oid))));
      CHECK(v.association.context_source == ContextSource::negotiated);
    }
  }
}

TEST_CASE("alter context adds and deletes contexts") {
  Upper u;
  u.decode(cn(cp()));
  u.decode(ac(cpa()));
  const Octets ac_ppdu =
      tlv(0xA0, join({tlv(0xA0, context_item(7, kMmsOid)), hex("A1 03 02 01 03")}));
  CHECK(u.decode(join({hex("21 00"), ac_ppdu})).empty());
  CHECK(u.error() == "none");
  CHECK(u.association.presentation->contexts.size() == 3);
  const Octets aca_ppdu =
      tlv(0xA1, join({tlv(0xA0, hex("30 07 80 01 00 81 02 51 01")), hex("A1 03 02 01 00")}));
  u.decode(join({hex("21 00"), aca_ppdu}), false, Side::b);
  CHECK(u.error() == "none");
  REQUIRE(u.association.presentation->contexts.size() == 2);
  CHECK(u.association.presentation->contexts[1].id == 7);
  CHECK(u.association.presentation->contexts[1].result == 0);
  CHECK(u.association.mms_context == 7);
  CHECK(u.decode(data_tsdu(user_data(7, request()))) == "A0/7");
}

TEST_CASE("contexts where the start is missing") {
  Upper u;
  SECTION("3 is assumed") {
    CHECK(u.decode(data_tsdu(user_data(3, request()))) == "A0/3");
    CHECK(u.association.context_source == ContextSource::assumed);
  }
  SECTION("another one is inferred from what it carries") {
    CHECK(u.decode(data_tsdu(user_data(5, hex("30 02 80 00")))).empty());
    CHECK(u.decode(data_tsdu(user_data(5, request()))) == "A0/5");
    CHECK(u.association.context_source == ContextSource::inferred);
    CHECK(u.association.mms_context == 5);
  }
  SECTION("the user says so") {
    u.options.contexts.push_back({9, "1.0.9506.2.1"});
    u.options.contexts.push_back({3, "1.2.3"});
    CHECK(u.decode(data_tsdu(user_data(3, request()))).empty());
    CHECK(u.decode(data_tsdu(user_data(9, hex("A0 FF")))) == "A0/9");
    CHECK(u.association.context_source == ContextSource::user);
  }
  SECTION("ACSE is known by its tags") {
    CHECK(u.decode(finish()) == "FN RLRQ");
    CHECK(u.association.context_source == ContextSource::none);
  }
}

TEST_CASE("an SSDU in segments") {
  Upper u;
  u.decode(cn(cp()));
  const Octets ppdu = user_data(3, request());
  const Octets first(ppdu.begin(), ppdu.begin() + 5);
  const Octets second(ppdu.begin() + 5, ppdu.begin() + 8);
  const Octets third(ppdu.begin() + 8, ppdu.end());
  CHECK(u.decode(join({hex("01 00 01 03 19 01 01"), first})).empty());
  CHECK(u.content.incomplete);
  CHECK(u.decode(join({hex("01 00 01 03 19 01 00"), second})).empty());
  CHECK(u.decode(join({hex("01 00 01 03 19 01 02"), third})) == "A0/3");
  CHECK_FALSE(u.content.incomplete);
  CHECK(u.decode(join({hex("01 00 01 03 19 01 03"), ppdu})) == "A0/3");
  SECTION("its beginning is lost") {
    u.layers.forget_segments(Side::a);
    CHECK(u.decode(join({hex("01 00 01 03 19 01 02"), third})).empty());
    CHECK(u.error() == "none");
    CHECK(u.undecoded[Undecoded::resync_octets] == third.size());
  }
}

TEST_CASE("MMS right on COTP") {
  Upper u;
  CHECK(u.decode(initiate_request()) == "A8/0");
  CHECK(u.decode(initiate_response()) == "A9/0");
  CHECK(u.decode(hex("A0 7F 00")) == "A0/0");  // malformed, which MMS will tell
  Upper v;
  CHECK(v.decode(hex("A0 7F 00")) == "foreign");
  CHECK(v.decode(hex("32 01 00 00 00 01")) == "foreign");
  CHECK(v.content.s7comm);
}

TEST_CASE("SPDUs that MMS does not use are counted") {
  Upper u;
  u.decode(cn(cp()));
  CHECK(u.decode(hex("01 00 29 00")).empty());
  CHECK(u.undecoded[Undecoded::session_unknown] == 1);
  CHECK(u.error() == "none");
}

TEST_CASE("a cut CN tells its step and what stands before the cut") {
  Upper u;
  const Octets whole = cn(cp());
  CHECK(u.decode({whole.begin(), whole.begin() + 60}, true) == "CN");
  CHECK(u.error() == "none");
  CHECK(u.association.session->calling_selector == std::string("\0\2", 2));
}
