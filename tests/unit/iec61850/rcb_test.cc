#include "iec61850/rcb.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::element;
using wire::hex;
using wire::Message;

constexpr std::string_view kBrcb = R"(
    8A 00 83 01 00 8A 08 {LD/A$ds1} 86 01 01 84 03 06 7F 80 86 01 00 86 01 05 84 02 02 44
    86 02 03 E8 83 01 00 83 01 00 89 08 00 00 00 00 00 00 00 00 8C 06 00 00 00 00 00 00)";
constexpr std::string_view kUrcb = R"(
    8A 00 83 01 01 83 01 00 8A 08 {LD/A$ds1} 86 01 01 84 03 06 7F 80 86 01 00 86 01 05
    84 02 02 44 86 02 03 E8 83 01 00)";

struct Block {
  Message message;
  RcbValues values;
  Block(std::string_view members, bool buffered)
      : message(wire::read_response(element("A2", hex(members)))),
        values(read_rcb(message->tree.at(message->tree.values[0]), buffered)) {}
};

TEST_CASE("names of report control blocks are taken apart") {
  const auto attribute = rcb_item("LLN0$BR$rcb01$RptEna");
  REQUIRE(attribute);
  CHECK(attribute->buffered);
  CHECK(attribute->block == "LLN0$BR$rcb01");
  CHECK(attribute->attribute == RcbAttribute::RptEna);
  CHECK_FALSE(attribute->whole);
  const auto whole = rcb_item("LLN0$RP$urcb");
  REQUIRE(whole);
  CHECK_FALSE(whole->buffered);
  CHECK(whole->whole);
  CHECK(rcb_item("LLN0$RP$urcb$Nonsense")->attribute == RcbAttribute::none);
  CHECK_FALSE(rcb_item("LLN0$RP"));
  CHECK_FALSE(rcb_item("LLN0$ST$Mod"));
  CHECK_FALSE(rcb_item("LLN0"));
}

TEST_CASE("attributes are found by name") {
  for (std::size_t i = 0; i < kRcbAttributes; ++i) {
    const auto attribute = static_cast<RcbAttribute>(i);
    CHECK(rcb_attribute(rcb_attribute_name(attribute)) == attribute);
  }
  CHECK(rcb_attribute("TimeOfEntry") == RcbAttribute::none);  // the wire says TimeofEntry
}

TEST_CASE("a buffered block of edition 1 has 13 members") {
  const Block block(kBrcb, true);
  CHECK(block.values.well_formed);
  CHECK(block.values.edition == 1);
  CHECK(block.values[RcbAttribute::DatSet].text() == "LD/A$ds1");
  CHECK(block.values[RcbAttribute::SqNum].unsigned_integer() == 5);
  CHECK(block.values[RcbAttribute::IntgPd].unsigned_integer() == 1000);
  CHECK(block.values[RcbAttribute::TimeofEntry]);
  CHECK_FALSE(block.values[RcbAttribute::Resv]);
  CHECK_FALSE(block.values[RcbAttribute::Owner]);
}

TEST_CASE("edition 2 appends ResvTms and Owner, or one of them") {
  const Block both(std::string(kBrcb) + "85 01 3C 89 04 0A 00 00 02", true);
  CHECK(both.values.well_formed);
  CHECK(both.values.edition == 2);
  CHECK(both.values[RcbAttribute::ResvTms].integer() == 60);
  CHECK(both.values[RcbAttribute::Owner].bytes().size() == 4);
  const Block timer(std::string(kBrcb) + "85 01 FF", true);
  CHECK(timer.values[RcbAttribute::ResvTms].integer() == -1);
  const Block owner(std::string(kBrcb) + "89 04 0A 00 00 02", true);
  CHECK(owner.values.well_formed);
  CHECK_FALSE(owner.values[RcbAttribute::ResvTms]);
  CHECK(owner.values[RcbAttribute::Owner]);
}

TEST_CASE("an unbuffered block has Resv and no buffer") {
  const Block block(kUrcb, false);
  CHECK(block.values.well_formed);
  CHECK(block.values.edition == 1);
  CHECK(block.values[RcbAttribute::RptEna].boolean());
  CHECK_FALSE(block.values[RcbAttribute::Resv].boolean(true));
  const Block edition2(std::string(kUrcb) + "89 00", false);
  CHECK(edition2.values.well_formed);
  CHECK(edition2.values.edition == 2);
}

TEST_CASE("other structures are no report control blocks") {
  CHECK_FALSE(Block(kUrcb, true).values.well_formed);
  CHECK_FALSE(Block(kBrcb, false).values.well_formed);
  CHECK_FALSE(Block("8A 00 83 01 00", true).values.well_formed);
  CHECK_FALSE(Block(std::string(kBrcb) + "85 01 3C 89 00 83 01 01", true).values.well_formed);
  CHECK_FALSE(read_rcb({}, true).well_formed);
}

TEST_CASE("members of control blocks have names") {
  const auto name = [](std::string_view item, std::size_t members, std::size_t i) {
    const auto names = control_block_members(parse_item("LD", item), members);
    return i < names.size() ? names[i] : std::string_view{};
  };
  CHECK(name("LLN0$SP$SGCB", 6, 1) == "ActSG");
  CHECK(name("LLN0$SP$SGCB", 5, 4) == "LActTm");
  CHECK(name("LLN0$LG$log", 9, 3) == "OldEntrTm");
  CHECK(name("LLN0$GO$gcb", 9, 4) == "NdsCom");
  CHECK(name("LLN0$BR$rcb", 15, 13) == "ResvTms");
  CHECK(name("LLN0$BR$rcb", 14, 13).empty());  // ResvTms or Owner
  CHECK(name("LLN0$RP$rcb", 11, 2) == "Resv");
  CHECK(name("LLN0$RP$rcb", 10, 2).empty());
  CHECK(name("LLN0$RP$rcb$TrgOps", 11, 2).empty());
  CHECK(name("LLN0$SP$Other", 6, 1).empty());
}

}  // namespace
}  // namespace mmsa::iec61850
