#include "mms/service_error.h"

#include <catch2/catch.hpp>

#include "mms/pdu.h"
#include "support/hex.h"

namespace mmsa {
namespace {

struct Decoded {
  explicit Decoded(std::string_view text) : octets(test::hex(text)) {
    pdu = mms::decode_pdu(octets, tree);
  }
  std::vector<std::uint8_t> octets;
  asn1::Tree tree;
  MmsPdu pdu;
};

TEST_CASE("ServiceError of a confirmed-ErrorPDU") {
  const Decoded decoded("a2 0f 80 01 10 a2 0a a0 03 84 01 05 a3 03 86 01 00");
  const auto text = mms::service_error(decoded.pdu);
  REQUIRE(text);
  CHECK(text->error_class == "service");
  CHECK(text->code == "object-constraint-conflict");
  CHECK(text->number == 5);
  CHECK_FALSE(text->additional_code);
  CHECK(text->additional_description.empty());
  REQUIRE(text->specific);
  CHECK(text->specific.name() == "deleteNamedVariableList");
}

TEST_CASE("ServiceError with additional code and description") {
  const Decoded decoded("aa 0f a0 03 88 01 03 81 01 fe 82 05 \"later\"");
  const auto text = mms::service_error(decoded.pdu);
  REQUIRE(text);
  CHECK(text->error_class == "initiate");
  CHECK(text->code == "max-services-outstanding-calling-insufficient");
  CHECK(text->additional_code == -2);
  CHECK(text->additional_description == "later");
  CHECK_FALSE(text->specific);
}

TEST_CASE("ServiceError of cancel and conclude") {
  CHECK(mms::service_error(Decoded("a7 0a 80 01 4d a1 05 a0 03 8a 01 02").pdu)->code ==
        "cancel-not-possible");
  CHECK(mms::service_error(Decoded("ad 05 a0 03 89 01 01").pdu)->code ==
        "further-communication-required");
}

TEST_CASE("ServiceError with a code that has no name") {
  const Decoded decoded("a2 0a 80 01 01 a2 05 a0 03 87 01 63");
  const auto text = mms::service_error(decoded.pdu);
  REQUIRE(text);
  CHECK(text->error_class == "access");
  CHECK(text->code.empty());
  CHECK(text->number == 99);
}

TEST_CASE("no ServiceError") {
  CHECK_FALSE(mms::service_error(Decoded("a1 06 02 01 05 9f 4a 00").pdu));
  CHECK_FALSE(mms::service_error(Decoded("a2 05 80 01 01 a2 00").pdu));
  CHECK_FALSE(mms::service_error(Decoded("a2 03 80 01 01").pdu));
}

TEST_CASE("reasons of rejects") {
  const auto reason = mms::reject_reason(Decoded("a4 06 80 01 17 81 01 01").pdu);
  REQUIRE(reason);
  CHECK(reason->pdu == "confirmed-requestPDU");
  CHECK(reason->code == "unrecognized-service");
  CHECK(reason->number == 1);

  const auto bare = mms::reject_reason(Decoded("a4 03 85 01 00").pdu);
  REQUIRE(bare);
  CHECK(bare->pdu == "pdu-error");
  CHECK(bare->code == "unknown-pdu-type");

  CHECK(mms::reject_reason(Decoded("a4 03 81 01 07").pdu)->code.empty());
  CHECK_FALSE(mms::reject_reason(Decoded("a4 03 80 01 01").pdu));
  CHECK_FALSE(mms::reject_reason(Decoded("8b 00").pdu));
}

TEST_CASE("moreFollows: given, and the DEFAULT of each service") {
  const auto more = [](std::string_view text) { return mms::more_follows(Decoded(text).pdu); };
  CHECK(more("a1 07 02 01 01 a1 02 a0 00"));  // getNameList
  CHECK_FALSE(more("a1 0a 02 01 01 a1 05 a0 00 81 01 00"));
  CHECK(more("a1 08 02 01 01 bf 49 02 80 00"));  // fileRead
  CHECK_FALSE(more("a1 0b 02 01 01 bf 49 05 80 00 81 01 00"));
  CHECK_FALSE(more("a1 0a 02 01 01 bf 4d 04 a0 02 30 00"));  // fileDirectory
  CHECK(more("a1 0d 02 01 01 bf 4d 07 a0 02 30 00 81 01 ff"));
  CHECK_FALSE(more("a1 08 02 01 01 bf 41 02 a0 00"));  // readJournal
  CHECK(more("a1 0b 02 01 01 bf 41 05 a0 00 81 01 01"));
  CHECK_FALSE(more("a0 05 02 01 01 82 00"));
}

}  // namespace
}  // namespace mmsa
