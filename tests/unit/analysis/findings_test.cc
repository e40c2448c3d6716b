#include "analysis/findings.h"

#include <catch2/catch.hpp>
#include <string>

#include "mmsanalyze/limits.h"
#include "support/association.h"

namespace mmsa::analysis {
namespace {

using test::TestAssociation;

constexpr FrameRef frame(std::uint64_t number) {
  return {number, static_cast<TimeNs>(number) * kNsPerMs, 0};
}

TEST_CASE("a finding says where and about whom, and has the texts of its rule") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association(3);
  Finding* finding = collector.raise("no-response", association, frame(7)).object("LD0/LLN0").put();
  REQUIRE(finding != nullptr);
  CHECK(finding->rule == "no-response");
  CHECK(finding->severity == Severity::error);
  CHECK(finding->has_stream);
  CHECK(finding->stream == 3);
  CHECK(finding->client == "10.0.0.1:50000");
  CHECK(finding->server == "10.0.0.2:102");
  CHECK(finding->object == "LD0/LLN0");
  CHECK(finding->frames == std::vector<std::uint64_t>{7});
  CHECK(finding->time == 7 * kNsPerMs);
  CHECK(finding->count == 1);
  CHECK_FALSE(finding->cause.empty());
  CHECK_FALSE(finding->next_step.empty());
}

TEST_CASE("client and server are told by role, not by who sent the first segment") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  association.association.client = Side::b;
  const Finding* finding = collector.raise("no-response", association, frame(1)).put();
  REQUIRE(finding != nullptr);
  CHECK(finding->client == "10.0.0.2:102");
}

TEST_CASE("the same cause many times is one finding") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    const Finding* finding = collector.raise("read-failed", association, frame(i))
                                 .object("LD0/A")
                                 .with("error", "x")
                                 .put();
    REQUIRE(finding != nullptr);
    CHECK(finding->count == i);
  }
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].count == 1000);
  CHECK(findings[0].time == kNsPerMs);
  CHECK(findings[0].last_time == 1000 * kNsPerMs);
  CHECK(findings[0].frames.size() == kMaxFramesOfFinding);
  CHECK(findings[0].frames.front() == 1);
}

TEST_CASE("another object, cause, association or rule is another finding") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association(0);
  TestAssociation other(1);
  collector.raise("read-failed", association, frame(1)).object("LD0/A").with("error", "x").put();
  collector.raise("read-failed", association, frame(2)).object("LD0/B").with("error", "x").put();
  collector.raise("read-failed", association, frame(3)).object("LD0/A").with("error", "y").put();
  collector.raise("read-failed", other, frame(4)).object("LD0/A").with("error", "x").put();
  collector.raise("write-failed", association, frame(5)).object("LD0/A").with("error", "x").put();
  CHECK(collector.take_sorted().size() == 5);
}

TEST_CASE("a client that tries again and again has one finding") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation first(0, 50'000);
  TestAssociation second(1, 50'001);
  collector.raise("association-refused", first, frame(1))
      .between_hosts()
      .with("reason", "rst")
      .put();
  collector.raise("association-refused", second, frame(2))
      .between_hosts()
      .with("reason", "rst")
      .put();
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].count == 2);
  CHECK(findings[0].client == "10.0.0.1:50000");
}

TEST_CASE("another client host has its own finding") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation first(0);
  TestAssociation second(1);
  second.connection.endpoint[index(Side::a)] = test::ipv4_endpoint(9, 50'000);
  collector.raise("association-refused", first, frame(1))
      .between_hosts()
      .with("reason", "rst")
      .put();
  collector.raise("association-refused", second, frame(2))
      .between_hosts()
      .with("reason", "rst")
      .put();
  CHECK(collector.take_sorted().size() == 2);
}

TEST_CASE("what a server says of itself is one finding for all its clients") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation first(0);
  TestAssociation second(1);
  second.connection.endpoint[index(Side::a)] = test::ipv4_endpoint(9, 50'000);
  collector.raise("clock-not-synchronized", first, frame(1)).of_server().put();
  collector.raise("clock-not-synchronized", second, frame(2)).of_server().put();
  CHECK(collector.take_sorted().size() == 1);
}

TEST_CASE("findings about the capture name no association") {
  Settings settings;
  FindingCollector collector(settings);
  const Finding* finding = collector.raise("capture-cut-short", frame(0)).of_file("a.pcap").put();
  REQUIRE(finding != nullptr);
  CHECK_FALSE(finding->has_stream);
  CHECK(finding->client.empty());
  CHECK(finding->frames.empty());
}

TEST_CASE("frames are kept in order and once") {
  Finding finding;
  for (const std::uint64_t number : std::initializer_list<std::uint64_t>{5, 3, 5, 0, 9, 3}) {
    FindingCollector::add_frame(finding, number);
  }
  CHECK(finding.frames == std::vector<std::uint64_t>{3, 5, 9});
}

