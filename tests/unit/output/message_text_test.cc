#include "output/message_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "support/hex.h"
#include "unit/mms/vectors.h"
#include "unit/output/one_message.h"

namespace mmsa::output {
namespace {

using test::hex;
using test::OneMessage;

// informationReport of the named variable "V" with this visible-string
std::vector<std::uint8_t> report_of(std::string_view text) {
  auto octets = hex("a3 00 | a0 00 | a0 07 | 30 05 | a0 03 | 80 01 \"V\" | a0 00 | 8a 00");
  octets.insert(octets.end(), text.begin(), text.end());
  const auto size = static_cast<std::uint8_t>(text.size());
  octets[16] = size;
  octets[14] = static_cast<std::uint8_t>(size + 2);
  octets[3] = static_cast<std::uint8_t>(size + 13);
  octets[1] = static_cast<std::uint8_t>(size + 15);
  return octets;
}

TEST_CASE("a message is one line: frame, time, stream, from and to, what, invoke id") {
  OneMessage message(hex("a0 05 | 02 01 07 | 82 00"));
  const std::string line = message.text();
  CHECK(line.starts_with("    25 20:46:31.867763   4 10.0.0.1:50000 > 10.0.0.2:102  "));
  CHECK(line.find("#7") != std::string::npos);
  CHECK(line.find("request") != std::string::npos);
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
  CHECK(line.back() == '\n');
}

TEST_CASE("an answer says how long it took") {
  OneMessage message(hex("a1 09 | 02 01 07 | a4 04 | a1 02 | 83 00"));
  message.answers = true;
  message.request.frame = {23, 0, 2 * kNsPerMs};
  CHECK(message.text().find(" 5.000 ms") != std::string::npos);
}

TEST_CASE("failed accesses, errors and rejects stand out") {
  CHECK(OneMessage(hex("a1 0a | 02 01 07 | a4 05 | a1 03 | 80 01 03")).text().find(" FAILED ") !=
        std::string::npos);
  const std::string error = OneMessage(hex("a2 0a | 80 01 07 | a2 05 | a0 03 | 82 01 01")).text();
  CHECK(error.find(" ERROR #7") != std::string::npos);
  CHECK(error.find("definition/object-undefined") != std::string::npos);
  const std::string reject = OneMessage(hex("a4 06 | 80 01 07 | 81 01 01")).text();
  CHECK(reject.find(" REJECT #7") != std::string::npos);
  CHECK(reject.find("unrecognized-service") != std::string::npos);
}

TEST_CASE("a time mode for each way to read a trace") {
  OneMessage message(hex("a0 05 | 02 01 07 | 82 00"));
  MessageOptions options;
  options.time = TimeMode::delta;
  MessageText text(options);
  std::string first;
  std::string second;
  message.give([&](const iec61850::Exchange& exchange) { text.write(exchange, first); });
  message.time += 1'500 * kNsPerMs;
  message.give([&](const iec61850::Exchange& exchange) { text.write(exchange, second); });
  CHECK(first.find(" 0.000000 ") != std::string::npos);
  CHECK(second.find(" 1.500000 ") != std::string::npos);
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST_CASE("a line is wrapped to the terminal at spaces, and every word is whole") {
  OneMessage message(report_of("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"));
  const std::string whole = message.text();
  for (std::size_t width = 1; width < whole.size(); ++width) {
    MessageOptions options;
    options.width = width;
    const std::string line = message.text(options);
    CAPTURE(width, line);
    CHECK(text::is_utf8(line));
    CHECK(line.back() == '\n');
    CHECK(words_of(line) == words_of(whole));
    std::istringstream rows(line);
    for (std::string row; std::getline(rows, row);) {
      const auto columns = std::count_if(row.begin(), row.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
      });
      const bool fits = columns <= static_cast<std::ptrdiff_t>(width);
      CHECK((fits || words_of(row).size() == 1));
    }
  }
}

TEST_CASE("colours are put around the service, and cost no columns") {
  OneMessage message(report_of("a"));
  MessageOptions options;
  const std::string plain = message.text(options);
  options.color = true;
  std::string colored = message.text(options);
  for (const std::string code : {"\x1b[36m", "\x1b[0m"}) {
    REQUIRE(colored.find(code) != std::string::npos);
    colored.erase(colored.find(code), code.size());
  }
  CHECK(colored == plain);
}

TEST_CASE("where one stream is shown the sides stand for the addresses") {
  OneMessage message(report_of("a"));
  MessageOptions options;
  options.one_stream = true;
  CHECK(message.text(options).find(" C>S  ") != std::string::npos);
}

TEST_CASE("what comes from the wire can not steer the terminal") {
  const std::string line = OneMessage(report_of("\x1b[2J\r\n\x07")).text();
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find('\r') == std::string::npos);
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
}

TEST_CASE("a message that the capture cut is told from a malformed one") {
  OneMessage message(hex("a1 0b | 02 01 07 | a4 06 | a1 04 | 85 09 01 02"));
  CHECK(message.text().find("MALFORMED") != std::string::npos);
  message.cut = true;
  CHECK(message.text().find("MALFORMED") == std::string::npos);
  CHECK(message.text().find("[cut by the capture]") != std::string::npos);
}

TEST_CASE("every kind of PDU that ends anywhere is one printable line") {
  for (const test::Vector& vector : test::read_vectors()) {
    for (std::size_t size = 0; size <= vector.octets.size(); ++size) {
      const std::vector<std::uint8_t> cut(
          vector.octets.begin(), vector.octets.begin() + static_cast<std::ptrdiff_t>(size));
      const std::string line = OneMessage(cut).text();
      CAPTURE(vector.name, size, line);
      REQUIRE(std::all_of(line.begin(), line.end() - 1, [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f';
      }));
    }
  }
}

}  // namespace
}  // namespace mmsa::output
