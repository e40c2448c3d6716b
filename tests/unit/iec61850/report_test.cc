#include "iec61850/report.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::hex;
using wire::Message;
using wire::Octets;

// PROTOCOL A.6: all OptFlds of a buffered report.
Octets full_report() {
  return wire::report(hex(R"(
      8A 1F {AA1E1Q01CTRL/LLN0$BR$brcbStat01}
      84 03 06 7F 80
      86 01 01
      8C 06 01 E0 1E 7D 3D 32
      8A 18 {AA1E1Q01CTRL/LLN0$dsStat}
      83 01 00
      89 08 00 00 01 A2 02 6D 92 7D
      86 01 01
      84 03 07 40 00
      8A 1A {AA1E1Q01CTRL/GGIO1$ST$Ind2}
      A2 12 83 01 01 84 03 03 00 00 91 08 6B 02 AB 69 15 C2 8F 0A
      84 02 02 40)"));
}

TEST_CASE("a report with all optional fields is read") {
  const Message message(full_report());
  REQUIRE(message->octets.size() == 164);  // as captured
  ReportView report;
  REQUIRE(read_report(*message, report));
  const ReportHeader& header = report.header;
  CHECK(header.consistent());
  CHECK(header.rpt_id == "AA1E1Q01CTRL/LLN0$BR$brcbStat01");
  CHECK(header.sq_num == 1);
  REQUIRE(header.time_of_entry);
  CHECK(header.time_of_entry->milliseconds == 31'465'085);
  CHECK(header.time_of_entry->days == 15'666);
  CHECK(header.dat_set == "AA1E1Q01CTRL/LLN0$dsStat");
  CHECK(header.buf_ovfl == false);
  REQUIRE(header.entry_id);
  CHECK(header.entry_id->size() == 8);
  CHECK(header.conf_rev == 1);
  CHECK_FALSE(header.sub_sq_num);
  CHECK_FALSE(header.more_segments_follow);
  CHECK(header.members == 9);
  CHECK(header.included == 1);
  REQUIRE(report.entries.size() == 1);
  const ReportEntry& entry = report.entries[0];
  CHECK(entry.member == 1);
  CHECK(entry.data_reference == "AA1E1Q01CTRL/GGIO1$ST$Ind2");
  CHECK(data_type(entry.value.node()) == DataType::structure);
  CHECK(entry.reason == Reason::kDataChange);
}

TEST_CASE("a segment says that more follow") {
  // { RptID, OptFlds conf-revision + segmentation, ConfRev, SubSqNum, MoreSegmentsFollow,
  //   inclusion, value }
  const Message message(wire::report(
      hex("8A 01 {r} 84 03 06 00 C0 86 01 03 86 01 02 83 01 01 84 02 05 20 83 01 01")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.consistent());
  CHECK(report.header.conf_rev == 3);
  CHECK(report.header.sub_sq_num == 2);
  CHECK(report.header.more_segments_follow == true);
  REQUIRE(report.entries.size() == 1);
  CHECK(report.entries[0].member == 2);
}

TEST_CASE("the least report has an inclusion bit-string and values only") {
  const Message message(
      wire::report(hex("8A 01 {r} 84 03 06 00 00 84 02 05 A0 83 01 01 85 01 07")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.consistent());
  CHECK_FALSE(report.header.sq_num);
  REQUIRE(report.entries.size() == 2);
  CHECK(report.entries[0].member == 0);
  CHECK(report.entries[1].member == 2);
  CHECK(report.entries[1].value.integer() == 7);
  CHECK_FALSE(report.entries[1].reason);
}

TEST_CASE("references come before values and values before reasons") {
  // OptFlds reason-for-inclusion + data-reference; two members
  const Message message(wire::report(hex(R"(
      8A 01 {r} 84 03 06 14 00 84 02 06 C0
      8A 01 {A} 8A 01 {B}  83 01 00 83 01 01  84 02 02 08 84 02 02 60)")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.consistent());
  REQUIRE(report.entries.size() == 2);
  CHECK(report.entries[0].data_reference == "A");
  CHECK(report.entries[0].value.boolean() == false);
  CHECK(report.entries[0].reason == Reason::kIntegrity);
  CHECK(report.entries[1].data_reference == "B");
  CHECK(report.entries[1].value.boolean() == true);
  CHECK(report.entries[1].reason == (Reason::kDataChange | Reason::kQualityChange));
}

TEST_CASE("reason codes of seven bits are those of edition 2") {
  const Message message(
      wire::report(hex("8A 01 {r} 84 03 06 10 00 84 02 07 80 83 01 01 84 02 01 02")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  REQUIRE(report.entries.size() == 1);
  CHECK(report.entries[0].reason == Reason::kApplicationTrigger);
}

TEST_CASE("a failure may stand for a value") {
  const Message message(wire::report(hex("8A 01 {r} 84 03 06 00 00 84 02 07 80 80 01 0A")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.consistent());
  REQUIRE(report.entries.size() == 1);
  CHECK(data_type(report.entries[0].value.node()) == DataType::failure);
}

TEST_CASE("numbers may be sent as INTEGER") {
  const Message message(
      wire::report(hex("8A 01 {r} 84 03 06 40 80 85 02 00 FF 85 01 02 84 02 07 80 83 01 01")));
  ReportHeader header;
  REQUIRE(read_report_header(*message, header));
  CHECK(header.consistent());
  CHECK(header.sq_num == 255);
  CHECK(header.conf_rev == 2);
}

TEST_CASE("missing values are found, and those there are kept") {
  const Message message(
      wire::report(hex("8A 01 {r} 84 03 06 00 00 84 02 05 E0 83 01 01 83 01 00")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.problem == ReportProblem::too_few);
  REQUIRE(report.entries.size() == 3);
  CHECK(report.entries[1].value);
  CHECK_FALSE(report.entries[2].value);
}

TEST_CASE("an inclusion bit-string of many members without values makes no entries for them") {
  wire::Octets ones(200, 0xFF);
  ones[0] = 0;
  const Message message(wire::report(
      wire::join({hex("8A 01 {r} 84 03 06 00 00"), wire::element("84", ones), hex("83 01 01")})));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.included == 1592);
  CHECK(report.header.problem == ReportProblem::too_few);
  CHECK(report.entries.size() <= message->tree.values.size());
}

TEST_CASE("reason codes that OptFlds does not announce are found by their type") {
  const Message message(
      wire::report(hex("8A 01 {r} 84 03 06 00 00 84 02 07 80 83 01 01 84 02 02 08")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.problem == ReportProblem::too_many);
  REQUIRE(report.entries.size() == 1);
  CHECK(report.entries[0].value.boolean());
  CHECK(report.entries[0].reason == Reason::kIntegrity);
}

TEST_CASE("an announced item that is not there is taken as absent") {
  // SqNum is announced; a TimeOfEntry comes in its place.
  const Message message(
      wire::report(hex("8A 01 {r} 84 03 06 60 00 8C 06 01 E0 1E 7D 3D 32 84 02 07 80 83 01 01")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.problem == ReportProblem::wrong_type);
  CHECK(report.header.problem_item == std::string_view("SqNum"));
  CHECK_FALSE(report_problem_text(report.header.problem).empty());
  CHECK_FALSE(report.header.sq_num);
  CHECK(report.header.time_of_entry);
  CHECK(report.entries.size() == 1);
}

TEST_CASE("an item that is not announced is stepped over") {
  const Message message(
      wire::report(hex("8A 01 {r} 84 03 06 00 00 86 01 07 84 02 07 80 83 01 01")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.problem == ReportProblem::wrong_type);
  CHECK(report.header.members == 1);
  REQUIRE(report.entries.size() == 1);
  CHECK(report.entries[0].value.boolean());
}

TEST_CASE("a report without an inclusion bit-string has no entries") {
  const Message message(wire::report(hex("8A 01 {r} 84 03 06 00 00 83 01 01")));
  ReportView report;
  REQUIRE(read_report(*message, report));
  CHECK(report.header.problem == ReportProblem::no_inclusion);
  CHECK(report.entries.empty());
}

TEST_CASE("what is no report is refused") {
  ReportHeader header;
  CHECK_FALSE(read_report_header(*Message(wire::report(hex("86 01 01 86 01 02"))), header));
  CHECK_FALSE(read_report_header(*Message(wire::report(hex("8A 01 {r}"))), header));
  CHECK_FALSE(read_report_header(
      *Message(wire::information_report({"LD/CSWI1$CO$Pos$Oper"}, hex("83 01 01"))), header));
  CHECK_FALSE(read_report_header(*Message(wire::read({"LD/A$ST$x"})), header));
}

TEST_CASE("a report that ends anywhere is read as far as it goes") {
  const Octets octets = full_report();
  for (std::size_t length = 0; length < octets.size(); ++length) {
    const Message message(
        Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(length)));
    ReportView report;
    if (read_report(*message, report)) CHECK(report.entries.size() <= report.header.members);
  }
}

}  // namespace
}  // namespace mmsa::iec61850
