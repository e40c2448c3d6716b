#include "iec61850/report_control.h"

#include <catch2/catch.hpp>

#include "mmsanalyze/result.h"
#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::element;
using wire::hex;
using wire::Message;

constexpr std::string_view kReference = "LD/LLN0$BR$rcb01";
constexpr RcbClient kA{"10.0.0.1:50000", 0};
constexpr RcbClient kB{"10.0.0.4:50001", 1};

FrameRef frame(std::uint64_t number) { return {number, 0, 0}; }

// One block of a server, read and written by clients.
struct Server {
  ReportControls blocks;
  ReportControl& block = *blocks.of(kReference, true);

  void write(RcbClient client, RcbAttribute attribute, std::string_view value, std::uint64_t at) {
    const Message message(wire::read_response(hex(value)));
    blocks.written(block, attribute, message->tree.at(message->tree.values[0]), client, frame(at));
  }
  void read(RcbClient client, RcbAttribute attribute, std::string_view value, std::uint64_t at) {
    const Message message(wire::read_response(hex(value)));
    ReportControls::read(block, attribute, message->tree.at(message->tree.values[0]), client,
                         frame(at));
  }
};

constexpr std::string_view kTrue = "83 01 01";
constexpr std::string_view kFalse = "83 01 00";

TEST_CASE("who enabled a block holds it against all others, since then") {
  Server server;
  CHECK(ReportControls::holder_against(server.block, kB.stream) == nullptr);
  server.write(kA, RcbAttribute::RptEna, kTrue, 17);
  server.write(kA, RcbAttribute::RptEna, kTrue, 30);  // once more: since the first time
  const RcbHolder* holder = ReportControls::holder_against(server.block, kB.stream);
  REQUIRE(holder != nullptr);
  CHECK(holder->client == kA.endpoint);
  CHECK(holder->since.number == 17);
  CHECK(ReportControls::holder_against(server.block, kA.stream) == nullptr);
  server.write(kA, RcbAttribute::RptEna, kFalse, 40);
  CHECK(ReportControls::holder_against(server.block, kB.stream) == nullptr);
  REQUIRE(server.block.lives.size() == 2);
  CHECK(server.block.lives[1].to.number == 40);
}

TEST_CASE("a reservation holds a block that is not enabled") {
  Server server;
  server.write(kA, RcbAttribute::ResvTms, "86 01 3C", 9);
  REQUIRE(ReportControls::holder_against(server.block, kB.stream) != nullptr);
  server.write(kA, RcbAttribute::ResvTms, "86 01 00", 10);
  CHECK(ReportControls::holder_against(server.block, kB.stream) == nullptr);
}

TEST_CASE("a holder whose connection ended is known as such") {
  Server server;
  server.write(kA, RcbAttribute::RptEna, kTrue, 17);
  server.blocks.disconnected(kA.stream, frame(50));
  const RcbHolder* holder = ReportControls::holder_against(server.block, kB.stream);
  REQUIRE(holder != nullptr);
  CHECK(holder->disconnected.number == 50);
  // The server released it: another client reads RptEna as false.
  server.read(kB, RcbAttribute::RptEna, kFalse, 60);
  CHECK(ReportControls::holder_against(server.block, kB.stream) == nullptr);
}

TEST_CASE("a block that a client outside of the capture has enabled") {
  Server server;
  server.read(kB, RcbAttribute::RptEna, kTrue, 5);
  CHECK(server.block.enabled_unseen.number == 5);
  CHECK(ReportControls::holder_against(server.block, kB.stream) == nullptr);
}

