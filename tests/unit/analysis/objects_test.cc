// Data sets, logs and setting groups as an association shows them.
#include "analysis/access/data_sets.h"
#include "analysis/access/logs.h"
#include "analysis/access/setting_groups.h"
#include "exchange.h"

namespace mmsa::analysis {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Octets;
using wire::request;
using wire::response;

Octets define(std::string_view name, std::initializer_list<std::string_view> members) {
  return request(
      element("AB", join({wire::object_name(name), element("A0", wire::variables(members))})));
}
Octets delete_set(std::string_view name) {
  return request(element("AD", element("A1", wire::object_name(name))));
}

TEST_CASE("data sets are listed with their members and the service that told them") {
  Exchange<DataSetTracker> d;
  d.exchange(ask_members("LD/LLN0$a"), tell_members({"LD/A1$ST$x", "LD/A1$ST$y"}));
  d.exchange(define("@b", {"LD/A1$MX$z"}), response(hex("8B 00")));
  // Asked for again: still one.
  d.exchange(ask_members("LD/LLN0$a"), tell_members({"LD/A1$ST$x"}));
  const auto& sets = d.report().data_sets;
  REQUIRE(sets.size() == 2);
  CHECK(sets[0].name == "LD/LLN0$a");
  CHECK(sets[0].members == std::vector<std::string>{"LD/A1$ST$x"});
  CHECK(sets[0].source == "getNamedVariableListAttributes");
  CHECK(sets[1].name == "@b");
  CHECK(sets[1].members == std::vector<std::string>{"LD/A1$MX$z"});
  CHECK(sets[1].source == "defineNamedVariableList");
}

TEST_CASE("a definition that fails makes no data set") {
  Exchange<DataSetTracker> d;
  d.exchange(define("LD/LLN0$a", {"LD/A1$MX$z"}), error("82", "05"));  // definition/object-exists
  CHECK(d.report().data_sets.empty());
}

TEST_CASE("a data set that was deleted says so, one that was not does not") {
  Exchange<DataSetTracker> d;
  d.exchange(define("LD/LLN0$a", {"LD/A1$MX$z"}), response(hex("8B 00")));
  d.exchange(delete_set("LD/LLN0$a"), response(hex("AD 06 80 01 01 81 01 00")));
  CHECK(d.report().data_sets.at(0).source == "defineNamedVariableList");
  d.exchange(delete_set("LD/LLN0$a"), response(hex("AD 06 80 01 01 81 01 01")));
  CHECK(d.report().data_sets.at(0).source == "deleteNamedVariableList");
  CHECK(d.report().data_sets.at(0).members.size() == 1);
}

TEST_CASE("queries of a log and their entries are counted") {
  Exchange<LogTracker> d;
  const Octets query = request(element("BF 41", element("A0", wire::object_name("LD/LLN0$log"))));
  // { entryIdentifier, originatingApplication {}, entryContent { occurrenceTime, annotation } }
  const Octets entry = hex("30 15 80 01 07 A1 02 30 00 A2 0C 80 06 00 00 00 01 00 02 83 02 {ok}");
  d.exchange(query, response(element("BF 41", element("A0", join({entry, entry})))));
  d.exchange(query, response(element("BF 41", hex("A0 00"))));
  d.exchange(query, error("87", "02"));  // access/object-non-existent
  REQUIRE(d.report().logs.size() == 1);
  const LogResult& log = d.report().logs[0];
  CHECK(log.name == "LD/LLN0$log");
  CHECK(log.queries == 3);
  CHECK(log.entries == 2);
  CHECK(log.errors == 1);
}

TEST_CASE("what is done with setting groups is listed step by step") {
  Exchange<SettingGroupTracker> d;
  const auto write = [&](std::string_view name, std::string_view value, std::string_view result) {
    d.exchange(wire::write({name}, hex(value)), write_answer(result));
  };
  write("LD/LLN0$SP$SGCB$EditSG", "86 01 02", "81 00");
  write("LD/PTOC1$SE$StrVal$setMag$i", "85 01 05", "81 00");
  write("LD/LLN0$SP$SGCB$CnfEdit", "83 01 01", "81 00");
  write("LD/LLN0$SP$SGCB$ActSG", "86 01 63", "80 01 0B");
  write("LD/GGIO1$SP$x", "86 01 63", "80 01 0B");  // not about setting groups
  const auto& steps = d.report().setting_groups;
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].what == "SelectEditSG 2");
  CHECK(steps[0].result == "ok");
  CHECK(steps[0].frame.number == 1);
  CHECK(steps[1].what == "SetEditSGValue 5");
  CHECK(steps[1].object == "LD/PTOC1$SE$StrVal$setMag$i");
  CHECK(steps[2].what == "ConfirmEditSGValues true");
  CHECK(steps[3].what == "SelectActiveSG 99");
  CHECK(steps[3].result == "refused: object-value-invalid");
}

TEST_CASE("several settings in one write are a step each, with their own results") {
  Exchange<SettingGroupTracker> d;
  d.exchange(
      wire::write({"LD/A1$SE$x", "LD/A1$SP$y", "LD/A1$SE$z"}, hex("85 01 01 85 01 02 85 01 03")),
      write_answer("81 00 81 00 80 01 03"));
  const auto& steps = d.report().setting_groups;
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].result == "ok");
  CHECK(steps[1].what == "SetEditSGValue 3");
  CHECK(steps[1].result == "refused: object-access-denied");
}

// --- limits: what is not listed is said ---

template <typename Tracker>
void check_limit(Exchange<Tracker>& d, std::string_view limit, std::string_view count) {
  d.close();
  const Finding& f = d.only("limit-reached");
  CHECK(figure(f, "limit") == limit);
  CHECK(figure(f, "count") == count);
}

TEST_CASE("data sets beyond 1000 are not listed, which is said") {
  Exchange<DataSetTracker> d;
  for (int i = 0; i < 1002; ++i) {
    d.exchange(define("LD/LLN0$a" + std::to_string(i), {"LD/A1$MX$z"}), response(hex("8B 00")));
  }
  CHECK(d.report().data_sets.size() == 1000);
  check_limit(d, "data sets listed", "2");
}

TEST_CASE("logs beyond 256 are not listed, which is said") {
  Exchange<LogTracker> d;
  for (int i = 0; i < 257; ++i) {
    d.ask(request(
        element("BF 41", element("A0", wire::object_name("LD/LLN0$log" + std::to_string(i))))));
  }
  CHECK(d.report().logs.size() == 256);
  check_limit(d, "logs", "1");
}

TEST_CASE("steps of setting groups beyond 512 are not listed, which is said") {
  Exchange<SettingGroupTracker> d;
  for (int i = 0; i < 513; ++i) {
    d.exchange(wire::write({"LD/LLN0$SP$SGCB$ActSG"}, hex("86 01 01")),
               response(hex("A5 02 81 00")));
  }
  CHECK(d.report().setting_groups.size() == 512);
  check_limit(d, "setting group steps", "1");
}

}  // namespace
}  // namespace mmsa::analysis
