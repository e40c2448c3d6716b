// The opening and the end of an association.
#include <catch2/catch.hpp>

#include "upper_support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

TEST_CASE("the opening of an association, layer by layer") {
  Upper u;
  Opening o;
  o.aarq_extra =
      hex("A2 07 06 05 29 01 87 67 01  A3 03 02 01 0C   # called 1.1.1.999.1, 12"
          "\nA6 06 06 04 29 01 87 67  A7 03 02 01 0D     # calling 1.1.1.999, 13"
          "\n8A 02 04 80  8B 03 52 03 01                 # authentication by password"
          "\nAC 08 80 06 73 65 63 72 65 74               # which is this");
  CHECK(u.decode(cn(cp(o))) == "CN AARQ A8/3");
  CHECK(u.error() == "none");
  const Association& a = u.association;
  CHECK(a.session->called_selector == std::string("\0\1", 2));
  CHECK(a.presentation->calling_selector == std::string("\0\0\0\2", 4));
  CHECK(a.presentation->called_selector == std::string("\0\0\0\1", 4));
  REQUIRE(a.presentation->contexts.size() == 2);
  CHECK(a.presentation->contexts[0].abstract_syntax == "2.2.1.0.1");
  CHECK(a.presentation->contexts[1].abstract_syntax == "1.0.9506.2.1");
  CHECK(a.presentation->contexts[1].transfer_syntaxes == std::vector<std::string>{"2.1.1"});
  CHECK_FALSE(a.presentation->contexts[1].result);
  CHECK(a.acse->application_context == "1.0.9506.2.3");
  CHECK(a.acse->called_ap_title == "1.1.1.999.1");
  CHECK(a.acse->calling_ap_title == "1.1.1.999");
  CHECK(a.acse->called_ae_qualifier == 12);
  CHECK(a.acse->calling_ae_qualifier == 13);
  CHECK(a.acse->mechanism == "2.2.3.1");
  CHECK(a.acse->authentication_value_seen);
  CHECK(a.mms_context == 3);
  CHECK(a.context_source == ContextSource::negotiated);

  CHECK(u.decode(ac(cpa()), false, Side::b) == "AC AARE A9/3");
  CHECK(u.error() == "none");
  CHECK(a.session->accept_seen);
  CHECK(a.presentation->responding_selector == std::string("\0\0\0\1", 4));
  CHECK(a.presentation->contexts[1].result == 0);
  CHECK(a.acse->result == 0);
  CHECK(a.acse->diagnostic_user == 0);
  CHECK_FALSE(a.acse->diagnostic_provider);
}

TEST_CASE("indefinite lengths in the association data") {
  // CP, normal-mode-parameters, context list, user data and AARQ of indefinite length.
  const Octets aarq_open =
      join({hex("60 80 A1 80 06 05 28 CA 22 02 03 00 00 BE 80 28 80 02 01 03 A0 80"),
            initiate_request(), hex("00 00  00 00  00 00  00 00")});
  const Octets cp_open = join({hex("31 80 A0 03 80 01 01 A2 80 A4 80"), context_item(1, kAcseOid),
                               context_item(3, kMmsOid), hex("00 00 61 80 30 80 02 01 01 A0 80"),
                               aarq_open, hex("00 00  00 00  00 00  00 00  00 00")});
  Upper u;
  CHECK(u.decode(cn(cp_open)) == "CN AARQ A8/3");
  CHECK(u.error() == "none");
  CHECK(u.content.pdus.at(0).octets.size() == initiate_request().size());
  CHECK(u.association.presentation->contexts.size() == 2);
}

TEST_CASE("a CN truncated at each length tells where it ends, and never crashes") {
  const Octets whole = cn(cp());
  for (std::size_t n = 4; n < whole.size(); ++n) {
    Upper u;
    const Octets part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    CHECK(u.decode(part) == "CN");
    CHECK(u.error() == "session LI @1");
  }
}

TEST_CASE("the presentation and ACSE parts truncated at each length") {
  // The layers below are whole; the innermost is cut off.
  const Octets whole = cp();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    Upper u;
    const Octets part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const Octets tsdu = cn(part);
    u.decode(tsdu);
    if (n == 0) continue;  // no user data at all is legal
    CHECK(u.error() == "presentation CP-type @" + std::to_string(tsdu.size() - n));
  }
  const Octets apdu = aarq();
  for (std::size_t n = 1; n < apdu.size(); ++n) {
    Upper u;
    u.decode(cn(cp()));
    const Octets part(apdu.begin(), apdu.begin() + static_cast<std::ptrdiff_t>(n));
    const Octets tsdu = spdu(0x09, spdu(0xC1, user_data(1, part)));
    CHECK(u.decode(tsdu) == "FN");
    CHECK(u.error() == "acse ACSE-apdu @" + std::to_string(tsdu.size() - n));
  }
}