TEST_CASE("Owner is an address of 4 or 16 octets, or nobody's") {
  Server server;
  server.read(kB, RcbAttribute::Owner, "89 04 0A 00 00 09", 5);
  CHECK(server.block.owner == "10.0.0.9");
  server.read(kB, RcbAttribute::Owner, "89 10 FE 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01", 6);
  CHECK(server.block.owner == "fe80::1");
  // What a client is compared with: the host of "[fe80::1]:50000", without the brackets.
  CHECK(server.block.owner == host_of("[fe80::1]:50000"));
  server.read(kB, RcbAttribute::Owner, "89 04 00 00 00 00", 7);
  CHECK(server.block.owner.empty());
  server.read(kB, RcbAttribute::Owner, "89 00", 8);
  CHECK(server.block.owner.empty());
}

TEST_CASE("what one association learnt another one knows") {
  Server server;
  server.read(kA, RcbAttribute::RptID, "8A 07 {Events1}", 5);
  server.read(kA, RcbAttribute::TrgOps, "84 02 02 44", 5);
  CHECK(server.block.effective_rpt_id() == "Events1");
  CHECK(server.block.trg_ops == 0x22);
  CHECK(server.blocks.find(kReference) == &server.block);
  server.read(kB, RcbAttribute::RptID, "8A 00", 6);
  CHECK(server.block.effective_rpt_id() == kReference);
}

TEST_CASE("purges are counted by connection") {
  Server server;
  server.write(kA, RcbAttribute::PurgeBuf, kTrue, 5);
  server.write(kA, RcbAttribute::PurgeBuf, kTrue, 6);
  CHECK(server.block.purging_streams == 1);
  server.write(kB, RcbAttribute::PurgeBuf, kTrue, 7);
  CHECK(server.block.purges == 3);
  CHECK(server.block.purging_streams == 2);
}

TEST_CASE("what was written to EntryID holds until the block is disabled") {
  Server server;
  server.write(kA, RcbAttribute::EntryID, "89 08 00 00 00 00 00 00 00 00", 5);
  CHECK_FALSE(server.block.position.known());  // zeros: from the oldest entry
  CHECK(server.block.position.frame.number == 5);
  server.write(kA, RcbAttribute::EntryID, "89 08 00 00 00 00 00 00 00 07", 6);
  CHECK(server.block.position.named);
  ReportControls::refused(server.block, RcbAttribute::EntryID, frame(7));
  CHECK(server.block.position.refused);
  CHECK(server.block.position.frame.number == 7);
  server.write(kA, RcbAttribute::RptEna, kFalse, 9);
  CHECK_FALSE(server.block.position.known());
}

TEST_CASE("a purge is over with the next report") {
  Server server;
  server.write(kA, RcbAttribute::PurgeBuf, kFalse, 5);
  CHECK_FALSE(server.block.purged);
  server.write(kA, RcbAttribute::PurgeBuf, kTrue, 6);
  CHECK(server.block.purged);
  ReportControls::reported(server.block);
  CHECK_FALSE(server.block.purged);
}

TEST_CASE("who wrote a data set stays known while it is read back") {
  Server server;
  server.write(kA, RcbAttribute::DatSet, "8A 03 {a/b}", 5);
  server.read(kB, RcbAttribute::DatSet, "8A 03 {a/b}", 8);
  CHECK(server.block.dat_set_told.written);
  CHECK(server.block.dat_set_told.frame.number == 5);
  server.read(kB, RcbAttribute::DatSet, "8A 03 {a/c}", 9);
  CHECK_FALSE(server.block.dat_set_told.written);
  CHECK(server.block.dat_set_told.stream == kB.stream);
}

TEST_CASE("a reservation that another client reads as free is none") {
  Server server;
  server.write(kA, RcbAttribute::Resv, kTrue, 17);
  server.read(kA, RcbAttribute::Resv, kFalse, 18);  // its own: it has just written it
  CHECK(ReportControls::holder_against(server.block, kB.stream) != nullptr);
  server.read(kB, RcbAttribute::Resv, kFalse, 20);
  CHECK(ReportControls::holder_against(server.block, kB.stream) == nullptr);
}

}  // namespace
}  // namespace mmsa::iec61850
