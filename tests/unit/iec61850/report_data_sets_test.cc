#include "iec61850/report_data_sets.h"

#include <catch2/catch.hpp>

#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {
namespace {

TEST_CASE("the reports of a block without RptID carry its reference") {
  ReportDataSets sets;
  CHECK(sets.of("LD/LLN0$RP$rcb01").empty());
  sets.set_data_set("LD/LLN0$RP$rcb01", "LD/LLN0$ds1");
  CHECK(sets.of("LD/LLN0$RP$rcb01") == "LD/LLN0$ds1");
  sets.set_rpt_id("LD/LLN0$RP$rcb01", "events");
  CHECK(sets.of("LD/LLN0$RP$rcb01").empty());
  CHECK(sets.of("events") == "LD/LLN0$ds1");
  sets.set_rpt_id("LD/LLN0$RP$rcb01", "");
  CHECK(sets.of("LD/LLN0$RP$rcb01") == "LD/LLN0$ds1");
}

TEST_CASE("blocks that share an RptID and differ say nothing, until they agree again") {
  ReportDataSets sets;
  for (const char* block : {"LD/LLN0$RP$a01", "LD/LLN0$RP$a02"}) {
    sets.set_rpt_id(block, "events");
    sets.set_data_set(block, "LD/LLN0$ds1");
  }
  CHECK(sets.of("events") == "LD/LLN0$ds1");
  sets.set_data_set("LD/LLN0$RP$a02", "LD/LLN0$ds2");
  CHECK(sets.of("events").empty());
  sets.set_data_set("LD/LLN0$RP$a01", "LD/LLN0$ds2");
  CHECK(sets.of("events") == "LD/LLN0$ds2");
}

TEST_CASE("a block that is known can be changed when no more are kept") {
  ReportDataSets sets;
  for (std::size_t i = 0; i < limits::kMaxReportControls; ++i) {
    REQUIRE(sets.set_data_set("LD/LLN0$RP$r" + std::to_string(i), "LD/LLN0$ds1"));
  }
  CHECK_FALSE(sets.set_data_set("LD/LLN0$RP$another", "LD/LLN0$ds1"));
  CHECK(sets.set_data_set("LD/LLN0$RP$r7", "LD/LLN0$ds2"));
  CHECK(sets.of("LD/LLN0$RP$r7") == "LD/LLN0$ds2");
}

}  // namespace
}  // namespace mmsa::iec61850
