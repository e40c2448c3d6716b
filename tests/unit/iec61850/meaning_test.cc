// The stage that says what messages mean: names and values together, each part when it is asked
// for.
#include "iec61850/meaning.h"

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/association.h"
#include "unit/iec61850/wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::element;
using wire::hex;
using wire::Octets;

// "ref=type" or "ref!error" of each item.
std::string text_of(std::span<const Item> items) {
  std::string text;
  for (const Item& item : items) {
    if (!text.empty()) text += ' ';
    text += item.ref;
    if (item.error) text += '!' + std::to_string(*item.error);
    if (item.value) text += '=' + std::string(data_type_name(data_type(item.value.node())));
  }
  return text;
}

// Tells the stage messages of one association; keeps what the last one meant.
class Stage : public ExchangeSink {
 public:
  std::string items;
  std::string data_set;
  std::string names;  // of report entries
  Acsi acsi = Acsi::none;
  std::string closed;

  void ask(const Octets& octets) {
    request_ = std::make_unique<wire::Pdu>(octets);
    pending_ = {};
    pending_.invoke_id = request_->pdu().invoke_id.value_or(0);
    pending_.service = request_->pdu().service;
    pending_.sender = test::kClient;
    MmsMessage message = this->message(*request_, test::kClient);
    message.request_view = request_.get();
    pending_.note = meaning_.note_of_request(association_.association, message);
    meaning_.on(association_.association, message);
  }
  void answer(const Octets& octets, bool request_kept = true) {
    const wire::Pdu pdu(octets);
    MmsMessage message = this->message(pdu, test::kServer);
    message.request = &pending_;
    if (request_kept) message.request_view = request_.get();
    meaning_.on(association_.association, message);
  }
  void indicate(const Octets& octets) {
    const wire::Pdu pdu(octets);
    meaning_.on(association_.association, message(pdu, test::kServer));
  }

  void on(const Association&, const Event& event) override {
    const Exchange& exchange = std::get<0>(event);
    acsi = exchange.acsi();
    items = text_of(exchange.items());
    data_set = exchange.data_set();
    names.clear();
    for (const ReportEntry& entry : exchange.report_entries()) {
      names += std::string(exchange.entry_name(entry)) + ";";
    }
  }

 private:
  MmsMessage message(const wire::Pdu& pdu, Side sender) {
    ++frame_;
    return {.pdu = pdu.pdu(),
            .tree = pdu.tree(),
            .octets = pdu.octets(),
            .sender = sender,
            .frame = {frame_, static_cast<TimeNs>(frame_), static_cast<TimeNs>(frame_)},
            .frames = {}};
  }

  ServerModels models_;
  Meaning meaning_{models_, {this}};
  test::TestAssociation association_;
  std::unique_ptr<wire::Pdu> request_;
  PendingRequest pending_;
  std::uint64_t frame_ = 0;
};

Octets write_answer(std::string_view results) {
  return wire::response(element("A5", hex(results)));
}

TEST_CASE("an answer carries the names of its request, failed items their errors") {
  Stage stage;
  stage.ask(wire::read({"LD/GGIO1$ST$Ind1", "LD/GGIO1$ST$Ind2"}));
  CHECK(stage.items == "LD/GGIO1$ST$Ind1 LD/GGIO1$ST$Ind2");
  CHECK(stage.acsi == Acsi::GetDataValues);
  stage.answer(wire::read_response(hex("83 01 01 80 01 0A")));
  CHECK(stage.items == "LD/GGIO1$ST$Ind1=boolean LD/GGIO1$ST$Ind2!10");
}

TEST_CASE("items of a write have what is written, in the request and in the answer") {
  Stage stage;
  stage.ask(wire::write({"LD/A1$SP$x", "LD/A1$SP$y"}, hex("83 01 01 85 01 05")));
  CHECK(stage.items == "LD/A1$SP$x=boolean LD/A1$SP$y=integer");
  stage.answer(write_answer("81 00 80 01 03"));
  CHECK(stage.items == "LD/A1$SP$x=boolean LD/A1$SP$y!3=integer");
}

TEST_CASE("items of a data set are its members where they are known, else numbered") {
  Stage stage;
  stage.ask(wire::read_list("LD/LLN0$ds"));
  stage.answer(wire::read_response(hex("83 01 01 83 01 00")));
  CHECK(stage.data_set == "LD/LLN0$ds");
  CHECK(stage.items == "LD/LLN0$ds[0]=boolean LD/LLN0$ds[1]=boolean");
  stage.ask(wire::request(element("AC", wire::object_name("LD/LLN0$ds"))));
  stage.answer(wire::response(
      element("AC", wire::join({hex("80 01 00"),
                                element("A1", wire::variables({"LD/G1$ST$a", "LD/G1$ST$b"}))}))));
  stage.ask(wire::read_list("LD/LLN0$ds"));
  stage.answer(wire::read_response(hex("83 01 01 83 01 00")));
  CHECK(stage.items == "LD/G1$ST$a=boolean LD/G1$ST$b=boolean");
}

TEST_CASE("an answer that does not fit its request, or whose request was not kept, names nothing") {
  Stage stage;
  stage.ask(wire::read({"LD/G1$ST$a", "LD/G1$ST$b"}));
  stage.answer(wire::read_response(hex("83 01 01")));
  CHECK(stage.items == "=boolean");
  stage.ask(wire::read({"LD/G1$ST$a"}));
  stage.answer(wire::read_response(hex("83 01 01")), false);
  CHECK(stage.items == "=boolean");
}

TEST_CASE("an answer that refuses the whole request has the items of the request") {
  Stage stage;
  stage.ask(wire::write({"LD/A1$SP$x"}, hex("83 01 01")));
  // confirmed-ErrorPDU: access, object-access-unsupported
  stage.answer(element("A2", wire::join({hex("80 01 05"), hex("A2 05 A0 03 87 01 01")})));
  CHECK(stage.items == "LD/A1$SP$x=boolean");
}

TEST_CASE("report entries are named by the data set of the report, which any read may tell") {
  Stage stage;
  const Octets report =
      wire::report(hex("8A 01 {r} 84 03 06 08 00 8A 0A {LD/LLN0$ds} 84 02 06 C0 "
                       "83 01 01 83 01 00"));
  stage.indicate(report);
  CHECK(stage.acsi == Acsi::Report);
  CHECK(stage.names == ";;");
  stage.ask(wire::request(element("AC", wire::object_name("LD/LLN0$ds"))));
  stage.answer(wire::response(
      element("AC", wire::join({hex("80 01 00"),
                                element("A1", wire::variables({"LD/G1$ST$a", "LD/G1$ST$b"}))}))));
  stage.indicate(report);
  CHECK(stage.names == "LD/G1$ST$a;LD/G1$ST$b;");
}

TEST_CASE("a note survives the table of outstanding requests") {
  RequestNote note{.results = 7, .data_set = true, .teaches = true};
  note.constraints.insert(Fc::BR);
  note.constraints.insert(Fc::US);
  const RequestNote back = RequestNote::of(note.bits());
  CHECK(back.constraints.bits() == note.constraints.bits());
  CHECK(back.results == 7);
  CHECK(back.data_set);
  CHECK(back.teaches);
  CHECK_FALSE(RequestNote::of(RequestNote{.results = 1}.bits()).data_set);
}

}  // namespace
}  // namespace mmsa::iec61850