TEST_CASE("a rule that is disabled raises nothing") {
  Settings settings;
  settings.disabled = {"read-failed", "capture-cut-short"};
  FindingCollector collector(settings);
  TestAssociation association;
  CHECK(collector.raise("read-failed", association, frame(1)).put() == nullptr);
  CHECK(collector.raise("capture-cut-short", frame(1)).put() == nullptr);
  CHECK(collector.raise("write-failed", association, frame(1)).put() != nullptr);
  CHECK(collector.take_sorted().size() == 1);
}

TEST_CASE("the operator's severity stands, and sorts") {
  Settings settings;
  REQUIRE(settings.severities.add("read-failed=error").empty());
  REQUIRE(settings.severities.add("no-response=note").empty());
  FindingCollector collector(settings);
  TestAssociation association;
  collector.raise("no-response", association, frame(1)).put();
  collector.raise("read-failed", association, frame(2)).put();
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].rule == "read-failed");
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[1].severity == Severity::note);
}

TEST_CASE("worst first, then about the capture, then by stream and time") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation zero(0);
  TestAssociation one(1);
  collector.raise("closed-without-conclude", zero, frame(1)).object("note").put();
  collector.raise("read-failed", one, frame(2)).object("warning, stream 1").put();
  collector.raise("read-failed", zero, frame(9)).object("warning, stream 0, late").put();
  collector.raise("read-failed", zero, frame(3)).object("warning, stream 0, early").put();
  collector.raise("capture-cut-short", frame(4)).put();
  collector.raise("no-response", one, frame(5)).object("error").put();
  std::string order;
  for (const Finding& finding : collector.take_sorted()) {
    order += (finding.object.empty() ? std::string(finding.rule) : finding.object) + "\n";
  }
  CHECK(order ==
        "error\ncapture-cut-short\nwarning, stream 0, early\nwarning, stream 0, late\n"
        "warning, stream 1\nnote\n");
}

TEST_CASE("beyond the cap findings of a rule are counted, not kept") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association(0);
  TestAssociation other(1);
  const auto raise = [&](TestAssociation& where, std::uint64_t i) {
    return collector.raise("read-failed", where, frame(i)).object(std::to_string(i)).put();
  };
  for (std::uint64_t i = 1; i <= limits::kMaxFindingsPerRule; ++i) {
    REQUIRE(raise(association, i) != nullptr);
  }
  CHECK(raise(association, 100'000) == nullptr);
  CHECK(raise(association, 100'001) == nullptr);
  CHECK(collector.left_out() == 2);
  // What is known already goes on counting, and other associations have a cap of their own.
  CHECK(raise(association, 1)->count == 2);
  CHECK(raise(other, 1) != nullptr);
  CHECK(collector.take_sorted().size() == limits::kMaxFindingsPerRule + 1);
}

// A command that was refused, as its topic raises it.
Finding refused(Association& association, FrameRef at, std::int64_t add_cause = 10,
                std::string_view object = "LD0/CSWI1$CO$Pos", const ServerIdentity& identity = {}) {
  Settings settings;
  FindingCollector collector(settings);
  collector.raise("control-rejected", association, at)
      .object(object)
      .with("add_cause", add_cause)
      .with("ctl_num", at.number)
      .with("response_ms", static_cast<double>(at.number))
      .put();
  return collector.take_sorted(identity).at(0);
}

std::string by_logical_device(std::string_view /*server*/, std::string_view /*object*/) {
  return "IED1LD0";
}

TEST_CASE(
    "a fingerprint is the same for another port, time, stream and for what does not discriminate") {
  TestAssociation today(0, 50'000);
  TestAssociation later(7, 50'123);
  const Finding first = refused(today, frame(7));
  CHECK(first.fingerprint.size() == 18);
  CHECK(first.fingerprint.starts_with("1:"));
  CHECK(refused(later, frame(4711)).fingerprint == first.fingerprint);
}

TEST_CASE("a fingerprint is the same at another address where a logical device is known") {
  TestAssociation here;
  TestAssociation there;
  there.connection.endpoint[index(Side::b)] = test::ipv4_endpoint(77, 102);
  CHECK(refused(here, frame(1)).fingerprint != refused(there, frame(1)).fingerprint);
  CHECK(refused(here, frame(1), 10, "LD0/A", by_logical_device).fingerprint ==
        refused(there, frame(1), 10, "LD0/A", by_logical_device).fingerprint);
}

TEST_CASE("another error, object or server has another fingerprint") {
  TestAssociation association;
  const std::string fingerprint = refused(association, frame(1)).fingerprint;
  CHECK(refused(association, frame(1), 11).fingerprint != fingerprint);
  CHECK(refused(association, frame(1), 10, "LD0/CSWI2$CO$Pos").fingerprint != fingerprint);
  CHECK(refused(association, frame(1), 10, "LD0/CSWI1$CO$Pos", by_logical_device).fingerprint !=
        fingerprint);
}

// It is kept in baselines: another value for the same finding needs another version.
TEST_CASE("the fingerprint of a finding is what it was in earlier versions") {
  TestAssociation association;
  CHECK(refused(association, frame(1)).fingerprint == "1:8c8c25f303c3340f");
}

TEST_CASE("findings that agree in what discriminates are one, with the first one's figures") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const Finding* finding = collector.raise("control-rejected", association, frame(i))
                                 .object("LD0/A")
                                 .with("add_cause", 10)
                                 .with("ctl_num", i)
                                 .put();
    REQUIRE(finding != nullptr);
    CHECK(finding->count == i);
    CHECK(*finding->evidence.find("ctl_num") == EvidenceValue(std::int64_t{1}));
  }
  collector.raise("control-rejected", association, frame(4))
      .object("LD0/A")
      .with("add_cause", 11)
      .put();
  collector.raise("control-rejected", association, frame(5)).object("LD0/A").put();
  CHECK(collector.take_sorted().size() == 3);
}

TEST_CASE("names from the wire can not imitate the border between object and evidence") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  collector.raise("read-failed", association, frame(1)).object("a").with("error", "b").put();
  collector.raise("read-failed", association, frame(2)).object("a5:error1:b").put();
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].fingerprint != findings[1].fingerprint);
}

