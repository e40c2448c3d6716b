#include "analysis/time/time_quality.h"

#include "exchange.h"

namespace mmsa::analysis {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Octets;
using Dialogue = Exchange<TimeQualityTracker>;

// { stVal true, q, t } with t of 2026 and this quality octet.
Octets status(std::string_view q, std::string_view clock = "0A") {
  return element("A2", hex("83 01 01 84 03 03 " + std::string(q) + " 91 08 69 A5 5B 80 00 00 00 " +
                           std::string(clock)));
}
// RptID "r", OptFlds data-set-name, DatSet; inclusion of three members.
Octets report(std::string_view inclusion, const Octets& values) {
  return wire::report(
      join({hex("8A 01 {r} 84 03 06 08 00 8A 09 {LD/LLN0$d} 84 02 05"), hex(inclusion), values}));
}
void learn_members(Dialogue& d) {
  d.exchange(ask_members("LD/LLN0$d"), tell_members({"LD/A1$ST$x", "LD/A1$ST$y", "LD/A1$ST$z$q"}));
}

TEST_CASE("good values and good stamps are told of nothing") {
  Dialogue d;
  learn_members(d);
  d.indicate(report("E0", join({status("00 00"), status("00 00", "9F"), hex("84 03 03 00 00")})));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a clock that is not synchronized is one finding with counts") {
  Dialogue d;
  d.indicate(report("C0", join({status("00 00", "20"), status("00 00", "0A")})));
  d.indicate(report("80", status("00 00", "2A")));
  d.close();
  const Finding& f = d.only("clock-not-synchronized");
  CHECK(f.severity == Severity::warning);
  CHECK(figure(f, "bad_time_stamps") == "2");
  CHECK(figure(f, "time_stamps") == "3");
  CHECK(figure(f, "clock_failure") == "0");
  CHECK(f.count == 2);
  CHECK(f.frames == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("what a server says of itself to several clients is one finding") {
  const Settings settings;
  FindingCollector findings(settings);
  for (const std::uint16_t port : {std::uint16_t{50'000}, std::uint16_t{50'001}}) {
    Connection connection;
    connection.stream = port;
    connection.endpoint[0].port = port;
    connection.endpoint[1].port = 102;
    Association association;
    association.connection = &connection;
    REQUIRE(findings.raise("clock-not-synchronized", association, {port, 0}).of_server().put() !=
            nullptr);
  }
  const auto sorted = findings.take_sorted();
  REQUIRE(sorted.size() == 1);
  CHECK(sorted[0].count == 2);
}

TEST_CASE("a clock that failed is told from one that is not synchronized") {
  Dialogue d;
  d.indicate(report("80", status("00 00", "40")));
  d.close();
  CHECK(contains(d.only("clock-not-synchronized").message, "has failed"));
}

TEST_CASE("the stamps of values that are read count as well") {
  Dialogue d;
  d.exchange(wire::read({"LD/A1$ST$x"}), wire::read_response(status("00 00", "20")));
  d.close();
  CHECK(d.only("clock-not-synchronized").frames == std::vector<std::uint64_t>{2});
}

TEST_CASE("stamps that are good later have another cause") {
  Dialogue d;
  // t a second earlier than that of status()
  d.indicate(
      report("80", element("A2", hex("83 01 01 84 03 03 00 00 91 08 69 A5 5B 7F 00 00 00 20"))));
  d.indicate(report("80", status("00 00")));
  d.close();
  const Finding& f = d.only("clock-not-synchronized");
  CHECK(figure(f, "good_later") == "true");
  CHECK(contains(f.cause, "Later time stamps are good"));
}

TEST_CASE("a time that was never set says nothing of the clock") {
  Dialogue d;
  d.indicate(
      report("80", element("A2", hex("83 01 01 84 03 03 00 00 91 08 00 00 00 00 00 00 00 20"))));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("times that clients write are not the server's") {
  // { ctlVal, operTm, origin { orCat, orIdent }, ctlNum, T, Test, Check }, both times with
  // ClockNotSynchronized
  const Octets oper =
      element("A2", hex("83 01 01 91 08 69 A5 5B 80 00 00 00 20 A2 05 85 01 02 89 00 86 01 01 "
                        "91 08 69 A5 5B 80 00 00 00 20 83 01 00 84 02 06 00"));
  Dialogue d;
  d.exchange(wire::write({"LD/A1$CO$x$Oper"}, oper), write_answer("81 00"));
  d.indicate(wire::information_report({"LD/A1$CO$x$Oper"}, oper));  // CommandTermination
  d.exchange(wire::read({"LD/A1$CO$x$Oper"}), wire::read_response(oper));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a bad quality is one finding for the signal, with when it was good again") {
  Dialogue d;
  learn_members(d);                           // frames 1, 2
  d.indicate(report("80", status("41 00")));  // invalid oldData
  d.indicate(report("80", status("41 00")));
  d.indicate(report("80", status("00 00")));
  d.close();
  const Finding& f = d.only("quality-bad");
  CHECK(f.severity == Severity::note);
  CHECK(f.object == "LD/A1$ST$x$q");
  CHECK(f.count == 2);
  CHECK(f.frames == std::vector<std::uint64_t>{3, 4});
  CHECK(figure(f, "quality") == "invalid oldData");
  CHECK(figure(f, "good_again") == "true");
  CHECK(contains(f.message, "frame 5"));
}

TEST_CASE("a signal that turns bad again is still bad") {
  Dialogue d;
  learn_members(d);
  d.indicate(report("80", status("40 00")));
  d.indicate(report("80", status("00 00")));
  d.indicate(report("80", status("C0 00")));
  d.close();
  const Finding& f = d.only("quality-bad");
  CHECK(figure(f, "good_again") == "false");
  CHECK(figure(f, "quality") == "invalid");
  CHECK(figure(f, "last_quality") == "questionable");
}

TEST_CASE("test and operatorBlocked are bad, substituted is not") {
  const auto found = [](std::string_view q) {
    Dialogue d;
    learn_members(d);
    d.indicate(report("80", status(q)));
    d.close();
    return d.findings();
  };
  REQUIRE(found("00 10").size() == 1);
  CHECK(contains(found("00 10")[0].cause, "test mode"));
  REQUIRE(found("00 08").size() == 1);
  CHECK(contains(found("00 08")[0].cause, "blocked"));
  CHECK(found("00 20").empty());
}

TEST_CASE("two bad signals of one report are two findings") {
  Dialogue d;
  learn_members(d);
  d.indicate(report("C0", join({status("40 00"), status("40 00")})));
  d.close();
  REQUIRE(d.findings().size() == 2);
  CHECK(d.findings()[0].object == "LD/A1$ST$x$q");
  CHECK(d.findings()[1].object == "LD/A1$ST$y$q");
}

TEST_CASE("a bit-string by itself is a quality by its name only") {
  Dialogue d;
  learn_members(d);
  // y is a bare bit-string of thirteen bits, z$q a quality
  d.indicate(report("60", hex("84 03 03 40 00 84 03 03 40 00")));
  d.close();
  CHECK(d.only("quality-bad").object == "LD/A1$ST$z$q");
}

TEST_CASE("a bit-string in a structure without a time stamp is no quality") {
  Dialogue d;
  learn_members(d);
  d.indicate(report("80", element("A2", hex("84 03 03 40 00 83 01 01"))));
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a signal whose data set is not known has the name of its report") {
  Dialogue d;
  d.indicate(report("40", status("40 00")));
  d.close();
  CHECK(d.only("quality-bad").object == "r[1]");
}

TEST_CASE("data references name the signal") {
  Dialogue d;
  // OptFlds data-reference
  d.indicate(wire::report(
      join({hex("8A 01 {r} 84 03 06 04 00 84 02 05 80 8A 0A {LD/A1$ST$w}"), status("40 00")})));
  d.close();
  CHECK(d.only("quality-bad").object == "LD/A1$ST$w$q");
}

TEST_CASE("the type tells which of several qualities of a member is bad") {
  Dialogue d;
  learn_members(d);
  // x is { phsA { v boolean, q, t }, phsB { v boolean, q, t } }
  const auto component = [](std::string_view name, const Octets& type) {
    return element("30", join({wire::text_element("80", name), element("A1", type)}));
  };
  const auto structure = [](const Octets& components) {
    return element("A2", element("A1", components));
  };
  const Octets phase =
      structure(join({component("v", hex("83 00")), component("q", hex("84 01 F3")),
                      component("t", hex("91 00"))}));
  d.exchange(wire::request(element("A6", element("A0", wire::object_name("LD/A1$ST$x")))),
             wire::response(element(
                 "A6", join({hex("80 01 00"),
                             element("A2", structure(join({component("phsA", phase),
                                                           component("phsB", phase)})))}))));
  d.indicate(report("80", element("A2", join({status("00 00"), status("40 00")}))));
  d.close();
  CHECK(d.only("quality-bad").object == "LD/A1$ST$x$phsB$q");
}

TEST_CASE("values that are only read are not told") {
  Dialogue d;
  d.exchange(wire::read({"LD/A1$ST$x"}), wire::read_response(status("40 00")));
  d.close();
  CHECK(d.findings().empty());
}

}  // namespace
}  // namespace mmsa::analysis
