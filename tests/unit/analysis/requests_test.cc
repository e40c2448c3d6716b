// Requests that this program could not follow to their answers, from PDUs to findings.
#include <catch2/catch.hpp>
#include <vector>

#include "analysis/analyzer.h"
#include "mms/message_decoder.h"
#include "mmsanalyze/limits.h"
#include "support/association.h"
#include "support/hex.h"
#include "unit/iec61850/wire.h"

namespace mmsa::analysis {
namespace {

using test::hex;
using test::kClient;
using test::kServer;

// identify, with an invoke id of three octets.
std::vector<std::uint8_t> identify(bool answer, std::uint32_t id) {
  std::vector<std::uint8_t> out = hex(answer ? "a1 10 | 02 03" : "a0 07 | 02 03");
  for (const int shift : {16, 8, 0}) out.push_back(static_cast<std::uint8_t>(id >> shift));
  const auto rest = hex(answer ? "a2 09 | 80 01 \"a\" | 81 01 \"b\" | 82 01 \"c\"" : "82 00");
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

// identify, and behind it octets that nobody asked for: a megabyte with them.
std::vector<std::uint8_t> long_identify(std::uint32_t id) {
  constexpr std::uint32_t kSize = 1u << 20;
  std::vector<std::uint8_t> out = hex("a0 83 0f ff fb | 02 03");
  for (const int shift : {16, 8, 0}) out.push_back(static_cast<std::uint8_t>(id >> shift));
  const auto rest = hex("82 00 | 9f 7f 83 0f ff ee");
  out.insert(out.end(), rest.begin(), rest.end());
  out.resize(kSize);
  return out;
}

struct Association : test::TestAssociation {
  Settings settings;
  iec61850::ServerModels models;
  Analyzer analyzer{settings, models};
  iec61850::Meaning meaning{models, {&analyzer}};
  mms::MessageDecoder decoder{meaning};
  std::uint64_t frame = 0;

  // Both sides were captured from the start.
  Association() {
    for (DirectionFacts& facts : connection.facts) {
      facts.segments = 1;
      facts.octets = 1;
    }
    association.mms.negotiated = std::make_shared<const InitiateValues>();
    settings.disabled.insert("initiate-missing");
  }
  void pdu(Side sender, const std::vector<std::uint8_t>& octets) {
    ++frame;
    PduUnit unit;
    unit.octets = octets;
    unit.sender = sender;
    unit.frame = {frame, static_cast<TimeNs>(frame), static_cast<TimeNs>(frame)};
    unit.frames = {&frame, 1};
    decoder.on(association, unit);
  }
  FrameRef at(double seconds) const {
    const auto ns = static_cast<TimeNs>(seconds * 1e9);
    return {frame, ns, ns};
  }
  // Some seconds after the beginning. `acknowledged`: by what segment the sender had acknowledged
  // all that it was sent.
  FrameRef pdu_at(double seconds, Side sender, const std::vector<std::uint8_t>& octets,
                  FrameRef acknowledged = {}) {
    ++frame;
    PduUnit unit;
    unit.octets = octets;
    unit.sender = sender;
    unit.frame = at(seconds);
    unit.frames = {&frame, 1};
    unit.acknowledged = acknowledged;
    decoder.on(association, unit);
    return unit.frame;
  }
  void ask(std::uint32_t id) { pdu(kClient, identify(false, id)); }
  void answer(std::uint32_t id) { pdu(kServer, identify(true, id)); }
  std::vector<Finding> findings() {
    ConnectionClose close;
    close.kind = CloseKind::capture_end;
    decoder.on_trace_end(static_cast<TimeNs>(frame));
    decoder.on(association, close);
    return analyzer.finish({}).findings;
  }
  // Says how many there are of the only finding.
  std::uint64_t limit_reached() {
    const auto found = findings();

    if (found.empty()) return 0;
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "limit-reached");
    CHECK(found[0].severity == Severity::warning);
    return found[0].count;
  }
};

TEST_CASE("as many requests as are followed may wait") {
  Association a;
  a.ask(0);
  a.answer(0);
  for (std::uint32_t id = 0; id < limits::kMaxOutstanding; ++id) a.ask(id);
  CHECK(a.limit_reached() == 0);
}

TEST_CASE(
    "requests that are not followed any longer are told once, and their answers blame nobody") {
  Association a;
  a.ask(0);
  a.answer(0);
  for (std::uint32_t id = 0; id < limits::kMaxOutstanding + 3; ++id) a.ask(id);
  for (std::uint32_t id = 0; id < limits::kMaxOutstanding + 3; ++id) a.answer(id);
  CHECK(a.limit_reached() == 3);
}

TEST_CASE("a server that never answers is followed less far, and that is told too") {
  Association a;
  for (std::uint32_t id = 0; id < 1000; ++id) a.ask(id);
  CHECK(a.limit_reached() > 900);
}

TEST_CASE("in a capture of one direction giving up early is no limit") {
  Association a;
  a.connection.facts[index(kServer)] = {};
  for (std::uint32_t id = 0; id < 1000; ++id) a.ask(id);
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "one-direction-capture");
}

TEST_CASE("requests of which too many octets wait are told once, and are answered all the same") {
  Association a;
  const std::uint32_t fitting = limits::kMaxHeldRequests >> 20;
  const std::uint32_t more = GENERATE(as<std::uint32_t>(), 0, 3);
  for (std::uint32_t id = 0; id < fitting + more; ++id) a.pdu(kClient, long_identify(id));
  for (std::uint32_t id = 0; id < fitting + more; ++id) a.answer(id);
  CHECK(a.limit_reached() == more);
}

std::vector<std::uint8_t> operate() {
  return wire::write({"IED1CTRL/CSWI1$CO$Pos$Oper"},
                     hex("a2 23 | 83 01 01 | a2 0a | 85 01 02 | 89 05 \"SCADA\" | 86 01 07 | "
                         "91 08 6b 02 ac 46 ee 14 7a 00 | 83 01 00 | 84 02 06 00"));
}

TEST_CASE("an Operate that is not answered names object and value and leaves the outcome open") {
  Association a;
  a.settings.no_response = 0;
  a.pdu(kClient, operate());
  a.frame += 10;
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "no-response");
  CHECK(found[0].object == "IED1CTRL/CSWI1$CO$Pos");
  CHECK(found[0].message.starts_with(
      "Operate of IED1CTRL/CSWI1$CO$Pos (ctlVal true) was never answered"));
  CHECK(found[0].message.ends_with(
      "; its outcome is unknown: the capture does not tell whether it was carried out."));
  CHECK(found[0].next_step.starts_with("Look at the state of the object"));
}

