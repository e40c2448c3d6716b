#include "iec61850/control.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Message;
using wire::Octets;

constexpr std::string_view kOper = "LD/CSWI1$CO$Pos$Oper";

// PROTOCOL A.4, as captured.
Octets operate() {
  return hex(R"(
      A0 55 02 01 0C A5 50
      A0 27 30 25 A0 23 A1 21 1A 0C {AA1E1Q01CTRL} 1A 11 {CSWI1$CO$Pos$Oper}
      A0 25 A2 23
        83 01 01
        A2 0A 85 01 02 89 05 {SCADA}
        86 01 00
        91 08 6B 02 AC 46 EE 14 7A 00
        83 01 00
        84 02 06 00)");
}

ControlView view_of(const Message& message) {
  ControlView view;
  REQUIRE(read_control(*message, view));
  return view;
}

// A structure of members, for parameters that nobody captured.
class Structure {
 public:
  explicit Structure(std::string_view members)
      : message_(wire::write({kOper}, element("A2", hex(members)))) {}
  ControlParameters parameters(bool is_cancel = false) const {
    return read_control_parameters(value(), is_cancel);
  }
  asn1::NodeRef value() const { return message_->tree.at(message_->tree.values[0]); }

 private:
  Message message_;
};

TEST_CASE("an Oper write is read member by member") {
  const Message message(operate());
  const ControlView view = view_of(message);
  CHECK(view.kind == ControlKind::operate);
  CHECK_FALSE(view.answer);
  CHECK(view.domain == "AA1E1Q01CTRL");
  CHECK(view.object == "CSWI1$CO$Pos");
  CHECK(view.component == "Oper");
  const ControlParameters& parameters = view.parameters;
  CHECK(parameters.well_formed);
  CHECK(parameters.ctl_val.boolean());
  CHECK_FALSE(parameters.oper_tm);
  CHECK(parameters.or_cat == 2);
  CHECK(as_text(parameters.or_ident) == "SCADA");
  CHECK(parameters.ctl_num == 0);
  CHECK(data_type(parameters.t.node()) == DataType::utc_time);
  CHECK(parameters.test == false);
  CHECK_FALSE(parameters.synchrocheck());
  CHECK_FALSE(parameters.interlock_check());
}

TEST_CASE("operTm is told from T by its place") {
  const Structure structure(R"(83 01 01 91 08 65 D6 61 33 53 74 BC 00 A2 05 85 01 02 89 00
      86 01 01 91 08 6B 02 AC 46 EE 14 7A 00 83 01 00 84 02 06 C0)");
  const ControlParameters parameters = structure.parameters();
  CHECK(parameters.well_formed);
  REQUIRE(parameters.oper_tm);
  CHECK(parameters.time_activated());
  CHECK(parameters.synchrocheck());
  CHECK(parameters.interlock_check());
}

TEST_CASE("an operTm of zero is no time activated control") {
  const Structure structure("83 01 01 91 08 00 00 00 00 00 00 00 00 A2 05 85 01 02 89 00");
  CHECK(structure.parameters().oper_tm);
  CHECK_FALSE(structure.parameters().time_activated());
}

TEST_CASE("ctlVal may be a structure") {
  // AnalogueValue { f }
  const Structure structure(R"(A2 07 87 05 08 42 28 00 00 A2 05 85 01 03 89 00 86 01 01
      91 08 6B 02 AC 46 EE 14 7A 00 83 01 00 84 02 06 00)");
  const ControlParameters parameters = structure.parameters();
  CHECK(parameters.well_formed);
  CHECK(data_type(parameters.ctl_val.node()) == DataType::structure);
  CHECK(parameters.or_cat == 3);
}

TEST_CASE("T of edition 1 may be a binary time") {
  const Structure structure(R"(83 01 01 A2 05 85 01 02 89 00 86 01 01
      8C 06 01 E0 1E 7D 3D 32 83 01 00 84 02 06 00)");
  CHECK(structure.parameters().well_formed);
  CHECK(data_type(structure.parameters().t.node()) == DataType::binary_time);
}

TEST_CASE("a Cancel has no Check") {
  const Structure structure(
      "83 01 01 A2 05 85 01 02 89 00 86 01 01 91 08 6B 02 AC 46 EE 14 7A 00 83 01 00");
  CHECK(structure.parameters(true).well_formed);
  CHECK_FALSE(structure.parameters(false).well_formed);
}

