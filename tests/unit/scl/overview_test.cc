#include "scl_files.h"

namespace mmsa::scl::test {
namespace {

const LogicalDevice& first_device(const Reading& reading) {
  return reading.document.ieds[0].access_points[0].devices[0];
}

TEST_CASE("members of data sets have the names that MMS gives them") {
  const Reading reading = reading_of(file_text("substation.scd"));
  const LogicalDevice& device = first_device(reading);
  std::vector<std::string> names;
  for (const DataSet& set : device.nodes[0].data_sets) {
    for (const Fcda& member : set.members) {
      names.push_back(member_reference(reading.lookup, reading.types, reading.document.ieds[0],
                                       device, member));
    }
  }
  CHECK(names ==
        std::vector<std::string>{"IED1LD0/GGIO1$ST$Ind1", "IED1LD0/GGIO1$ST$Ind1$stVal",
                                 "IED1LD0/QACSWI1$ST$Pos", "IED1LD0/MMXU1$MX$A$phsA$cVal$mag$f",
                                 "IED1LD0/MMXU1$MX$A", "IED1LD0/MHAI1$MX$HA$phsAHar(3)$cVal",
                                 "IED1LD0/MMXU1$MX", "E01_PROT/PTOC1$SG$StrVal$setMag$f"});
}

TEST_CASE("an instance of a block is its client's") {
  const Reading reading = reading_of(file_text("substation.scd"));
  const Overview overview(reading);
  REQUIRE(overview.clients().size() == 2);
  CHECK(overview.clients()[0].name == "HMI1");
  CHECK(overview.clients()[0].blocks == std::vector<std::string>{"IED1LD0/LLN0$BR$brcbStatus01"});
  CHECK(overview.clients()[1].blocks == std::vector<std::string>{"IED1LD0/LLN0$BR$brcbStatus02"});
  CHECK(overview.addresses("IED1").size() == 1);
}

TEST_CASE("a client that the file only names is a client") {
  const Reading reading = reading_of(file_text("edition1.icd"));
  const Overview overview(reading);
  REQUIRE(overview.clients().size() == 1);
  CHECK(overview.clients()[0].name == "CLIENT");
  CHECK(overview.clients()[0].ied == nullptr);
}

TEST_CASE("the instance's control model goes before its type's") {
  const Reading reading = reading_of(file_text("substation.scd"));
  const LogicalDevice& device = first_device(reading);
  const auto instance = controls_of(reading.types, device, device.nodes[2]);
  REQUIRE(instance.size() == 1);
  CHECK(instance[0].name == "IED1LD0/QACSWI1$CO$Pos");
  CHECK(instance[0].model == "sbo-with-enhanced-security");
  CHECK(instance[0].sbo_timeout == "30000");
  const auto type = controls_of(reading.types, device, device.nodes[3]);
  REQUIRE(type.size() == 1);
  CHECK(type[0].model == "direct-with-normal-security");
  CHECK(type[0].sbo_timeout.empty());
}

}  // namespace
}  // namespace mmsa::scl::test
