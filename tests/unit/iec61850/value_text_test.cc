#include "iec61850/value_text.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::hex;
using wire::Message;

std::string text(std::string_view value, std::string_view item = {}, TypeRef type = nullptr) {
  const Message message(wire::read_response(hex(value)));
  REQUIRE(message->tree.values.size() == 1);
  std::string out;
  append_value(out, message->tree.at(message->tree.values[0]),
               {.reference = parse_item("LD", item), .type = type});
  return out;
}

TEST_CASE("plain values are shown as what they are") {
  CHECK(text("83 01 01") == "true");
  CHECK(text("85 01 FF") == "-1");
  CHECK(text("86 01 C8") == "200");
  CHECK(text("87 05 08 42 28 00 00") == "42.0");
  CHECK(text("84 02 05 A0") == "101");
  CHECK(text("89 03 01 AB FF") == "01abff");
  CHECK(text("89 00") == "(empty)");
  CHECK(text("8A 02 {ok}") == "\"ok\"");
  CHECK(text("91 08 65 D6 61 33 53 74 BC 00") == "2024-02-21T20:46:43.326000Z");
  CHECK(text("8C 06 04 74 AE D7 39 45") == "2024-02-21T20:45:55.799Z");
  CHECK(text("8C 04 00 00 03 E8") == "00:00:01.000");
  CHECK(text("80 01 0A") == "failure object-non-existent");
}

TEST_CASE("characters that steer a terminal are made safe") {
  CHECK(text("8A 03 1B 5B 41").find('\x1B') == std::string::npos);
}

TEST_CASE("quality of a time is told") {
  CHECK(text("91 08 65 D6 61 33 53 74 BC 60").ends_with(" clock failure clock not synchronized"));
  CHECK(text("91 08 00 00 00 00 00 00 00 00") == "not set");
}

TEST_CASE("quality is known by name, or by its size where there is no name") {
  CHECK(text("84 03 03 41 00", "XCBR1$ST$Pos$q") == "invalid oldData");
  CHECK(text("84 03 03 00 00") == "good");
  CHECK(text("84 03 03 00 00", "LLN0$ST$Some$bits") == "0000000000000");
  CHECK(text("84 03 04 00 00") == "000000000000");
}

TEST_CASE("only positions of switches are Dbpos") {
  CHECK(text("84 02 06 80", "Q0XCBR1$ST$Pos$stVal") == "on");
  CHECK(text("84 02 06 40", "CSWI1$ST$Pos$stVal") == "off");
  CHECK(text("84 02 06 C0", "XSWI1$SV$Pos$subVal") == "bad-state");
  CHECK(text("84 02 06 80", "GGIO1$ST$DPCSO1$stVal") == "on");
  CHECK(text("84 02 06 80", "GGIO1$ST$Ind1$stVal") == "10");
  CHECK(text("84 02 06 80", "XCBR1$ST$Other$stVal") == "10");
  CHECK(text("84 03 05 80 00", "XCBR1$ST$Pos$stVal") == "10000000000");
}

TEST_CASE("enumerations are known by data object or attribute") {
  CHECK(text("85 01 05", "LLN0$ST$Beh$stVal") == "off (5)");
  CHECK(text("85 01 02", "LLN0$ST$Health$stVal") == "Warning (2)");
  CHECK(text("85 01 04", "CSWI1$CF$Pos$ctlModel") == "sbo-with-enhanced-security (4)");
  CHECK(text("85 01 02", "CSWI1$ST$Pos$origin$orCat") == "station-control (2)");
  CHECK(text("85 01 2E", "LTRK1$SR$SpcTrk$serviceType") == "Operate (46)");
  CHECK(text("85 01 2E", "LTRK1$ST$SpcTrk$serviceType") == "46");
  CHECK(text("85 01 09", "LLN0$ST$Beh$stVal") == "9");
  CHECK(text("85 01 01", "GGIO1$ST$IntIn$stVal") == "1");
}

TEST_CASE("a whole data object begins with its status") {
  constexpr std::string_view kPos =
      "A2 13 84 02 06 80 84 03 03 00 00 91 08 65 D6 61 33 53 74 BC 0A";
  CHECK(text(kPos, "XCBR1$ST$Pos") == "{on, good, 2024-02-21T20:46:43.326000Z}");
  CHECK(text(kPos, "GGIO1$ST$DPCSO1") == "{on, good, 2024-02-21T20:46:43.326000Z}");
  CHECK(text("A2 03 85 01 01", "LLN0$ST$Beh") == "{on (1)}");
}

TEST_CASE("members are named where the type is known") {
  const TypeNode type[] = {{.name = {}, .type = DataType::structure, .size = 0, .count = 3},
                           {.name = "stVal", .type = DataType::bit_string, .size = 2, .count = 1},
                           {.name = "q", .type = DataType::bit_string, .size = -13, .count = 1}};
  CHECK(text("A2 09 84 02 06 80 84 03 03 00 00", "CSWI1$ST$Pos", type) == "{stVal on, q good}");
  CHECK(text("A2 0C 84 02 06 80 84 03 03 00 00 83 01 01", "CSWI1$ST$Pos", type) ==
        "{stVal on, q good, true}");
  CHECK(text("83 01 01", "CSWI1$ST$Pos", type) == "true");  // the type is another one
}

TEST_CASE("members of control structures and control blocks have names") {
  CHECK(text("A2 23 83 01 01 A2 0A 85 01 02 89 05 {SCADA} 86 01 00 91 08 00 00 00 00 00 00 00 00"
             " 83 01 00 84 02 06 40",
             "CSWI1$CO$Pos$Oper") ==
        "{ctlVal true, origin {2, 5343414441}, ctlNum 0, T not set, Test false, Check "
        "interlock-check}");
  CHECK(text("A2 16 86 01 05 86 01 02 86 01 00 83 01 00 91 08 00 00 00 00 00 00 00 00",
             "LLN0$SP$SGCB") == "{NumOfSG 5, ActSG 2, EditSG 0, CnfEdit false, LActTm not set}");
}

TEST_CASE("long and deep values are cut") {
  wire::Octets many;
  for (int i = 0; i < 200; ++i) many.insert(many.end(), {0x86, 0x01, 0x01});
  const Message message(wire::read_response(wire::element("A1", many)));
  std::string out;
  append_value(out, message->tree.at(message->tree.values[0]), {.max_length = 30});
  CHECK(out.size() < 50);
  CHECK(out.ends_with("...]"));
  CHECK(text("A2 0E A2 0C A2 0A A2 08 A2 06 A2 04 A2 02 A2 00") == "{{{{{{...}}}}}}");
  CHECK(text("8A 00") == "\"\"");
  std::string none;
  append_value(none, {});
  CHECK(none == "missing");
}

}  // namespace
}  // namespace mmsa::iec61850