TEST_CASE("octets behind a PPDU or an APDU") {
  Upper u;
  Octets tsdu = cn(join({cp(), hex("00 01")}));
  CHECK(u.decode(tsdu) == "CN AARQ A8/3");
  CHECK(u.error() == "presentation CP-type @" + std::to_string(tsdu.size() - 2));
  tsdu = spdu(0x0A, spdu(0xC1, user_data(1, hex("63 00 77 00"))));
  CHECK(u.decode(tsdu) == "DN RLRE");
  CHECK(u.error() == "acse ACSE-apdu @" + std::to_string(tsdu.size() - 2));
}

TEST_CASE("a wrong element is named where it stands") {
  Upper u;
  Octets tsdu = replace(cn(cp()), hex("06 05 28 CA 22 02 01"), hex("04 05 28 CA 22 02 01"));
  u.decode(tsdu);
  CHECK(u.error() == "presentation abstract-syntax-name @" +
                         std::to_string(find(tsdu, hex("04 05 28 CA 22 02 01"))));
  tsdu = replace(ac(cpa()), hex("A2 03 02 01 00"), hex("A2 03 04 01 00"));
  u.decode(tsdu);
  CHECK(u.error() == "acse result @" + std::to_string(find(tsdu, hex("A2 03 04 01 00")) + 2));
  u.decode(data_tsdu(hex("30 03 02 01 03")));
  CHECK(u.error() == "presentation User-data @4");
  u.decode(hex("01 00 01 00"));
  CHECK(u.error() == "presentation User-data @4");
}

TEST_CASE("a password never leaves in a malformed unit") {
  const Octets secret = hex("73 65 63 72 65 74");
  const Octets authentication = join({hex("AC 08 80 06"), secret});
  const auto with = [](const Octets& extra) {
    Opening o;
    o.aarq_extra = extra;
    return cn(cp(o));
  };
  Octets session_error = with(authentication);
  session_error[1] = static_cast<std::uint8_t>(session_error[1] + 1);
  const Octets damaged[] = {
      with(join({authentication, hex("5E 05")})),                       // ACSE, behind it
      with(join({hex("A2 03 02 05 00"), authentication})),              // ACSE, before it
      with(hex("AC 09 80 07 73 65 63 72 65 74")),                       // ACSE, right there
      replace(with(authentication), hex("A4 23 30"), hex("A4 23 02")),  // presentation
      session_error,
  };
  for (const Octets& tsdu : damaged) {
    Upper u;
    REQUIRE(find(tsdu, secret) < tsdu.size());
    u.decode(tsdu);
    INFO(u.error());
    REQUIRE(u.content.error);
    const Octets unit(u.content.unit.begin(), u.content.unit.end());
    CHECK(unit.size() >= u.content.error->offset);
    CHECK(find(unit, secret) == unit.size());
  }
}

TEST_CASE("AP titles and AE qualifiers in every form") {
  Upper u;
  Opening o;
  o.aarq_extra =
      hex("A2 11 30 0F 31 0D 30 0B 06 03 55 04 03 0C 04 49 45 44 31   # commonName=IED1"
          "\nA3 04 04 02 00 01                                          # OCTET STRING"
          "\nA6 06 13 04 41 42 1B 44                                    # AB<ESC>D"
          "\nA7 03 02 01 FF                                             # -1");
  CHECK(u.decode(cn(cp(o))) == "CN AARQ A8/3");
  CHECK(u.error() == "none");
  CHECK(u.association.acse->called_ap_title == "2.5.4.3=IED1");
  CHECK_FALSE(u.association.acse->called_ae_qualifier);
  CHECK(u.association.acse->calling_ap_title == "AB\\x1BD");
  CHECK(u.association.acse->calling_ae_qualifier == -1);
}

