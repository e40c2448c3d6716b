// The interpreter of ASN.1 tables, with a small module of its own.
#include "asn1/decoder.h"

#include <catch2/catch.hpp>

#include "mmsanalyze/limits.h"
#include "support/dump.h"
#include "support/hex.h"

namespace mmsa {
namespace {

using asn1::explicitly;
using asn1::Field;
using asn1::implicit;
using asn1::Kind;
using asn1::one_of;
using asn1::optional;
using asn1::Type;
using asn1::untagged;

constexpr asn1::NamedNumber kColours[] = {{0, "red"}, {1, "green"}};
constexpr Type kInt = asn1::primitive("INTEGER", Kind::integer, ber::kInteger, kColours);
constexpr Type kUnsigned = asn1::primitive("Unsigned", Kind::unsigned_integer, ber::kInteger);
constexpr Type kText =
    asn1::primitive("VisibleString", Kind::character_string, ber::kVisibleString);
constexpr Type kNull = asn1::primitive("NULL", Kind::null, ber::kNull);
constexpr Type kBits = asn1::primitive("BIT STRING", Kind::bit_string, ber::kBitString);

// Pair ::= SEQUENCE { a [0] INTEGER OPTIONAL, b [1] VisibleString, c [2] NULL OPTIONAL }
constexpr Field kPairFields[] = {
    optional(implicit("a", 0, kInt)),
    implicit("b", 1, kText),
    optional(implicit("c", 2, kNull)),
};
constexpr Type kPair = asn1::sequence("Pair", kPairFields);
constexpr Field kPairField = untagged("pair", kPair);

// Bag ::= SET, with the components of Pair
constexpr Type kBag{.name = "Bag",
                    .kind = Kind::sequence,
                    .fields = kPairFields,
                    .any_order = true,
                    .universal_tag = ber::kSet};
constexpr Field kBagField = untagged("bag", kBag);

// Inner ::= CHOICE { x [3] INTEGER, y [4] INTEGER }
// Outer ::= CHOICE { i Inner, n INTEGER, z [6] Inner }
constexpr Field kInnerFields[] = {implicit("x", 3, kInt), implicit("y", 4, kInt)};
constexpr Type kInner = asn1::choice("Inner", kInnerFields);
constexpr Field kOuterFields[] = {one_of("i", kInner), untagged("n", kInt),
                                  explicitly("z", 6, kInner)};
constexpr Type kOuter = asn1::choice("Outer", kOuterFields);
constexpr Field kOuterField = one_of("outer", kOuter);
constexpr Type kOpen{
    .name = "Open", .kind = Kind::choice, .fields = kInnerFields, .extensible = true};
constexpr Field kOpenField = one_of("open", kOpen);

// List ::= SEQUENCE OF INTEGER
constexpr Field kIntElement[] = {untagged("number", kInt)};
constexpr Type kList = asn1::sequence_of("List", kIntElement);
constexpr Field kListField = untagged("list", kList);
constexpr Field kExplicitIntField = explicitly("wrapped", 0, kInt);

// Tree ::= CHOICE { leaf [0] INTEGER, branch [1] SEQUENCE OF Tree }
extern const Type kTree;
constexpr Field kTreeElement[] = {one_of("Tree", kTree)};
constexpr Type kBranch = asn1::sequence_of("SEQUENCE OF Tree", kTreeElement);
constexpr Field kTreeFields[] = {implicit("leaf", 0, kInt), implicit("branch", 1, kBranch)};
constexpr Type kTree = asn1::choice("Tree", kTreeFields);
constexpr Field kTreeField = one_of("tree", kTree);

struct Decoded {
  Decoded(const Field& field, std::vector<std::uint8_t> bytes)
      : octets(std::move(bytes)), trouble(Layer::mms, octets) {
    ber::Reader reader(octets, trouble);
    asn1::Decoder decoder(tree, trouble);
    decoder.decode_field(field, reader);
  }
  Decoded(const Field& field, std::string_view text) : Decoded(field, test::hex(text)) {}
  std::string dump() const { return test::dump(tree); }

