// What filters select. That they select what tshark does is tests/differential/test_filters.py.
#include "filter/filter.h"

#include <catch2/catch.hpp>

#include "filter/filtered_sink.h"
#include "unit/filter/messages.h"

namespace mmsa::filter {
namespace {

using wire::hex;

void check(test::Messages& messages, std::initializer_list<const char*> selected,
           std::initializer_list<const char*> passed_over) {
  for (const char* filter : selected) {
    INFO(filter);
    CHECK(messages.selects(filter));
  }
  for (const char* filter : passed_over) {
    INFO(filter);
    CHECK_FALSE(messages.selects(filter));
  }
}

TEST_CASE("fields that occur several times: one value is enough, but != asks all") {
  test::Messages messages;
  messages.ask(wire::read({"LD/GGIO1$ST$Ind1", "LD/GGIO1$MX$AnIn1"}));
  check(messages,
        {"mms.itemId == \"GGIO1$ST$Ind1\"", "mms.itemId ~= \"GGIO1$ST$Ind1\"",
         "mms.itemId !== \"GGIO1$ST$Ind1\"", "mms.itemId != \"x\"",
         "all mms.itemId contains \"GGIO1\"", "any mms.itemId contains \"MX\"",
         "mms.domainId === \"LD\"", "any mms.itemId != \"GGIO1$ST$Ind1\"", "count(mms.itemId) == 2",
         "len(mms.itemId) in {13, 14}"},
        {"mms.itemId != \"GGIO1$ST$Ind1\"", "mms.itemId === \"GGIO1$ST$Ind1\"",
         "all mms.itemId contains \"MX\"", "all mms.itemId == \"GGIO1$ST$Ind1\"",
         // Without a value nothing holds, `all` and != neither.
         "mms.failure != 3", "all mms.failure == 3", "mms.failure", "count(mms.failure) == 0"});
}

TEST_CASE("comparisons of numbers, chains, sets and fields") {
  test::Messages messages;
  messages.ask(wire::read({"LD/GGIO1$ST$Ind1"}));
  check(messages,
        {"tcp.dstport == 102", "tcp.port > 1000", "tcp.port < 1000", "102 == tcp.dstport",
         "1 < tcp.dstport < 103", "tcp.port in {5, 100..110}", "tcp.dstport < tcp.srcport",
         "ip.src == 10.0.0.1", "ip.addr == 10.0.0.0/24", "ip.src != ip.dst", "not tcp.port == 1",
         "ip.addr in {10.0.0.2}", "frame.number == 1", "mms.Data || tcp.srcport == 0xC350"},
        {"tcp.port in {5..10}", "1 < tcp.dstport < 102", "ip.addr != 10.0.0.0/24",
         "ip.src == ip.dst", "ipv6", "ipv6.addr == ::/0", "frame.time_delta > 0"});
}

TEST_CASE("strings: case, escapes, raw strings, regular expressions, slices") {
  test::Messages messages;
  messages.ask(wire::read({"LD/GGIO1$ST$Ind1"}));
  check(messages,
        {"mms.itemId contains \"\\x24ST\\044\"", "mms.itemId matches \"ggio1\"",
         "mms.itemId matches r\"^GGIO\\d\\$\"", "mms.itemId matches \"^GGIO1\\\\$\"",
         "mms.itemId ~ \"IND1$\"", "mms.itemId[0:4] == \"GGIO\"", "mms.itemId[0-3] == 47:47:49:4f",
         "mms.itemId[-4:] == \"Ind1\"", "mms.itemId[:1,-1] == \"G1\"", "mms.itemId[5] == '$'",
         "upper(mms.itemId) contains \"IND\"", "lower(mms.itemId) == \"ggio1$st$ind1\"",
         "mms contains \"$ST$\"", "mms[0] == a0", "mms.domainId == LD"},
        {"mms.itemId contains \"ind1\"", "mms.itemId[90:] == \"\"", "mms.itemId[0:90] == \"G\"",
         "mms.itemId[-90] == \"G\"", "mms.itemId == \"GGIO1\""});
}

TEST_CASE("an answer has its request's time and names, and says whether it went well") {
  test::Messages messages;
  messages.ask(wire::read({"LD/GGIO1$ST$Ind1", "LD/CSWI1$CO$Pos"}));
  check(messages, {"mms.read_Request", "iec61850.acsi == \"GetDataValues\""},
        {"mms.read_Response", "ok", "mms.response_time"});
  messages.answer(wire::read_response(hex("83 01 01 80 01 0A")));
  check(messages,
        {"mms.read_Response", "ok == false", "mms.response_time == 1", "mms.response_time > 0.5",
         "mms.response_to == 1", "mms.failure == object-non-existent", "mms.failure == 10",
         "iec61850.ref == \"LD/GGIO1$ST$Ind1\"", "iec61850.ld == \"LD\"",
         "iec61850.ln in {\"CSWI1\"}", "iec61850.fc == \"CO\"", "iec61850.do == \"Pos\"",
         "mms.boolean == true", "mms.AccessResult == 0", "mms.listOfAccessResult == 2",
         "mms.success == 3"},
        // A result is `success`; `Data` is what stands in lists and structures.
        {"mms.Data", "mms.itemId", "ok == true", "mms.read_Request", "mms.boolean == 0"});
}

TEST_CASE("quality and time stamps among the values") {
  test::Messages messages;
  messages.ask(wire::read({"LD/GGIO1$ST$Ind1"}));
  messages.answer(
      wire::read_response(hex("A2 12 83 01 01 84 03 03 C0 80 91 08 00 00 00 01 80 00 00 2A")));
  check(messages,
        {"mms.iec61850.validity == questionable", "mms.iec61850.validity == 3",
         "mms.iec61850.clocknotsynchronized == 1", "mms.iec61850.timeaccuracy == 10",
         "mms.utc_time == \"Jan  1, 1970 00:00:01.500000000 UTC\"",
         "iec61850.t == \"1970-01-01 00:00:01.5Z\"", "mms.structure == 3",
         "mms.data_bit-string == c0:80"},
        {"mms.iec61850.overflow == 1", "mms.iec61850.clockfailure == 1"});
}

TEST_CASE("a regular expression that would never end is given up, counted and no match") {
  test::Messages messages;
  messages.ask(wire::read({"LD/GGIO1$ST$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}));
  CHECK_FALSE(messages.selects(R"(mms.itemId matches r"(a+)+\d")"));
}

TEST_CASE("frames are remembered for the filter, and forgotten ones are counted") {
  FrameLog log;
  Packet packet;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    packet.frame = {number, static_cast<TimeNs>(number * number), 0};
    packet.original_length = 60 + static_cast<std::uint32_t>(number);
    log.on_packet(packet);
  }
  TimeNs since_previous = 0;
  std::uint32_t length = 0;
  REQUIRE(log.find(3, since_previous, length));
  CHECK(since_previous == 5);
  CHECK(length == 63);
  REQUIRE(log.find(1, since_previous, length));
  CHECK(since_previous == 0);
  CHECK_FALSE(log.find(4, since_previous, length));
  CHECK(log.forgotten() == 1);
}

}  // namespace
}  // namespace mmsa::filter
