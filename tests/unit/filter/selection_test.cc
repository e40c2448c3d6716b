#include "filter/selection.h"

#include <catch2/catch.hpp>

namespace mmsa::filter {
namespace {

constexpr TimeNs kSecond = kNsPerSecond;
// 2026-03-02T10:00:00Z
constexpr TimeNs kFirst = 1'772'445'600 * kSecond;

TEST_CASE("a pattern takes in an object and what is below it") {
  CHECK(glob_matches("IED1LD0/CSWI1$CO$Pos", "IED1LD0/CSWI1$CO$Pos"));
  CHECK(glob_matches("IED1LD0/CSWI1$CO$Pos", "IED1LD0/CSWI1$CO$Pos$Oper$ctlVal"));
  CHECK(glob_matches("IED1LD0", "IED1LD0/CSWI1$CO$Pos"));
  CHECK_FALSE(glob_matches("IED1LD0/CSWI1", "IED1LD0/CSWI12$ST$Pos"));
  CHECK_FALSE(glob_matches("CSWI1", "IED1LD0/CSWI1$ST$Pos"));
}

TEST_CASE("a star stands for any characters, a question mark for one") {
  CHECK(glob_matches("*brcb0?", "IED1LD0/LLN0$BR$brcb01"));
  CHECK(glob_matches("*$Pos", "IED1LD0/XCBR1$ST$Pos$stVal"));
  CHECK(glob_matches("*", "x"));
  CHECK_FALSE(glob_matches("*", ""));
  CHECK_FALSE(glob_matches("*brcb0?", "IED1LD0/LLN0$BR$brcb0"));
  // Would take for ever if every star were tried against every other.
  CHECK_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*b", std::string(200, 'a')));
}

TimeNs resolved(std::string_view text, bool local = false) {
  const auto moment = Moment::parse(text, local);
  REQUIRE(moment);
  return moment->resolve(kFirst);
}

TEST_CASE("moments are absolute, times of day, or seconds after the first packet") {
  CHECK(resolved("2026-03-02T10:00:01.5Z") == kFirst + 3 * kSecond / 2);
  CHECK(resolved("2026-03-02 11:00:00+01:00") == kFirst);
  CHECK(resolved("10:00:02") == kFirst + 2 * kSecond);
  CHECK(resolved("10:01") == kFirst + 60 * kSecond);
  CHECK(resolved("09:59:59.75") == kFirst - kSecond / 4);
  CHECK(resolved("+12.5") == kFirst + 25 * kSecond / 2);
  CHECK(resolved("3") == kFirst + 3 * kSecond);
}

TEST_CASE("a time of day long before the first packet is of the next day") {
  const auto moment = Moment::parse("00:10:00", false);
  const TimeNs before_midnight = kFirst + (13 * 60 + 55) * 60 * kSecond;  // 23:55
  CHECK(moment->resolve(before_midnight) == before_midnight + 15 * 60 * kSecond);
}

TEST_CASE("what is no moment is refused") {
  for (const char* text : {"", "x", "25:00", "10:61", "10:00:", "2026-02-30T10:00:00Z", "1e5", "-5",
                           "2026-03-02T10:00:00+1", "1.2.3", "10:00:00x", "+", "9999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(Moment::parse(text, false));
  }
}

TEST_CASE("the end takes in the whole second that it names") {
  Selection selection;
  selection.to = Moment::parse("10:00:02", false);
  selection.begin(kFirst);
  CHECK(selection.selects_time(kFirst + 2 * kSecond + 999'000'000));
  CHECK_FALSE(selection.selects_time(kFirst + 3 * kSecond));
  selection.to = Moment::parse("10:00:02.5", false);
  selection.begin(kFirst);
  CHECK_FALSE(selection.selects_time(kFirst + 2 * kSecond + 500'000'001));
}

TEST_CASE("an address selects an endpoint, or all ports of a host") {
  Selection selection;
  selection.servers = {"10.0.0.2"};
  CHECK(selection.selects_ends(0, "10.0.0.1:50000", "10.0.0.2:102"));
  CHECK_FALSE(selection.selects_ends(0, "10.0.0.2:50000", "10.0.0.20:102"));
  selection.servers = {"fe80::1", "10.0.0.3:102"};
  CHECK(selection.selects_ends(0, "", "[fe80::1]:102"));
  CHECK(selection.selects_ends(0, "", "10.0.0.3:102"));
  CHECK_FALSE(selection.selects_ends(0, "", "10.0.0.3:103"));
}

Finding finding(std::uint32_t stream, std::string object, TimeNs time) {
  Finding out;
  out.rule = "read-failed";
  out.subject.kind = Subject::Kind::association;
  out.has_stream = true;
  out.stream = stream;
  out.client = "10.0.0.1:50000";
  out.server = stream == 0 ? "10.0.0.2:102" : "10.0.0.3:102";
  out.object = std::move(object);
  out.time = out.last_time = time;
  out.occurrences = {
      {.frame = {1, time, time - kFirst}, .frames = {1}, .has_stream = true, .stream = stream}};
  return out;
}

Result result() {
  Result out;
  for (const std::uint32_t stream : {0u, 1u}) {
    AssociationResult association;
    association.stream = stream;
    association.client = "10.0.0.1:50000";
    association.server = stream == 0 ? "10.0.0.2:102" : "10.0.0.3:102";
    association.opened = {1, kFirst, 0};
    association.closed = {9, kFirst + 10 * kSecond, 10 * kSecond};
    association.messages = {{"confirmed-RequestPDU", 5}};
    out.associations.push_back(association);
    out.findings.push_back(finding(stream, "LD/A$ST$x", kFirst + kSecond));
    out.findings.push_back(finding(stream, "LD/B$ST$x", kFirst + 8 * kSecond));
  }
  Finding of_capture;
  of_capture.rule = "capture-cut-short";
  out.findings.push_back(of_capture);
  Incident incident;
  incident.servers = {"10.0.0.3:102"};
  incident.clients = {"10.0.0.1"};
  incident.first = kFirst + kSecond;
  incident.last = kFirst + 2 * kSecond;
  incident.findings = {2};
  out.incidents = {incident};
  return out;
}

TEST_CASE("of a report associations, findings and incidents of a server are selected") {
  Result report = result();
  Selection selection;
  selection.servers = {"10.0.0.3"};
  select(report, selection);
  CHECK(report.associations.size() == 1);
  CHECK(report.findings.size() == 3);  // with that about the capture
  REQUIRE(report.incidents.size() == 1);
  CHECK(report.incidents[0].findings == std::vector<std::size_t>{0});
  CHECK(report.messages == 5);
}

TEST_CASE("of a report findings of an object and a time are selected") {
  Result report = result();
  Selection selection;
  selection.objects = {"LD/B"};
  selection.from = Moment::parse("+5", false);
  selection.begin(kFirst);
  select(report, selection);
  CHECK(report.findings.size() == 3);
  CHECK(report.findings[0].object == "LD/B$ST$x");
  CHECK(report.associations.size() == 2);
  CHECK(report.incidents.empty());
  Result none = result();
  selection.objects = {"LD/C"};
  select(none, selection);
  CHECK(none.associations.empty());
  CHECK(none.findings.size() == 1);
}

}  // namespace
}  // namespace mmsa::filter