TEST_CASE("structures that are no control parameters are not well formed") {
  CHECK_FALSE(Structure("").parameters().well_formed);
  CHECK_FALSE(Structure("83 01 01").parameters().well_formed);
  CHECK_FALSE(Structure("83 01 01 83 01 01 83 01 01").parameters().well_formed);
  const Structure extra(R"(83 01 01 A2 05 85 01 02 89 00 86 01 01
      91 08 6B 02 AC 46 EE 14 7A 00 83 01 00 84 02 06 00 86 01 01)");
  CHECK_FALSE(extra.parameters().well_formed);
  const Message single(wire::write({kOper}, hex("83 01 01")));
  CHECK_FALSE(view_of(single).parameters.well_formed);
}

TEST_CASE("the answer to an Oper write has the parameters of the write") {
  const Message accepted(hex("A1 07 02 01 0C A5 02 81 00"), operate());
  CHECK(view_of(accepted).answer);
  CHECK(view_of(accepted).success);
  CHECK(view_of(accepted).parameters.or_cat == 2);
  const Message refused(hex("A1 08 02 01 0C A5 03 80 01 03"), operate());
  CHECK_FALSE(view_of(refused).success);
  CHECK(view_of(refused).access_error == 3);
}

TEST_CASE("errors and rejects refuse a control") {
  const Message error(hex("A2 0A 80 01 0C A2 05 A0 03 87 01 03"), operate());
  CHECK(view_of(error).answer);
  CHECK_FALSE(view_of(error).success);
  CHECK_FALSE(view_of(error).access_error);
  const Message reject(hex("A4 06 80 01 0C 81 01 04"), operate());
  CHECK_FALSE(view_of(reject).success);
}

TEST_CASE("the result of a control is the one at its place") {
  const Octets request =
      wire::write({"LD/A$ST$x", kOper}, join({hex("83 01 01"), element("A2", hex("83 01 00"))}));
  const Message answer(hex("A1 0A 02 01 05 A5 05 80 01 03 81 00"), request);
  CHECK(view_of(answer).success);
  CHECK(view_of(answer).parameters.ctl_val.boolean() == false);
}

TEST_CASE("a selection is answered with a name, or refused with an empty one") {
  const Octets select = wire::read({"LD/GGIO1$CO$SPCSO2$SBO"});
  CHECK(view_of(Message(select)).kind == ControlKind::select);
  const Message ok(wire::read_response(wire::text_element("8A", "LD/GGIO1$CO$SPCSO2")), select);
  CHECK(view_of(ok).success);
  CHECK(view_of(ok).selected == "LD/GGIO1$CO$SPCSO2");
  const Message empty(wire::read_response(hex("8A 00")), select);
  CHECK(view_of(empty).answer);
  CHECK_FALSE(view_of(empty).success);
  const Message failure(wire::read_response(hex("80 01 09")), select);
  CHECK_FALSE(view_of(failure).success);
  CHECK(view_of(failure).access_error == 9);
}

TEST_CASE("SBOw and Cancel are told by their names") {
  CHECK(view_of(Message(wire::write({"LD/A$CO$B$SBOw"}, hex("83 01 01")))).kind ==
        ControlKind::select_with_value);
  CHECK(view_of(Message(wire::write({"LD/A$CO$B$Cancel"}, hex("83 01 01")))).kind ==
        ControlKind::cancel);
}

TEST_CASE("messages that touch no control object are refused") {
  ControlView view;
  CHECK_FALSE(read_control(*Message(wire::read({"LD/A$ST$Pos"})), view));
  CHECK_FALSE(read_control(*Message(wire::read({kOper})), view));  // a look at the attributes
  CHECK_FALSE(read_control(*Message(wire::write({"LD/A$CO$B$SBO"}, hex("83 01 01"))), view));
  CHECK_FALSE(read_control(*Message(wire::read_response(hex("83 01 01"))), view));
  CHECK_FALSE(
      read_control(*Message(wire::information_report({"LD/A$ST$Pos"}, hex("83 01 01"))), view));
  CHECK_FALSE(read_control(
      *Message(wire::information_report({"LD/A$ST$Pos", kOper}, hex("83 01 01 83 01 01"))), view));
}

