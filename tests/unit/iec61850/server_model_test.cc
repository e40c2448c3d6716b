#include "iec61850/server_model.h"

#include <catch2/catch.hpp>

#include "iec61850/near_name.h"
#include "mmsanalyze/limits.h"
#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Message;
using wire::Octets;
using wire::request;
using wire::response;
using wire::text_element;

// Request and answer of one service, as the decoder tells them.
void exchange(ServerModel& model, const Octets& asked, const Octets& answer,
              std::uint64_t association = 1) {
  static std::uint64_t frame = 0;
  frame += 2;
  const Message request_message(asked, frame);
  RequestNote note{.constraints = constraints_of((*request_message).tree)};
  note.teaches = (*request_message).pdu.service == Service::kRead &&
                 model.may_learn_from(*request_message, note.constraints);
  model.learn(*Message(answer, asked, frame), false, association, note);
}

Octets define(std::string_view name, std::initializer_list<std::string_view> members) {
  return request(
      element("AB", join({wire::object_name(name), element("A0", wire::variables(members))})));
}
Octets defined() { return response(hex("8B 00")); }
Octets directory(std::string_view name) { return request(element("AC", wire::object_name(name))); }
Octets directory_answer(const Octets& variables) {
  return response(element("AC", join({hex("80 01 00"), element("A1", variables)})));
}
Octets remove(std::string_view name) {
  return request(element("AD", element("A1", wire::object_name(name))));
}
Octets removed(int matched, int deleted) {
  return response(element("AD", {0x80, 1, static_cast<std::uint8_t>(matched), 0x81, 1,
                                 static_cast<std::uint8_t>(deleted)}));
}
Octets type_request(std::string_view name) {
  return request(element("A6", element("A0", wire::object_name(name))));
}
// typeSpecification of { stVal bit-string 2, q bit-string -13, t utc-time }
Octets position_type() {
  const auto component = [](std::string_view name, std::string_view type) {
    return element("30", join({text_element("80", name), element("A1", hex(type))}));
  };
  return element("A2", element("A1", join({component("stVal", "84 01 02"),
                                           component("q", "84 01 F3"), component("t", "91 00")})));
}
Octets type_answer(const Octets& type) {
  return response(element("A6", join({hex("80 01 00"), element("A2", type)})));
}

TEST_CASE("the members of a data set are learnt from its directory") {
  NameTable names;
  ServerModel model(names);
  exchange(model, directory("LD/LLN0$ds"),
           directory_answer(wire::variables({"LD/GGIO1$ST$Ind1", "LD/GGIO1$ST$Ind2"})));
  CHECK(model.member("LD/LLN0$ds", 1, 0) == "LD/GGIO1$ST$Ind1");
  CHECK(model.member("LD/LLN0$ds", 1, 1) == "LD/GGIO1$ST$Ind2");
  CHECK(model.member("LD/LLN0.ds", 7, 1) == "LD/GGIO1$ST$Ind2");  // spelled otherwise
  CHECK(model.member("LD/LLN0$ds", 1, 2).empty());
  CHECK(model.member("LD/LLN0$other", 1, 0).empty());
  CHECK(model.has_name("LD", "GGIO1$ST$Ind1"));
}

TEST_CASE("a data set exists when its creation was accepted") {
  NameTable names;
  ServerModel model(names);
  exchange(model, define("LD/LLN0$ds", {"LD/A$ST$x"}), hex("A2 0A 80 01 05 A2 05 A0 03 82 01 05"));
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
  exchange(model, define("LD/LLN0$ds", {"LD/A$ST$x"}), defined());
  REQUIRE(model.data_set("LD/LLN0$ds", 1) != nullptr);
  exchange(model, define("LD/LLN0$ds", {"LD/A$ST$y", "LD/A$ST$z"}), defined());
  CHECK(model.data_set("LD/LLN0$ds", 1)->members.size() == 2);
}

TEST_CASE("data sets of an association are its own") {
  NameTable names;
  ServerModel model(names);
  exchange(model, define("@ds", {"LD/A$ST$x"}), defined(), 1);
  exchange(model, define("@ds", {"LD/A$ST$y"}), defined(), 2);
  CHECK(model.member("@ds", 1, 0) == "LD/A$ST$x");
  CHECK(model.member("@ds", 2, 0) == "LD/A$ST$y");
  CHECK(model.member("@ds", 3, 0).empty());
}

TEST_CASE("elements of arrays are named with their index") {  // PROTOCOL A.8
  NameTable names;
  ServerModel model(names);
  const Octets member =
      element("30", join({element("A0", wire::object_name("LD/GGIO9$MX$Har$ar")),
                          hex("A5 13 A0 11 81 01 03 30 0C A0 0A 80 03 {mag} 30 03 81 01 {f}")}));
  exchange(model, directory("LD/LLN0$ds"), directory_answer(member));
  CHECK(model.member("LD/LLN0$ds", 1, 0) == "LD/GGIO9$MX$Har$ar(3)$mag$f");
}

