// Commands as an association carries them: what is reported of each, and which finding is raised.
#include "analysis/control/control.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "unit/iec61850/wire.h"

namespace mmsa::analysis {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Octets;

constexpr std::string_view kPos = "IED1CTRL/CSWI1$CO$Pos";
constexpr TimeNs kSecond = kNsPerSecond;

std::string item(std::string_view component) {
  return std::string(kPos) + "$" + std::string(component);
}

// What a command says; the members of SBOw, Oper and Cancel.
struct Command {
  std::string value = "83 01 01";  // ctlVal true
  std::string number = "01";
  std::string category = "02";  // station-control
  std::string test = "00";
  std::string check = "00";
  std::string time = "6B 02 AC 46 EE 14 7A 00";  // T
  bool later = false;                            // operTm

  Octets members() const {
    return join({hex(value), later ? hex("91 08 6B 02 AC 46 EE 14 7A 00") : Octets{},
                 element("A2", hex("85 01 " + category + " 89 05 {SCADA}")),
                 hex("86 01 " + number + " 91 08 " + time + " 83 01 " + test)});
  }
  Octets structure() const { return element("A2", join({members(), hex("84 02 06 " + check)})); }
  Octets cancel() const { return element("A2", members()); }
};

Octets write(std::string_view name, const Octets& data) { return wire::write({name}, data); }
Octets written() { return wire::response(hex("A5 02 81 00")); }
Octets write_refused(std::string_view error) {
  return wire::response(hex("A5 03 80 01 " + std::string(error)));
}
Octets read_answer(const Octets& result) { return wire::read_response(result); }

// LastApplError: CntrlObj, Error, Origin, ctlNum, AddCause.
Octets appl_error_value(std::string_view object, std::string_view add_cause,
                        std::string_view number = "01") {
  return element(
      "A2", join({wire::text_element("8A", object), hex("85 01 00"),
                  element("A2", hex("85 01 02 89 05 {SCADA}")), hex("86 01 " + std::string(number)),
                  hex("85 01 " + std::string(add_cause))}));
}
Octets appl_error(std::string_view component, std::string_view add_cause,
                  std::string_view number = "01") {
  return wire::information_report({"LastApplError"},
                                  appl_error_value(item(component), add_cause, number));
}
Octets terminated(const Command& command) {
  return wire::information_report({item("Oper")}, command.structure());
}
Octets failed(const Command& command, std::string_view add_cause) {
  return wire::information_report(
      {"LastApplError", item("Oper")},
      join({appl_error_value(item("Oper"), add_cause, command.number), command.structure()}));
}

// An association whose messages are told to one tracker.
class Dialogue : iec61850::ExchangeSink {
 public:
  Dialogue() {
    connection_.stream = 0;
    association_.connection = &connection_;
    association_.client = Side::a;
    association_.mms.negotiated = std::make_shared<InitiateValues>();  // its start was captured
  }

  // Requests and their answers; each message is one frame.
  void ask(const Octets& octets) {
    request_ = std::make_unique<wire::Pdu>(octets);
    pending_ = {};
    pending_.service = request_->pdu().service;
    pending_.invoke_id = request_->pdu().invoke_id.value_or(0);
    pending_.sender = Side::a;
    pending_.frame = next_frame();
    tell(*request_, Side::a, pending_.frame, false);
  }
  void answer(const Octets& octets) {
    const wire::Pdu pdu(octets);
    tell(pdu, Side::b, next_frame(), true);
  }
  // To a request whose octets limits::kMaxHeldRequests did not let be kept.
  void answer_unkept(const Octets& octets) {
    const wire::Pdu pdu(octets);
    tell(pdu, Side::b, next_frame(), true, false);
  }
  void indicate(const Octets& octets) {
    const wire::Pdu pdu(octets);
    tell(pdu, Side::b, next_frame(), false);
  }
  void wait(TimeNs time) { now_ += time; }
  void lose(Side sender) {
    ++loss_[index(sender)].gaps;
    loss_[index(sender)].last = {frame_, now_, now_};
  }
  void start_before_capture() { association_.mms.negotiated.reset(); }
  void one_direction() { one_direction_ = true; }

