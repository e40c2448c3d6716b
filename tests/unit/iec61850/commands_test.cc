// The life of commands: what belongs together, and when a command is over. The wording of it is
// tested in unit/analysis/control_test.cc.
#include "iec61850/commands.h"

#include <catch2/catch.hpp>
#include <memory>

#include "iec61850/meaning.h"
#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Octets;

constexpr std::string_view kPos = "LD/CSWI1$CO$Pos";
constexpr TimeNs kSecond = kNsPerSecond;

Octets parameters(std::string_view number = "01", std::string_view value = "83 01 01",
                  std::string_view oper_tm = "") {
  return element("A2", join({hex(value), hex(oper_tm), hex("A2 0A 85 01 02 89 05 {SCADA}"),
                             hex("86 01 " + std::string(number)),
                             hex("91 08 6B 02 AC 46 EE 14 7A 00 83 01 00 84 02 06 00")}));
}
Octets appl_error(std::string_view component, std::string_view cause,
                  std::string_view number = "01") {
  const std::string object = std::string(kPos) + "$" + std::string(component);
  return element(
      "A2",
      join({wire::text_element("8A", object), hex("85 01 00"), hex("A2 0A 85 01 02 89 05 {SCADA}"),
            hex("86 01 " + std::string(number)), hex("85 01 " + std::string(cause))}));
}