TEST_CASE("a deleted data set is forgotten, one that was kept is not") {
  NameTable names;
  ServerModel model(names);
  exchange(model, define("LD/LLN0$ds", {"LD/A$ST$x"}), defined());
  exchange(model, remove("LD/LLN0$ds"), removed(1, 0));
  CHECK(model.data_set("LD/LLN0$ds", 1) != nullptr);
  exchange(model, remove("LD/LLN0$ds"), removed(1, 1));
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
}

TEST_CASE("data sets are deleted by scope") {
  NameTable names;
  ServerModel model(names);
  exchange(model, define("LD/LLN0$ds", {"LD/A$ST$x"}), defined(), 1);
  exchange(model, define("@ds", {"LD/A$ST$x"}), defined(), 1);
  exchange(model, define("@ds", {"LD/A$ST$x"}), defined(), 2);
  exchange(model, request(hex("AD 03 80 01 01")), removed(1, 1), 1);
  CHECK(model.data_set("@ds", 1) == nullptr);
  CHECK(model.data_set("@ds", 2) != nullptr);
  CHECK(model.data_set("LD/LLN0$ds", 1) != nullptr);
  exchange(model, request(hex("AD 07 80 01 02 82 02 {LD}")), removed(1, 1), 1);
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
  CHECK(model.data_set("@ds", 2) != nullptr);
}

TEST_CASE("a directory that was cut off teaches nothing") {
  NameTable names;
  ServerModel model(names);
  Octets answer = directory_answer(wire::variables({"LD/A$ST$x", "LD/A$ST$y"}));
  answer.resize(answer.size() - 5);
  exchange(model, directory("LD/LLN0$ds"), answer);
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
}

TEST_CASE("control models are learnt from successful reads") {
  NameTable names;
  ServerModel model(names);
  const Octets asked = wire::read({"LD/CSWI1$CF$Pos$ctlModel", "LD/CSWI2$CF$Pos$ctlModel"});
  exchange(model, asked, wire::read_response(hex("85 01 04 80 01 0A")));
  CHECK(model.ctl_model("LD", "CSWI1$CO$Pos") == 4);
  CHECK_FALSE(model.ctl_model("LD", "CSWI2$CO$Pos"));
  CHECK_FALSE(model.ctl_model("LD2", "CSWI1$CO$Pos"));
  exchange(model, wire::read({"LD/CSWI1$CF$Pos$ctlModel"}), wire::read_response(hex("85 01 01")));
  CHECK(model.ctl_model("LD", "CSWI1$CO$Pos") == 1);  // the last one counts
}

TEST_CASE("the data set of reports is known by RptID while all blocks with it agree") {
  NameTable names;
  ServerModel model(names);
  const auto tell = [&model](std::string_view name, std::string_view value) {
    exchange(model, wire::read({name}), wire::read_response(text_element("8A", value)));
  };
  tell("LD/LLN0$RP$a01$DatSet", "LD/LLN0$ds1");
  CHECK(model.report_data_set("LD/LLN0$RP$a01") == "LD/LLN0$ds1");  // its RptID was not told
  tell("LD/LLN0$RP$a01$RptID", "Events");
  CHECK(model.report_data_set("LD/LLN0$RP$a01").empty());
  CHECK(model.report_data_set("Events") == "LD/LLN0$ds1");
  tell("LD/LLN0$RP$a02$DatSet", "LD/LLN0$ds2");
  tell("LD/LLN0$RP$a02$RptID", "Events");
  CHECK(model.report_data_set("Events").empty());  // of either block
  tell("LD/LLN0$RP$a02$DatSet", "LD/LLN0$ds1");
  CHECK(model.report_data_set("Events") == "LD/LLN0$ds1");
  tell("LD/LLN0$RP$a02$RptID", "Other");
  tell("LD/LLN0$RP$a02$DatSet", "LD/LLN0$ds3");
  CHECK(model.report_data_set("Events") == "LD/LLN0$ds1");
  CHECK(model.report_data_set("Other") == "LD/LLN0$ds3");
}

TEST_CASE("types are known for a variable and what is below it") {
  NameTable names;
  ServerModel model(names);
  exchange(model, type_request("LD/CSWI1$ST$Pos"), type_answer(position_type()));
  const TypeRef whole = model.type_of("LD", "CSWI1$ST$Pos");
  REQUIRE(whole != nullptr);
  CHECK(whole->type == DataType::structure);
  CHECK(whole->count == 4);
  const TypeRef quality = model.type_of("LD", "CSWI1$ST$Pos$q");
  REQUIRE(quality != nullptr);
  CHECK(quality->type == DataType::bit_string);
  CHECK(quality->size == -13);
  CHECK(quality->name == "q");
  CHECK(model.type_of("LD", "CSWI1$ST$Pos$d") == nullptr);
  // The answer that told it, for its components too.
  CHECK(model.type_source("LD", "CSWI1$ST$Pos$q").type == quality);
  CHECK(model.type_source("LD", "CSWI1$ST$Pos$d").frame.number == 0);
  CHECK(model.type_of("LD", "CSWI1$ST") == nullptr);
  CHECK(model.type_of("LD", "CSWI2$ST$Pos") == nullptr);
}