TEST_CASE("an occurrence has its own stream, time and frames") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation first(3, 50'000);
  TestAssociation second(4, 50'001);
  const auto refuse = [&](const Association& association, std::uint64_t number) {
    collector.raise("association-refused", association, frame(number))
        .between_hosts()
        .with("layer", "TCP")
        .also(frame(number - 1))
        .put();
  };
  refuse(first, 2);
  refuse(second, 12);
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].subject.kind == Subject::Kind::hosts);
  CHECK(findings[0].subject.client == "10.0.0.1");
  CHECK(findings[0].frames == std::vector<std::uint64_t>{1, 2, 11, 12});
  REQUIRE(findings[0].occurrences.size() == 2);
  const Occurrence& last = findings[0].occurrences[1];
  CHECK(last.stream == 4);
  CHECK(last.frame == frame(12));
  CHECK(last.frames == std::vector<std::uint64_t>{11, 12});
}

TEST_CASE("frames that are added later belong to the last occurrence") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  for (const std::uint64_t number : std::initializer_list<std::uint64_t>{10, 20}) {
    Finding* finding =
        collector.raise("read-failed", association, frame(number)).object("LD0/A").put();
    REQUIRE(finding != nullptr);
    FindingCollector::add_frame(*finding, number + 1);
  }
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 1);
  REQUIRE(findings[0].occurrences.size() == 2);
  CHECK(findings[0].occurrences[0].frames == std::vector<std::uint64_t>{10, 11});
  CHECK(findings[0].occurrences[1].frames == std::vector<std::uint64_t>{20, 21});
}

TEST_CASE("occurrences beyond the cap are counted") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  for (std::uint64_t i = 1; i <= kMaxOccurrences + 5; ++i) {
    Finding* finding = collector.raise("read-failed", association, frame(i)).object("LD0/A").put();
    REQUIRE(finding != nullptr);
    FindingCollector::add_frame(*finding, 1000 + i);
  }
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].count == kMaxOccurrences + 5);
  REQUIRE(findings[0].occurrences.size() == kMaxOccurrences);
  CHECK(findings[0].occurrences.back().frames ==
        std::vector<std::uint64_t>{kMaxOccurrences, 1000 + kMaxOccurrences});
}

TEST_CASE("two files of one capture are two subjects and one fault") {
  Settings settings;
  FindingCollector collector(settings);
  collector.raise("capture-cut-short", frame(9)).of_file("a.pcap").put();
  collector.raise("capture-cut-short", frame(9)).of_file("b.pcap").put();
  const auto findings = collector.take_sorted();
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].subject.kind == Subject::Kind::capture);
  CHECK(findings[0].subject.file == "a.pcap");
  CHECK(findings[0].fingerprint == findings[1].fingerprint);
}

TEST_CASE("a finding has the party of its rule, unless it says another") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  Finding* finding = collector.raise("outstanding-exceeded", association, frame(1)).put();
  REQUIRE(finding != nullptr);
  CHECK(finding->party == Party::client);
  finding = collector.raise("pdu-size-exceeded", association, frame(1)).party(Party::server).put();
  REQUIRE(finding != nullptr);
  CHECK(finding->party == Party::server);
}

TEST_CASE("figures are summed and their greatest kept") {
  Evidence evidence;
  CHECK(evidence.add("octets", 5) == 5);
  CHECK(evidence.add("octets", 7) == 12);
  CHECK(evidence.keep_maximum("longest_s", 2.5) == 2.5);
  CHECK(evidence.keep_maximum("longest_s", 1.5) == 2.5);
  CHECK(evidence.find("absent") == nullptr);
  CHECK(evidence.size() == 2);
}

}  // namespace
}  // namespace mmsa::analysis