TEST_CASE("a positive CommandTermination carries the Oper structure") {  // PROTOCOL A.5
  const Message message(hex(R"(
      A3 56 A0 54 A0 2D 30 2B A0 29 A1 27 1A 12 {IED1_XCBRGenericIO} 1A 11 {CSWI1$CO$Pos$Oper}
      A0 23 A2 21 83 01 00 A2 08 85 01 03 89 03 6D 6D 69 86 01 01 91 08 65 D6 61 35 16 C8 B4 00
      83 01 00 84 02 06 00)"));
  const ControlView view = view_of(message);
  CHECK(view.kind == ControlKind::termination);
  CHECK(view.success);
  CHECK_FALSE(view.error);
  CHECK(view.domain == "IED1_XCBRGenericIO");
  CHECK(view.object == "CSWI1$CO$Pos");
  CHECK(view.parameters.well_formed);
  CHECK(view.parameters.ctl_num == 1);
  CHECK(as_text(view.parameters.or_ident) == "mmi");
}

TEST_CASE("a negative CommandTermination says why") {  // PROTOCOL A.5
  const Message message(hex(R"(
      A3 81 A3 A0 81 A0
      A0 3D 30 11 A0 0F 80 0D {LastApplError}
            30 28 A0 26 A1 24 1A 0C {AA1E1Q01CTRL} 1A 14 {GGIO1$CO$SPCSO3$Oper}
      A0 5F A2 38 8A 21 {AA1E1Q01CTRL/GGIO1$CO$SPCSO3$Oper} 85 01 01
                  A2 0A 85 01 02 89 05 {SCADA} 86 01 02 85 01 10
            A2 23 83 01 01 A2 0A 85 01 02 89 05 {SCADA} 86 01 02
                  91 08 6B 02 AC 48 04 5A 1C 00 83 01 00 84 02 06 00)"));
  CHECK_FALSE(message->pdu.error);
  const ControlView view = view_of(message);
  CHECK(view.kind == ControlKind::termination);
  CHECK_FALSE(view.success);
  CHECK(view.object == "GGIO1$CO$SPCSO3");
  REQUIRE(view.error);
  CHECK(view.error->well_formed);
  CHECK(view.error->error == 1);
  CHECK(view.error->add_cause == 16);
  CHECK(view.error->ctl_num == 2);
  CHECK(view.error->or_cat == 2);
  CHECK(view.parameters.well_formed);
}

TEST_CASE("a LastApplError names the request that failed") {  // PROTOCOL A.4
  const Message message(hex(R"(
      A3 50 A0 4E
      A0 13 30 11 A0 0F 80 0D {LastApplError}
      A0 37 A2 35 8A 1E {AA1E1Q01CTRL/CSWI1$CO$Pos$Oper} 85 01 00
                  A2 0A 85 01 02 89 05 {SCADA} 86 01 00 85 01 12)"));
  const ControlView view = view_of(message);
  CHECK(view.kind == ControlKind::last_appl_error);
  CHECK_FALSE(view.success);
  CHECK(view.domain == "AA1E1Q01CTRL");
  CHECK(view.object == "CSWI1$CO$Pos");
  CHECK(view.component == "Oper");
  REQUIRE(view.error);
  CHECK(view.error->well_formed);
  CHECK(view.error->error == 0);
  CHECK(view.error->add_cause == 18);
  CHECK(names_item(view.error->cntrl_obj, "AA1E1Q01CTRL", "CSWI1$CO$Pos$Oper"));
}

TEST_CASE("LastApplErrors of other layouts are read") {
  const auto read = [](const Structure& structure) {
    return read_last_appl_error(structure.value());
  };
  const Structure no_origin("8A 03 {A/B} 85 01 01 86 01 07 85 01 0A");
  CHECK(read(no_origin).ctl_num == 7);
  CHECK(read(no_origin).add_cause == 10);
  CHECK_FALSE(read(no_origin).or_cat);
  CHECK(read(no_origin).well_formed);
  const Structure signed_ctl_num("8A 03 {A/B} 85 01 01 A2 05 85 01 02 89 00 85 01 07 85 01 0A");
  CHECK(read(signed_ctl_num).ctl_num == 7);
  CHECK(read(signed_ctl_num).add_cause == 10);
  const Structure flat("8A 03 {A/B} 85 01 01 85 01 03 89 01 {x} 86 01 07 85 01 0A");
  CHECK(read(flat).or_cat == 3);
  CHECK(as_text(read(flat).or_ident) == "x");
  CHECK(read(flat).add_cause == 10);
  const Structure vendor("8A 03 {A/B} 85 01 01 A2 05 85 01 02 89 00 86 01 07 85 01 EA");
  CHECK(read(vendor).add_cause == -22);
  CHECK_FALSE(read(Structure("8A 03 {A/B} 85 01 01")).well_formed);
  CHECK_FALSE(read(Structure("")).well_formed);
}

TEST_CASE("the object of a LastApplError may be padded and dotted") {
  const Message message(wire::information_report(
      {"LastApplError"},
      element("A2", hex("8A 13 {LD/CSWI1.CO.Pos.SBO} 85 01 00 86 01 00 85 01 03"))));
  const ControlView dotted = view_of(message);
  CHECK(dotted.object == "CSWI1.CO.Pos");
  CHECK(dotted.component == "SBO");
  const Message padded(wire::information_report(
      {"LastApplError"},
      element("A2", hex("8A 0E {LD/A$CO$B$Oper} 00 85 01 00 86 01 00 85 01 03"))));
  CHECK(view_of(padded).error.has_value());
}

TEST_CASE("Operate is compared with its SelectWithValue") {
  const std::string_view kTail = " A2 05 85 01 02 89 00 86 01 01 91 08 6B 02 AC 46 EE 14 7A 00";
  const auto members = [&](std::string_view ctl_val, std::string_view end) {
    return std::string(ctl_val) + std::string(kTail) + std::string(end);
  };
  const Structure selected(members("83 01 01", "83 01 00 84 02 06 00"));
  const ControlParameters select = selected.parameters();
  const auto difference = [&](const Structure& operate, bool with_t = false) {
    return compare_operate(select, operate.parameters(), with_t);
  };
  CHECK(difference(selected, true) == 0);
  CHECK(difference(Structure(members("83 01 FF", "83 01 00 84 02 06 00"))) == 0);  // TRUE too
  CHECK(difference(Structure(members("83 01 00", "83 01 00 84 02 06 00"))) ==
        ControlDifference::kCtlVal);
  CHECK(difference(Structure(members("85 01 01", "83 01 00 84 02 06 00"))) ==
        ControlDifference::kCtlVal);
  CHECK(difference(Structure(members("83 01 01", "83 01 01 84 02 06 80"))) ==
        (ControlDifference::kTest | ControlDifference::kCheck));
  const Structure other(R"(83 01 01 A2 05 85 01 03 89 00 86 01 02
      91 08 6B 02 AC 46 EE 14 7A 01 83 01 00 84 02 06 00)");
  CHECK(difference(other) == (ControlDifference::kOrigin | ControlDifference::kCtlNum));
  CHECK((difference(other, true) & ControlDifference::kT) != 0);
  std::string text;
  append_differences(text, difference(other));
  CHECK(text == "origin, ctlNum");
}

TEST_CASE("values are compared by meaning") {
  const auto same = [](std::string_view a, std::string_view b) {
    const Structure x(a);
    const Structure y(b);
    return same_value(x.value(), y.value());
  };
  CHECK(same("85 01 01", "85 02 00 01"));
  CHECK(same("86 01 C8", "86 02 00 C8"));
  CHECK(same("84 02 06 C0", "84 02 06 FF"));  // unused bits
  CHECK_FALSE(same("84 02 06 C0", "84 02 05 C0"));
  CHECK_FALSE(same("85 01 01", "86 01 01"));
  CHECK_FALSE(same("83 01 01", "83 01 01 83 01 01"));
  CHECK_FALSE(same("A2 03 83 01 01 83 01 01", "A2 06 83 01 01 83 01 01"));  // another nesting
  CHECK_FALSE(same("8A 01 {a}", "8A 01 {b}"));
  CHECK(same_value({}, {}));
  CHECK_FALSE(same_value({}, Structure("83 01 01").value()));
}

TEST_CASE("a copied value outlives its message") {
  DataCopy copy;
  CHECK_FALSE(copy.root());
  {
    const Message message(operate());
    copy.assign(message->tree.at(message->tree.values[0]));
  }
  DataCopy moved = std::move(copy);
  const ControlParameters parameters = read_control_parameters(moved.root(), false);
  CHECK(parameters.well_formed);
  CHECK(as_text(parameters.or_ident) == "SCADA");
  const Message again(operate());
  CHECK(same_value(moved.root(), again->tree.at(again->tree.values[0])));
}

TEST_CASE("controls that end anywhere are read as far as they go") {
  const Octets octets = operate();
  for (std::size_t length = 0; length < octets.size(); ++length) {
    const Message message(
        Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(length)));
    ControlView view;
    if (read_control(*message, view)) CHECK_FALSE(view.parameters.well_formed);
  }
}

}  // namespace
}  // namespace mmsa::iec61850
