#include "scl_files.h"

namespace mmsa::scl::test {
namespace {

std::string refusal(const std::string& text) {
  try {
    reading_of(text);
  } catch (const SclError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("an SCD of edition 2.1 is read with the line of every fact") {
  const std::string text = file_text("substation.scd");
  const Reading reading = reading_of(text);
  const Document& document = reading.document;
  CHECK(document.edition == Edition::two_one);
  CHECK(document.version == "2007B4");
  REQUIRE(document.ieds.size() == 4);
  const Ied& ied = document.ieds[0];
  CHECK(ied.line == line_of(text, text.find("<IED name=\"IED1\"")));
  REQUIRE(ied.services.size() == 2);
  CHECK(ied.services[0].limit("maxAttributes") == "20");
  REQUIRE(ied.access_points.size() == 1);
  REQUIRE(ied.access_points[0].devices.size() == 2);
  CHECK(ied.access_points[0].devices[0].domain == "IED1LD0");
  CHECK(ied.access_points[0].devices[1].domain == "E01_PROT");
  const LogicalNode& node = ied.access_points[0].devices[0].nodes[0];
  CHECK(node.name == "LLN0");
  REQUIRE(node.data_sets.size() == 2);
  CHECK(node.data_sets[1].members[2].ix == 3u);
  REQUIRE(node.reports.size() == 2);
  const ReportControl& block = node.reports[0];
  CHECK(block.line == line_of(text, text.find("<ReportControl")));
  CHECK(block.buffered);
  CHECK(block.instances() == 3);
  CHECK(block.instance_name(2) == "brcbStatus02");
  CHECK(block.intg_pd == 60000);
  CHECK(block.trg_ops == std::vector<Text>{"dchg", "qchg", "period", "gi"});
  REQUIRE(block.clients.size() == 2);
  CHECK(block.clients[1].ied_name == "GW1");
  CHECK(node.reports[1].instance_name(1) == "urcbMeasure");
  CHECK(node.log_controls.size() == 1);
  CHECK(node.logs.size() == 1);
  CHECK(node.gooses.size() == 1);
  const ConnectedAp& connected = document.subnetworks[0].access_points[0];
  CHECK(connected.part("OSI-AP-Title") == "1,3,9999,23");
  CHECK(connected.publishers.size() == 1);
}

TEST_CASE("values of setting groups stay apart") {
  const Reading reading = reading_of(file_text("substation.scd"));
  const auto& nodes = reading.document.ieds[0].access_points[0].devices[1].nodes[1].instances;
  REQUIRE(nodes.size() == 5);  // StrVal, setMag, f and two values
  CHECK(nodes[0].end == 5);
  CHECK(nodes[3].name == "1.2");
  CHECK(nodes[3].ix == 1u);
  CHECK(nodes[4].ix == 2u);
}

TEST_CASE("an ICD of edition 1 whose namespace has a prefix is read") {
  const Reading reading = reading_of(file_text("edition1.icd"));
  CHECK(reading.document.edition == Edition::one);
  CHECK(problems_of(reading) == std::vector<std::string>{"addresses-missing:1"});
  REQUIRE(reading.document.ieds.size() == 1);
  CHECK(reading.document.ieds[0].access_points[0].devices[0].domain == "TEMPLATEGenericIO");
}

TEST_CASE("what is no SCL is refused with its line and what to do") {
  CHECK(refusal("") == "test.scd: line 1: not XML: there is no element in it");
  CHECK(refusal("\n\nno markup") == "test.scd: line 3: not XML: there is no element in it");
  CHECK(refusal("<?xml version='1.0'?>\n<html/>") ==
        "test.scd: line 2: not SCL: its root is <html>, not <SCL>");
  CHECK(refusal("PK\x03\x04zip").find("unpack it") != std::string::npos);
  CHECK(refusal(std::string("<\0S\0C\0", 6)).find("UTF-16") != std::string::npos);
}

TEST_CASE("what stands before the damage is used, and nothing is called missing") {
  const std::string whole = file_text("substation.scd");
  const std::size_t cut = whole.find("<LogControl");
  const Reading reading = reading_of(whole.substr(0, cut + 20));
  CHECK(reading.document.cut_at == line_of(whole, cut));
  CHECK(problems_of(reading) ==
        std::vector<std::string>{"not-well-formed:" + std::to_string(line_of(whole, cut))});
  REQUIRE(reading.document.ieds.size() == 1);
  CHECK(reading.document.ieds[0].access_points[0].devices[0].nodes[0].reports.size() == 2);
}

TEST_CASE("any cut of a file is survived") {
  const std::string whole = file_text("substation.scd");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    try {
      const Reading reading = reading_of(whole.substr(0, size));
      CHECK(reading.problems.list().size() >= 1);
    } catch (const SclError&) {
      CHECK(size < 300);  // before the SCL element is whole
    }
  }
}

TEST_CASE("entities are not expanded") {
  const Reading reading = reading_of(
      "<!DOCTYPE SCL [<!ENTITY a \"AAAA\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n"
      "<SCL><IED name=\"&a;&x;\"/></SCL>");
  REQUIRE(reading.document.ieds.size() == 1);
  CHECK(reading.document.ieds[0].name == "&a;&x;");
  CHECK(problems_of(reading)[1] == "document-type:1");
}

TEST_CASE("elements nested without end cost no stack") {
  std::string deep =
      "<SCL><IED name='A'><AccessPoint name='P'><Server><LDevice inst='L'>"
      "<LN0 lnClass='LLN0'><DOI name='x'>";
  for (int i = 0; i < 200'000; ++i) deep += "<SDI name='y'>";
  const Reading reading = reading_of(deep);
  CHECK(reading.document.ieds[0].access_points[0].devices[0].nodes[0].instances.size() < 50);
}

TEST_CASE("more elements than any SCL file has are refused before the tree is built") {
  std::string bomb = "<SCL>";
  for (int i = 0; i < 12'000'001; ++i) bomb += "<a/>";
  CHECK(refusal(bomb).find("more elements") != std::string::npos);
}

}  // namespace
}  // namespace mmsa::scl::test
