// The life of a file that is transferred, and what of it the capture does not show.
#include "iec61850/file_transfer.h"

#include <catch2/catch.hpp>
#include <memory>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Octets;
using What = FileTransfers::What;

// Requests and answers of one association, told to FileTransfers. Side a is the client.
class Dialogue {
 public:
  const FileTransfers::Step& exchange(const Octets& request, const Octets& answer,
                                      Side requester = Side::a) {
    ask(request, requester);
    return this->answer(answer);
  }
  void ask(const Octets& request, Side requester = Side::a) {
    request_ = std::make_unique<wire::Pdu>(request);
    pending_ = {};
    pending_.service = request_->pdu().service;
    pending_.sender = requester;
    pending_.frame = {++frame_, 0};
  }
  const FileTransfers::Step& answer(const Octets& octets, bool with_request = true,
                                    bool cut = false) {
    answer_ = std::make_unique<wire::Pdu>(octets);
    const MmsMessage message{.pdu = answer_->pdu(),
                             .tree = answer_->tree(),
                             .octets = answer_->octets(),
                             .sender = other(pending_.sender),
                             .frame = {++frame_, 0},
                             .frames = {},
                             .cut = cut,
                             .request = with_request ? &pending_ : nullptr,
                             .request_view = with_request ? request_.get() : nullptr};
    FileView view;
    REQUIRE(read_file(message, view));
    return files.see(message, view);
  }

  FileTransfers files;

 private:
  std::unique_ptr<wire::Pdu> request_;
  std::unique_ptr<wire::Pdu> answer_;
  PendingRequest pending_;
  std::uint64_t frame_ = 0;
};

Octets open(std::string_view name, std::string_view position = "00") {
  return wire::request(element("BF 48", join({element("A0", wire::text_element("19", name)),
                                              hex("81 01 " + std::string(position))})));
}
Octets opened(std::string_view id, std::string_view size) {
  return wire::response(element(
      "BF 48", join({hex("80 01 " + std::string(id)), element("A1", element("80", hex(size)))})));
}
Octets read_block(std::string_view id) { return wire::request(element("9F 49", hex(id))); }
Octets block(std::size_t octets, bool more) {
  return wire::response(element(
      "BF 49", join({element("80", Octets(octets, 0x55)), hex(more ? "81 01 FF" : "81 01 00")})));
}
Octets close_file(std::string_view id) { return wire::request(element("9F 4A", hex(id))); }
Octets closed() { return wire::response(hex("9F 4A 00")); }
Octets refused(std::string_view code) {
  return element("A2", join({hex("80 01 05"),
                             element("A2", element("A0", hex("8B 01 " + std::string(code))))}));
}

TEST_CASE("a file is opened, read and closed: each step knows its transfer and its place") {
  Dialogue d;
  const auto& opening = d.exchange(open("a/b.dat", "02"), opened("05", "09"));
  CHECK(opening.what == What::opened);
  CHECK(opening.transfer->name == "a/b.dat");
  CHECK(opening.transfer->size == 9u);
  CHECK(opening.transfer->position == 2);
  CHECK(opening.transfer->opened.number == 1);
  CHECK(d.exchange(read_block("05"), block(4, true)).offset == 0);
  const auto& second = d.exchange(read_block("05"), block(3, false));
  CHECK(second.what == What::block);
  CHECK(second.offset == 4);
  CHECK(second.transfer->octets == 7);
  CHECK(second.transfer->at_end);
  const auto& closing = d.exchange(close_file("05"), closed());
  CHECK(closing.what == What::closed);
  CHECK(closing.transfer->complete());
  CHECK(closing.transfer->short_by() == 0);
  CHECK(closing.transfer->closed.number == 8);
  CHECK(d.files.take_open().empty());
}

