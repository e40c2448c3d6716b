#include "iec61850/attributes.h"

#include <catch2/catch.hpp>

#include "iec61850/value_text.h"
#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::hex;
using wire::Message;

constexpr std::string_view kQuality = "84 03 03 00 00 ";
constexpr std::string_view kBadQuality = "84 03 03 C0 00 ";
constexpr std::string_view kTime = "91 08 65 D6 61 33 53 74 BC 00 ";

std::string structure(std::string_view members) {
  std::size_t octets = 0;
  for (std::size_t i = 0; i < members.size(); ++i) octets += members[i] != ' ' ? 1 : 0;
  char length[8];
  std::snprintf(length, sizeof length, "A2 %02X ", static_cast<unsigned>(octets / 2));
  return length + std::string(members);
}

// "ref=value q", one for each attribute.
std::vector<std::string> attributes(std::string_view ref, const std::string& value,
                                    TypeRef type = nullptr) {
  const Message message(wire::read_response(hex(value)));
  REQUIRE(message->tree.values.size() == 1);
  std::vector<std::string> out;
  AttributeSplitter splitter;
  splitter.split(ref, type, message->tree.at(message->tree.values[0]), [&](const Attribute& a) {
    std::string& text = out.emplace_back(a.ref);
    text += '=';
    append_value(text, a.value);
    if (a.quality) {
      text += ' ';
      append_value(text, a.quality);
    }
    if (a.time) text += " t";
    if (a.guessed) text += " ?";
  });
  return out;
}

using List = std::vector<std::string>;

TEST_CASE("q and t of a structure are what its values come with") {
  const std::string value =
      structure(std::string("83 01 01 ") + std::string(kBadQuality) + std::string(kTime));
  CHECK(attributes("LD/GGIO1$ST$Ind1", value) ==
        List{"LD/GGIO1$ST$Ind1$stVal=true questionable t ?"});
  CHECK(attributes("LD/PTOC1$ST$Op", value) ==
        List{"LD/PTOC1$ST$Op$general=true questionable t ?"});
  CHECK(attributes("LD/GGIO1$CF$Ind1", value) ==
        List{"LD/GGIO1$CF$Ind1[0]=true ?", "LD/GGIO1$CF$Ind1[1]=questionable ?",
             "LD/GGIO1$CF$Ind1[2]=2024-02-21T20:46:43.326000Z ?"});
}

TEST_CASE("a number is not taken for the ctlNum before it") {
  const std::string value =
      structure(std::string("85 01 05 ") + std::string(kQuality) + std::string(kTime));
  CHECK(attributes("LD/LLN0$ST$Beh", value) == List{"LD/LLN0$ST$Beh$stVal=5 good t ?"});
}

TEST_CASE("measurements are named down to the number") {
  const std::string magnitude = structure("87 05 08 42 28 00 00 ");
  const std::string value = structure(magnitude + std::string(kQuality) + std::string(kTime));
  CHECK(attributes("LD/MMXU1$MX$TotW", value) == List{"LD/MMXU1$MX$TotW$mag$f=42.0 good t ?"});
  const std::string vector = structure(magnitude + magnitude);
  const std::string phase = structure(vector + std::string(kQuality) + std::string(kTime));
  CHECK(attributes("LD/MMXU1$MX$A", structure(phase + phase)) ==
        List{"LD/MMXU1$MX$A$phsA$cVal$mag$f=42.0 good t ?",
             "LD/MMXU1$MX$A$phsA$cVal$ang$f=42.0 good t ?",
             "LD/MMXU1$MX$A$phsB$cVal$mag$f=42.0 good t ?",
             "LD/MMXU1$MX$A$phsB$cVal$ang$f=42.0 good t ?"});
  CHECK(attributes("LD/MMXU1$MX$A$phsB", phase).front() ==
        "LD/MMXU1$MX$A$phsB$cVal$mag$f=42.0 good t ?");
  CHECK(attributes("LD/MMXU1$MX$PPV", structure(phase + phase + phase)).back() ==
        "LD/MMXU1$MX$PPV$phsCA$cVal$ang$f=42.0 good t ?");
}

TEST_CASE("a type that was told is no guess, and one that does not fit is not used") {
  const std::vector<TypeNode> nodes = {{.name = {}, .type = DataType::structure, .count = 4},
                                       {.name = "stVal", .type = DataType::boolean},
                                       {.name = "q", .type = DataType::bit_string, .size = -13},
                                       {.name = "t", .type = DataType::utc_time}};
  const std::string value =
      structure(std::string("83 01 01 ") + std::string(kQuality) + std::string(kTime));
  CHECK(attributes("LD/GGIO1$ST$Ind1", value, nodes.data()) ==
        List{"LD/GGIO1$ST$Ind1$stVal=true good t"});
  CHECK(attributes("LD/GGIO1$ST$Ind1", structure("83 01 01 "), nodes.data()) ==
        List{"LD/GGIO1$ST$Ind1[0]=true ?"});
}

TEST_CASE("members that the standard fixes are named without a guess") {
  CHECK(attributes("LD/CSWI1$CO$Pos$Cancel",
                   structure("83 01 01 A2 07 85 01 02 89 02 61 62 86 01 03 " + std::string(kTime) +
                             "83 01 00 ")) ==
        List{"LD/CSWI1$CO$Pos$Cancel$ctlVal=true", "LD/CSWI1$CO$Pos$Cancel$origin$orCat=2",
             "LD/CSWI1$CO$Pos$Cancel$origin$orIdent=6162", "LD/CSWI1$CO$Pos$Cancel$ctlNum=3",
             "LD/CSWI1$CO$Pos$Cancel$T=2024-02-21T20:46:43.326000Z",
             "LD/CSWI1$CO$Pos$Cancel$Test=false"});
}

TEST_CASE("what has no name has its place") {
  CHECK(attributes("LD/LLN0$ds[2]", structure("83 01 01 83 01 00 ")) ==
        List{"LD/LLN0$ds[2][0]=true ?", "LD/LLN0$ds[2][1]=false ?"});
  CHECK(attributes("LD/LLN0$RP$urcb[0]", structure(std::string("83 01 01 ") +
                                                   std::string(kQuality) + std::string(kTime))) ==
        List{"LD/LLN0$RP$urcb[0]$stVal=true good t ?"});
  CHECK(attributes("LD/MHAI1$MX$HA$har", "A1 06 83 01 01 83 01 00") ==
        List{"LD/MHAI1$MX$HA$har(0)=true", "LD/MHAI1$MX$HA$har(1)=false"});
  CHECK(attributes("LD/X$ST$Y", structure("")) == List{});
}

}  // namespace
}  // namespace mmsa::iec61850
