#include "iec61850/server_model.h"

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "iec61850/meaning.h"
#include "iec61850/near_name.h"
#include "mmsanalyze/limits.h"
#include "support/association.h"
#include "unit/iec61850/wire.h"

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

// A server whose clients exchange messages with it, and what is learnt of it.
class Server {
 public:
  ServerModel& model() { return models_.of(association(1)); }

  // Request and answer of one service.
  void exchange(const Octets& asked, const Octets& answer, std::uint32_t stream = 1) {
    const Association& association = this->association(stream);
    const wire::Pdu request(asked);
    MmsMessage request_message = message(request, test::kClient);
    request_message.request_view = &request;
    PendingRequest pending;
    pending.service = request.pdu().service;
    pending.sender = test::kClient;
    pending.note = meaning_.note_of_request(association, request_message);
    meaning_.on(association, request_message);
    const wire::Pdu answered(answer);
    MmsMessage answer_message = message(answered, test::kServer);
    answer_message.request = &pending;
    answer_message.request_view = &request;
    meaning_.on(association, answer_message);
  }
  void indicate(const Octets& octets) {
    const wire::Pdu pdu(octets);
    meaning_.on(association(1), message(pdu, test::kServer));
  }
  std::uint64_t frame() const { return frame_; }

 private:
  const Association& association(std::uint32_t stream) {
    auto& known = associations_[stream];
    if (known == nullptr) {
      known = std::make_unique<test::TestAssociation>(stream);
      known->association.slot = stream;
    }
    return known->association;
  }
  MmsMessage message(const wire::Pdu& pdu, Side sender) {
    ++frame_;
    return {.pdu = pdu.pdu(),
            .tree = pdu.tree(),
            .octets = pdu.octets(),
            .sender = sender,
            .frame = {frame_, static_cast<TimeNs>(frame_), static_cast<TimeNs>(frame_)},
            .frames = {}};
  }

  ServerModels models_;
  Meaning meaning_{models_, {}};
  std::map<std::uint32_t, std::unique_ptr<test::TestAssociation>> associations_;
  std::uint64_t frame_ = 0;
};

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
  Server server;
  ServerModel& model = server.model();
  server.exchange(directory("LD/LLN0$ds"),
                  directory_answer(wire::variables({"LD/GGIO1$ST$Ind1", "LD/GGIO1$ST$Ind2"})));
  CHECK(model.member("LD/LLN0$ds", 1, 0) == "LD/GGIO1$ST$Ind1");
  CHECK(model.member("LD/LLN0$ds", 1, 1) == "LD/GGIO1$ST$Ind2");
  CHECK(model.member("LD/LLN0.ds", 7, 1) == "LD/GGIO1$ST$Ind2");  // spelled otherwise
  CHECK(model.member("LD/LLN0$ds", 1, 2).empty());
  CHECK(model.member("LD/LLN0$other", 1, 0).empty());
  CHECK(model.has_name("LD", "GGIO1$ST$Ind1"));
}

TEST_CASE("a data set exists when its creation was accepted") {
  Server server;
  ServerModel& model = server.model();
  server.exchange(define("LD/LLN0$ds", {"LD/A$ST$x"}), hex("A2 0A 80 01 05 A2 05 A0 03 82 01 05"));
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
  server.exchange(define("LD/LLN0$ds", {"LD/A$ST$x"}), defined());
  REQUIRE(model.data_set("LD/LLN0$ds", 1) != nullptr);
  server.exchange(define("LD/LLN0$ds", {"LD/A$ST$y", "LD/A$ST$z"}), defined());
  CHECK(model.data_set("LD/LLN0$ds", 1)->members.size() == 2);
}

TEST_CASE("data sets of an association are its own") {
  Server server;
  ServerModel& model = server.model();
  server.exchange(define("@ds", {"LD/A$ST$x"}), defined(), 1);
  server.exchange(define("@ds", {"LD/A$ST$y"}), defined(), 2);
  CHECK(model.member("@ds", 1, 0) == "LD/A$ST$x");
  CHECK(model.member("@ds", 2, 0) == "LD/A$ST$y");
  CHECK(model.member("@ds", 3, 0).empty());
}