TEST_CASE(
    "a block that the capture lost is missing at its place, and is as long as what is short") {
  Dialogue d;
  d.exchange(open("f"), opened("05", "0A"));
  d.exchange(read_block("05"), block(4, true));
  d.files.lose(Side::b);
  d.files.lose(Side::b);
  SECTION("the announced size tells how much") {
    const auto& end = d.exchange(read_block("05"), block(2, false));
    const auto missing = end.transfer->missing();
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].at == 4);
    CHECK(missing[0].octets == 4u);
    CHECK_FALSE(end.transfer->complete());
  }
  SECTION("all octets are there: other messages were lost") {
    CHECK(d.exchange(read_block("05"), block(6, false)).transfer->complete());
  }
  SECTION("two holes: how much lies in which can not be told") {
    d.exchange(read_block("05"), block(2, true));
    d.files.lose(Side::b);
    const auto& end = d.exchange(read_block("05"), block(2, false));
    const auto missing = end.transfer->missing();
    REQUIRE(missing.size() == 2);
    CHECK(missing[1].at == 6);
    CHECK_FALSE(missing[0].octets);
    CHECK_FALSE(missing[1].octets);
  }
}

TEST_CASE("what is lost of the side that asks, or behind the end, is no octet of the file") {
  Dialogue d;
  d.exchange(open("f"), opened("05", "04"));
  d.files.lose(Side::a);
  d.exchange(read_block("05"), block(4, false));
  d.files.lose(Side::b);
  const auto left = d.files.take_open();
  REQUIRE(left.size() == 1);
  CHECK(left[0].complete());
  CHECK(left[0].unsure);  // its close may have been lost
}

TEST_CASE("a block that the snap length cut is missing") {
  Dialogue d;
  d.exchange(open("f"), opened("05", "04"));
  d.ask(read_block("05"));
  const auto& cut = d.answer(block(2, false), true, true);
  CHECK(cut.transfer->octets == 0);
  CHECK_FALSE(cut.transfer->at_end);
  CHECK(cut.transfer->holes == std::vector<std::uint64_t>{0});
}

TEST_CASE("a block whose request was not captured belongs to the only open file") {
  Dialogue d;
  d.exchange(open("f"), opened("05", "04"));
  d.ask(read_block("05"));
  CHECK(d.answer(block(4, false), false).transfer->complete());
  d.exchange(open("g"), opened("06", "04"));
  d.ask(read_block("06"));
  CHECK(d.answer(block(4, false), false).what == What::nothing);
}

TEST_CASE("a number that is given anew ends the transfer that had it") {
  Dialogue d;
  d.exchange(open("f"), opened("05", "04"));
  const auto& again = d.exchange(open("g"), opened("05", "04"));
  REQUIRE(again.unclosed.size() == 1);
  CHECK(again.unclosed[0].name == "f");
  CHECK_FALSE(again.crowded_out);
  CHECK(again.transfer->name == "g");
}

TEST_CASE("both sides may have a file of the same number open") {
  Dialogue d;
  d.exchange(open("f"), opened("05", "04"), Side::a);
  CHECK(d.exchange(open("g"), opened("05", "04"), Side::b).unclosed.empty());
  CHECK(d.files.find(Side::a, 5)->name == "f");
  CHECK(d.files.find(Side::b, 5)->name == "g");
}

TEST_CASE("a transfer whose FileOpen was not captured has no name, and is not complete") {
  Dialogue d;
  const auto& read = d.exchange(read_block("05"), block(4, false));
  CHECK(read.transfer->name.empty());
  CHECK_FALSE(read.transfer->open_seen());
  CHECK_FALSE(read.transfer->complete());
}

TEST_CASE("refusals are kept with their code") {
  Dialogue d;
  const auto& opening = d.exchange(open("f"), refused("07"));
  CHECK(opening.what == What::open_failed);
  CHECK(opening.transfer->error == "file-non-existent");
  d.exchange(open("f"), opened("05", "04"));
  CHECK(d.exchange(read_block("05"), refused("00")).what == What::failed);
  CHECK(d.files.find(Side::a, 5)->error == "file/other");
  CHECK(d.exchange(read_block("09"), refused("00")).what == What::nothing);
}

TEST_CASE("beyond 256 open files the oldest is given up, which is known") {
  Dialogue d;
  for (int i = 0; i < 256; ++i) {
    const Octets id{0x80, 2, 0, static_cast<std::uint8_t>(i)};
    d.exchange(open("f"), wire::response(element("BF 48", join({id, hex("A1 03 80 01 04")}))));
  }
  const auto& next =
      d.exchange(open("g"), wire::response(element("BF 48", hex("80 02 01 00 A1 03 80 01 04"))));
  CHECK(next.crowded_out);
  REQUIRE(next.unclosed.size() == 1);
  CHECK(next.unclosed[0].frsm_id == 0);
}

}  // namespace
}  // namespace mmsa::iec61850
