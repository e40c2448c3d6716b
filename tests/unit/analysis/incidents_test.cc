#include "analysis/incidents.h"

#include <catch2/catch.hpp>

#include "analysis/names.h"

namespace mmsa::analysis {
namespace {

using Catch::Matchers::Contains;
using Kind = Incident::Kind;

FrameRef at(double seconds) {
  const auto time = static_cast<TimeNs>(seconds * 1e9);
  return {static_cast<std::uint64_t>(seconds * 10) + 1, time, time};
}

// A small plant whose associations and findings are put together by hand.
struct Plant {
  Result report;

  AssociationResult& association(std::string client, std::string server, double from, double to) {
    AssociationResult a;
    a.stream = static_cast<std::uint32_t>(report.associations.size());
    a.client = client + ":" + std::to_string(50000 + a.stream);
    a.server = server + ":102";
    a.opened = at(from);
    a.opened_how = "initiate";
    a.closed = at(to);
    a.closed_how = "open at the end";
    report.associations.push_back(std::move(a));
    return report.associations.back();
  }
  AssociationResult& lost(std::string client, std::string server, double from, double to) {
    AssociationResult& a = association(std::move(client), std::move(server), from, to);
    a.closed_how = "rst";
    a.closed_by = "server";
    finding("connection-reset", a, to, Severity::error);
    return a;
  }
  void refused(std::string client, std::string server, double when) {
    AssociationResult& a = association(std::move(client), std::move(server), when, when);
    a.opened_how = "refused: TCP";
    finding("association-refused", a, when, Severity::error);
  }
  Finding& finding(std::string_view rule, const AssociationResult& a, double when,
                   Severity severity) {
    Finding f;
    f.rule = rule;
    f.severity = severity;
    f.has_stream = true;
    f.stream = a.stream;
    f.client = a.client;
    f.server = a.server;
    f.time = f.last_time = at(when).time;
    f.occurrences = {
        {.frame = at(when), .frames = {at(when).number}, .has_stream = true, .stream = a.stream}};
    report.findings.push_back(std::move(f));
    return report.findings.back();
  }
  const std::vector<Incident>& incidents() {
    find_incidents(report);
    return report.incidents;
  }
};

void enable(AssociationResult& a, std::string reference, double when, std::string data_set = "") {
  RcbResult block;
  block.reference = std::move(reference);
  block.data_set = std::move(data_set);
  RcbStep step;
  step.frame = at(when);
  step.what = "enable";
  block.story = {step};
  a.report_control_blocks.push_back(std::move(block));
}

TEST_CASE("reset, refused, back, enabled again: one incident with the time without reports") {
  Plant plant;
  enable(plant.lost("10.0.0.1", "10.0.0.2", 0, 10), "LD/LLN0$BR$b", 1);
  plant.refused("10.0.0.1", "10.0.0.2", 11);
  plant.refused("10.0.0.1", "10.0.0.2", 12);
  enable(plant.association("10.0.0.1", "10.0.0.2", 13, 60), "LD/LLN0$BR$b", 13.8);
  REQUIRE(plant.incidents().size() == 1);
  const Incident& incident = plant.report.incidents[0];
  CHECK(incident.kind == Kind::connection_lost);
  CHECK(incident.refused == 2);
  CHECK(incident.over);
  CHECK(incident.without_connection_s == 3.0);
  CHECK(incident.without_reports_s == Approx(3.8));
  CHECK(incident.steps.size() == 5);
  CHECK_THAT(incident.summary, Contains("10.0.0.1 lost 10.0.0.2:102 (reset by the server)") &&
                                   Contains("2 attempts failed") &&
                                   Contains("without reports for 3.8"));
}

TEST_CASE("attempts that were refused while the server was away are no errors of their own") {
  Plant plant;
  plant.lost("10.0.0.1", "10.0.0.2", 0, 10);
  plant.refused("10.0.0.1", "10.0.0.2", 11);
  plant.association("10.0.0.1", "10.0.0.2", 13, 60);
  plant.incidents();
  REQUIRE(plant.report.findings.size() == 2);
  CHECK(plant.report.findings[0].rule == "connection-reset");
  CHECK(plant.report.findings[0].severity == Severity::error);
  CHECK(plant.report.findings[1].severity == Severity::note);
  REQUIRE(plant.report.incidents[0].findings.size() == 1);
  CHECK(plant.report.findings[plant.report.incidents[0].findings[0]].rule == "connection-reset");
}

TEST_CASE("an attempt that is refused later is not explained by the incident") {
  Plant plant;
  plant.lost("10.0.0.1", "10.0.0.2", 0, 10);
  plant.association("10.0.0.1", "10.0.0.2", 13, 20);
  plant.refused("10.0.0.1", "10.0.0.2", 40);
  plant.incidents();
  CHECK(plant.report.findings[1].severity == Severity::error);
}

TEST_CASE("one that does not come back says for how long the capture went on") {
  Plant plant;
  plant.lost("10.0.0.1", "10.0.0.2", 0, 10);
  plant.association("10.0.0.9", "10.0.0.8", 0, 85);
  REQUIRE(plant.incidents().size() == 1);
  CHECK_FALSE(plant.report.incidents[0].over);
  CHECK_FALSE(plant.report.incidents[0].without_connection_s);
  CHECK_THAT(plant.report.incidents[0].summary, Contains("not connected again when the capture "
                                                         "ended, 75"));
}

TEST_CASE("a loss at the end of the capture, and one that is a note, are no incidents") {
  Plant plant;
  plant.lost("10.0.0.1", "10.0.0.2", 0, 10);
  plant.association("10.0.0.9", "10.0.0.8", 0, 12);
  AssociationResult& left = plant.association("10.0.0.3", "10.0.0.4", 0, 1);
  plant.finding("closed-without-conclude", left, 1, Severity::note);
  plant.association("10.0.0.3", "10.0.0.4", 3, 12);
  CHECK(plant.incidents().empty());
}

TEST_CASE("all clients of a server lost together are one incident of the server") {
  Plant plant;
  for (const char* client : {"10.0.0.1", "10.0.0.3", "10.0.0.4"}) {
    plant.lost(client, "10.0.0.2", 0, 10);
    plant.association(client, "10.0.0.2", 14, 60);
  }
  plant.association("10.0.0.1", "10.0.0.8", 0, 60);
  REQUIRE(plant.incidents().size() == 1);
  const Incident& incident = plant.report.incidents[0];
  CHECK(incident.kind == Kind::server_restarted);
  CHECK(incident.clients.size() == 3);
  CHECK(incident.without_connection_s == 4.0);
  CHECK_THAT(incident.summary, Contains("10.0.0.2:102 lost all 3 clients"));
}

TEST_CASE("where one client stayed connected it was not the server") {
  Plant plant;
  for (const char* client : {"10.0.0.1", "10.0.0.3"}) {
    plant.lost(client, "10.0.0.2", 0, 10);
    plant.association(client, "10.0.0.2", 14, 60);
  }
  plant.association("10.0.0.4", "10.0.0.2", 0, 60);
  REQUIRE(plant.incidents().size() == 2);
  CHECK(plant.report.incidents[0].kind == Kind::connection_lost);
}

TEST_CASE("all servers of a client lost together are one incident of the client") {
  Plant plant;
  for (const char* server : {"10.0.0.2", "10.0.0.3"}) {
    plant.lost("10.0.0.1", server, 0, 10);
    plant.association("10.0.0.1", server, 12, 60);
  }
  plant.association("10.0.0.9", "10.0.0.2", 0, 60);
  plant.association("10.0.0.9", "10.0.0.3", 0, 60);
  REQUIRE(plant.incidents().size() == 1);
  CHECK(plant.report.incidents[0].kind == Kind::client_restarted);
  CHECK(plant.report.incidents[0].servers.size() == 2);
}

TEST_CASE("an abort after a request that was not answered begins with the request") {
  Plant plant;
  AssociationResult& a = plant.association("10.0.0.1", "10.0.0.2", 0, 20);
  a.closed_how = "abort";
  a.closed_by = "client";
  plant.finding("no-response", a, 5, Severity::error).object = "LD/X$ST$y";
  plant.finding("association-aborted", a, 20, Severity::error);
  REQUIRE(plant.incidents().size() == 1);
  const Incident& incident = plant.report.incidents[0];
  REQUIRE(incident.steps.size() == 2);
  CHECK(incident.steps[0].kind == IncidentStep::Kind::unanswered);
  CHECK(incident.steps[1].kind == IncidentStep::Kind::lost);
  CHECK(incident.findings.size() == 2);
  CHECK_THAT(incident.summary, Contains("after a request that was not answered"));
}

TEST_CASE("attempts that fail until one is admitted are an incident without a loss") {
  Plant plant;
  plant.refused("10.0.0.1", "10.0.0.2", 1);
  plant.refused("10.0.0.1", "10.0.0.2", 3);
  plant.association("10.0.0.1", "10.0.0.2", 6, 60);
  REQUIRE(plant.incidents().size() == 1);
  CHECK(plant.report.incidents[0].kind == Kind::refused_at_first);
  CHECK(plant.report.incidents[0].without_connection_s == 5.0);
  // It did not work: that stays an error.
  CHECK(plant.report.findings[0].severity == Severity::error);
}

TEST_CASE("attempts that never succeed are told by their finding") {
  Plant plant;
  plant.refused("10.0.0.1", "10.0.0.2", 1);
  plant.refused("10.0.0.1", "10.0.0.2", 30);
  CHECK(plant.incidents().empty());
}

TEST_CASE("a block that is not enabled again is named, another instance of its data set will do") {
  Plant plant;
  AssociationResult& before = plant.lost("10.0.0.1", "10.0.0.2", 0, 10);
  enable(before, "LD/LLN0$BR$b", 1);
  enable(before, "LD/LLN0$RP$u01", 1, "LD/LLN0$ds");
  enable(plant.association("10.0.0.1", "10.0.0.2", 13, 60), "LD/LLN0$RP$u02", 14, "LD/LLN0$ds");
  plant.incidents();
  const Incident& incident = plant.report.incidents.at(0);
  CHECK(incident.not_enabled_again == std::vector<std::string>{"LD/LLN0$BR$b"});
  CHECK_FALSE(incident.without_reports_s);
}

TEST_CASE("the name of an IED is what its logical devices begin with") {
  using Devices = std::set<std::string, std::less<>>;
  CHECK(ied_name(Devices{"BAY1CTRL", "BAY1MEAS", "BAY1PROT"}) == "BAY1");
  CHECK(ied_name(Devices{"TEMPLATELD0", "TEMPLATELD1"}) == "TEMPLATE");
  CHECK(ied_name(Devices{"IED1LD0"}) == "IED1");
  CHECK(ied_name(Devices{"simpleIOGenericIO"}) == "simpleIOGenericIO");
  CHECK(ied_name(Devices{"ALPHA", "BETA"}) == "ALPHA");
  CHECK(ied_name(Devices{}).empty());
}

TEST_CASE("a name of an endpoint goes before that of its host") {
  const AddressNames names{{"10.0.0.2", "bay"}, {"10.0.0.2:102", "relay"}, {"fe80::1", "six"}};
  CHECK(name_in(names, "10.0.0.2:102") == "relay");
  CHECK(name_in(names, "10.0.0.2:50000") == "bay");
  CHECK(name_in(names, "[fe80::1]:102") == "six");
  CHECK(name_in(names, "10.0.0.3").empty());
}

}  // namespace
}  // namespace mmsa::analysis