  // Frequent exchanges.
  void learn_model(std::string_view code) {
    ask(wire::read({"IED1CTRL/CSWI1$CF$Pos$ctlModel"}));
    answer(read_answer(hex("85 01 " + std::string(code))));
  }
  void select(std::string_view reference = "IED1CTRL/CSWI1$CO$Pos") {
    ask(wire::read({item("SBO")}));
    answer(read_answer(wire::text_element("8A", reference)));
  }
  void select_with_value(const Command& command) {
    ask(write(item("SBOw"), command.structure()));
    answer(written());
  }
  void operate(const Command& command) {
    ask(write(item("Oper"), command.structure()));
    answer(written());
  }
  void operate_refused(const Command& command, std::string_view add_cause,
                       std::string_view error = "03") {
    ask(write(item("Oper"), command.structure()));
    if (!add_cause.empty()) indicate(appl_error("Oper", add_cause, command.number));
    answer(write_refused(error));
  }

  // Ends the association; the findings.
  const std::vector<Finding>& close() {
    report_.closed_how = "conclude";
    Context context = this->context();
    tracker_.on_close(context, next_frame());
    found_ = findings_.take_sorted();
    return found_;
  }
  const Finding& only(std::string_view rule) {
    close();
    REQUIRE(found_.size() == 1);
    REQUIRE(found_[0].rule == rule);
    CHECK(found_[0].object == kPos);
    return found_[0];
  }
  const AssociationResult& report() const { return report_; }
  const ControlResult& control(std::size_t i = 0) const { return report_.controls.at(i); }

 private:
  FrameRef next_frame() {
    now_ += 10 * kNsPerMs;
    return {++frame_, now_, now_};
  }
  Context context() {
    return {settings_, findings_,      association_, report_, models_.of(association_),
            loss_,     one_direction_, {},           {},      nullptr};
  }
  void tell(const wire::Pdu& pdu, Side sender, FrameRef frame, bool is_answer,
            bool knows_request = true) {
    REQUIRE_FALSE(pdu.pdu().error);
    MmsMessage message{.pdu = pdu.pdu(),
                       .tree = pdu.tree(),
                       .octets = pdu.octets(),
                       .sender = sender,
                       .frame = frame,
                       .frames = {}};
    if (is_answer) {
      message.request = &pending_;
      if (knows_request) message.request_view = request_.get();
    } else if (sender == Side::a) {
      message.request_view = &pdu;
    }
    if (!is_answer && message.request_view != nullptr) {
      pending_.note = meaning_.note_of_request(association_, message);
    }
    meaning_.on(association_, message);
  }
  void on(const Association&, const iec61850::Event& event) override {
    const iec61850::Exchange& exchange = std::get<0>(event);
    Context context = this->context();
    context.exchange = &exchange;
    context.asked = exchange.note();
    tracker_.see(context, exchange.message());
    tracker_.on_message(context, exchange.message());
  }

