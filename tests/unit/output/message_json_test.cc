#include "output/message_json.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "support/hex.h"
#include "unit/mms/vectors.h"
#include "unit/output/one_message.h"

namespace mmsa::output {
namespace {

using nlohmann::ordered_json;
using test::hex;
using test::OneMessage;

// A read response with this one AccessResult.
ordered_json read_result(std::string_view access_result) {
  auto content = hex(access_result);
  auto octets = hex("a1 00 | 02 01 07 | a4 00 | a1 00");
  octets.insert(octets.end(), content.begin(), content.end());
  const auto size = static_cast<std::uint8_t>(content.size());
  octets[8] = size;
  octets[6] = static_cast<std::uint8_t>(size + 2);
  octets[1] = static_cast<std::uint8_t>(size + 7);
  const ordered_json record = OneMessage(octets).json();
  REQUIRE(record["items"].size() == 1);
  CHECK_FALSE(record.contains("malformed"));
  return record["items"][0];
}

std::string value_of(std::string_view access_result) { return read_result(access_result).dump(); }

// read request: domain-specific "LD0"/"LLN0"
const char* const kReadRequest = R"(
  a0 17 | 02 01 07
    a4 12 | a1 10 | a0 0e | 30 0c | a0 0a | a1 08 | 1a 03 "LD0" | 1a 01 "L")";

TEST_CASE("a record says when, where, who and what") {
  OneMessage message(hex(kReadRequest));
  CHECK(message.json_text().starts_with(
      R"({"frame":25,"frames":[24,25],"time":"2024-02-21T20:46:31.867763356Z",)"
      R"("ts":1708548391.867763356,"stream":4,)"
      R"("src":"10.0.0.1:50000","dst":"10.0.0.2:102","sender":"client",)"
      R"("client":"10.0.0.1:50000","server":"10.0.0.2:102",)"
      R"("pdu":"confirmed-RequestPDU","invoke_id":7,"service":"read")"));
  const ordered_json record = message.json();
  CHECK(record["items"] == ordered_json::parse(R"([{"ref":"LD0/L"}])"));
  CHECK_FALSE(record.contains("detail"));
  CHECK_FALSE(record.contains("ok"));
  CHECK_FALSE(record.contains("request_frame"));
  CHECK_FALSE(record.contains("malformed"));
  CHECK_FALSE(record.contains("cut"));
}

TEST_CASE("the sender is named by its role") {
  OneMessage message(hex(kReadRequest));
  message.sender = test::kServer;
  CHECK(message.json()["sender"] == "server");
  CHECK(message.json()["src"] == "10.0.0.2:102");
  message.association.association.client = Side::b;
  CHECK(message.json()["sender"] == "client");
}

TEST_CASE("an answer names its request and how long it took") {
  OneMessage message(hex("a1 09 | 02 01 07 | a4 04 | a1 02 | 83 00"));
  message.answers = true;
  message.request.frame = {23, 0, 2 * kNsPerMs};
  message.request.service = Service::kRead;
  CHECK(message.json()["request_frame"] == 23);
  CHECK(message.json_text().find("\"response_ms\":5.000005") != std::string::npos);
}

TEST_CASE("an error has the service of its request") {
  OneMessage message(hex("a2 0a | 80 01 07 | a2 05 | a0 03 | 82 01 01"));
  CHECK_FALSE(message.json().contains("service"));
  message.answers = true;
  message.request.service = Service::kStatus;
  CHECK(message.json()["service"] == "status");
  CHECK(message.json()["ok"] == false);
  CHECK(message.json()["error_class"] == "definition");
  CHECK(message.json()["error"] == "object-undefined");
}

// --- objects ---

TEST_CASE("object names tell their scope") {
  // vmd-specific "V", domain-specific "D"/"I", aa-specific "A"
  OneMessage message(hex(R"(
    a0 24 | 02 01 07 | a4 1f | a1 1d | a0 1b
      30 05 | a0 03 | 80 01 "V"
      30 0a | a0 08 | a1 06 | 1a 01 "D" | 1a 01 "I"
      30 05 | a0 03 | 82 01 "A"
      30 00)"));
  CHECK(message.json()["items"] ==
        ordered_json::parse(R"([{"ref":"V"},{"ref":"D/I"},{"ref":"@A"}])"));
}

// --- data ---

TEST_CASE("values have their type and are written as JSON has them") {
  CHECK(value_of("83 01 00") == R"({"type":"boolean","value":false})");
  CHECK(value_of("83 01 ff") == R"({"type":"boolean","value":true})");
  CHECK(value_of("84 02 03 f0") == R"({"type":"bit-string","value":"11110"})");
  CHECK(value_of("84 01 00") == R"({"type":"bit-string","value":""})");
  CHECK(value_of("85 01 80") == R"({"type":"integer","value":-128})");
  CHECK(value_of("85 08 80 00 00 00 00 00 00 00") ==
        R"({"type":"integer","value":-9223372036854775808})");
  CHECK(value_of("86 01 7f") == R"({"type":"unsigned","value":127})");
  CHECK(value_of("86 09 00 ff ff ff ff ff ff ff ff") ==
        R"({"type":"unsigned","value":18446744073709551615})");
  CHECK(value_of("89 02 00 ff") == R"({"type":"octet-string","value":"00ff"})");
  CHECK(value_of("8a 02 \"ab\"") == R"({"type":"visible-string","value":"ab"})");
  CHECK(value_of("90 02 c3 a4") == "{\"type\":\"mms-string\",\"value\":\"\xc3\xa4\"}");
  CHECK(value_of("8f 05 28 ca 22 02 01") == R"({"type":"object-id","value":"1.0.9506.2.1"})");
}

TEST_CASE("floating point values, and those that JSON has no number for") {
  CHECK(read_result("87 05 08 3f 80 00 00")["value"] == 1.0);
  CHECK(value_of("87 05 08 3d cc cc cd") == R"({"type":"floating-point","value":0.1})");
  CHECK(value_of("87 09 0b 3f b9 99 99 99 99 99 9a") == R"({"type":"floating-point","value":0.1})");
  CHECK(value_of("87 05 08 7f 80 00 00") == R"({"type":"floating-point","value":"Infinity"})");
  CHECK(value_of("87 05 08 ff 80 00 00") == R"({"type":"floating-point","value":"-Infinity"})");
  CHECK(value_of("87 05 08 7f c0 00 00") == R"({"type":"floating-point","value":"NaN"})");
}

TEST_CASE("times") {
  const ordered_json utc = read_result("91 08 65 d6 61 97 80 00 00 2a");
  CHECK(utc["value"] == "2024-02-21T20:48:23.500000000Z");
  CHECK(utc["quality"]["clock_not_synchronized"] == true);
  CHECK_FALSE(utc["quality"].contains("clock_failure"));
  CHECK(utc["quality"]["accuracy"] == 10);
  // TimeOfDay: milliseconds since midnight, and days since 1984
  CHECK(read_result("8c 04 00 00 03 e8")["value"] == "00:00:01.000");
  CHECK(read_result("8c 06 00 00 00 01 00 01")["value"] == "1984-01-02T00:00:00.001Z");
}

TEST_CASE("structures and arrays hold values in their order") {
  CHECK(
      value_of("a2 06 | 83 01 01 | 85 01 02") ==
      R"({"type":"structure","value":[{"type":"boolean","value":true},{"type":"integer","value":2}]})");
  CHECK(value_of("a1 02 | a2 00") ==
        R"({"type":"array","value":[{"type":"structure","value":[]}]})");
}

TEST_CASE("a failed access has its name and number") {
  CHECK(value_of("80 01 03") == R"({"error":"object-access-denied","code":3})");
  CHECK(value_of("80 01 63") == R"({"error":"unknown","code":99})");
}

TEST_CASE("failed items of a write stand in their place") {
  OneMessage message(hex("a1 0a | 02 01 07 | a5 05 | 81 00 | 80 01 03"));
  const ordered_json record = message.json();
  CHECK(record["service"] == "write");
  CHECK(record["items"] ==
        ordered_json::parse(R"([{},{"error":"object-access-denied","code":3}])"));
  CHECK(record["ok"] == false);
  CHECK_FALSE(record.contains("detail"));
}

// --- what IEC 61850 reads ---

// `iec` of a value that is written to this item of the domain "LD".
ordered_json iec_of(std::string_view item, std::string_view data) {
  const auto value = hex(data);
  std::vector<std::uint8_t> name = {
      0xa1, static_cast<std::uint8_t>(item.size() + 6), 0x1a, 2, 'L', 'D',
      0x1a, static_cast<std::uint8_t>(item.size())};
  name.insert(name.end(), item.begin(), item.end());
  const auto wrap = [](std::uint8_t tag, std::vector<std::uint8_t> content) {
    std::vector<std::uint8_t> out = {tag, static_cast<std::uint8_t>(content.size())};
    if (content.size() > 127) out.insert(out.begin() + 1, 0x81);
    out.insert(out.end(), content.begin(), content.end());
    return out;
  };
  auto body = wrap(0xa0, wrap(0x30, wrap(0xa0, name)));
  const auto list = wrap(0xa0, value);
  body.insert(body.end(), list.begin(), list.end());
  auto pdu = wrap(0xa5, body);
  pdu.insert(pdu.begin(), {0x02, 1, 7});
  const ordered_json record = OneMessage(wrap(0xa0, pdu)).json();
  REQUIRE(record["items"].size() == 1);
  return record["items"][0].contains("iec") ? record["items"][0]["iec"] : ordered_json();
}

TEST_CASE("codes and bits are in words where the attribute is known") {
  CHECK(iec_of("XCBR1$ST$Pos$stVal", "84 02 06 80").dump() == R"({"stVal":"on"})");
  CHECK(iec_of("GGIO1$ST$Ind1$q", "84 03 03 c1 10").dump() ==
        R"({"q":{"validity":"questionable","detail":["oldData"],"test":true}})");
  CHECK(iec_of("CSWI1$CF$Pos$ctlModel", "85 01 04").dump() ==
        R"({"ctlModel":"sbo-with-enhanced-security"})");
  CHECK(iec_of("CSWI1$CF$Pos$ctlModel", "85 01 09").is_null());
  CHECK(iec_of("LLN0$ST$Mod$stVal", "85 01 03").dump() == R"({"stVal":"test"})");
  CHECK(iec_of("CSWI1$ST$Pos$origin$orCat", "85 01 02").dump() == R"({"orCat":"station-control"})");
  CHECK(
      iec_of("LLN0$BR$b01$OptFlds", "84 03 06 78 00").dump() ==
      R"({"OptFlds":["sequence-number","report-time-stamp","reason-for-inclusion","data-set-name"]})");
  CHECK(iec_of("MMXU1$MX$TotW$t", "91 08 65 d6 61 97 53 74 bc 0a").dump() ==
        R"({"t":"2024-02-21T20:48:23.326000Z"})");
}

TEST_CASE("what says no more than the value has no iec") {
  CHECK(iec_of("GGIO1$ST$Ind1$stVal", "83 01 ff").is_null());
  CHECK(iec_of("MMXU1$MX$TotW$t", "91 08 00 00 00 00 00 00 00 00").is_null());
  CHECK(iec_of("Feeder1Position", "84 02 06 80").is_null());
}

TEST_CASE("a whole data object is told by its shape") {
  // Pos: on, valid, at a time
  const auto iec = iec_of("XCBR1$ST$Pos",
                          "a2 14 | 84 02 06 80 | 84 03 03 00 00 | 91 08 65 d6 61 97 00 00 00 0a");
  CHECK(iec.dump() ==
        R"({"stVal":"on","q":{"validity":"good","test":false},"t":"2024-02-21T20:48:23.000000Z"})");
  // an operated protection function
  CHECK(iec_of("PTOC1$ST$Op", "a2 08 | 83 01 ff | 84 03 03 00 00")["general"] == true);
  // no quality: nothing is known
  CHECK(iec_of("XCBR1$ST$Pos", "a2 04 | 84 02 06 80").is_null());
}

TEST_CASE("a command is told by the layout of the standard") {
  const auto iec = iec_of("CSWI1$CO$Pos$Oper",
                          "a2 25 | 83 01 ff | a2 09 | 85 01 02 | 89 04 \"SCAD\" | 86 01 05 | "
                          "91 08 65 d6 61 97 00 00 00 0a | 83 01 00 | 84 02 06 40");
  CHECK(iec["ctlVal"] == true);
  CHECK(iec["origin"].dump() == R"({"orCat":"station-control","orIdent":"SCAD"})");
  CHECK(iec["Check"].dump() == R"(["interlock-check"])");
}

TEST_CASE("only the keys that are asked for") {
  OneMessage message(hex(kReadRequest));
  MessageKeys keys;
  keys.insert(MessageKey::frame);
  keys.insert(MessageKey::server);
  keys.insert(MessageKey::items);
  std::string out;
  message.give([&](const iec61850::Exchange& exchange) { MessageJson(keys).write(exchange, out); });
  CHECK(out == R"({"frame":25,"server":"10.0.0.2:102","items":[{"ref":"LD0/L"}]})");
}

// --- hostile and damaged ---

TEST_CASE("strings from the wire can not break out of JSON") {
  const ordered_json value = read_result("8a 06 22 5c 0a 1b 9b 7f");
  CHECK(value["value"] == "\"\\\n\x1b\xc2\x9b\x7f");
}

TEST_CASE("a malformed message says where, and keeps what could be decoded") {
  // The AccessResult's length is beyond its list.
  OneMessage message(hex("a1 0b | 02 01 07 | a4 06 | a1 04 | 85 09 01 02"));
  const ordered_json record = message.json();
  CHECK(record["invoke_id"] == 7);
  CHECK(record["service"] == "read");
  REQUIRE(record.contains("malformed"));
  CHECK(record["malformed"]["layer"] == "mms");
  CHECK_FALSE(record["malformed"]["problem"].get<std::string>().empty());
  CHECK(record["malformed"]["offset"].get<int>() >= 9);
  CHECK(record["malformed"]["hex"].get<std::string>().starts_with("85"));
}

TEST_CASE("what the capture cut is nobody's malformed message") {
  OneMessage message(hex("a1 0b | 02 01 07 | a4 06 | a1 04 | 85 09 01 02"));
  message.cut = true;
  CHECK(message.json()["cut"] == true);
  CHECK_FALSE(message.json().contains("malformed"));
}

// Throws away what nlohmann would: a key that stands twice.
void check_keys(const std::string& text) {
  std::vector<std::set<std::string>> keys;
  const auto callback = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    if (event == nlohmann::json::parse_event_t::object_start) keys.emplace_back();
    if (event == nlohmann::json::parse_event_t::object_end) keys.pop_back();
    if (event == nlohmann::json::parse_event_t::key) {
      CAPTURE(text);
      CHECK(keys.back().insert(parsed.get<std::string>()).second);
    }
    return true;
  };
  REQUIRE_NOTHROW(nlohmann::json::parse(text, callback));
}

TEST_CASE("every kind of PDU is valid JSON without a key that stands twice") {
  const auto vectors = test::read_vectors();
  REQUIRE(vectors.size() > 100);
  for (const test::Vector& vector : vectors) {
    CAPTURE(vector.name);
    check_keys(OneMessage(vector.octets).json_text());
  }
}

TEST_CASE("every kind of PDU that ends anywhere is valid JSON") {
  for (const test::Vector& vector : test::read_vectors()) {
    for (std::size_t size = 0; size < vector.octets.size(); ++size) {
      CAPTURE(vector.name, size);
      const std::vector<std::uint8_t> cut(
          vector.octets.begin(), vector.octets.begin() + static_cast<std::ptrdiff_t>(size));
      REQUIRE_NOTHROW(OneMessage(cut).json());
    }
  }
}

}  // namespace
}  // namespace mmsa::output
