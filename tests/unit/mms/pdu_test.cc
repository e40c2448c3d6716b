// What decode_pdu says about a PDU beside its nodes, and where it finds fault.
#include "mms/pdu.h"

#include <catch2/catch.hpp>

#include "mmsanalyze/data.h"
#include "support/dump.h"
#include "support/hex.h"

namespace mmsa {
namespace {

struct Decoded {
  explicit Decoded(std::string_view text) : octets(test::hex(text)) {
    pdu = mms::decode_pdu(octets, tree);
  }
  std::string nodes() const { return test::dump(tree); }

  std::vector<std::uint8_t> octets;
  asn1::Tree tree;
  MmsPdu pdu;
};

void check_error(const Decoded& decoded, Errc problem, std::string_view field,
                 std::uint32_t offset) {
  REQUIRE(decoded.pdu.error);
  CHECK(decoded.pdu.error->problem == problem);
  CHECK(decoded.pdu.error->layer == Layer::mms);
  CHECK(decoded.pdu.error->field == field);
  CHECK(decoded.pdu.error->offset == offset);
}

TEST_CASE("kind, invoke ID, service and body of every kind of PDU") {
  const auto check = [](std::string_view text, PduKind kind, std::optional<std::uint32_t> invoke_id,
                        std::uint16_t service, std::string_view body) {
    INFO(text);
    const Decoded decoded(text);
    CHECK_FALSE(decoded.pdu.error);
    CHECK(decoded.pdu.kind == kind);
    CHECK(decoded.pdu.invoke_id == invoke_id);
    CHECK(decoded.pdu.service == service);
    CHECK(decoded.pdu.body.name() == body);
  };
  constexpr std::uint16_t kNone = Service::kNone;
  check("a0 05 02 01 07 82 00", PduKind::confirmed_request, 7, Service::kIdentify, "identify");
  check("a1 06 02 01 05 9f 4a 00", PduKind::confirmed_response, 5, Service::kFileClose,
        "fileClose");
  check("a2 0a 80 01 0e a2 05 a0 03 8b 01 07", PduKind::confirmed_error, 14, kNone,
        "confirmed-ErrorPDU");
  check("a3 0d a0 0b a1 05 80 03 \"RPT\" a0 02 89 00", PduKind::unconfirmed, std::nullopt,
        Service::kInformationReport, "informationReport");
  check("a4 06 80 01 17 81 01 01", PduKind::reject, 23, kNone, "rejectPDU");
  check("a4 03 85 01 00", PduKind::reject, std::nullopt, kNone, "rejectPDU");
  check("85 01 4d", PduKind::cancel_request, 77, kNone, "cancel-RequestPDU");
  check("86 01 4d", PduKind::cancel_response, 77, kNone, "cancel-ResponsePDU");
  check("a7 0a 80 01 4d a1 05 a0 03 8a 01 01", PduKind::cancel_error, 77, kNone, "cancel-ErrorPDU");
  check("aa 05 a0 03 88 01 01", PduKind::initiate_error, std::nullopt, kNone, "initiate-ErrorPDU");
  check("8b 00", PduKind::conclude_request, std::nullopt, kNone, "conclude-RequestPDU");
  check("8c 00", PduKind::conclude_response, std::nullopt, kNone, "conclude-ResponsePDU");
  check("ad 05 a0 03 89 01 01", PduKind::conclude_error, std::nullopt, kNone, "conclude-ErrorPDU");
}

TEST_CASE("the invoke ID is 32 bits wide") {
  CHECK(Decoded("a0 09 02 05 00 ff ff ff ff 82 00").pdu.invoke_id == 0xFFFF'FFFF);
  // Without the leading zero some encoders mean the same.
  const Decoded unsigned_sign("a0 08 02 04 ff ff ff ff 82 00");
  CHECK(unsigned_sign.pdu.invoke_id == 0xFFFF'FFFF);
  CHECK(unsigned_sign.pdu.quirks == Quirk::kUnsignedSign);

  const Decoded wider("a0 09 02 05 01 00 00 00 00 82 00");
  CHECK_FALSE(wider.pdu.invoke_id);
  CHECK(wider.pdu.service == Service::kIdentify);
  check_error(wider, Errc::bad_value, "invokeID", 4);

  const Decoded empty("a0 04 02 00 82 00");
  CHECK_FALSE(empty.pdu.invoke_id);
  CHECK(empty.pdu.service == Service::kIdentify);
  check_error(empty, Errc::bad_length, "invokeID", 2);
}

TEST_CASE("a request with modifiers: the service is behind them") {
  const Decoded decoded("a0 11 02 01 01  30 0a a1 08 a0 03 80 01 \"s\" 86 01 ff  82 00");
  CHECK_FALSE(decoded.pdu.error);
  CHECK(decoded.pdu.service == Service::kIdentify);
  CHECK(decoded.pdu.body.name() == "identify");
}

TEST_CASE("informationReport: the lists share a tag, their order tells them apart") {
  const Decoded decoded("a3 12 a0 10  a0 09 30 07 a0 05 80 03 \"var\"  a0 03 83 01 ff");
  CHECK(decoded.nodes() ==
        "unconfirmed-PDU\n"
        "  informationReport\n"
        "    listOfVariable\n"
        "      item\n"
        "        name\n"
        "          vmd-specific \"var\"\n"
        "    listOfAccessResult\n"
        "      boolean TRUE\n");
  CHECK_FALSE(decoded.pdu.error);
}

TEST_CASE("a service number without a row is kept") {
  const Decoded decoded("a1 08 02 01 01 bf 59 02 ca fe");
  CHECK_FALSE(decoded.pdu.error);
  CHECK(decoded.pdu.service == Service::kNone);
  CHECK(decoded.pdu.invoke_id == 1);
  CHECK(decoded.pdu.quirks == Quirk::kUnknownElement);
  CHECK(decoded.pdu.body.name() == "confirmed-ResponsePDU");
  CHECK(decoded.nodes() == "confirmed-ResponsePDU\n  invokeID 1\n  unknown bf5902cafe\n");
}

TEST_CASE("something that is no service where the service stands is kept, and an error") {
  const Decoded decoded("a1 08 02 01 06 30 03 02 01 01");
  CHECK(decoded.pdu.service == Service::kNone);
  CHECK(decoded.pdu.invoke_id == 6);
  CHECK(decoded.nodes() == "confirmed-ResponsePDU\n  invokeID 6\n  unknown 3003020101\n");
  check_error(decoded, Errc::unexpected_tag, "service", 5);
}

TEST_CASE("a request that ends behind its invoke ID") {
  const Decoded decoded("a0 03 02 01 09");
  CHECK(decoded.pdu.invoke_id == 9);
  CHECK(decoded.pdu.service == Service::kNone);
  CHECK(decoded.pdu.body.name() == "confirmed-RequestPDU");
  check_error(decoded, Errc::missing_field, "confirmedServiceRequest", 5);
}

TEST_CASE("a known service with a damaged body keeps what was decoded") {
  // The length of itemId is too large by one.
  const Decoded decoded("a0 12 02 01 03 ac 0d a1 0b 1a 02 \"LD\" 1a 06 \"LLN0$\"");
  CHECK(decoded.pdu.service == Service::kGetNamedVariableListAttributes);
  CHECK(decoded.pdu.body.name() == "getNamedVariableListAttributes");
  check_error(decoded, Errc::truncated, "itemId", 13);
  REQUIRE(decoded.tree.objects.size() == 1);
  const ObjectName name = object_name(decoded.tree.at(decoded.tree.objects[0]));
  CHECK(name.domain == "LD");
  CHECK(name.item.empty());
}

TEST_CASE("where the octets contradict the standard") {
  check_error(Decoded(""), Errc::missing_field, "MMSpdu", 0);
  check_error(Decoded("a0"), Errc::truncated, "MMSpdu", 0);
  check_error(Decoded("a0 05 02 01"), Errc::truncated, "MMSpdu", 0);
  // invokeID is missing.
  check_error(Decoded("a0 02 82 00"), Errc::unexpected_tag, "invokeID", 2);
  // An item of listOfVariable without a VariableSpecification.
  check_error(Decoded("a0 0b 02 01 01 a4 06 a1 04 a0 02 30 00"), Errc::missing_field,
              "variableSpecification", 13);
  // An AccessResult with a tag that Data does not have.
  check_error(Decoded("a1 0d 02 01 01 a4 08 a1 06 85 01 05 9f 22 00"), Errc::unexpected_tag,
              "AccessResult", 12);
  // ServiceError without an error class, and with one that does not exist.
  check_error(Decoded("a2 05 80 01 01 a2 00"), Errc::missing_field, "errorClass", 7);
  check_error(Decoded("a2 0a 80 01 01 a2 05 a0 03 8f 01 00"), Errc::unexpected_tag, "errorClass",
              9);
  // A structure in a primitive element.
  check_error(Decoded("a1 09 02 01 01 a4 04 a1 02 82 00"), Errc::unexpected_tag, "structure", 9);
  // utc-time of seven octets: noted, and what follows is decoded.
  const Decoded time("a1 13 02 01 01 a4 0e a1 0c 91 07 01 02 03 04 05 06 07 83 01 ff");
  check_error(time, Errc::bad_length, "utc-time", 9);
  CHECK(time.tree.values.size() == 2);
}

TEST_CASE("no MMS PDU at all") {
  const Decoded decoded("60 03 02 01 01");
  CHECK(decoded.pdu.kind == PduKind::unknown);
  CHECK_FALSE(decoded.pdu.invoke_id);
  CHECK(decoded.nodes() == "unknown 6003020101\n");
  CHECK(decoded.pdu.body.name() == "unknown");
  check_error(decoded, Errc::unexpected_tag, "MMSpdu", 0);
  check_error(Decoded("ae 00"), Errc::unexpected_tag, "MMSpdu", 0);
}

TEST_CASE("a PDU nested as deep as the limit allows, and deeper") {
  const auto nested = [](int levels) {
    std::vector<std::uint8_t> octets = {0x83, 0x01, 0xFF};
    for (int i = 0; i < levels; ++i) {
      const std::size_t size = octets.size();
      octets.insert(octets.begin(), {0xA2, 0x82, static_cast<std::uint8_t>(size >> 8),
                                     static_cast<std::uint8_t>(size)});
    }
    const auto wrap = [&](std::initializer_list<std::uint8_t> front, std::uint8_t tag) {
      octets.insert(octets.begin(), front);
      const std::size_t size = octets.size();
      octets.insert(octets.begin(), {tag, 0x82, static_cast<std::uint8_t>(size >> 8),
                                     static_cast<std::uint8_t>(size)});
    };
    wrap({}, 0xA1);
    wrap({}, 0xA4);
    wrap({0x02, 0x01, 0x01}, 0xA1);
    return octets;
  };
  asn1::Tree tree;
  CHECK_FALSE(mms::decode_pdu(nested(50), tree).error);
  CHECK(tree.values.size() == 1);
  const MmsPdu deep = mms::decode_pdu(nested(500), tree);
  REQUIRE(deep.error);
  CHECK(deep.error->problem == Errc::too_deep);
  CHECK(deep.service == Service::kRead);
}

TEST_CASE("a report with many members is no matter of depth") {
  std::string text = "a3 80 a0 80 a1 05 80 03 \"RPT\" a0 80";
  for (int i = 0; i < 2000; ++i) text += " a2 03 83 01 ff";
  text += " 00 00 00 00 00 00";
  const Decoded decoded(text);
  CHECK_FALSE(decoded.pdu.error);
  CHECK(decoded.tree.values.size() == 2000);
  CHECK(decoded.pdu.quirks == Quirk::kIndefiniteLength);
}

TEST_CASE("objects and values in order; only the outermost values") {
  const Decoded decoded(
      "a0 2b 02 01 01 a5 26"
      " a0 18  30 09 a0 07 a1 05 1a 01 \"D\" 1a 00  30 05 a0 03 80 01 \"v\"  30 04 a0 02 82 00"
      " a0 0a  a2 05 83 01 ff 85 00  80 01 03");
  REQUIRE(decoded.tree.objects.size() == 3);
  const ObjectName domain = object_name(decoded.tree.at(decoded.tree.objects[0]));
  CHECK(domain.scope == ObjectName::Scope::domain);
  CHECK(domain.domain == "D");
  CHECK(domain.item.empty());
  const ObjectName vmd = object_name(decoded.tree.at(decoded.tree.objects[1]));
  CHECK(vmd.scope == ObjectName::Scope::vmd);
  CHECK(vmd.item == "v");
  CHECK(vmd.domain.empty());
  const ObjectName association = object_name(decoded.tree.at(decoded.tree.objects[2]));
  CHECK(association.scope == ObjectName::Scope::association);
  // [0] is no Data: listOfData has no failures.
  CHECK(decoded.tree.values.size() == 1);
  CHECK(decoded.pdu.error->problem == Errc::bad_length);  // the empty integer comes first
}

TEST_CASE("values of a write response are its failures") {
  const Decoded decoded("a1 0d 02 01 15 a5 08 81 00 80 01 0b 80 01 0a");
  REQUIRE(decoded.tree.values.size() == 2);
  CHECK(data_access_error_name(decoded.tree.at(decoded.tree.values[0]).integer()) ==
        "object-value-invalid");
}

TEST_CASE("a tree is reused without growing") {
  const std::vector<std::uint8_t> octets = test::hex("a1 0a 02 01 03 a4 05 a1 03 85 01 00");
  asn1::Tree tree;
  static_cast<void>(mms::decode_pdu(octets, tree));
  const asn1::Node* nodes = tree.nodes.begin();
  const MmsPdu pdu = mms::decode_pdu(octets, tree);
  CHECK(tree.nodes.begin() == nodes);
  CHECK(tree.nodes.size() == 5);
  CHECK(tree.values.size() == 1);
  CHECK(pdu.body.child("listOfAccessResult"));
}

TEST_CASE("what looks like a PDU, and what does not") {
  const auto looks = [](std::string_view text) { return mms::looks_like_pdu(test::hex(text)); };
  CHECK(looks("a0 3a 02 01"));           // cut off behind the start
  CHECK(looks("a0 80 02 01 03"));        // indefinite length
  CHECK(looks("a1 82 01 f5 02 01 04"));  // long length
  CHECK(looks("a4 03 8b 01 00"));
  CHECK(looks("a8 26 80 03"));
  CHECK(looks("8b 00"));
  CHECK_FALSE(looks(""));
  CHECK_FALSE(looks("a0"));
  CHECK_FALSE(looks("a0 05 30 03 02 01 01"));
  CHECK_FALSE(looks("a0 0a 02 06 01"));  // no invoke ID is six octets long
  CHECK_FALSE(looks("80 03 02 01 01"));  // a primitive request
  CHECK_FALSE(looks("8b 01 00"));
  CHECK_FALSE(looks("ab 00"));
  CHECK_FALSE(looks("61 0e 30 0c"));  // ACSE
  CHECK_FALSE(looks("32 01 00 00"));  // S7comm
  CHECK_FALSE(looks("a1 85 01 01 01 01 01 02"));
  CHECK_FALSE(looks("ae 03 02 01 01"));
}

TEST_CASE("the first of several PDUs") {
  const std::vector<std::uint8_t> two = test::hex("8b 00 8c 00");
  CHECK(mms::first_pdu(two).size() == 2);
  const std::vector<std::uint8_t> damaged = test::hex("a0 05 01");
  CHECK(mms::first_pdu(damaged).size() == 3);
  CHECK(mms::first_pdu({}).empty());
}

}  // namespace
}  // namespace mmsa
