// What reports told of status attributes, and changes that none told.
#include "iec61850/reported_values.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

constexpr TimeNs kSecond = kNsPerSecond;
constexpr std::string_view kInd = "IED1CTRL/GGIO1$ST$Ind1";

// {stVal, q, t} with a time in seconds since 1970.
wire::Octets status(bool value, std::uint8_t seconds) {
  return wire::element(
      "A2", wire::join({wire::hex(value ? "83 01 FF" : "83 01 00"), wire::hex("84 03 03 00 00"),
                        wire::element("91", {0, 0, 0, seconds, 0, 0, 0, 0x0A})}));
}

// One member of a data set, reported once and again.
class OneMember {
 public:
  explicit OneMember(std::string_view reference = kInd, TimeNs merged = 0)
      : reference_(reference), merged_(merged) {
    values_.set_members(1);
  }

  // Reported in the second `at`. Returns the changes that no report told.
  std::vector<ReportedValues::Change> report(const wire::Octets& value, TimeNs at, bool event) {
    const wire::Message message(wire::report(value));
    const asn1::NodeRef node = message->tree.at(message->tree.values[0]);
    if (!values_.follows(0)) values_.follow(0, node, reference_, nullptr);
    std::vector<ReportedValues::Change> changes;
    values_.see({frame(at), at * kSecond, merged_}, 0, node, event, changes);
    return changes;
  }
  ReportedValues& values() { return values_; }
  static FrameRef frame(TimeNs at) {
    return {static_cast<std::uint64_t>(at), at * kSecond, at * kSecond};
  }

 private:
  std::string reference_;
  TimeNs merged_;
  ReportedValues values_;
};

TEST_CASE("a scan that shows another value than was reported shows a lost event") {
  OneMember ind;
  CHECK(ind.report(status(false, 50), 100, true).empty());
  CHECK(ind.report(status(false, 50), 105, false).empty());
  const auto changes = ind.report(status(true, 107), 110, false);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].from.number == 105);
  CHECK(changes[0].to.number == 110);
  CHECK(changes[0].before == StatusValue{DataType::boolean, 0});
  CHECK(changes[0].after == StatusValue{DataType::boolean, 1});
  CHECK(changes[0].has_time);
  // It is known from now on.
  CHECK(ind.report(status(true, 107), 115, false).empty());
}

TEST_CASE("a change that a report tells is no lost event") {
  OneMember ind;
  ind.report(status(false, 50), 100, true);
  CHECK(ind.report(status(true, 104), 104, true).empty());
  CHECK(ind.report(status(true, 104), 110, false).empty());
}

TEST_CASE("the report of a change may come behind the scan that shows it") {
  OneMember ind;
  ind.report(status(false, 50), 100, true);
  for (const auto& change : ind.report(status(true, 105), 110, false)) ind.values().wait(change);
  CHECK(ind.values().any_waiting());
  CHECK(ind.values().take_settled(OneMember::frame(111), 2 * kSecond).empty());
  SECTION("it comes") {
    ind.report(status(true, 105), 112, true);
    CHECK_FALSE(ind.values().any_waiting());
  }
  SECTION("another change is not its report") {
    ind.report(status(false, 112), 112, true);
    CHECK(ind.values().take_settled(OneMember::frame(113), 2 * kSecond).size() == 1);
  }
}

TEST_CASE("a change that is younger than BufTm is merged into the scan") {
  OneMember ind(kInd, 5 * kSecond);
  ind.report(status(false, 50), 100, true);
  CHECK(ind.report(status(true, 108), 110, false).empty());
  CHECK(ind.report(status(false, 113), 120, false).size() == 1);
}

TEST_CASE("a scan that is older than what was reported shows nothing") {
  OneMember ind;
  ind.report(status(false, 50), 100, true);
  ind.report(status(true, 105), 105, true);
  CHECK(ind.report(status(false, 50), 106, false).empty());  // taken before the change
  CHECK(ind.report(status(true, 105), 110, false).empty());
}

TEST_CASE("what was forgotten is no measure") {
  OneMember ind;
  ind.report(status(false, 50), 100, true);
  ind.values().forget();
  CHECK(ind.report(status(true, 105), 110, false).empty());
}

TEST_CASE("measured values, quality and time are not followed") {
  const auto measured = [](std::uint8_t last) {
    return wire::element("A2",
                         wire::join({wire::element("A2", {0x87, 5, 8, 0x42, 0x48, 0, last}),
                                     wire::hex("84 03 03 00 00 91 08 00 00 00 32 00 00 00 0A")}));
  };
  OneMember frequency("IED1CTRL/MMXU1$MX$Hz");
  frequency.report(measured(1), 100, true);
  CHECK(frequency.report(measured(2), 110, false).empty());

  OneMember quality("IED1CTRL/GGIO1$ST$Ind1$q");
  quality.report(wire::hex("84 03 03 00 00"), 100, true);
  CHECK(quality.report(wire::hex("84 03 03 40 00"), 110, false).empty());

  OneMember counter("IED1CTRL/MMTR1$ST$TotWh$actVal");
  counter.report(wire::hex("85 01 05"), 100, true);
  CHECK(counter.report(wire::hex("85 01 06"), 110, false).empty());

  OneMember health("IED1CTRL/LLN0$ST$Health$stVal");
  health.report(wire::hex("85 01 01"), 100, true);
  CHECK(health.report(wire::hex("85 01 03"), 110, false).size() == 1);
}

TEST_CASE("a value without a name is followed when a report has told a change of it") {
  OneMember unknown("");
  unknown.report(wire::hex("83 01 00"), 100, false);
  CHECK(unknown.report(wire::hex("83 01 01"), 110, false).empty());
  unknown.report(wire::hex("83 01 00"), 115, true);
  CHECK(unknown.report(wire::hex("83 01 01"), 120, false).size() == 1);
}

TEST_CASE("a value that changes its shape is not compared") {
  OneMember ind;
  ind.report(status(false, 50), 100, true);
  CHECK(ind.report(wire::hex("83 01 01"), 110, false).empty());
  CHECK(ind.report(status(true, 105), 120, false).empty());
}

}  // namespace
}  // namespace mmsa::iec61850
