#include "osi/upper_layers.h"

#include <catch2/catch.hpp>

#include "support.h"

using namespace mmsa;
using namespace mmsa::osi;
using namespace mmsa::osi::test;

namespace {

// Session and above for one TSDU after the other.
struct Upper {
  StackOptions options;
  RecordingSink sink;
  UndecodedCounters undecoded;
  Shared shared{options, looks_like_mms, sink, undecoded, {}};
  Association association;
  UpperLayers layers{association, shared};
  TsduContent content;

  // Steps and PDUs as text: "CN AARQ A8/3".
  std::string decode(const Octets& tsdu, bool cut = false, Side sender = Side::a) {
    octets = tsdu;
    if (cut) {
      layers.decode_cut(sender, octets, content);
    } else {
      layers.decode(sender, octets, content);
    }
    std::string out;
    const auto add = [&out](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
    for (const Step step : content.steps) add(name_of(step));
    for (const FoundPdu& pdu : content.pdus) {
      add(to_hex(pdu.octets.first(1)) + "/" + std::to_string(pdu.context));
    }
    if (content.foreign) add("foreign");
    return out;
  }
  std::string error() const {
    if (!content.error) return "none";
    return std::string(layer_name(content.error->layer)) + " " + content.error->field + " @" +
           std::to_string(content.error->offset);
  }

 private:
  Octets octets;  // the views in `content` point into it
};

std::size_t find(const Octets& in, const Octets& what) {
  return static_cast<std::size_t>(std::search(in.begin(), in.end(), what.begin(), what.end()) -
                                  in.begin());
}

Octets replace(Octets in, const Octets& what, const Octets& with) {
  const std::size_t at = find(in, what);
  REQUIRE(at < in.size());
  REQUIRE(what.size() == with.size());
  std::copy(with.begin(), with.end(), in.begin() + static_cast<std::ptrdiff_t>(at));
  return in;
}

}  // namespace

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
  CHECK(a.session.called_selector == std::string("\0\1", 2));
  CHECK(a.presentation.calling_selector == std::string("\0\0\0\2", 4));
  CHECK(a.presentation.called_selector == std::string("\0\0\0\1", 4));
  REQUIRE(a.presentation.contexts.size() == 2);
  CHECK(a.presentation.contexts[0].abstract_syntax == "2.2.1.0.1");
  CHECK(a.presentation.contexts[1].abstract_syntax == "1.0.9506.2.1");
  CHECK(a.presentation.contexts[1].transfer_syntaxes == std::vector<std::string>{"2.1.1"});
  CHECK_FALSE(a.presentation.contexts[1].result);
  CHECK(a.acse.application_context == "1.0.9506.2.3");
  CHECK(a.acse.called_ap_title == "1.1.1.999.1");
  CHECK(a.acse.calling_ap_title == "1.1.1.999");
  CHECK(a.acse.called_ae_qualifier == 12);
  CHECK(a.acse.calling_ae_qualifier == 13);
  CHECK(a.acse.mechanism == "2.2.3.1");
  CHECK(a.acse.authentication_value_seen);
  CHECK(a.mms_context == 3);
  CHECK(a.context_source == ContextSource::negotiated);

  CHECK(u.decode(ac(cpa()), false, Side::b) == "AC AARE A9/3");
  CHECK(u.error() == "none");
  CHECK(a.session.accept_seen);
  CHECK(a.presentation.responding_selector == std::string("\0\0\0\1", 4));
  CHECK(a.presentation.contexts[1].result == 0);
  CHECK(a.acse.result == 0);
  CHECK(a.acse.diagnostic_user == 0);
  CHECK_FALSE(a.acse.diagnostic_provider);
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
  CHECK(u.association.presentation.contexts.size() == 2);
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
    CHECK(unit.size() == tsdu.size());
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
  CHECK(u.association.acse.called_ap_title == "2.5.4.3=IED1");
  CHECK_FALSE(u.association.acse.called_ae_qualifier);
  CHECK(u.association.acse.calling_ap_title == "AB\\x1BD");
  CHECK(u.association.acse.calling_ae_qualifier == -1);
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
    CHECK(u.association.session.refuse_reason == 129);
  }
  SECTION("by the presentation layer") {
    const Octets cpr = tlv(0x30, join({hex("83 01 31"),
                                       tlv(0xA5, hex("30 07 80 01 00 81 02 51 01"
                                                     "30 06 80 01 02 82 01 01")),
                                       hex("8A 01 03")}));
    CHECK(u.decode(spdu(0x0C, spdu(0x32, join({hex("02"), cpr})))) == "RF CPR");
    CHECK(u.error() == "none");
    CHECK(u.association.presentation.refuse_reason == 3);
    CHECK(u.association.presentation.responding_selector == "1");
    CHECK(u.association.presentation.contexts[1].result == 2);
    CHECK(u.association.presentation.contexts[1].reason == 1);
  }
  SECTION("by ACSE, inside CPR") {
    const Octets rejected =
        tlv(0x61, hex("A1 07 06 05 28 CA 22 02 03  A2 03 02 01 01  A3 05 A1 03 02 01 0D"));
    const Octets cpr = tlv(0x30, user_data(1, rejected));
    CHECK(u.decode(spdu(0x0C, spdu(0x32, join({hex("02"), cpr})))) == "RF CPR AARE");
    CHECK(u.association.acse.result == 1);
    CHECK(u.association.acse.diagnostic_user == 13);
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
  CHECK(u.association.acse.release_reason == 0);
  CHECK(u.decode(spdu(0x0A, spdu(0xC1, user_data(1, hex("63 03 80 01 01"))))) == "DN RLRE");
  CHECK(u.association.acse.release_reason == 1);
  CHECK(u.decode(hex("08 00")) == "NF");
  CHECK(u.decode(hex("1A 00")) == "AA");
  const Octets abrt = hex("64 06 80 01 01 81 01 05");
  CHECK(u.decode(spdu(0x19, join({hex("11 01 0B"), spdu(0xC1, tlv(0xA0, user_data(1, abrt)))}))) ==
        "AB ARU ABRT");
  CHECK(u.association.acse.abort_source == 1);
  CHECK(u.association.acse.abort_diagnostic == 5);
  CHECK(u.association.session.transport_disconnect == 11);
  CHECK(u.decode(spdu(0x19, spdu(0xC1, hex("30 06 80 01 02 81 01 07")))) == "AB ARP");
  CHECK(u.association.presentation.abort_reason == 2);
  CHECK(u.association.presentation.abort_event == 7);
  CHECK(u.error() == "none");
}

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
    CHECK(u.association.presentation.contexts[0].result == 0);
    CHECK_FALSE(u.association.presentation.contexts[1].result);
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
  CHECK(u.association.presentation.contexts.size() == 3);
  const Octets aca_ppdu =
      tlv(0xA1, join({tlv(0xA0, hex("30 07 80 01 00 81 02 51 01")), hex("A1 03 02 01 00")}));
  u.decode(join({hex("21 00"), aca_ppdu}), false, Side::b);
  CHECK(u.error() == "none");
  REQUIRE(u.association.presentation.contexts.size() == 2);
  CHECK(u.association.presentation.contexts[1].id == 7);
  CHECK(u.association.presentation.contexts[1].result == 0);
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
  CHECK(u.association.session.calling_selector == std::string("\0\2", 2));
}