  Settings settings_;
  FindingCollector findings_{settings_};
  Connection connection_;
  Association association_;
  AssociationResult report_;
  iec61850::ServerModels models_;
  iec61850::Meaning meaning_{models_, {this}};
  LossMemory loss_[2];
  bool one_direction_ = false;
  ControlTracker tracker_;
  std::unique_ptr<wire::Pdu> request_;
  PendingRequest pending_;
  std::uint64_t frame_ = 0;
  TimeNs now_ = 1'000 * kSecond;
  std::vector<Finding> found_;
};

template <typename T>
T figure(const Finding& finding, std::string_view key) {
  for (const auto& [name, value] : finding.evidence) {
    if (name == key) return std::get<T>(value);
  }
  FAIL("no figure " << key);
  return {};
}

using Frames = std::vector<std::uint64_t>;

TEST_CASE("a command with select is one transaction with all its steps") {
  Dialogue d;
  const Command command;
  d.select_with_value(command);
  d.operate(command);
  d.wait(kSecond);
  d.indicate(terminated(command));
  CHECK(d.close().empty());
  REQUIRE(d.report().controls.size() == 1);
  CHECK(d.report().controls_total == 1);
  const ControlResult& control = d.control();
  CHECK(control.object == kPos);
  CHECK(control.ctl_model == "sbo-with-enhanced-security");  // SBOw was accepted
  CHECK(control.ctl_val == "true");
  CHECK(control.originator == "station-control SCADA");
  CHECK(control.ctl_num == 1);
  CHECK_FALSE(control.test);
  CHECK(control.outcome == "done");
  REQUIRE(control.steps.size() == 3);
  CHECK(control.steps[0].what == "SelectWithValue");
  CHECK(control.steps[0].response_ms == Approx(10));
  CHECK(control.steps[1].what == "Operate");
  CHECK(control.steps[1].frame.number == 3);
  CHECK(control.steps[1].result == "ok");
  CHECK(control.steps[2].what == "CommandTermination+");
  CHECK(control.steps[2].response_ms == Approx(1020));
}

TEST_CASE("a refused Operate is one finding with the frames of its select, error and answer") {
  Dialogue d;
  const Command command{.test = "FF"};
  d.select_with_value(command);
  d.operate_refused(command, "0A");
  const Finding& f = d.only("control-rejected");
  CHECK(f.message ==
        "Operate IED1CTRL/CSWI1$CO$Pos was refused: blocked-by-interlocking (AddCause 10), "
        "10 ms after its select in frame 1 (sboTimeout not known).");
  CHECK(f.frames == Frames{1, 2, 3, 4, 5});
  CHECK(figure<std::int64_t>(f, "add_cause") == 10);
  CHECK(figure<std::string>(f, "error") == "object-access-denied");
  CHECK(figure<bool>(f, "test"));
  CHECK(f.cause.find("interlocking") != std::string::npos);
  CHECK(d.control().outcome == "refused");
  CHECK(d.control().add_cause == "blocked-by-interlocking");
  CHECK(d.control().test);
}

TEST_CASE("a refusal without LastApplError is told by its DataAccessError") {
  Dialogue d;
  d.learn_model("01");
  d.operate_refused({}, "", "07");
  const Finding& f = d.only("control-rejected");
  CHECK(f.message ==
        "Operate IED1CTRL/CSWI1$CO$Pos was refused: type-inconsistent, no LastApplError.");
  CHECK(f.cause.find("ctlVal") != std::string::npos);
}

TEST_CASE("blocked-by-mode speaks of Test where the command has it") {
  Dialogue with, without;
  with.operate_refused({.test = "FF"}, "08");
  without.operate_refused({}, "08");
  CHECK(with.only("control-rejected").cause != without.only("control-rejected").cause);
}

TEST_CASE("LastApplError may come within a second after the negative answer") {
  const auto refused_then_told = [](TimeNs later) {
    Dialogue d;
    d.ask(write(item("Oper"), Command{}.structure()));
    d.answer(write_refused("03"));
    d.wait(later);
    d.indicate(appl_error("Oper", "0A"));
    d.close();
    return d.control().add_cause;
  };
  CHECK(refused_then_told(kSecond / 2) == "blocked-by-interlocking");
  CHECK(refused_then_told(5 * kSecond).empty());
}

TEST_CASE("LastApplError is recognised with points, padding and a wrong number") {
  Dialogue d;
  d.ask(write(item("Oper"), Command{}.structure()));
  d.indicate(wire::information_report(
      {"LastApplError"},
      appl_error_value(std::string("IED1CTRL/CSWI1.CO.Pos.Oper\0\0", 28), "02", "63")));
  d.answer(write_refused("03"));
  const Finding& f = d.only("control-rejected");
  CHECK(figure<std::string>(f, "add_cause_name") == "blocked-by-switching-hierarchy");
  CHECK(f.frames == Frames{1, 2, 3});
}

TEST_CASE("an empty reference refuses a Select") {
  Dialogue d;
  d.select("");
  const Finding& f = d.only("control-rejected");
  CHECK(f.message.starts_with("Select IED1CTRL/CSWI1$CO$Pos was refused: empty reference"));
  CHECK(f.frames == Frames{1, 2});
}

TEST_CASE("a confirmed-ErrorPDU refuses a command") {
  Dialogue d;
  d.ask(write(item("Cancel"), Command{}.cancel()));
  d.answer(hex("A2 0A 80 01 05 A2 05 A0 03 87 01 02"));  // access/object-non-existent
  CHECK(d.only("control-rejected").message.starts_with("Cancel IED1CTRL/CSWI1$CO$Pos"));
}

TEST_CASE("a rejectPDU is left to service-rejected") {
  Dialogue d;
  d.ask(write(item("Oper"), Command{}.structure()));
  d.answer(hex("A4 06 80 01 05 81 01 01"));  // unrecognized-service
  CHECK(d.close().empty());
  CHECK(d.control().outcome == "refused");
}

TEST_CASE("the same failure again is the same finding") {
  Dialogue d;
  for (int i = 0; i < 3; ++i) d.operate_refused({}, "0A");
  CHECK(d.only("control-rejected").count == 3);
  CHECK(d.report().controls_total == 3);
}

TEST_CASE("object-not-selected without any select is operate-without-select") {
  Dialogue d;
  d.operate_refused({}, "12");
  const Finding& f = d.only("operate-without-select");
  CHECK(f.frames == Frames{1, 2, 3});
  // No select was refused: there was none.
  CHECK(f.cause == "The IED wants a select first, and the client operated without one.");
}

TEST_CASE("a select may have been made before the capture or in a hole of it") {
  Dialogue before, hole, long_ago;
  before.start_before_capture();
  before.operate_refused({}, "12");
  before.only("control-rejected");

  hole.lose(Side::a);
  hole.operate_refused({}, "12");
  hole.only("control-rejected");

  long_ago.start_before_capture();
  long_ago.learn_model("04");
  long_ago.wait(600 * kSecond);
  long_ago.operate_refused({}, "12");
  long_ago.only("operate-without-select");
}

TEST_CASE("a select may have been answered whose octets were not kept") {
  Dialogue d;
  d.ask(write(item("SBOw"), Command{}.structure()));
  d.answer_unkept(written());
  d.operate_refused({}, "12");  // object-not-selected
  d.only("control-rejected");
}

TEST_CASE("select-first objects want a select even where the server does not insist") {
  Dialogue accepted, refused, direct;
  accepted.learn_model("02");
  accepted.operate({});
  accepted.only("operate-without-select");

  refused.learn_model("02");
  refused.operate_refused({}, "");
  refused.only("operate-without-select");

  direct.learn_model("01");
  direct.operate({});
  CHECK(direct.close().empty());
}

TEST_CASE("one select may serve several operates") {
  Dialogue d;
  d.learn_model("02");
  d.select();
  d.operate({});
  d.wait(kSecond);
  d.operate({});
  CHECK(d.close().empty());
  CHECK(d.report().controls.size() == 2);
}

TEST_CASE("Operate after a refused select is one failed command") {
  Dialogue d;
  d.select("");
  d.operate_refused({}, "12");
  const Finding& f = d.only("operate-without-select");
  CHECK(f.frames == Frames{1, 2, 3, 4, 5});
  CHECK(f.message.find("its select had been refused") != std::string::npos);
}

TEST_CASE("object-not-selected after a select is select-expired") {
  Dialogue d;
  d.ask(wire::read({"IED1CTRL/CSWI1$CF$Pos$sboTimeout"}));
  d.answer(read_answer(hex("86 02 75 30")));  // 30 s
  d.select_with_value({});
  d.wait(35 * kSecond);
  d.operate_refused({}, "12");
  const Finding& f = d.only("select-expired");
  CHECK(figure<double>(f, "seconds_since_select") == Approx(35.01));
  CHECK(figure<double>(f, "sbo_timeout_s") == Approx(30));
  CHECK(f.frames == Frames{3, 4, 5, 6, 7});
}

TEST_CASE("a selection that another command used up is told") {
  Dialogue soon, later;
  soon.select();
  soon.operate({});
  soon.wait(5 * kSecond);
  soon.operate_refused({}, "12");
  const Finding& f = soon.only("select-expired");
  CHECK(figure<std::string>(f, "selection_ended_by") == "an Operate");
  CHECK(f.message.find("frame 3") != std::string::npos);

  later.select();
  later.operate({});
  later.wait(3600 * kSecond);
  later.operate_refused({}, "12");
  later.only("operate-without-select");
}

TEST_CASE("a negative termination is told with its cause and time") {
  Dialogue d;
  const Command command;
  d.select_with_value(command);
  d.operate(command);
  d.wait(2 * kSecond);
  d.indicate(failed(command, "10"));
  const Finding& f = d.only("control-terminated");
  CHECK(f.message ==
        "Operate IED1CTRL/CSWI1$CO$Pos failed in execution: time-limit-over (AddCause 16), 2.02 s "
        "after Operate.");
  CHECK(f.frames == Frames{1, 2, 3, 4, 5});
  CHECK(d.control().outcome == "terminated");
}

TEST_CASE("a termination before the answer of Operate counts") {
  Dialogue d;
  d.learn_model("03");
  d.ask(write(item("Oper"), Command{}.structure()));
  d.indicate(terminated({}));
  d.answer(written());
  d.wait(60 * kSecond);
  CHECK(d.close().empty());
  CHECK(d.control().outcome == "done");
}

TEST_CASE("terminations find their commands by number") {
  Dialogue d;
  d.learn_model("03");
  const Command first{.number = "01"}, second{.number = "02"};
  d.operate(first);
  d.operate_refused(second, "0C");  // command-already-in-execution
  d.indicate(terminated(first));
  d.only("control-rejected");
  REQUIRE(d.report().controls.size() == 2);
  CHECK(d.control(0).outcome == "done");
  CHECK(d.control(1).outcome == "refused");
}

TEST_CASE("a missing termination is told where security is known to be enhanced") {
  const auto silent = [](std::string_view model, TimeNs time) {
    auto d = std::make_unique<Dialogue>();
    if (!model.empty()) d->learn_model(model);
    d->operate({});
    d->wait(time);
    return d;
  };
  silent("03", 14 * kSecond)->only("control-unterminated");
  CHECK(silent("03", 3 * kSecond)->close().empty());   // the association ends before
  CHECK(silent("01", 14 * kSecond)->close().empty());  // normal security
  CHECK(silent("", 14 * kSecond)->close().empty());    // not known

  const auto lost = silent("03", kSecond);
  lost->lose(Side::b);
  lost->wait(14 * kSecond);
  CHECK(lost->close().empty());
}

TEST_CASE("a late termination is told with its time") {
  Dialogue d;
  d.learn_model("03");
  d.operate({});
  d.wait(12 * kSecond);
  d.indicate(terminated({}));
  CHECK(d.only("control-unterminated").message.find("12.0 s") != std::string::npos);
  CHECK(d.control().outcome == "done");
}

TEST_CASE("commands that are to be executed later may wait for their termination") {
  Dialogue d;
  d.learn_model("03");
  d.operate({.later = true});
  d.wait(60 * kSecond);
  CHECK(d.close().empty());
  CHECK(d.control().steps[0].what == "TimeActivatedOperate");
}

TEST_CASE("Operate that differs from its select") {
  const auto raised = [](const Command& operate) {
    Dialogue d;
    d.select_with_value({});
    d.operate(operate);
    d.indicate(terminated(operate));
    std::vector<Finding> findings = d.close();
    REQUIRE(findings.size() <= 1);
    if (findings.empty()) return std::string();
    CHECK(findings[0].rule == "control-mismatch");
    CHECK(findings[0].frames == Frames{1, 2, 3, 4, 5});
    return figure<std::string>(findings[0], "differs");
  };
  CHECK(raised({.value = "83 01 00"}) == "ctlVal");
  CHECK(raised({.number = "02"}) == "ctlNum");
  CHECK(raised({.category = "03"}) == "origin");
  CHECK(raised({.time = "6B 02 AC 50 00 00 00 00"}).empty());  // T: not compared
  CHECK(raised({.test = "FF"}).empty());                       // accepted by the server
  CHECK(raised({.check = "C0"}).empty());
}

TEST_CASE("inconsistent-parameters is a mismatch where the difference was captured") {
  Dialogue d, none;
  d.select_with_value({});
  d.operate_refused({.value = "83 01 00"}, "1A");
  const Finding& f = d.only("control-mismatch");
  CHECK(figure<std::string>(f, "selected") == "ctlVal true");
  CHECK(figure<std::string>(f, "operated") == "ctlVal false");

  none.select_with_value({});
  none.operate_refused({}, "1A");
  none.only("control-rejected");
}

TEST_CASE("another difference does not hide why a command was refused") {
  Dialogue d;
  d.select_with_value({});
  d.operate_refused({.number = "02"}, "0A");
  d.only("control-rejected");
}

TEST_CASE("a ctlVal of another type than the object's") {
  Dialogue accepted, refused;
  for (Dialogue* d : {&accepted, &refused}) {
    d->ask(wire::request(element("A6", element("A0", wire::object_name(item("Oper"))))));
    // structure { ctlVal boolean }
    const Octets ctl_val = element("30", hex("80 06 {ctlVal} A1 02 83 00"));
    d->answer(wire::response(element(
        "A6", join({hex("80 01 00"), element("A2", element("A2", element("A1", ctl_val)))}))));
  }
  accepted.operate({.value = "85 01 01"});
  const Finding& f = accepted.only("control-mismatch");
  CHECK(figure<std::string>(f, "type_sent") == "integer");
  CHECK(figure<std::string>(f, "type_of_object") == "boolean");

  refused.operate_refused({.value = "85 01 01"}, "", "07");
  const Finding& r = refused.only("control-rejected");
  CHECK(r.cause.find("boolean") != std::string::npos);
  // Where the type is known from.
  CHECK(r.message.find("described the type in frame 2") != std::string::npos);
  CHECK(figure<std::int64_t>(r, "type_frame") == 2);
}

TEST_CASE("selected and cancelled is no failure") {
  Dialogue d;
  d.select_with_value({});
  d.ask(write(item("Cancel"), Command{}.cancel()));
  d.answer(written());
  d.select_with_value({.value = "83 01 00", .number = "02"});
  d.operate({.value = "83 01 00", .number = "02"});
  d.indicate(terminated({.value = "83 01 00", .number = "02"}));
  CHECK(d.close().empty());
  REQUIRE(d.report().controls.size() == 2);
  CHECK(d.control(0).outcome == "cancelled");
  CHECK(d.control(1).outcome == "done");
}

TEST_CASE("where only the server was captured, what it tells by itself is enough") {
  Dialogue d;
  d.one_direction();
  d.indicate(appl_error("SBOw", "13"));
  d.wait(kSecond);
  d.indicate(failed({.number = "02"}, "10"));
  d.wait(kSecond);
  d.indicate(terminated({.number = "03"}));
  const auto& findings = d.close();
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].rule == "control-rejected");
  CHECK(findings[0].message.starts_with("SelectWithValue"));
  CHECK(findings[1].rule == "control-terminated");
  CHECK(d.control(2).ctl_model.empty());
}

