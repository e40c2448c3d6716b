#include "analysis/access/access.h"

#include "exchange.h"

namespace mmsa::analysis {
namespace {

using wire::hex;
using wire::read;
using wire::read_list;
using wire::read_response;
using wire::write;
using Dialogue = Exchange<AccessTracker>;

TEST_CASE("an object that can not be read is told with its error and frames") {
  Dialogue d;
  // AccessResult: success integer 7, failure object-access-denied (3)
  d.exchange(read({"LD/A1$ST$Mod", "LD/A1$ST$Beh"}), read_response(hex("85 01 07 80 01 03")));
  d.close();
  const Finding& f = d.only("read-failed");
  CHECK(f.object == "LD/A1$ST$Beh");
  CHECK(contains(f.message, "object-access-denied"));
  CHECK(contains(f.message, "1 of 2"));
  CHECK(figure(f, "failed") == "1");
  CHECK(figure(f, "of") == "2");
  CHECK(f.frames == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("the same object with the same error is one finding, another error another") {
  Dialogue d;
  for (int i = 0; i < 3; ++i) d.exchange(read({"LD/A1$ST$Beh"}), read_response(hex("80 01 0A")));
  d.exchange(read({"LD/A1$ST$Beh"}), read_response(hex("80 01 02")));
  d.close();
  REQUIRE(d.findings().size() == 2);
  CHECK(d.findings()[0].count == 3);
  CHECK(d.findings()[1].count == 1);
}

TEST_CASE("reads that succeed are told of nothing") {
  Dialogue d;
  d.exchange(read({"LD/A1$ST$Mod"}), read_response(hex("8A 00")));  // empty string
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a name that the server has under another functional constraint is offered") {
  Dialogue d;
  d.exchange(read({"LD/MMXU1$MX$TotW"}), read_response(hex("85 01 07")));
  d.exchange(read({"LD/MMXU1$ST$TotW"}), read_response(hex("80 01 0A")));
  d.close();
  const Finding& f = d.only("read-failed");
  CHECK(figure(f, "near_miss") == "LD/MMXU1$MX$TotW");
  CHECK(contains(f.cause, "functional constraint"));
}

TEST_CASE("a name that differs in a letter is offered") {
  Dialogue d;
  d.exchange(read({"LD/XCBR1$ST$Pos"}), read_response(hex("85 01 07")));
  d.exchange(read({"LD/XCBR1$ST$pos"}), read_response(hex("80 01 0A")));
  d.close();
  const Finding& f = d.only("read-failed");
  CHECK(figure(f, "near_miss") == "LD/XCBR1$ST$Pos");
  CHECK(contains(f.next_step, "LD/XCBR1$ST$Pos"));
}

TEST_CASE("no similar name is offered for an object that exists") {
  Dialogue d;
  d.exchange(read({"LD/XCBR1$ST$Pos"}), read_response(hex("85 01 07")));
  d.exchange(read({"LD/XCBR1$ST$pos"}), read_response(hex("80 01 03")));  // object-access-denied
  d.close();
  CHECK(figure(d.only("read-failed"), "near_miss") == "-");
}

TEST_CASE("an element of an array that is not there is told as such") {
  Dialogue d;
  d.exchange(read({"LD/A1$MX$Har$ar"}), read_response(hex("85 01 07")));
  // { name, alternateAccess { selectAlternateAccess { index 99, { component "f" } } } }
  d.exchange(
      wire::request(wire::element(
          "A4",
          wire::element(
              "A1",
              wire::element(
                  "A0",
                  wire::element(
                      "30", wire::join({wire::element("A0", wire::object_name("LD/A1$MX$Har$ar")),
                                        hex("A5 0A A0 08 81 01 63 30 03 81 01 {f}")})))))),
      read_response(hex("80 01 0A")));
  d.close();
  const Finding& f = d.only("read-failed");
  CHECK(f.object == "LD/A1$MX$Har$ar(99)$f");
  CHECK(contains(f.cause, "element"));
}

TEST_CASE("reading SBO selects: the control rules tell of it") {
  Dialogue d;
  d.exchange(read({"LD/A1$CO$Pos$SBO"}), read_response(hex("80 01 03")));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("the member of a data set that fails is named") {
  Dialogue d;
  d.exchange(ask_members("LD/LLN0$ds"), tell_members({"LD/A1$ST$Mod", "LD/A1$ST$Beh"}));
  d.exchange(read_list("LD/LLN0$ds"), read_response(hex("85 01 07 80 01 02")));
  d.close();
  const Finding& f = d.only("read-failed");
  CHECK(f.object == "LD/A1$ST$Beh");
  CHECK(figure(f, "data_set") == "LD/LLN0$ds");
  CHECK(figure(f, "index") == "1");
}

TEST_CASE("the member of an unknown data set is told by its index") {
  Dialogue d;
  d.exchange(read_list("LD/LLN0$ds"), read_response(hex("85 01 07 80 01 02")));
  d.close();
  CHECK(d.only("read-failed").object == "LD/LLN0$ds[1]");
}

TEST_CASE("failures whose request is not in the capture have no object") {
  Dialogue d;
  d.indicate(read_response(hex("80 01 0A")));
  d.close();
  const Finding& f = d.only("read-failed");
  CHECK(f.object.empty());
  CHECK(contains(f.message, "not in the capture"));
}

TEST_CASE("a capture of one direction says nothing of single objects") {
  Dialogue d;
  d.one_direction();
  d.indicate(read_response(hex("80 01 0A")));
  d.indicate(write_answer("80 01 03"));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a value that can not be written is told with value and types") {
  Dialogue d;
  // typeSpecification floating-point { 32, 8 }
  d.exchange(
      wire::request(wire::element("A6", wire::element("A0", wire::object_name("LD/A1$SP$Set")))),
      wire::response(wire::element("A6", hex("80 01 00 A2 08 A7 06 02 01 20 02 01 08"))));
  d.exchange(write({"LD/A1$SP$Set"}, hex("85 01 05")), write_answer("80 01 07"));
  d.close();
  const Finding& f = d.only("write-failed");
  CHECK(f.severity == Severity::error);
  CHECK(f.object == "LD/A1$SP$Set");
  CHECK(figure(f, "value") == "5");
  CHECK(figure(f, "written_type") == "integer");
  CHECK(figure(f, "type") == "floating-point");
}

TEST_CASE("of several writes only those that failed are told") {
  Dialogue d;
  d.exchange(write({"LD/A1$SP$a", "LD/A1$SP$b"}, hex("85 01 05 85 01 06")),
             write_answer("81 00 80 01 0B"));
  d.close();
  const Finding& f = d.only("write-failed");
  CHECK(f.object == "LD/A1$SP$b");
  CHECK(figure(f, "value") == "6");
}

TEST_CASE("writes to controls and report control blocks have rules of their own") {
  Dialogue d;
  for (const std::string_view name :
       {"LD/A1$CO$Pos$Oper", "LD/A1$CO$Pos$SBOw", "LD/A1$CO$Pos$Cancel", "LD/LLN0$BR$b1$RptEna",
        "LD/LLN0$RP$u1$TrgOps"}) {
    d.exchange(write({name}, hex("83 01 01")), write_answer("80 01 03"));
  }
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a member of a control that is written by itself is left to the rules of controls") {
  Dialogue d;
  d.exchange(write({"LD/A1$CO$Pos$Oper$ctlVal"}, hex("83 01 01")), write_answer("80 01 03"));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a setting group that does not exist is told as such") {
  Dialogue d;
  d.exchange(write({"LD/LLN0$SP$SGCB$ActSG"}, hex("86 01 63")), write_answer("80 01 0B"));
  d.close();
  CHECK(contains(d.only("write-failed").next_step, "NumOfSG"));
}

TEST_CASE("editable settings need an open group") {
  Dialogue d;
  const auto write_setting = [&] {
    d.exchange(write({"LD/PTOC1$SE$StrVal"}, hex("85 01 05")), write_answer("80 01 02"));
  };
  SECTION("none was opened") {
    write_setting();
    d.close();
    CHECK(contains(d.only("write-failed").cause, "No setting group was opened"));
  }
  SECTION("one is open") {
    d.exchange(write({"LD/LLN0$SP$SGCB$EditSG"}, hex("86 01 01")), write_answer("81 00"));
    write_setting();
    d.close();
    CHECK(contains(d.only("write-failed").cause, "open for editing, but"));
  }
  SECTION("the editing was confirmed before") {
    d.exchange(write({"LD/LLN0$SP$SGCB$EditSG"}, hex("86 01 01")), write_answer("81 00"));
    d.exchange(write({"LD/LLN0$SP$SGCB$CnfEdit"}, hex("83 01 01")), write_answer("81 00"));
    write_setting();
    d.close();
    CHECK(contains(d.only("write-failed").cause, "No setting group was opened"));
  }
}

TEST_CASE("every functional constraint that can not be written says why") {
  for (const std::string_view fc : {"SG", "ST", "MX", "LG", "GO"}) {
    Dialogue d;
    d.exchange(write({"LD/A1$" + std::string(fc) + "$x$y"}, hex("83 01 01")),
               write_answer("80 01 03"));
    d.close();
    const Finding& f = d.only("write-failed");
    INFO(fc);
    CHECK_FALSE(contains(f.cause, "read-only, the device is in local mode"));
  }
}

TEST_CASE("an answer with fewer results than objects does not fit") {
  Dialogue d;
  d.exchange(read({"LD/A1$ST$Mod", "LD/A1$ST$Beh"}), read_response(hex("85 01 07")));
  d.close();
  const Finding& f = d.only("response-mismatch");
  CHECK(figure(f, "asked") == "2");
  CHECK(figure(f, "results") == "1");
}

TEST_CASE("failures of an answer that does not fit are not put on objects") {
  Dialogue d;
  d.exchange(write({"LD/A1$SP$a", "LD/A1$SP$b"}, hex("85 01 05 85 01 06")),
             write_answer("80 01 03"));
  d.close();
  REQUIRE(d.findings().size() == 2);
  CHECK(d.findings()[0].rule == "response-mismatch");
  CHECK(d.findings()[1].rule == "write-failed");
  CHECK(d.findings()[1].object.empty());
}

TEST_CASE("a data set that has other members than told is a warning") {
  Dialogue d;
  d.exchange(ask_members("LD/LLN0$ds"), tell_members({"LD/A1$ST$Mod", "LD/A1$ST$Beh"}));
  d.exchange(read_list("LD/LLN0$ds"), read_response(hex("85 01 07")));
  d.close();
  CHECK(d.only("response-mismatch").severity == Severity::warning);
}

// deleteNamedVariableList: names; answer numberMatched, numberDeleted.
wire::Octets delete_sets(std::initializer_list<std::string_view> names) {
  wire::Octets all;
  for (const std::string_view name : names) {
    const wire::Octets one = wire::object_name(name);
    all.insert(all.end(), one.begin(), one.end());
  }
  return wire::request(wire::element("AD", wire::element("A1", all)));
}
wire::Octets deleted(std::string_view matched, std::string_view count) {
  return wire::response(
      wire::element("AD", hex("80 01 " + std::string(matched) + " 81 01 " + std::string(count))));
}

TEST_CASE("a data set that was matched but not deleted is told") {
  Dialogue d;
  d.exchange(delete_sets({"LD/LLN0$ds"}), deleted("01", "00"));
  d.close();
  const Finding& f = d.only("delete-without-effect");
  CHECK(f.object == "LD/LLN0$ds");
  CHECK(figure(f, "matched") == "1");
  CHECK(figure(f, "deleted") == "0");
}

TEST_CASE("a data set that was not matched has another cause") {
  Dialogue d;
  d.exchange(delete_sets({"LD/LLN0$ds"}), deleted("00", "00"));
  d.close();
  CHECK(contains(d.only("delete-without-effect").cause, "no data set of this name"));
}

TEST_CASE("one of two data sets deleted is told with both names") {
  Dialogue d;
  d.exchange(delete_sets({"LD/LLN0$a", "@b"}), deleted("02", "01"));
  d.close();
  CHECK(figure(d.only("delete-without-effect"), "names") == "LD/LLN0$a, @b");
}

TEST_CASE("a delete of all that was asked for is told of nothing") {
  Dialogue d;
  d.exchange(delete_sets({"LD/LLN0$a", "@b"}), deleted("02", "02"));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("data sets that were changed by a request that was not kept are forgotten") {
  Exchange<AccessTracker> d;
  d.exchange(ask_members("IED1LD0/LLN0$ds"), tell_members({"IED1LD0/A", "IED1LD0/B"}));
  SECTION("deleted") {
    d.ask(wire::request(wire::hex("AD 00")));
    d.answer_unkept(wire::response(wire::hex("AD 06 80 01 01 81 01 01")));
  }
  SECTION("defined") {
    d.ask(wire::request(wire::hex("AB 00")));
    d.answer_unkept(wire::response(wire::hex("8B 00")));
  }
  d.exchange(
      wire::request(wire::element(
          "A4", wire::element("A1", wire::element("A1", wire::object_name("IED1LD0/LLN0$ds"))))),
      wire::read_response(wire::hex("83 01 00")));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("names beyond what a finding can hold are counted") {
  Dialogue d;
  const std::string name = "LD/LLN0$" + std::string(100, 'x');
  wire::Octets names;
  for (int i = 0; i < 5; ++i)
    names = wire::join({names, wire::object_name(name + std::to_string(i))});
  d.exchange(wire::request(wire::element("AD", wire::element("A1", names))),
             wire::response(hex("AD 06 80 01 05 81 01 00")));
  d.close();
  CHECK(contains(d.only("delete-without-effect").message, "x1 and 3 more was to be deleted"));
}

}  // namespace
}  // namespace mmsa::analysis