// The messages of one client.
class Client : ExchangeSink {
 public:
  explicit Client(ServerModels& models, std::uint32_t stream = 0) : meaning_(models, {this}) {
    connection_.stream = stream;
    connection_.endpoint[0].port = static_cast<std::uint16_t>(50'000 + stream);
    association_.connection = &connection_;
    association_.client = Side::a;
  }
  Client(const Client&) = delete;

  void write(std::string_view component, const Octets& data, std::string_view object = kPos) {
    const std::string name = std::string(object) + "$" + std::string(component);
    request_ = std::make_unique<wire::Pdu>(wire::write({name}, data));
    pending_ = {};
    pending_.service = request_->pdu().service;
    pending_.sender = Side::a;
    pending_.frame = next_frame();
    tell(*request_, Side::a, pending_.frame, false);
  }
  void accept() { answer(hex("A5 02 81 00")); }
  void refuse() { answer(hex("A5 03 80 01 03")); }
  void indicate(const Octets& octets) { tell(wire::Pdu(octets), Side::b, next_frame(), false); }
  void terminate(const Octets& data) {
    indicate(wire::information_report({std::string(kPos) + "$Oper"}, data));
  }
  void error(std::string_view component, std::string_view cause, std::string_view number = "01") {
    indicate(wire::information_report({"LastApplError"}, appl_error(component, cause, number)));
  }
  void wait(TimeNs time) { now_ += time; }
  std::vector<Command> end() { return commands.take_open(now_); }

  Commands commands;
  std::vector<Commands::Cap> caps;

 private:
  FrameRef next_frame() {
    now_ += 10 * kNsPerMs;
    return {++frame_, now_, now_};
  }
  void answer(const Octets& service) {
    tell(wire::Pdu(wire::response(service)), Side::b, next_frame(), true);
  }
  void tell(const wire::Pdu& pdu, Side sender, FrameRef frame, bool is_answer) {
    MmsMessage message{.pdu = pdu.pdu(),
                       .tree = pdu.tree(),
                       .octets = pdu.octets(),
                       .sender = sender,
                       .frame = frame,
                       .frames = {}};
    if (is_answer) message.request = &pending_;
    if (is_answer || sender == Side::a) message.request_view = request_.get();
    if (sender == Side::a) pending_.note = meaning_.note_of_request(association_, message);
    meaning_.on(association_, message);
  }
  void on(const Association& association, const Event& event) override {
    const Exchange& exchange = std::get<0>(event);
    if (exchange.control() == nullptr) return;
    commands.see(association, exchange.model(), exchange.message(), *exchange.control());
    if (commands.cap_reached() != Commands::Cap::none) caps.push_back(commands.cap_reached());
  }

  Connection connection_;
  Association association_;
  Meaning meaning_;
  std::unique_ptr<wire::Pdu> request_;
  PendingRequest pending_;
  std::uint64_t frame_ = 0;
  TimeNs now_ = 1'000 * kSecond;
};

TEST_CASE("select, Operate and termination are one command with its steps and times") {
  ServerModels models;
  Client c(models);
  c.write("SBOw", parameters());
  c.accept();
  c.wait(3 * kSecond);
  c.write("Oper", parameters());
  c.accept();
  c.terminate(parameters());
  CHECK(c.commands.take_over().empty());
  const auto all = c.end();
  REQUIRE(all.size() == 1);
  const Command& command = all[0];
  CHECK(command.object == kPos);
  CHECK(command.select.accepted());
  CHECK(command.selection.asked.number == 1);
  CHECK(elapsed(command.selection.answered, command.operate.asked) == 3 * kSecond + 10 * kNsPerMs);
  CHECK(command.termination == Termination::positive);
  CHECK(command.identity.or_ident == "SCADA");
  CHECK(command.identity.ctl_num == 1u);
  CHECK(command.ctl_val.root().boolean());
  REQUIRE(command.steps.size() == 3);
  CHECK(command.steps[0].what == CommandStep::What::select_with_value);
  CHECK(command.steps[1].took == 10 * kNsPerMs);
  CHECK(command.steps[2].what == CommandStep::What::termination_positive);
}

TEST_CASE("a command that is over is given out when the next one of its object begins") {
  ServerModels models;
  Client c(models);
  c.write("Oper", parameters("01"));
  c.refuse();
  CHECK(c.commands.take_over().empty());
  c.write("Oper", parameters("02"));
  const auto over = c.commands.take_over();
  REQUIRE(over.size() == 1);
  CHECK(over[0].operate.refused());
  CHECK(over[0].operate.access_error == 3);
  CHECK(over[0].watched_to != 0);
  CHECK(c.end().size() == 1);
}

TEST_CASE("errors and terminations find their command by number while several are executed") {
  ServerModels models;
  Client c(models);
  c.write("Oper", parameters("01"));
  c.accept();
  c.write("Oper", parameters("02"));
  c.accept();
  c.error("Oper", "10", "01");
  c.terminate(parameters("02"));
  const auto all = c.end();
  REQUIRE(all.size() == 2);
  CHECK(all[0].termination == Termination::negative);
  CHECK(all[0].termination_cause == 16);
  CHECK(all[1].termination == Termination::positive);
}

TEST_CASE("an Operate that uses up, loses or changes what was selected says so") {
  ServerModels models;
  Client c(models);
  c.write("SBOw", parameters("01"));
  c.accept();
  SECTION("another value") {
    c.write("Oper", parameters("01", "83 01 00"));
    c.refuse();
    const auto all = c.end();
    CHECK(all.at(0).differences == ControlDifference::kCtlVal);
    CHECK(read_control_parameters(all[0].selected.root(), false).ctl_val.boolean());
    CHECK_FALSE(read_control_parameters(all[0].operated.root(), false).ctl_val.boolean());
  }
  SECTION("twice") {
    c.write("Oper", parameters("01"));
    c.accept();
    c.write("Oper", parameters("02"));
    c.refuse();
    const auto all = c.end();
    REQUIRE(all.size() == 2);
    CHECK(all[0].selection.ended_by == SelectionEnd::none);
    CHECK(all[1].selection.ended_by == SelectionEnd::operate);
    CHECK(all[1].selection.ended.number == 3);
  }
}

TEST_CASE("a second client meets the selection of the first") {
  ServerModels models;
  Client first(models, 0);
  Client second(models, 1);
  first.write("SBOw", parameters());
  first.accept();
  second.write("SBOw", parameters());
  second.refuse();
  const auto all = second.end();
  REQUIRE(all.at(0).other_selection);
  CHECK(all[0].other_selection->client.port == 50'000);
}

TEST_CASE("a command for later is due at its operTm") {
  ServerModels models;
  Client c(models);
  // 1000 s are 0x3E8: operTm at 1060 s.
  c.write("Oper", parameters("01", "83 01 01", "91 08 00 00 04 24 00 00 00 00"));
  c.accept();
  const auto all = c.end();
  CHECK(all.at(0).time_activated);
  CHECK(all[0].execute_at == 1'060 * kSecond);
  CHECK(all[0].due_from() == 1'060 * kSecond);
  CHECK(all[0].steps.at(0).what == CommandStep::What::time_activated_operate);
}

TEST_CASE("a fault of a member that was written by itself is not forgotten with the next member") {
  ServerModels models;
  Client c(models);
  c.write("Oper$ctlVal", hex("83 01 01"));
  c.accept();
  c.write("Oper$origin$orIdent", element("89", Octets(91, 'x')));
  c.refuse();
  c.write("Oper$Test", hex("83 01 00"));
  c.accept();
  const auto all = c.end();
  REQUIRE(all.size() == 1);
  CHECK(all[0].apart);
  CHECK(all[0].fault.text == "orIdent is longer than 64 octets: it has 91");
}

TEST_CASE("caps are known when they are reached: objects, and open commands of one object") {
  ServerModels models;
  Client c(models);
  SECTION("the fifth command that is executed at a time gives up the first") {
    c.write("Oper", parameters("09"));
    c.accept();
    c.terminate(parameters("09"));
    for (const std::string_view number : {"01", "02", "03", "04"}) {
      c.write("Oper", parameters(number));
      c.accept();
    }
    CHECK(c.caps.empty());
    c.write("Oper", parameters("05"));
    CHECK(c.caps == std::vector{Commands::Cap::open});
    CHECK(c.commands.take_over().size() == 2);
  }
  SECTION("which is no cap where nothing terminates: normal security") {
    for (const std::string_view number : {"01", "02", "03", "04", "05", "06"}) {
      c.write("Oper", parameters(number));
      c.accept();
    }
    CHECK(c.caps.empty());
  }
  SECTION("objects beyond 4096 are left out") {
    for (int i = 0; i < 4096; ++i) {
      c.write("Oper", parameters(), "LD/X" + std::to_string(i) + "$CO$Pos");
    }
    CHECK(c.caps.empty());
    c.write("Oper", parameters(), "LD/Y$CO$Pos");
    CHECK(c.caps == std::vector{Commands::Cap::objects});
    CHECK(c.end().size() == 4096);
  }
}

TEST_CASE("a LastApplError without its request begins a command of its own") {
  ServerModels models;
  Client c(models);
  c.error("SBOw", "0A");
  const auto all = c.end();
  REQUIRE(all.size() == 1);
  CHECK(all[0].select.refused());
  CHECK(all[0].select.add_cause == 10);
  CHECK_FALSE(all[0].kind_unknown);
  CHECK(all[0].last_cause == 10);
}

}  // namespace
}  // namespace mmsa::iec61850
