// What a server's control objects are known to do, over all its clients.
#include "iec61850/command.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::hex;

constexpr std::string_view kPos = "IED1CTRL/CSWI1$CO$Pos";

ControlSelection selected_by(std::uint64_t stream, TimeNs at) {
  return {.stream = stream,
          .client = {},
          .asked = {10, at},
          .answered = {11, at},
          .ended = {},
          .disconnected = {}};
}

TEST_CASE("A selection is met by the other clients of the server while it lasts") {
  ControlObjects objects;
  objects.of(kPos)->selection = selected_by(1, 0);
  CHECK_FALSE(objects.other_selection(kPos, 1, kNsPerSecond));
  REQUIRE(objects.other_selection(kPos, 2, kNsPerSecond));
  CHECK(objects.other_selection(kPos, 2, kNsPerSecond)->asked.number == 10);
  CHECK_FALSE(objects.other_selection("IED1CTRL/CSWI2$CO$Pos", 2, kNsPerSecond));
}

TEST_CASE("A selection lasts for sboTimeout, and not for ever where that is not known") {
  ControlObjects objects;
  objects.of(kPos)->selection = selected_by(1, 0);
  CHECK(objects.other_selection(kPos, 2, 100 * kNsPerSecond));
  CHECK_FALSE(objects.other_selection(kPos, 2, kLongestSelection + 1));
  objects.of(kPos)->sbo_timeout = 2 * kNsPerSecond;
  CHECK(objects.other_selection(kPos, 2, 2 * kNsPerSecond));
  CHECK_FALSE(objects.other_selection(kPos, 2, 3 * kNsPerSecond));
}

TEST_CASE("A selection ends with its Operate or its Cancel; the end of its connection is noted") {
  ControlObjects objects;
  objects.of(kPos)->selection = selected_by(1, 0);
  objects.end_selection(kPos, 2, {20, 0});  // somebody else's
  CHECK(objects.other_selection(kPos, 2, 0));
  objects.disconnected(2, {21, 0});
  CHECK(objects.other_selection(kPos, 2, 0)->disconnected.number == 0);
  objects.disconnected(1, {22, 0});
  objects.disconnected(1, {23, 0});
  CHECK(objects.other_selection(kPos, 2, 0)->disconnected.number == 22);
  objects.end_selection(kPos, 1, {24, 0});
  CHECK_FALSE(objects.other_selection(kPos, 2, 0));
}

TEST_CASE("Objects beyond the limit are not kept") {
  ControlObjects objects;
  std::size_t kept = 0;
  for (int i = 0; i < 5000; ++i) kept += objects.of("LD/X$CO$Pos" + std::to_string(i)) != nullptr;
  CHECK(kept == 4096);
  CHECK(objects.of("LD/X$CO$Pos0") != nullptr);
}

// The Data of a Write of one variable.
ParameterFault fault_of(std::string_view data, TypeRef type = nullptr, bool is_cancel = false) {
  const wire::Pdu pdu(wire::write({"LD/CSWI1$CO$Pos$Oper"}, hex(data)));
  return find_parameter_fault(pdu.tree().at(pdu.tree().values[0]), type, is_cancel);
}

constexpr std::string_view kGood =
    "A2 23 83 01 01 A2 0A 85 01 02 89 05 {SCADA} 86 01 00 91 08 6B 02 AC 46 EE 14 7A 00 "
    "83 01 00 84 02 06 00";

TEST_CASE("A command of the standard has no fault; a set point may be a structure") {
  CHECK_FALSE(fault_of(kGood));
  CHECK_FALSE(
      fault_of("A2 29 A2 07 87 05 08 41 20 00 00 A2 0A 85 01 02 89 05 {SCADA} 86 01 00 "
               "91 08 6B 02 AC 46 EE 14 7A 00 83 01 00 84 02 06 00"));
}

TEST_CASE("Members in another order are named") {
  const ParameterFault fault = fault_of(
      "A2 23 A2 0A 85 01 02 89 05 {SCADA} 86 01 00 91 08 6B 02 AC 46 EE 14 7A 00 "
      "83 01 00 84 02 06 00 83 01 01");
  CHECK(fault.ctl_val);
  CHECK(fault.text == "member 1 is the origin, but ctlVal comes first");
}

TEST_CASE("A member that is missing is named") {
  CHECK(fault_of("A2 1F 83 01 01 A2 0A 85 01 02 89 05 {SCADA} 86 01 00 "
                 "91 08 6B 02 AC 46 EE 14 7A 00 83 01 00")
            .text == "Check is missing");
  CHECK_FALSE(
      fault_of("A2 1F 83 01 01 A2 0A 85 01 02 89 05 {SCADA} 86 01 00 "
               "91 08 6B 02 AC 46 EE 14 7A 00 83 01 00",
               nullptr, true));
}

TEST_CASE("A command that is no structure is said so") {
  CHECK(fault_of("83 01 01").text == "it is boolean, but a command is a structure");
}

TEST_CASE("An originator of 64 octets fits, one of 65 does not") {
  ControlParameters parameters;
  const std::vector<std::uint8_t> ident(65, 0x41);
  parameters.or_ident = Bytes(ident).first(64);
  CHECK(oversized_text(parameters).empty());
  parameters.or_ident = ident;
  CHECK(oversized_text(parameters) == "orIdent is longer than 64 octets: it has 65");
}

TEST_CASE("The members of a component are its own names") {
  const auto whole = control_item("CSWI1$CO$Pos$Oper");
  REQUIRE(whole);
  CHECK(whole->member.empty());
  const auto member = control_item("CSWI1$CO$Pos$Oper$origin$orCat");
  REQUIRE(member);
  CHECK(member->object == "CSWI1$CO$Pos");
  CHECK(member->member == "origin$orCat");
  CHECK(member->component == ControlComponent::oper);
  CHECK_FALSE(control_item("CSWI1$CO$Oper"));
  CHECK_FALSE(control_item("CSWI1$ST$Pos$Oper$ctlVal"));
}

}  // namespace
}  // namespace mmsa::iec61850