TEST_CASE("where only the client was captured, nothing is said of answers") {
  Dialogue d;
  d.one_direction();
  d.ask(wire::read({"IED1CTRL/CSWI1$CF$Pos$ctlModel"}));
  d.ask(write(item("SBOw"), Command{}.structure()));
  d.ask(write(item("Oper"), Command{.number = "09"}.structure()));
  d.wait(60 * kSecond);
  CHECK(d.close().empty());
  CHECK(d.control().outcome == "unfinished");
}

TEST_CASE("a command that is written member by member, in several writes, is one command") {
  Dialogue d;
  d.ask(write(item("Oper$ctlVal"), hex("83 01 01")));
  d.answer(written());
  d.ask(write(item("Oper$ctlNum"), hex("86 01 07")));
  d.answer(write_refused("03"));
  CHECK(d.only("control-rejected").count == 1);
  CHECK(d.report().controls.size() == 1);
  CHECK(d.control().ctl_num == 7);
  CHECK(d.control().ctl_val == "true");
}

TEST_CASE("memory is bounded: the report keeps the first commands and counts all") {
  Dialogue d;
  for (int i = 0; i < 1500; ++i) d.operate({});
  CHECK(d.close().empty());
  CHECK(d.report().controls.size() == 1000);
  CHECK(d.report().controls_total == 1500);
}

}  // namespace
}  // namespace mmsa::analysis
