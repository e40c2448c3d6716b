#include "osi/oid.h"

#include <catch2/catch.hpp>

#include "osi/texts.h"
#include "support.h"

using namespace mmsa::osi;
using mmsa::osi::test::hex;

TEST_CASE("object identifiers as dotted text") {
  CHECK(oid_text(hex("28 CA 22 02 03")) == "1.0.9506.2.3");
  CHECK(oid_text(hex("52 01 00 01")) == "2.2.1.0.1");
  CHECK(oid_text(hex("29 01 87 67 01")) == "1.1.1.999.1");
  CHECK(oid_text(hex("2B CE 0F 17")) == "1.3.9999.23");
  CHECK(oid_text(hex("88 37 03")) == "2.999.3");  // second arc over 39 under 2
  CHECK(oid_text({}).empty());
  CHECK(oid_text(hex("28 CA")) == "1.0");  // the last arc is incomplete
}

TEST_CASE("dotted text as octets, and back") {
  for (const char* text :
       {"1.0.9506.2.1", "2.2.1.0.1", "0.39", "2.999.3", "1.3.18446744073709551615"}) {
    const auto octets = oid_octets(text);
    REQUIRE(octets);
    CHECK(oid_text(*octets) == text);
  }
  CHECK(oid_octets("1.0.9506.2.1") == hex("28 CA 22 02 01"));
  for (const char* text : {"", "1", "1.", ".1.2", "3.1", "1.40", "1..2", "1.0.x", "1.0 ", "-1.0",
                           "1.0.18446744073709551616"}) {
    INFO(text);
    CHECK_FALSE(oid_octets(text));
  }
}

TEST_CASE("reasons in words") {
  CHECK(cotp_disconnect_reason_text(2) == "session entity not attached to the TSAP");
  CHECK(cotp_disconnect_reason_text(134) == "unknown");
  CHECK(session_refuse_reason_text(129) == "session selector unknown");
  CHECK(presentation_refuse_reason_text(3) == "called presentation address unknown");
  CHECK(presentation_abort_reason_text(2) == "unexpected PPDU");
  CHECK(presentation_event_text(7) == "TD");
  CHECK(context_reason_text(1) == "abstract syntax not supported");
  CHECK(associate_result_text(1) == "rejected permanently");
  CHECK(associate_diagnostic_user_text(13) == "authentication failure");
  CHECK(abort_diagnostic_text(0) == "unknown");
  CHECK(abort_source_text(-1) == "unknown");
}