TEST_CASE("elements of arrays are named with their index") {  // PROTOCOL A.8
  Server server;
  ServerModel& model = server.model();
  const Octets member =
      element("30", join({element("A0", wire::object_name("LD/GGIO9$MX$Har$ar")),
                          hex("A5 13 A0 11 81 01 03 30 0C A0 0A 80 03 {mag} 30 03 81 01 {f}")}));
  server.exchange(directory("LD/LLN0$ds"), directory_answer(member));
  CHECK(model.member("LD/LLN0$ds", 1, 0) == "LD/GGIO9$MX$Har$ar(3)$mag$f");
}

TEST_CASE("a deleted data set is forgotten, one that was kept is not") {
  Server server;
  ServerModel& model = server.model();
  server.exchange(define("LD/LLN0$ds", {"LD/A$ST$x"}), defined());
  server.exchange(remove("LD/LLN0$ds"), removed(1, 0));
  CHECK(model.data_set("LD/LLN0$ds", 1) != nullptr);
  server.exchange(remove("LD/LLN0$ds"), removed(1, 1));
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
}

TEST_CASE("data sets are deleted by scope") {
  Server server;
  ServerModel& model = server.model();
  server.exchange(define("LD/LLN0$ds", {"LD/A$ST$x"}), defined(), 1);
  server.exchange(define("@ds", {"LD/A$ST$x"}), defined(), 1);
  server.exchange(define("@ds", {"LD/A$ST$x"}), defined(), 2);
  server.exchange(request(hex("AD 03 80 01 01")), removed(1, 1), 1);
  CHECK(model.data_set("@ds", 1) == nullptr);
  CHECK(model.data_set("@ds", 2) != nullptr);
  CHECK(model.data_set("LD/LLN0$ds", 1) != nullptr);
  server.exchange(request(hex("AD 07 80 01 02 82 02 {LD}")), removed(1, 1), 1);
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
  CHECK(model.data_set("@ds", 2) != nullptr);
}

TEST_CASE("a directory that was cut off teaches nothing") {
  Server server;
  ServerModel& model = server.model();
  Octets answer = directory_answer(wire::variables({"LD/A$ST$x", "LD/A$ST$y"}));
  answer.resize(answer.size() - 5);
  server.exchange(directory("LD/LLN0$ds"), answer);
  CHECK(model.data_set("LD/LLN0$ds", 1) == nullptr);
}

TEST_CASE("control models are learnt from successful reads") {
  Server server;
  ServerModel& model = server.model();
  const Octets asked = wire::read({"LD/CSWI1$CF$Pos$ctlModel", "LD/CSWI2$CF$Pos$ctlModel"});
  server.exchange(asked, wire::read_response(hex("85 01 04 80 01 0A")));
  CHECK(model.ctl_model("LD", "CSWI1$CO$Pos") == 4);
  CHECK_FALSE(model.ctl_model("LD", "CSWI2$CO$Pos"));
  CHECK_FALSE(model.ctl_model("LD2", "CSWI1$CO$Pos"));
  server.exchange(wire::read({"LD/CSWI1$CF$Pos$ctlModel"}), wire::read_response(hex("85 01 01")));
  CHECK(model.ctl_model("LD", "CSWI1$CO$Pos") == 1);  // the last one counts
}

// { ctlModel integer, sboTimeout unsigned, operTimeout unsigned } in shells of named structures.
Octets component(std::string_view name, const Octets& type) {
  return element("30", join({text_element("80", name), element("A1", type)}));
}
Octets structure(const Octets& components) { return element("A2", element("A1", components)); }
Octets configuration_type() {
  return structure(
      join({component("ctlModel", hex("85 01 08")), component("sboTimeout", hex("86 01 20")),
            component("operTimeout", hex("86 01 20"))}));
}
const Octets kConfiguration = hex("A2 0B 85 01 04 86 02 75 30 86 02 27 10");  // 4, 30000, 10000

