// Who edits the setting groups of a logical device, and which is active.
#include "iec61850/setting_group.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::hex;

constexpr Endpoint kClient{.address = {}, .port = 50'000};

// The value of a Write of one variable.
class Value {
 public:
  explicit Value(std::string_view data) : pdu_(wire::write({"LD/LLN0$SP$SGCB"}, hex(data))) {}
  asn1::NodeRef root() const { return pdu_.tree().at(pdu_.tree().values[0]); }

 private:
  wire::Pdu pdu_;
};

void write(SettingGroups& groups, std::string_view item, std::string_view data,
           std::uint32_t stream = 1, std::uint64_t frame = 10) {
  groups.written(parse_item("LD", item), Value(data).root(), kClient, stream, {frame, 0});
}
void read(SettingGroups& groups, std::string_view item, std::string_view data) {
  groups.read(parse_item("LD", item), Value(data).root());
}

TEST_CASE("EditSG opens a group, 0 gives it up, and CnfEdit ends the editing") {
  SettingGroups groups;
  CHECK_FALSE(groups.of("LD").edited_by(1));
  write(groups, "LLN0$SP$SGCB$EditSG", "86 01 02");
  CHECK(groups.of("LD").edited_by(1));
  CHECK(groups.of("LD").editor.group == 2);
  CHECK_FALSE(groups.of("OTHER").edited_by(1));
  SECTION("given up") { write(groups, "LLN0$SP$SGCB$EditSG", "86 01 00"); }
  SECTION("confirmed") { write(groups, "LLN0$SP$SGCB$CnfEdit", "83 01 01"); }
  CHECK_FALSE(groups.of("LD").edited_by(1));
}

TEST_CASE("a second client meets the editor, also when its connection has ended") {
  SettingGroups groups;
  write(groups, "LLN0$SP$SGCB$EditSG", "86 01 02", 1, 10);
  CHECK(groups.of("LD").other_editor(1) == nullptr);
  REQUIRE(groups.of("LD").other_editor(2) != nullptr);
  CHECK(groups.of("LD").other_editor(2)->since.number == 10);
  groups.disconnected(2, {20, 0});
  CHECK(groups.of("LD").editor.disconnected.number == 0);
  groups.disconnected(1, {21, 0});
  CHECK(groups.of("LD").other_editor(2)->disconnected.number == 21);
}

TEST_CASE(
    "the number of groups and the active one are learnt from parts and from the whole block") {
  SettingGroups groups;
  SECTION("attributes") {
    read(groups, "LLN0$SP$SGCB$NumOfSG", "86 01 04");
    read(groups, "LLN0$SP$SGCB$ActSG", "86 01 03");
  }
  SECTION("the block") {
    read(groups, "LLN0$SP$SGCB", "A2 0C 86 01 04 86 01 03 86 01 00 83 01 00");
  }
  SECTION("what was activated") {
    read(groups, "LLN0$SP$SGCB$NumOfSG", "86 01 04");
    write(groups, "LLN0$SP$SGCB$ActSG", "86 01 03");
  }
  CHECK(groups.of("LD").groups == 4u);
  CHECK(groups.of("LD").active == 3u);
}

TEST_CASE("other objects and values of other types teach nothing of setting groups") {
  SettingGroups groups;
  read(groups, "PTOC1$SE$StrVal", "86 01 04");
  read(groups, "LLN0$SP$SGCB$NumOfSG", "83 01 01");
  read(groups, "LLN0$SP$SGCB", "86 01 04");
  CHECK_FALSE(groups.of("LD").groups);
  write(groups, "LLN0$SP$SGCB$EditSG", "83 01 01");
  CHECK_FALSE(groups.of("LD").edited_by(1));
}

TEST_CASE("logical devices beyond the limit are not kept, which is known") {
  SettingGroups groups;
  for (int i = 0; i < 4096; ++i) {
    groups.read(parse_item("LD" + std::to_string(i), "LLN0$SP$SGCB$NumOfSG"),
                Value("86 01 04").root());
  }
  CHECK_FALSE(groups.full());
  groups.read(parse_item("X", "LLN0$SP$SGCB$NumOfSG"), Value("86 01 04").root());
  CHECK(groups.full());
}

}  // namespace
}  // namespace mmsa::iec61850