  std::vector<std::uint8_t> octets;
  Trouble trouble;
  asn1::Tree tree;
};

void check_error(const Decoded& decoded, Errc problem, std::string_view field,
                 std::uint32_t offset) {
  REQUIRE(decoded.trouble.error());
  CHECK(decoded.trouble.error()->problem == problem);
  CHECK(decoded.trouble.error()->field == field);
  CHECK(decoded.trouble.error()->offset == offset);
}

TEST_CASE("SEQUENCE: all components") {
  const Decoded decoded(kPairField, "30 08  80 01 01  81 01 \"B\"  82 00");
  CHECK(decoded.dump() == "pair\n  a 1 green\n  b \"B\"\n  c\n");
  CHECK_FALSE(decoded.trouble.error());
  CHECK(decoded.tree.root().child("b").text() == "B");
  CHECK_FALSE(decoded.tree.root().child("d"));
  CHECK(decoded.tree.root().child("d").integer(7) == 7);
}

TEST_CASE("SEQUENCE: optional components are absent") {
  const Decoded decoded(kPairField, "30 03 81 01 \"B\"");
  CHECK(decoded.dump() == "pair\n  b \"B\"\n");
  CHECK_FALSE(decoded.trouble.error());
}

TEST_CASE("SEQUENCE: a required component is missing at the end") {
  const Decoded decoded(kPairField, "30 03 80 01 00");
  CHECK(decoded.dump() == "pair\n  a 0 red\n");
  check_error(decoded, Errc::missing_field, "b", 5);
}

TEST_CASE("SEQUENCE: another element stands where a component is required") {
  const Decoded decoded(kPairField, "30 05 80 01 00 82 00");
  CHECK(decoded.dump() == "pair\n  a 0 red\n");
  check_error(decoded, Errc::unexpected_tag, "b", 5);
}

TEST_CASE("SEQUENCE: unknown components behind and between optional ones are kept") {
  const Decoded decoded(kPairField, "30 0b  81 01 \"B\"  85 02 ca fe  82 00  86 00");
  CHECK(decoded.dump() == "pair\n  b \"B\"\n  unknown 8502cafe\n  c\n  unknown 8600\n");
  CHECK_FALSE(decoded.trouble.error());
  CHECK(decoded.trouble.quirks() == Quirk::kUnknownElement);
}

TEST_CASE("SEQUENCE: a component ends behind its container") {
  const Decoded decoded(kPairField, "30 05 80 01 01 81 05");
  CHECK(decoded.dump() == "pair\n  a 1 green\n");
  check_error(decoded, Errc::truncated, "b", 5);
}

TEST_CASE("SEQUENCE: the whole is missing, or another element") {
  check_error(Decoded(kPairField, ""), Errc::missing_field, "pair", 0);
  check_error(Decoded(kPairField, "31 00"), Errc::unexpected_tag, "pair", 0);
  // The tag of a SEQUENCE on a primitive element.
  check_error(Decoded(kPairField, "10 00"), Errc::unexpected_tag, "pair", 0);
}

TEST_CASE("SET: components in any order, unknown ones kept") {
  const Decoded decoded(kBagField, "31 0a  82 00  89 00  80 01 01  81 01 \"B\"");
  CHECK(decoded.dump() == "bag\n  c\n  unknown 8900\n  a 1 green\n  b \"B\"\n");
  CHECK_FALSE(decoded.trouble.error());
}

TEST_CASE("CHOICE: the alternative stands in its place, through untagged CHOICEs") {
  CHECK(Decoded(kOuterField, "83 01 07").dump() == "x 7\n");
  CHECK(Decoded(kOuterField, "84 01 07").dump() == "y 7\n");
  CHECK(Decoded(kOuterField, "02 01 01").dump() == "n 1 green\n");
  CHECK(Decoded(kOuterField, "a6 03 84 01 02").dump() == "z\n  y 2\n");
}

TEST_CASE("CHOICE: no alternative has this tag") {
  check_error(Decoded(kOuterField, "85 01 07"), Errc::unexpected_tag, "outer", 0);
  check_error(Decoded(kOuterField, "a6 03 89 01 02"), Errc::unexpected_tag, "z", 2);
}

TEST_CASE("CHOICE under a tag: nothing inside") {
  check_error(Decoded(kOuterField, "a6 00"), Errc::missing_field, "z", 0);
}

TEST_CASE("an extensible CHOICE keeps what it does not know") {
  const Decoded decoded(kOpenField, "89 02 ca fe");
  CHECK(decoded.dump() == "unknown 8902cafe\n");
  CHECK_FALSE(decoded.trouble.error());
  CHECK(decoded.trouble.quirks() == Quirk::kUnknownElement);
}

TEST_CASE("SEQUENCE OF") {
  CHECK(Decoded(kListField, "30 06 02 01 05 02 01 06").dump() == "list\n  number 5\n  number 6\n");
  CHECK(Decoded(kListField, "30 00").dump() == "list\n");
  check_error(Decoded(kListField, "30 05 02 01 05 05 00"), Errc::unexpected_tag, "number", 5);
}

TEST_CASE("EXPLICIT tags: wrapper and value share a node") {
  CHECK(Decoded(kExplicitIntField, "a0 03 02 01 01").dump() == "wrapped 1 green\n");
  check_error(Decoded(kExplicitIntField, "a0 00"), Errc::missing_field, "wrapped", 0);
  check_error(Decoded(kExplicitIntField, "a0 02 05 00"), Errc::unexpected_tag, "wrapped", 2);
  check_error(Decoded(kExplicitIntField, "80 01 05"), Errc::unexpected_tag, "wrapped", 0);
}

TEST_CASE("a list whose EXPLICIT tag was written as IMPLICIT") {
  static constexpr Field kElement[] = {untagged("pair", kPair)};
  static constexpr Type kPairs = asn1::sequence_of("Pairs", kElement);
  static constexpr Field kPairsField = explicitly("pairs", 0, kPairs);
  const std::string expected = "pairs\n  pair\n    b \"B\"\n  pair\n    b \"C\"\n";
  CHECK(Decoded(kPairsField, "a0 0c  30 0a  30 03 81 01 \"B\"  30 03 81 01 \"C\"").dump() ==
        expected);
  CHECK(Decoded(kPairsField, "a0 0a  30 03 81 01 \"B\"  30 03 81 01 \"C\"").dump() == expected);
  const Decoded empty(kPairsField, "a0 02 30 00");
  CHECK(empty.dump() == "pairs\n");
  CHECK_FALSE(empty.trouble.error());
}

TEST_CASE("indefinite lengths at every level") {
  const Decoded decoded(kTreeField, "a1 80 80 01 05 a1 80 80 01 06 00 00 00 00");
  CHECK(decoded.dump() == "branch\n  leaf 5\n  branch\n    leaf 6\n");
  CHECK_FALSE(decoded.trouble.error());
  CHECK(decoded.trouble.quirks() == Quirk::kIndefiniteLength);
}

TEST_CASE("recursion ends at the limit of depth") {
  // Branches of indefinite length, each opening the next.
  std::vector<std::uint8_t> octets;
  const int levels = limits::kMaxDepth + 5;
  for (int i = 0; i < levels; ++i) octets.insert(octets.end(), {0xA1, 0x80});
  for (int i = 0; i < levels; ++i) octets.insert(octets.end(), {0x00, 0x00});
  const Decoded decoded(kTreeField, octets);
  REQUIRE(decoded.trouble.error());
  CHECK(decoded.trouble.error()->problem == Errc::too_deep);
  CHECK(decoded.tree.nodes.size() <= static_cast<std::size_t>(limits::kMaxDepth));
  // Every subtree is closed, so the tree can be walked.
  CHECK(decoded.tree.nodes[0].end == decoded.tree.nodes.size());
}

TEST_CASE("as many elements as the limit allows are no error, one more is") {
  const auto list_of = [](std::size_t count) {
    std::vector<std::uint8_t> octets = {0x30, 0x80};
    for (std::size_t i = 0; i < count; ++i) octets.insert(octets.end(), {0x02, 0x01, 0x05});
    octets.insert(octets.end(), {0x00, 0x00});
    return octets;
  };
  const Decoded full(kListField, list_of(limits::kMaxElements - 1));  // and the list itself
  CHECK_FALSE(full.trouble.error());
  CHECK(full.tree.nodes.size() == limits::kMaxElements);
  const Decoded over(kListField, list_of(limits::kMaxElements));
  REQUIRE(over.trouble.error());
  CHECK(over.trouble.error()->problem == Errc::too_many);
  CHECK(over.tree.nodes.size() == limits::kMaxElements);
}

TEST_CASE("unknown elements count too") {
  std::vector<std::uint8_t> octets = {0x30, 0x80, 0x81, 0x00};
  for (std::size_t i = 0; i < limits::kMaxElements; ++i) {
    octets.insert(octets.end(), {0x89, 0x01, 0x05});
  }
  octets.insert(octets.end(), {0x00, 0x00});
  const Decoded decoded(kPairField, octets);
  REQUIRE(decoded.trouble.error());
  CHECK(decoded.trouble.error()->problem == Errc::too_many);
}

TEST_CASE("values of lengths that their types do not allow are noted, and decoding goes on") {
  const auto primitive = [](Kind kind, std::string_view content) {
    const std::vector<std::uint8_t> octets = test::hex(content);
    const Type type = asn1::primitive("T", kind);
    const Field fields[] = {implicit("value", 0, type), implicit("next", 1, kNull)};
    const Type pair = asn1::sequence("S", fields);
    const Field field = untagged("s", pair);
    std::vector<std::uint8_t> unit = {0x30, static_cast<std::uint8_t>(octets.size() + 4), 0x80,
                                      static_cast<std::uint8_t>(octets.size())};
    unit.insert(unit.end(), octets.begin(), octets.end());
    unit.insert(unit.end(), {0x81, 0x00});
    const Decoded decoded(field, unit);
    CHECK(decoded.tree.nodes.size() == 3);
    if (!decoded.trouble.error()) return true;
    check_error(decoded, Errc::bad_length, "value", 2);
    return false;
  };
  CHECK(primitive(Kind::boolean, "ff"));
  CHECK_FALSE(primitive(Kind::boolean, ""));
  CHECK_FALSE(primitive(Kind::boolean, "00 00"));
  CHECK(primitive(Kind::integer, "01 02 03 04 05 06 07 08"));
  CHECK_FALSE(primitive(Kind::integer, ""));
  CHECK_FALSE(primitive(Kind::integer, "01 02 03 04 05 06 07 08 09"));
  CHECK(primitive(Kind::unsigned_integer, "00 ff ff ff ff ff ff ff ff"));
  CHECK_FALSE(primitive(Kind::unsigned_integer, "01 ff ff ff ff ff ff ff ff"));
  CHECK_FALSE(primitive(Kind::unsigned_integer, ""));
  CHECK(primitive(Kind::null, ""));
  CHECK_FALSE(primitive(Kind::null, "00"));
  CHECK(primitive(Kind::bit_string, "00"));
  CHECK_FALSE(primitive(Kind::bit_string, ""));
  CHECK(primitive(Kind::object_identifier, "2a 03"));
  CHECK_FALSE(primitive(Kind::object_identifier, ""));
  CHECK_FALSE(primitive(Kind::object_identifier, "2a 83"));
  CHECK(primitive(Kind::time_of_day, "01 02 03 04"));
  CHECK(primitive(Kind::time_of_day, "01 02 03 04 05 06"));
  CHECK_FALSE(primitive(Kind::time_of_day, "01 02 03 04 05"));
  CHECK(primitive(Kind::floating_point, "08 00 00 00 00"));
  CHECK(primitive(Kind::floating_point, "0b 00 00 00 00 00 00 00 00"));
  CHECK_FALSE(primitive(Kind::floating_point, "08 00 00 00"));
  CHECK(primitive(Kind::utc_time, "00 01 02 03 04 05 06 07"));
  CHECK_FALSE(primitive(Kind::utc_time, "00 01 02 03 04 05 06"));
  CHECK(primitive(Kind::octet_string, ""));
  CHECK(primitive(Kind::character_string, ""));
}

TEST_CASE("quirks: legal or usual, but worth knowing") {
  static constexpr Field kUnsignedField = untagged("u", kUnsigned);
  static constexpr Field kBitsField = untagged("b", kBits);
  static constexpr Field kTextField = untagged("t", kText);
  CHECK(Decoded(kUnsignedField, "02 01 c8").trouble.quirks() == Quirk::kUnsignedSign);
  CHECK(Decoded(kUnsignedField, "02 02 00 c8").trouble.quirks() == 0);
  CHECK(Decoded(kBitsField, "03 02 09 80").trouble.quirks() == Quirk::kPadding);
  CHECK(Decoded(kBitsField, "03 01 03").trouble.quirks() == Quirk::kPadding);
  CHECK(Decoded(kBitsField, "03 02 07 80").trouble.quirks() == 0);
  const Decoded pieces(kTextField, "3a 06 1a 01 \"a\" 1a 01 \"b\"");
  CHECK(pieces.trouble.quirks() == Quirk::kConstructedString);
  CHECK_FALSE(pieces.trouble.error());
}

TEST_CASE("a primitive type in a constructed element") {
  check_error(Decoded(kExplicitIntField, "a0 03 22 01 05"), Errc::unexpected_tag, "wrapped", 2);
}

TEST_CASE("names of numbers") {
  CHECK(asn1::named(kInt, 1) == "green");
  CHECK(asn1::named(kInt, 2).empty());
}

TEST_CASE("a tree is walked without looking at octets") {
  const Decoded decoded(kTreeField, "a1 0a  80 01 05  a1 02 a1 00  80 01 07");
  const asn1::NodeRef root = decoded.tree.root();
  std::vector<std::string_view> names;
  for (asn1::NodeRef c = root.first_child(); c; c = c.next_sibling(root)) names.push_back(c.name());
  CHECK(names == std::vector<std::string_view>{"leaf", "branch", "leaf"});
  CHECK_FALSE(root.first_child().first_child());
}

}  // namespace
}  // namespace mmsa
