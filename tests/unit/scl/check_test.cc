// One fault at a time, planted into a file that is right.
#include "scl_files.h"

namespace mmsa::scl::test {
namespace {

struct Planted {
  const char* name;
  const char* find;  // the first occurrence
  const char* replace;
  const char* rule;
  const char* at = nullptr;  // in the line that is told; null: that of the fault
};

constexpr Planted kPlanted[] = {
    {"data set does not exist", "datSet=\"dsStatus\" confRev", "datSet=\"dsState\" confRev",
     "data-set-missing"},
    {"data set of a log does not exist", "lcb1\" datSet=\"dsStatus\"", "lcb1\" datSet=\"x\"",
     "data-set-missing"},
    {"data set of GOOSE does not exist", "gcb1\" datSet=\"dsStatus\"", "gcb1\" datSet=\"x\"",
     "data-set-missing"},
    {"client IED does not exist", "ClientLN iedName=\"HMI1\"", "ClientLN iedName=\"HMI2\"",
     "client-unknown"},
    {"client access point does not exist", "iedName=\"HMI1\" apRef=\"S1\"",
     "iedName=\"HMI1\" apRef=\"S2\"", "client-unknown"},
    {"client logical node does not exist", "lnClass=\"IHMI\" lnInst=\"1\"",
     "lnClass=\"IHMI\" lnInst=\"2\"", "client-unknown"},
    {"more clients than instances", "max=\"3\"", "max=\"1\"", "clients-exceed-instances",
     "<ReportControl name=\"brcbStatus\""},
    {"two IEDs with one address", "10.0.0.2<",
     "10.0.0.1</P><P type=\"OSI-TSEL\">0001</P><P "
     "type=\"OSI-SSEL\">0001</P><P type=\"OSI-PSEL\">00000001<",
     "address-shared"},
    {"one IP address, other selectors", "10.0.0.2<", "10.0.0.1<", "address-told-apart"},
    {"address of an IED that does not exist", "iedName=\"IED2\" apName", "iedName=\"IED3\" apName",
     "address-of-nobody"},
    {"address of an access point that does not exist", "iedName=\"GW1\" apName=\"S1\"",
     "iedName=\"GW1\" apName=\"S2\"", "address-of-nobody"},
    {"server without address", "<P type=\"IP\">10.0.0.2</P>", "", "server-without-address",
     "\n      <Server>\n        <LDevice inst=\"LD0\"><LN0"},
    {"LNodeType missing", "lnType=\"GGIO_1\"", "lnType=\"GGIO_2\"", "type-missing"},
    {"DOType missing", "<DO name=\"A\" type=\"WYE_1\"", "<DO name=\"A\" type=\"WYE_2\"",
     "type-missing"},
    {"DAType missing", "bType=\"Struct\" type=\"Origin_1\"", "bType=\"Struct\" type=\"Origin_2\"",
     "type-missing"},
    {"EnumType missing", "bType=\"Enum\" type=\"Beh\"", "bType=\"Enum\" type=\"Mod\"",
     "type-missing"},
    {"DAType contains itself", "<BDA name=\"orCat\" bType=\"INT8\"/>",
     "<BDA name=\"orCat\" bType=\"Struct\" type=\"Oper_1\"/>", "type-cycle"},
    {"DOType contains itself", "name=\"phsA\" type=\"CMV_1\"", "name=\"phsA\" type=\"WYE_1\"",
     "type-cycle"},
    {"basic type that is none", "bType=\"Check\"", "bType=\"Cheque\"", "type-unknown-word"},
    {"FC that is none", "bType=\"VisString255\" fc=\"DC\"", "bType=\"VisString255\" fc=\"DD\"",
     "type-unknown-word"},
    {"class of node and type differ", "id=\"GGIO_1\" lnClass=\"GGIO\"",
     "id=\"GGIO_1\" lnClass=\"GAPC\"", "node-class-differs", "<LN lnClass=\"GGIO\""},
    {"member of a device that does not exist", "ldInst=\"PROT\" lnClass=\"PTOC\"",
     "ldInst=\"PROD\" lnClass=\"PTOC\"", "member-unknown"},
    {"member of a node that does not exist", "lnClass=\"MHAI\" lnInst=\"1\" doName",
     "lnClass=\"MHAI\" lnInst=\"2\" doName", "member-unknown"},
    {"member: data object does not exist", "doName=\"Ind1\" fc", "doName=\"Ind2\" fc",
     "member-unknown"},
    {"member: attribute does not exist", "daName=\"stVal\" fc", "daName=\"stVaL\" fc",
     "member-unknown"},
    {"member: part of an attribute does not exist", "cVal.mag.f", "cVal.mag.i", "member-unknown"},
    {"member: path goes on behind a leaf", "daName=\"stVal\" fc", "daName=\"stVal.x\" fc",
     "member-unknown"},
    {"member: attribute has another FC", "daName=\"stVal\" fc=\"ST\"", "daName=\"stVal\" fc=\"MX\"",
     "member-unknown"},
    {"member: object has nothing of the FC", "doName=\"Pos\" fc=\"ST\"", "doName=\"Pos\" fc=\"MX\"",
     "member-unknown"},
    {"member: FC that is none", "doName=\"Pos\" fc=\"ST\"", "doName=\"Pos\" fc=\"XY\"",
     "member-unknown"},
    {"value for an object that the type lacks", "DOI name=\"Pos\"", "DOI name=\"Pot\"",
     "value-unknown"},
    {"value for an attribute that the type lacks", "DAI name=\"sboTimeout\"",
     "DAI name=\"sboTimeOut\"", "value-unknown"},
    {"value that the enumeration lacks", "sbo-with-enhanced-security</Val>",
     "select-before-operate</Val>", "value-not-in-enum"},
    {"default that the enumeration lacks", "direct-with-normal-security</Val>", "direct</Val>",
     "value-not-in-enum"},
    {"two IEDs of one name", "IED name=\"GW1\"", "IED name=\"HMI1\"", "duplicate-name"},
    {"two data sets of one name", "DataSet name=\"dsMeasure\"", "DataSet name=\"dsStatus\"",
     "duplicate-name"},
    {"two nodes of one name", "prefix=\"QB\"", "prefix=\"QA\"", "duplicate-name"},
    {"two blocks of one name", "name=\"urcbMeasure\"", "name=\"brcbStatus\"", "duplicate-name"},
    {"two domains of one name", "ldName=\"E01_PROT\"", "ldName=\"IED1LD0\"", "duplicate-name"},
    {"two types of one id", "LNodeType id=\"IHMI_1\"", "LNodeType id=\"ITCI_1\"", "duplicate-name",
     "<LNodeType id=\"ITCI_1\" lnClass=\"ITCI\""},
    {"two members of one name", "<DA name=\"t\"", "<DA name=\"q\"", "duplicate-name"},
    {"more data sets than declared", "ConfDataSet max=\"4\"", "ConfDataSet max=\"1\"",
     "limit-exceeded", "<IED name=\"IED1\""},
    {"more members than declared", "maxAttributes=\"20\"", "maxAttributes=\"4\"", "limit-exceeded",
     "<DataSet name=\"dsMeasure\""},
    {"more blocks than declared", "ConfReportControl max=\"10\"", "ConfReportControl max=\"1\"",
     "limit-exceeded", "<IED name=\"IED1\""},
    {"more instances than numbers", "max=\"3\"", "max=\"100\"", "limit-exceeded",
     "<ReportControl name=\"brcbStatus\""},
    {"active setting group that is none", "actSG=\"2\"", "actSG=\"5\"", "limit-exceeded"},
};

TEST_CASE("every kind of contradiction is in the page and in the schema") {
  const std::string page = text_at(std::string(MMSA_DOCS) + "/scl.md");
  const std::string schema = text_at(std::string(MMSA_DOCS) + "/scl.schema.json");
  for (const ProblemRow& row : problem_rows()) {
    const std::string id(row.id);
    INFO(id);
    CHECK(page.find("| `" + id + "` | " + std::string(severity_name(row.severity)) + " |") !=
          std::string::npos);
    CHECK(schema.find("\"" + id + "\"") != std::string::npos);
  }
}

TEST_CASE("a file that is right raises nothing") {
  CHECK(problems_of(reading_of(file_text("substation.scd"))).empty());
}

TEST_CASE("a planted fault raises its rule at its line") {
  const std::string right = file_text("substation.scd");
  for (const Planted& planted : kPlanted) {
    INFO(planted.name);
    const std::size_t at = right.find(planted.find);
    REQUIRE(at != std::string::npos);
    std::string wrong = right;
    wrong.replace(at, std::string(planted.find).size(), planted.replace);
    const std::size_t told = planted.at == nullptr ? at : wrong.find(planted.at);
    REQUIRE(told != std::string::npos);
    const std::string expected = planted.rule + (":" + std::to_string(line_of(wrong, told)));
    const std::vector<std::string> problems = problems_of(reading_of(wrong));
    CHECK_THAT(problems, Catch::Matchers::VectorContains(expected));
  }
}

TEST_CASE("a data set of nearly the same name is told") {
  std::string text = file_text("substation.scd");
  const std::string block = "rptID=\"status\" datSet=\"dsStatus\"";
  text.replace(text.find(block), block.size(), "rptID=\"status\" datSet=\"dsStatuz\"");
  const Reading reading = reading_of(text);
  REQUIRE(reading.problems.list().size() == 1);
  CHECK(reading.problems.list()[0].where == "IED1LD0/LLN0$BR$brcbStatus");
  CHECK(reading.problems.list()[0].message ==
        "datSet \"dsStatuz\": LLN0 has no data set of this name (\"dsStatus\" is there)");
}

TEST_CASE("one type that is missing is one problem for all who use it") {
  std::string text = file_text("substation.scd");
  const std::string type = "<LNodeType id=\"CSWI_1\"";
  text.replace(text.find(type), type.size(), "<LNodeType id=\"CSWI_2\"");
  const std::size_t node = text.find("lnType=\"CSWI_1\"");
  const Reading reading = reading_of(text);
  REQUIRE(problems_of(reading) ==
          std::vector<std::string>{"type-missing:" + std::to_string(line_of(text, node))});
  CHECK(reading.problems.list()[0].count == 2);
}

TEST_CASE("a file without templates is told once") {
  std::string text = file_text("substation.scd");
  const std::size_t begin = text.find("  <DataTypeTemplates>");
  text.erase(begin, text.find("</SCL>") - begin);
  CHECK(problems_of(reading_of(text)) == std::vector<std::string>{"templates-missing:1"});
}

TEST_CASE("a hundred thousand faults of a kind are bounded and counted") {
  std::string text =
      "<SCL><IED name='A'><AccessPoint name='P'><Server><LDevice inst='L'>"
      "<LN0 lnClass='LLN0' lnType='t'>";
  for (int i = 0; i < 100'000; ++i) {
    text += "<DataSet name='d" + std::to_string(i) + "'/><ReportControl name='r" +
            std::to_string(i) + "' datSet='x" + std::to_string(i) + "'/>";
  }
  const Reading reading = reading_of(text + "</LN0></LDevice></Server></AccessPoint></IED></SCL>");
  CHECK(reading.problems.list().size() < 1000);
  CHECK(reading.problems.left_out() > 199'000);
}

}  // namespace
}  // namespace mmsa::scl::test
