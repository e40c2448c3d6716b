#include "iec61850/reference.h"

#include <catch2/catch.hpp>

#include "iec61850/iccp.h"

namespace mmsa::iec61850 {
namespace {

std::string mms(const Reference& reference) {
  std::string out;
  append_mms(out, reference);
  return out;
}
std::string acsi(const Reference& reference) {
  std::string out;
  append_acsi(out, reference);
  return out;
}

TEST_CASE("a reference is taken apart into domain, node, constraint and path") {
  const Reference reference = parse_item("IED1LD0", "XCBR1$ST$Pos$stVal");
  CHECK(reference.domain == "IED1LD0");
  CHECK(reference.ln == "XCBR1");
  CHECK(reference.fc == Fc::ST);
  CHECK(reference.path == "Pos$stVal");
  CHECK(reference.data_object() == "Pos");
  CHECK(reference.last() == "stVal");
  CHECK(reference.ln_class() == "XCBR");
}

TEST_CASE("a reference may end anywhere") {
  CHECK(parse_item({}, "XCBR1").ln == "XCBR1");
  CHECK(parse_item({}, "XCBR1").fc == Fc::none);
  CHECK(parse_item({}, "XCBR1$ST").fc == Fc::ST);
  CHECK(parse_item({}, "XCBR1$ST").path.empty());
  CHECK(parse_item({}, "XCBR1$ST$").path.empty());
  CHECK(parse_item({}, "").ln.empty());
  CHECK(parse_item({}, "$").ln.empty());
}

TEST_CASE("the name of a data set is no functional constraint") {
  const Reference reference = parse_item("LD", "LLN0$STatus");
  CHECK(reference.fc == Fc::none);
  CHECK(reference.path == "STatus");
}

TEST_CASE("all functional constraints are known by name") {
  for (const char* name : {"ST", "MX", "CO", "SP", "SV", "CF", "DC", "SG", "SE", "SR",
                           "OR", "BL", "EX", "BR", "RP", "LG", "GO", "GS", "MS", "US"}) {
    INFO(name);
    CHECK(fc_name(fc_from(name)) == name);
    CHECK_FALSE(fc_meaning(fc_from(name)).empty());
  }
  CHECK(fc_from("st") == Fc::none);
  CHECK(fc_from("XX") == Fc::none);
  CHECK(fc_from("") == Fc::none);
}

TEST_CASE("references are written both ways") {
  const Reference reference = parse_item("IED1LD0", "XCBR1$ST$Pos$stVal");
  CHECK(mms(reference) == "IED1LD0/XCBR1$ST$Pos$stVal");
  CHECK(acsi(reference) == "IED1LD0/XCBR1.Pos.stVal [ST]");
  CHECK(mms(parse_item("LD", "LLN0$ds")) == "LD/LLN0$ds");
  CHECK(acsi(parse_item("LD", "LLN0$ds")) == "LD/LLN0.ds");
  CHECK(acsi(parse_item("LD", "LLN0$BR")) == "LD/LLN0 [BR]");
}

TEST_CASE("every spelling of a reference is brought to one") {
  const char* const same[] = {"LD/CSWI1$CO$Pos$Oper",   "LD/CSWI1.CO.Pos.Oper",
                              "LD/CSWI1.Pos.Oper [CO]", "LD/CSWI1$Pos$Oper[CO]",
                              "CSWI1$CO$Pos$Oper",      " LD/CSWI1$CO$Pos$Oper  "};
  for (const char* text : same) {
    INFO(text);
    CHECK(normalised(text, "LD") == "LD/CSWI1$CO$Pos$Oper");
  }
  CHECK(normalised(std::string_view("LD/LLN0$ds\0\0\0", 13)) == "LD/LLN0$ds");
  CHECK(normalised("LD/LLN0.ds") == "LD/LLN0$ds");
  CHECK(normalised("@ds") == "@ds");
  CHECK(normalised("A$ST$x [??]") == "A$ST$x [??]");
}

TEST_CASE("padded and dotted texts name an item") {
  CHECK(names_item("LD/CSWI1$CO$Pos$Oper", "LD", "CSWI1$CO$Pos$Oper"));
  CHECK(names_item("LD/CSWI1.CO.Pos.Oper", "LD", "CSWI1$CO$Pos$Oper"));
  CHECK(names_item(std::string_view("LD/A$CO$B$Oper\0\0", 16), "LD", "A$CO$B$Oper"));
  CHECK(names_item("A$CO$B$Oper", "LD", "A$CO$B$Oper"));
  CHECK_FALSE(names_item("LD2/A$CO$B$Oper", "LD", "A$CO$B$Oper"));
  CHECK_FALSE(names_item("LD/A$CO$B$SBOw", "LD", "A$CO$B$Oper"));
}

TEST_CASE("names that only ICCP has") {
  for (const char* item : {"Bilateral_Table_ID", "Supported_Features", "TASE2_Version",
                           "Next_DSTransfer_Set", "DSTransfer_Set01", "Transfer_Report_ACK"}) {
    INFO(item);
    CHECK(is_iccp_name(item));
  }
  for (const char* item : {"XCBR1$ST$Pos", "LLN0$ds_1", "Transfer", "BUS1_VOLT", ""}) {
    INFO(item);
    CHECK_FALSE(is_iccp_name(item));
  }
}

TEST_CASE("names of IEC 61850 are told from those of ICCP and plain MMS") {
  for (const char* item :
       {"XCBR1", "LLN0", "Q0XCBR1", "LPHD1", "MMXU1$MX", "GGIO1$ST$Ind1$stVal"}) {
    INFO(item);
    CHECK(is_iec61850_item(item));
  }
  for (const char* item : {"Transfer_Set_Name", "DSConditions_Detected", "Bilateral_Table_ID",
                           "Supported_Features", "BUS1_VOLT", "temperature", "TEMP1", "SCAB12",
                           "MAIN", "GATE7", "", "$ST$Pos", "A$B$C", "Next_DSTransfer_Set"}) {
    INFO(item);
    CHECK_FALSE(is_iec61850_item(item));
  }
}

TEST_CASE("data sets and logs belong to a logical node") {
  CHECK(is_list_item("LLN0$dsStat"));
  CHECK(is_list_item("MMXU1$EventLog"));
  CHECK_FALSE(is_list_item("Transfer_Report_ACK"));
  CHECK_FALSE(is_list_item("LLN0$"));
  CHECK_FALSE(is_list_item("LLN0"));
}

TEST_CASE("control items name their object") {
  const auto oper = control_item("CSWI1$CO$Pos$Oper");
  REQUIRE(oper);
  CHECK(oper->component == ControlComponent::oper);
  CHECK(oper->object == "CSWI1$CO$Pos");
  CHECK(control_item("GGIO1$CO$Grp$Pos$SBOw")->object == "GGIO1$CO$Grp$Pos");
  CHECK(control_item("GGIO1$CO$SPCSO2$SBO")->component == ControlComponent::sbo);
  CHECK(control_item("GGIO1$CO$SPCSO2$Cancel")->component == ControlComponent::cancel);
  for (const char* item :
       {"CSWI1$CO$Pos", "CSWI1$CO$Oper", "CSWI1$ST$Pos$Oper", "Oper", "CSWI1$CO$Pos$oper"}) {
    INFO(item);
    CHECK_FALSE(control_item(item));
  }
}

}  // namespace
}  // namespace mmsa::iec61850