TEST_CASE("user-information with direct reference, octet-aligned, or without a reference") {
  const Octets name = hex("A1 07 06 05 28 CA 22 02 03");
  const Octets pdu = initiate_request();
  const auto with = [&](const Octets& ext) {
    Upper u;
    u.decode(cn(cp()));
    const Octets apdu = tlv(0x60, join({name, tlv(0xBE, tlv(0x28, ext))}));
    const std::string text = u.decode(data_tsdu(user_data(1, apdu)));
    CHECK(u.error() == "none");
    REQUIRE(u.content.pdus.size() == 1);
    CHECK(to_hex(u.content.pdus[0].octets) == to_hex(pdu));
    return text;
  };
  CHECK(with(join({hex("06 02 51 01 02 01 03"), tlv(0xA0, pdu)})) == "AARQ A8/3");
  CHECK(with(join({hex("02 01 05"), tlv(0x81, pdu)})) == "AARQ A8/5");
  CHECK(with(join({hex("06 02 51 01"), tlv(0xA0, pdu)})) == "AARQ A8/3");
  CHECK(with(tlv(0x82, join({hex("00"), pdu}))) == "AARQ A8/3");
  const Octets first(pdu.begin(), pdu.begin() + 10);
  const Octets second(pdu.begin() + 10, pdu.end());
  CHECK(with(tlv(0xA1, join({tlv(0x04, first), tlv(0x04, second)}))) == "AARQ A8/3");
}

TEST_CASE("refusals") {
  Upper u;
  u.decode(cn(cp()));
  SECTION("by the session layer") {
    CHECK(u.decode(hex("0C 06 11 01 01 32 01 81")) == "RF");
    CHECK(u.association.session->refuse_reason == 129);
  }
  SECTION("by the presentation layer") {
    const Octets cpr = tlv(0x30, join({hex("83 01 31"),
                                       tlv(0xA5, hex("30 07 80 01 00 81 02 51 01"
                                                     "30 06 80 01 02 82 01 01")),
                                       hex("8A 01 03")}));
    CHECK(u.decode(spdu(0x0C, spdu(0x32, join({hex("02"), cpr})))) == "RF CPR");
    CHECK(u.error() == "none");
    CHECK(u.association.presentation->refuse_reason == 3);
    CHECK(u.association.presentation->responding_selector == "1");
    CHECK(u.association.presentation->contexts[1].result == 2);
    CHECK(u.association.presentation->contexts[1].reason == 1);
  }
  SECTION("by ACSE, inside CPR") {
    const Octets rejected =
        tlv(0x61, hex("A1 07 06 05 28 CA 22 02 03  A2 03 02 01 01  A3 05 A1 03 02 01 0D"));
    const Octets cpr = tlv(0x30, user_data(1, rejected));
    CHECK(u.decode(spdu(0x0C, spdu(0x32, join({hex("02"), cpr})))) == "RF CPR AARE");
    CHECK(u.association.acse->result == 1);
    CHECK(u.association.acse->diagnostic_user == 13);
  }
  SECTION("in X.410 mode") {
    CHECK(u.decode(spdu(0x0C, spdu(0x32, hex("02 31 02 80 00")))) == "RF CPR");
    CHECK(u.error() == "none");
  }
}

TEST_CASE("release and aborts") {
  Upper u;
  u.decode(cn(cp()));
  CHECK(u.decode(finish()) == "FN RLRQ");
  CHECK(u.association.acse->release_reason == 0);
  CHECK(u.decode(spdu(0x0A, spdu(0xC1, user_data(1, hex("63 03 80 01 01"))))) == "DN RLRE");
  CHECK(u.association.acse->release_reason == 1);
  CHECK(u.decode(hex("08 00")) == "NF");
  CHECK(u.decode(hex("1A 00")) == "AA");
  const Octets abrt = hex("64 06 80 01 01 81 01 05");
  CHECK(u.decode(spdu(0x19, join({hex("11 01 0B"), spdu(0xC1, tlv(0xA0, user_data(1, abrt)))}))) ==
        "AB ARU ABRT");
  CHECK(u.association.acse->abort_source == 1);
  CHECK(u.association.acse->abort_diagnostic == 5);
  CHECK(u.association.session->transport_disconnect == 11);
  CHECK(u.decode(spdu(0x19, spdu(0xC1, hex("30 06 80 01 02 81 01 07")))) == "AB ARP");
  CHECK(u.association.presentation->abort_reason == 2);
  CHECK(u.association.presentation->abort_event == 7);
  CHECK(u.error() == "none");
}