TEST_CASE("values are checked against types") {
  NameTable names;
  ServerModel model(names);
  exchange(model, type_request("LD/CSWI1$ST$Pos"), type_answer(position_type()));
  const TypeRef type = model.type_of("LD", "CSWI1$ST$Pos");
  REQUIRE(type != nullptr);
  const auto fits = [&](std::string_view value) {
    const Message message(wire::read_response(hex(value)));
    return matches(type, message->tree.at(message->tree.values[0]));
  };
  CHECK(fits("A2 13 84 02 06 80 84 03 03 00 00 91 08 00 00 00 00 00 00 00 00"));
  CHECK(fits("A2 13 84 02 06 80 84 03 04 00 00 91 08 00 00 00 00 00 00 00 00"));  // up to 13
  CHECK_FALSE(fits("A2 12 83 01 01 84 03 03 00 00 91 08 00 00 00 00 00 00 00 00"));
  CHECK_FALSE(fits("A2 13 84 02 05 80 84 03 03 00 00 91 08 00 00 00 00 00 00 00 00"));
  CHECK_FALSE(fits("A2 09 84 02 06 80 84 03 03 00 00"));
  CHECK_FALSE(fits("83 01 01"));
}

TEST_CASE("a name that was read becomes known, one that failed does not") {
  NameTable names;
  ServerModel model(names);
  const Octets asked = wire::read({"LD/MMXU1$MX$TotW", "LD/MMXU1$MX$TotX"});
  exchange(model, asked, wire::read_response(hex("83 01 01 80 01 0A")));
  CHECK(model.has_name("LD", "MMXU1$MX$TotW"));
  CHECK_FALSE(model.has_name("LD", "MMXU1$MX$TotX"));
  CHECK(model.nearest("LD", "MMXU1$MX$TotX") == "LD/MMXU1$MX$TotW");
}

TEST_CASE("name lists are learnt, and near names found among them") {
  NameTable names;
  ServerModel model(names);
  exchange(model,
           request(element("A1",
                           join({hex("A0 03 80 01 00"), element("A1", text_element("81", "LD"))}))),
           response(element("A1", join({element("A0", join({text_element("1A", "CSWI1$ST$Pos"),
                                                            text_element("1A", "CSWI1$ST$Loc"),
                                                            text_element("1A", "MMXU1$MX$A")})),
                                        hex("81 01 00")}))));
  CHECK(model.nearest("LD", "CSWI1$ST$Poss") == "LD/CSWI1$ST$Pos");
  CHECK(model.nearest("LD", "CSWI1$MX$Pos") == "LD/CSWI1$ST$Pos");
  CHECK(model.nearest("LE", "CSWI1$ST$Loc") == "LD/CSWI1$ST$Loc");
  CHECK(model.nearest("LD", "PTOC1$ST$Op").empty());
  CHECK(model.nearest("LD", std::string(1000, 'x')).empty());
}

TEST_CASE("answers to nobody and messages of other kinds teach nothing") {
  NameTable names;
  ServerModel model(names);
  model.learn(*Message(directory_answer(wire::variables({"LD/A$ST$x"}))), false, 1, {});
  model.learn(*Message(wire::report(hex("8A 01 {r} 84 03 06 00 00"))), false, 1, {});
  CHECK_FALSE(model.has_name("LD", "A$ST$x"));
}

TEST_CASE("the memory of a model is bounded") {
  NameTable names;
  ServerModel model(names);
  for (std::size_t i = 0; i < limits::kMaxDataSets + 10; ++i) {
    exchange(model, define("LD/LLN0$ds" + std::to_string(i), {"LD/A$ST$x"}), defined());
  }
  CHECK(model.full());
  CHECK(model.data_set("LD/LLN0$ds0", 1) != nullptr);
  CHECK(model.data_set("LD/LLN0$ds" + std::to_string(limits::kMaxDataSets), 1) == nullptr);
}

TEST_CASE("edit distance counts to its cap") {
  std::size_t work = 0;
  const auto distance = [&](std::string_view a, std::string_view b) {
    return edit_distance(a, b, 3, work);
  };
  CHECK(distance("", "") == 0);
  CHECK(distance("abc", "abc") == 0);
  CHECK(distance("abc", "abd") == 1);
  CHECK(distance("abc", "ab") == 1);
  CHECK(distance("kitten", "sitting") == 3);
  CHECK(distance("abcd", "bcda") == 2);
  CHECK(distance("abcdef", "ghijkl") == 4);
  CHECK(distance("a", "abcde") == 4);
  CHECK(distance("xaby", "ybax") == 4);
  CHECK(distance(std::string(300, 'a'), std::string(300, 'b')) == 4);
  CHECK(work > 0);
}

}  // namespace
}  // namespace mmsa::iec61850
