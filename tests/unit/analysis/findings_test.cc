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
  Finding* finding = collector.raise("no-response", association, "LD0/LLN0", "", frame(7));
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
  const Finding* finding = collector.raise("no-response", association, "", "", frame(1));
  REQUIRE(finding != nullptr);
  CHECK(finding->client == "10.0.0.2:102");
}

TEST_CASE("the same cause many times is one finding") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation association;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    const Finding* finding = collector.raise("read-failed", association, "LD0/A", "x", frame(i));
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
  collector.raise("read-failed", association, "LD0/A", "x", frame(1));
  collector.raise("read-failed", association, "LD0/B", "x", frame(2));
  collector.raise("read-failed", association, "LD0/A", "y", frame(3));
  collector.raise("read-failed", other, "LD0/A", "x", frame(4));
  collector.raise("write-failed", association, "LD0/A", "x", frame(5));
  CHECK(collector.take_sorted().size() == 5);
}

TEST_CASE("a client that tries again and again has one finding") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation first(0, 50'000);
  TestAssociation second(1, 50'001);
  collector.raise_between_hosts("association-refused", first, "rst", frame(1));
  collector.raise_between_hosts("association-refused", second, "rst", frame(2));
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
  collector.raise_between_hosts("association-refused", first, "rst", frame(1));
  collector.raise_between_hosts("association-refused", second, "rst", frame(2));
  CHECK(collector.take_sorted().size() == 2);
}

TEST_CASE("what a server says of itself is one finding for all its clients") {
  Settings settings;
  FindingCollector collector(settings);
  TestAssociation first(0);
  TestAssociation second(1);
  second.connection.endpoint[index(Side::a)] = test::ipv4_endpoint(9, 50'000);
  collector.raise_for_server("clock-not-synchronized", first, frame(1));
  collector.raise_for_server("clock-not-synchronized", second, frame(2));
  CHECK(collector.take_sorted().size() == 1);
}

TEST_CASE("findings about the capture name no association") {
  Settings settings;
  FindingCollector collector(settings);
  const Finding* finding = collector.raise_capture("capture-cut-short", "a.pcap", frame(0));
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
  CHECK(collector.raise("read-failed", association, "", "", frame(1)) == nullptr);
  CHECK(collector.raise_capture("capture-cut-short", "", frame(1)) == nullptr);
  CHECK(collector.raise("write-failed", association, "", "", frame(1)) != nullptr);
  CHECK(collector.take_sorted().size() == 1);
}

TEST_CASE("the operator's severity stands, and sorts") {
  Settings settings;
  settings.severities = {{"read-failed", Severity::error}, {"no-response", Severity::note}};
  FindingCollector collector(settings);
  TestAssociation association;
  collector.raise("no-response", association, "", "", frame(1));
  collector.raise("read-failed", association, "", "", frame(2));
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
  collector.raise("closed-without-conclude", zero, "note", "", frame(1));
  collector.raise("read-failed", one, "warning, stream 1", "", frame(2));
  collector.raise("read-failed", zero, "warning, stream 0, late", "", frame(9));
  collector.raise("read-failed", zero, "warning, stream 0, early", "", frame(3));
  collector.raise_capture("capture-cut-short", "", frame(4));
  collector.raise("no-response", one, "error", "", frame(5));
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
    return collector.raise("read-failed", where, std::to_string(i), "", frame(i));
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

}  // namespace
}  // namespace mmsa::analysis
