// One test for each way in which identifier and length octets can be unusual or wrong: X.690 8.1.
#include "mmsanalyze/ber.h"

#include <catch2/catch.hpp>

#include "support/hex.h"

namespace mmsa {
namespace {

// One element read from octets of its own, with what the reader said about it. The fields start
// with values that no test expects.
struct Read {
  explicit Read(std::string_view text) : octets(test::hex(text)), trouble(Layer::mms, octets) {
    ber::Reader reader(octets, trouble);
    ok = reader.next(element, "field");
    at_end = reader.at_end();
    left = reader.rest().size();
  }
  std::vector<std::uint8_t> octets;
  Trouble trouble;
  ber::Element element;
  bool ok = false;
  bool at_end = false;
  std::size_t left = 99;
};

void check_error(const Read& read, Errc problem, std::uint32_t offset) {
  CHECK_FALSE(read.ok);
  CHECK(read.at_end);
  CHECK(read.left == 0);
  REQUIRE(read.trouble.error());
  CHECK(read.trouble.error()->problem == problem);
  CHECK(read.trouble.error()->layer == Layer::mms);
  CHECK(read.trouble.error()->field == std::string_view("field"));
  CHECK(read.trouble.error()->offset == offset);
  CHECK(read.element.content.empty());
}

TEST_CASE("an element in the short form") {
  const Read read("a4 02 05 00  80");
  REQUIRE(read.ok);
  CHECK(read.element.tag == ber::ctx(4));
  CHECK(read.element.constructed);
  CHECK(read.element.content.size() == 2);
  CHECK(read.element.whole().size() == 4);
  CHECK(read.left == 1);
  CHECK_FALSE(read.trouble.error());
  CHECK(read.trouble.quirks() == 0);
}

TEST_CASE("tag classes") {
  CHECK(Read("02 00").element.tag == ber::kInteger);
  CHECK(Read("62 00").element.tag == ber::application(2));
  CHECK(Read("82 00").element.tag == ber::ctx(2));
  CHECK(Read("c2 00").element.tag == ber::Tag(ber::Class::private_use, 2));
}

TEST_CASE("tag numbers over 30 take further octets") {
  const Read file_directory("bf 4d 01 aa");
  REQUIRE(file_directory.ok);
  CHECK(file_directory.element.tag == ber::ctx(77));
  CHECK(file_directory.element.content.size() == 1);
  const Read large("9f 81 00 00");  // 128
  REQUIRE(large.ok);
  CHECK(large.element.tag == ber::ctx(128));
  CHECK_FALSE(large.element.constructed);
  // A number in more octets than it needs is read all the same.
  CHECK(Read("9f 80 4d 00").element.tag == ber::ctx(77));
  // The largest that a Tag can hold.
  CHECK(Read("9f 83 ff ff 7f 00").element.tag == ber::ctx(0x7F'FFFF));
}

TEST_CASE("a tag number that does not fit a Tag") {
  check_error(Read("9f ff ff ff ff 7f 00"), Errc::bad_length, 0);
}

TEST_CASE("long length forms") {
  const Read one("04 81 03 01 02 03");  // a minimal length would be one octet
  REQUIRE(one.ok);
  CHECK(one.element.content.size() == 3);
  CHECK(one.trouble.quirks() == Quirk::kNonMinimalLength);

  const Read leading_zeros("04 84 00 00 00 01 07");
  REQUIRE(leading_zeros.ok);
  CHECK(leading_zeros.element.content.size() == 1);
  CHECK(leading_zeros.trouble.quirks() == Quirk::kNonMinimalLength);

  std::string text = "04 82 01 00";
  for (int i = 0; i < 256; ++i) text += " 11";
  const Read minimal(text);
  REQUIRE(minimal.ok);
  CHECK(minimal.element.content.size() == 256);
  CHECK(minimal.trouble.quirks() == 0);
}

TEST_CASE("the octets end after the identifier") { check_error(Read("04"), Errc::truncated, 0); }

TEST_CASE("the octets end inside a long identifier") {
  check_error(Read("bf"), Errc::truncated, 0);
  check_error(Read("bf 81"), Errc::truncated, 0);
  check_error(Read("bf 4d"), Errc::truncated, 0);
}

TEST_CASE("the octets end inside the length") {
  check_error(Read("04 82 01"), Errc::truncated, 0);
  check_error(Read("04 81"), Errc::truncated, 0);
}

TEST_CASE("an element ends behind its container") {
  check_error(Read("04 03 01 02"), Errc::truncated, 0);
  check_error(Read("04 81 80 01 02"), Errc::truncated, 0);
}

TEST_CASE("a length that would wrap around") {
  check_error(Read("04 84 ff ff ff ff 01"), Errc::truncated, 0);
  check_error(Read("04 88 ff ff ff ff ff ff ff ff 01"), Errc::truncated, 0);
  check_error(Read("04 89 01 00 00 00 00 00 00 00 01 01"), Errc::truncated, 0);
}

TEST_CASE("the reserved length octet 255") { check_error(Read("04 ff 00"), Errc::bad_length, 0); }

TEST_CASE("nothing to read is no error") {
  const Read read("");
  CHECK_FALSE(read.ok);
  CHECK(read.at_end);
  CHECK_FALSE(read.trouble.error());
}

TEST_CASE("indefinite length") {
  const Read read("a4 80 05 00 00 00  80");
  REQUIRE(read.ok);
  CHECK(read.element.content.size() == 2);
  CHECK(read.element.whole().size() == 6);
  CHECK(read.left == 1);
  CHECK(read.trouble.quirks() == Quirk::kIndefiniteLength);
}

TEST_CASE("indefinite lengths nest") {
  // The zeros of the inner OCTET STRING and of the inner level end nothing further out.
  const Read read("a0 80 a1 80 04 02 00 00 00 00 a2 80 00 00 00 00  02 00");
  REQUIRE(read.ok);
  CHECK(read.element.content.size() == 12);
  CHECK(read.left == 2);
}

TEST_CASE("an indefinite length that nobody ends") {
  check_error(Read("a4 80 05 00"), Errc::unterminated, 0);
  check_error(Read("a4 80 a5 80 00 00"), Errc::unterminated, 0);
  check_error(Read("a4 80 04 7f 00 00"), Errc::unterminated, 0);
}

TEST_CASE("an indefinite length of a primitive element") {
  check_error(Read("04 80 00 00"), Errc::bad_length, 0);
}

TEST_CASE("after a failure every reader of the unit is at its end") {
  const std::vector<std::uint8_t> octets = test::hex("30 04 04 09 01 02  02 01 05");
  Trouble trouble(Layer::acse, octets);
  ber::Reader outer(octets, trouble);
  ber::Reader inner = outer.enter(ber::kSequence, "outer");
  inner.skip("inner");
  REQUIRE(trouble.error());
  CHECK(trouble.error()->offset == 2);
  CHECK(trouble.error()->layer == Layer::acse);
  CHECK(inner.at_end());
  CHECK(outer.at_end());
  ber::Element element;
  element.tag = ber::kInteger;
  CHECK_FALSE(outer.expect(ber::kInteger, element, "late"));
  CHECK(element.tag == ber::Tag{});
  CHECK(trouble.error()->field == std::string_view("inner"));  // the first error stays
}

TEST_CASE("expect: what is required") {
  const std::vector<std::uint8_t> octets = test::hex("02 01 05");
  SECTION("is there") {
    Trouble trouble(Layer::mms, octets);
    ber::Reader reader(octets, trouble);
    ber::Element element;
    CHECK(reader.expect(ber::kInteger, element, "number"));
    CHECK(ber::integer(element.content) == 5);
    CHECK(reader.at_end());
  }
  SECTION("is another element") {
    Trouble trouble(Layer::mms, octets);
    ber::Reader reader(octets, trouble);
    ber::Element element;
    CHECK_FALSE(reader.expect(ber::kBoolean, element, "flag"));
    REQUIRE(trouble.error());
    CHECK(trouble.error()->problem == Errc::unexpected_tag);
    CHECK(trouble.error()->field == std::string_view("flag"));
  }
  SECTION("is missing") {
    Trouble trouble(Layer::mms, octets);
    ber::Reader reader(octets, trouble);
    reader.skip("number");
    ber::Element element;
    CHECK_FALSE(reader.expect(ber::kBoolean, element, "flag"));
    REQUIRE(trouble.error());
    CHECK(trouble.error()->problem == Errc::missing_field);
    CHECK(trouble.error()->offset == 3);
  }
}

TEST_CASE("match: what is optional leaves the cursor where it was") {
  const std::vector<std::uint8_t> octets = test::hex("82 01 05");
  Trouble trouble(Layer::mms, octets);
  ber::Reader reader(octets, trouble);
  ber::Element element;
  CHECK(reader.peek() == ber::ctx(2));
  CHECK_FALSE(reader.match(ber::ctx(1), element, "absent"));
  CHECK(element.content.empty());
  CHECK(reader.match_enter(ber::ctx(1), "absent").at_end());
  CHECK(reader.match(ber::ctx(2), element, "present"));
  CHECK(element.content.size() == 1);
  CHECK_FALSE(reader.match(ber::ctx(2), element, "gone"));
  CHECK_FALSE(trouble.error());
}

TEST_CASE("INTEGER") {
  const auto integer = [](std::string_view text) { return ber::integer(test::hex(text)); };
  CHECK(integer("") == 0);
  CHECK(integer("00") == 0);
  CHECK(integer("7f") == 127);
  CHECK(integer("80") == -128);
  CHECK(integer("00 f6") == 246);
  CHECK(integer("ff ff ff fe") == -2);
  CHECK(integer("7f ff ff ff ff ff ff ff") == INT64_MAX);
  CHECK(integer("80 00 00 00 00 00 00 00") == INT64_MIN);
  CHECK(integer("00 80 00 00 00 00 00 00 00") == INT64_MIN);  // the low 64 bits
}

TEST_CASE("unsigned numbers, with and without their leading zero") {
  const auto number = [](std::string_view text) { return ber::unsigned_integer(test::hex(text)); };
  CHECK(number("") == 0);
  CHECK(number("c8") == 200);
  CHECK(number("00 c8") == 200);
  CHECK(number("00 ff ff ff ff ff ff ff ff") == UINT64_MAX);
}

}  // namespace
}  // namespace mmsa