TEST_CASE("the outcome of an unanswered Operate is known where a CommandTermination tells it") {
  Association a;
  a.settings.no_response = 0;
  a.pdu(kClient, operate());
  a.pdu(kServer, wire::information_report(
                     {"IED1CTRL/CSWI1$CO$Pos$Oper"},
                     hex("a2 23 | 83 01 01 | a2 0a | 85 01 02 | 89 05 \"SCADA\" | 86 01 07 | "
                         "91 08 6b 02 ac 46 ee 14 7a 00 | 83 01 00 | 84 02 06 00")));
  a.frame += 10;
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "no-response");
  CHECK(found[0].message.find("its outcome is told in frame 2") != std::string::npos);
  CHECK(found[0].message.find("unknown") == std::string::npos);
}

std::string text_of(const Finding& finding, std::string_view key) {
  const EvidenceValue* value = finding.evidence.find(key);
  return value != nullptr ? std::get<std::string>(*value) : std::string();
}

TEST_CASE("a late answer is the server's where TCP had acknowledged the request at once") {
  Association a;
  a.pdu_at(0, kClient, identify(false, 1));
  ++a.frame;
  const FrameRef acknowledged = a.at(0.04);
  a.pdu_at(3, kServer, identify(true, 1), acknowledged);
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "slow-response");
  CHECK(text_of(found[0], "delay") == "peer");
  CHECK(found[0].party == Party::server);
  CHECK(found[0].cause.starts_with("The server: TCP had acknowledged the request 40 ms after it."));
}

TEST_CASE("a late answer is nobody's where TCP acknowledged the request only with it") {
  Association a;
  a.pdu_at(0, kClient, identify(false, 1));
  ++a.frame;
  a.pdu_at(3, kServer, identify(true, 1), a.at(3));
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(text_of(found[0], "delay") == "peer-or-network");
  CHECK(found[0].party == Party::unknown);
  CHECK(found[0].cause.starts_with("The server or the way to it"));
}

TEST_CASE("an acknowledgement behind a later request does not tell when the first one arrived") {
  Association a;
  a.pdu_at(0, kClient, identify(false, 1));
  a.pdu_at(0.1, kClient, identify(false, 2));
  ++a.frame;
  const FrameRef acknowledged = a.at(0.14);
  a.pdu_at(0.2, kServer, identify(true, 2), acknowledged);
  a.pdu_at(3, kServer, identify(true, 1), acknowledged);
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(text_of(found[0], "delay") == "probably-peer");
  CHECK(found[0].cause.starts_with("Probably the server"));
}

TEST_CASE("a late answer is the network's where TCP had to repeat the request") {
  Association a;
  a.pdu_at(0, kClient, identify(false, 1));
  ++a.frame;
  a.connection.facts[index(kClient)].last_retransmission = a.at(2.5);
  ++a.frame;
  a.pdu_at(3, kServer, identify(true, 1), a.at(2.6));
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(text_of(found[0], "delay") == "network");
  CHECK(found[0].party == Party::network);
}

TEST_CASE("a request that TCP did not acknowledge blames nobody, one that it did the application") {
  Association a;
  a.settings.no_response = 0;
  a.pdu_at(0, kClient, identify(false, 1));
  ++a.frame;
  const bool acknowledged = GENERATE(true, false);
  a.connection.facts[index(kServer)].last_segment = a.at(1);
  if (acknowledged) a.connection.facts[index(kClient)].acknowledged = a.at(1);
  a.frame += 10;
  const auto found = a.findings();
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "no-response");
  CHECK(text_of(found[0], "outcome") == "silent");
  CHECK(found[0].party == (acknowledged ? Party::server : Party::unknown));
  CHECK((found[0].cause.find("application hangs") != std::string::npos) == acknowledged);
  CHECK((found[0].message.find("TCP acknowledged it") != std::string::npos) == acknowledged);
}

}  // namespace
}  // namespace mmsa::analysis