// Everything that is known of CSWI1.Pos.
void check_configuration(Server& server, std::uint64_t frame) {
  const ControlFacts* const facts = server.model().control("LD", "CSWI1$CO$Pos");
  REQUIRE(facts != nullptr);
  CHECK(facts->ctl_model.value == 4);
  CHECK(facts->sbo_timeout.value == 30'000);
  CHECK(facts->oper_timeout.value == 10'000);
  CHECK(facts->ctl_model.source.frame.number == frame);
  CHECK(facts->ctl_model.source.file.empty());
  CHECK(server.model().ctl_model("LD", "CSWI1$CO$Pos") == 4);
  CHECK(server.model().controls().of("LD/CSWI1$CO$Pos")->sbo_timeout == 30 * kNsPerSecond);
}

TEST_CASE("control models are learnt from a whole data object that was described") {
  Server server;
  server.exchange(type_request("LD/CSWI1$CF$Pos"), type_answer(configuration_type()));
  server.exchange(wire::read({"LD/CSWI1$CF$Pos"}), wire::read_response(kConfiguration));
  check_configuration(server, 4);
}

TEST_CASE("control models are learnt from a whole LN$CF, with the type of the node or of LN$CF") {
  for (const bool by_node : {false, true}) {
    Server server;
    const Octets type = structure(component("Pos", configuration_type()));
    if (by_node) {
      server.exchange(type_request("LD/CSWI1"), type_answer(structure(component("CF", type))));
    } else {
      server.exchange(type_request("LD/CSWI1$CF"), type_answer(type));
    }
    server.exchange(wire::read({"LD/CSWI1$CF"}),
                    wire::read_response(element("A2", kConfiguration)));
    check_configuration(server, 4);
  }
}

TEST_CASE("control models and blocks are learnt from a whole logical node") {
  Server server;
  const Octets block = structure(
      join({component("RptID", hex("8A 01 C1")), component("RptEna", hex("83 00")),
            component("DatSet", hex("8A 01 C1")), component("ConfRev", hex("86 01 20"))}));
  server.exchange(type_request("LD/CSWI1"),
                  type_answer(structure(
                      join({component("CF", structure(component("Pos", configuration_type()))),
                            component("BR", structure(component("b01", block)))}))));
  server.exchange(
      wire::read({"LD/CSWI1"}),
      wire::read_response(element(
          "A2",
          join({element("A2", kConfiguration),
                element("A2", hex("A2 16 8A 02 {id} 83 01 00 8A 0A {LD/LLN0$ds} 86 01 07"))}))));
  check_configuration(server, 4);
  const BlockFacts* const known = server.model().block("LD/CSWI1$BR$b01");
  REQUIRE(known != nullptr);
  CHECK(known->buffered);
  CHECK(known->rpt_id.value == "id");
  CHECK(known->dat_set.value == "LD/LLN0$ds");
  CHECK(known->conf_rev.value == 7);
  CHECK(known->conf_rev.source.frame.number == 4);
  CHECK_FALSE(known->trg_ops);
  CHECK(server.model().report_data_set("id") == "LD/LLN0$ds");
}

TEST_CASE("control models are learnt by alternate access") {
  Server server;
  const Octets variable = element("30", join({element("A0", wire::object_name("LD/CSWI1$CF$Pos")),
                                              hex("A5 0A 81 08 {ctlModel}")}));
  server.exchange(request(element("A4", element("A1", element("A0", variable)))),
                  wire::read_response(hex("85 01 03")));
  CHECK(server.model().ctl_model("LD", "CSWI1$CO$Pos") == 3);
}

TEST_CASE("control models are learnt from one of many variables, and from members of data sets") {
  Server server;
  server.exchange(
      wire::read({"LD/A1$ST$a", "LD/A1$ST$b", "LD/A1$ST$c", "LD/A1$ST$d", "LD/A1$ST$e",
                  "LD/A1$ST$f", "LD/A1$ST$g", "LD/A1$ST$h", "LD/A1$ST$i",
                  "LD/CSWI1$CF$Pos$ctlModel"}),
      wire::read_response(hex("83 01 00 83 01 00 83 01 00 83 01 00 83 01 00 83 01 00 83 01 00 "
                              "83 01 00 83 01 00 85 01 02")));
  CHECK(server.model().ctl_model("LD", "CSWI1$CO$Pos") == 2);
  server.exchange(define("LD/LLN0$cf", {"LD/A1$ST$a", "LD/CSWI2$CF$Pos$ctlModel"}), defined());
  server.exchange(wire::read_list("LD/LLN0$cf"), wire::read_response(hex("83 01 00 85 01 01")));
  CHECK(server.model().ctl_model("LD", "CSWI2$CO$Pos") == 1);
}

TEST_CASE("a control model that was written and accepted is known, one that was refused is not") {
  Server server;
  server.exchange(wire::write({"LD/CSWI1$CF$Pos$ctlModel", "LD/CSWI2$CF$Pos$ctlModel"},
                              hex("85 01 01 85 01 01")),
                  response(element("A5", hex("81 00 80 01 03"))));
  CHECK(server.model().ctl_model("LD", "CSWI1$CO$Pos") == 1);
  CHECK_FALSE(server.model().ctl_model("LD", "CSWI2$CO$Pos"));
}

TEST_CASE("a structure whose type is not known, or does not fit, teaches no control model") {
  Server server;
  server.exchange(wire::read({"LD/CSWI1$CF$Pos"}), wire::read_response(kConfiguration));
  server.exchange(type_request("LD/CSWI1$CF$Pos"),
                  type_answer(structure(component("ctlModel", hex("85 01 08")))));
  server.exchange(wire::read({"LD/CSWI1$CF$Pos"}), wire::read_response(kConfiguration));
  CHECK(server.model().control("LD", "CSWI1$CO$Pos") == nullptr);
}

TEST_CASE("a client that polls teaches control models all the same") {
  Server server;
  for (int i = 0; i < 200; ++i) {
    server.exchange(wire::read({"LD/A1$ST$a"}), wire::read_response(hex("83 01 00")));
  }
  server.exchange(wire::read({"LD/CSWI1$CF$Pos$ctlModel"}), wire::read_response(hex("85 01 04")));
  CHECK(server.model().ctl_model("LD", "CSWI1$CO$Pos") == 4);
}

TEST_CASE("a whole block is learnt by the order of the standard, an attribute by its type") {
  Server server;
  server.exchange(wire::read({"LD/LLN0$RP$u01"}),
                  wire::read_response(
                      hex("A2 37 8A 02 {id} 83 01 00 83 01 00 8A 0A {LD/LLN0$ds} 86 01 07 "
                          "84 03 06 78 00 86 01 32 86 01 00 84 02 02 44 86 02 03 E8 83 01 00")));
  const BlockFacts* const block = server.model().block("LD/LLN0$RP$u01");
  REQUIRE(block != nullptr);
  CHECK(block->rpt_id.value == "id");
  CHECK(block->conf_rev.value == 7);
  CHECK(block->buf_tm.value == 50);
  CHECK(block->intg_pd.value == 1000);
  CHECK(block->trg_ops.value == 0x22);
  CHECK(block->opt_flds.known);
  server.exchange(wire::write({"LD/LLN0$RP$u01$IntgPd"}, hex("86 01 05")),
                  response(hex("A5 02 81 00")));
  CHECK(server.model().block("LD/LLN0$RP$u01")->intg_pd.value == 5);
  CHECK(server.model().block("LD/LLN0$RP$u01")->intg_pd.source.frame.number == server.frame());
}

TEST_CASE("the data set of reports is known by RptID while all blocks with it agree") {
  Server server;
  ServerModel& model = server.model();
  const auto tell = [&server](std::string_view name, std::string_view value) {
    server.exchange(wire::read({name}), wire::read_response(text_element("8A", value)));
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
  Server server;
  ServerModel& model = server.model();
  server.exchange(type_request("LD/CSWI1$ST$Pos"), type_answer(position_type()));
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
  Server server;
  ServerModel& model = server.model();
  server.exchange(type_request("LD/CSWI1$ST$Pos"), type_answer(position_type()));
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
  Server server;
  ServerModel& model = server.model();
  const Octets asked = wire::read({"LD/MMXU1$MX$TotW", "LD/MMXU1$MX$TotX"});
  server.exchange(asked, wire::read_response(hex("83 01 01 80 01 0A")));
  CHECK(model.has_name("LD", "MMXU1$MX$TotW"));
  CHECK_FALSE(model.has_name("LD", "MMXU1$MX$TotX"));
  CHECK(model.nearest("LD", "MMXU1$MX$TotX") == "LD/MMXU1$MX$TotW");
}

TEST_CASE("name lists are learnt, and near names found among them") {
  Server server;
  ServerModel& model = server.model();
  server.exchange(
      request(
          element("A1", join({hex("A0 03 80 01 00"), element("A1", text_element("81", "LD"))}))),
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
  Server server;
  ServerModel& model = server.model();
  server.indicate(directory_answer(wire::variables({"LD/A$ST$x"})));
  server.indicate(wire::report(hex("8A 01 {r} 84 03 06 00 00")));
  CHECK_FALSE(model.has_name("LD", "A$ST$x"));
}

TEST_CASE("the memory of a model is bounded") {
  Server server;
  ServerModel& model = server.model();
  for (std::size_t i = 0; i < limits::kMaxDataSets + 10; ++i) {
    server.exchange(define("LD/LLN0$ds" + std::to_string(i), {"LD/A$ST$x"}), defined());
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
