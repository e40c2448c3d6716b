#include "text/text.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "support/hex.h"

namespace mmsa::text {
namespace {

constexpr TimeNs kDay = 86'400 * kNsPerSecond;

std::string rfc3339(TimeNs time, int digits = 9) {
  std::string out;
  append_rfc3339(out, time, digits);
  return out;
}

IpAddress v6(std::string_view hex) {
  IpAddress address;
  address.is_v6 = true;
  const auto octets = test::hex(hex);
  REQUIRE(octets.size() == 16);
  std::copy(octets.begin(), octets.end(), address.octets.begin());
  return address;
}

std::string address(const IpAddress& value) {
  std::string out;
  append_address(out, value);
  return out;
}

std::string floating(double value, bool single = false) {
  std::string out;
  append_floating(out, value, single);
  return out;
}

std::string oid(std::string_view hex) {
  const auto octets = test::hex(hex);
  std::string out;
  append_oid(out, octets);
  return out;
}

std::string json(std::string_view wire) {
  std::string out;
  append_json_string(out, wire);
  return out;
}

// --- times ---

TEST_CASE("times are written as RFC 3339 in UTC") {
  CHECK(rfc3339(0) == "1970-01-01T00:00:00.000000000Z");
  CHECK(rfc3339(1'708'548'391'867'763'356) == "2024-02-21T20:46:31.867763356Z");
}

TEST_CASE("fewer digits of the second are cut off, not rounded") {
  CHECK(rfc3339(1'999'999'999, 3) == "1970-01-01T00:00:01.999Z");
  CHECK(rfc3339(1'999'999'999, 0) == "1970-01-01T00:00:01Z");
}

TEST_CASE("times before 1970 count backwards") {
  CHECK(rfc3339(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(rfc3339(-kDay) == "1969-12-31T00:00:00.000000000Z");
  CHECK(rfc3339(-kDay - 1) == "1969-12-30T23:59:59.999999999Z");
}

TEST_CASE("leap years follow the Gregorian calendar") {
  CHECK(rfc3339(951'782'400 * kNsPerSecond, 0) == "2000-02-29T00:00:00Z");
  CHECK(rfc3339(951'868'800 * kNsPerSecond, 0) == "2000-03-01T00:00:00Z");
  CHECK(rfc3339(1'709'164'800 * kNsPerSecond, 0) == "2024-02-29T00:00:00Z");
  CHECK(rfc3339(1'709'251'200 * kNsPerSecond, 0) == "2024-03-01T00:00:00Z");
  CHECK(rfc3339(4'107'456'000 * kNsPerSecond, 0) == "2100-02-28T00:00:00Z");
  CHECK(rfc3339(4'107'542'400 * kNsPerSecond, 0) == "2100-03-01T00:00:00Z");
  CHECK(rfc3339(1'735'603'200 * kNsPerSecond, 0) == "2024-12-31T00:00:00Z");
}

TEST_CASE("the least and the greatest time can be written") {
  CHECK(rfc3339(std::numeric_limits<TimeNs>::max()) == "2262-04-11T23:47:16.854775807Z");
  CHECK(rfc3339(std::numeric_limits<TimeNs>::min()) == "1677-09-21T00:12:43.145224192Z");
}

// --- addresses ---

TEST_CASE("IPv4 endpoints") {
  Endpoint value;
  value.address.octets = {10, 0, 0, 255};
  value.port = 102;
  CHECK(endpoint(value) == "10.0.0.255:102");
}

TEST_CASE("IPv6 endpoints stand in brackets") {
  Endpoint value{v6("fe80 0000 0000 0000 0000 0000 0000 0001"), 65535};
  CHECK(endpoint(value) == "[fe80::1]:65535");
}

TEST_CASE("IPv6 addresses are written as RFC 5952 says") {
  struct Row {
    const char* hex;
    const char* text;
  };
  const Row row = GENERATE(values<Row>({
      {"0000 0000 0000 0000 0000 0000 0000 0000", "::"},
      {"0000 0000 0000 0000 0000 0000 0000 0001", "::1"},
      {"2001 0db8 0000 0000 0000 0000 0000 0000", "2001:db8::"},
      // 4.1: no leading zeros; 4.3: lower case
      {"2001 0DB8 0A0B 12F0 0001 0002 0003 0004", "2001:db8:a0b:12f0:1:2:3:4"},
      // 4.2.2: one zero group alone is not shortened
      {"2001 0db8 0000 0001 0001 0001 0001 0001", "2001:db8:0:1:1:1:1:1"},
      // 4.2.3: the longest run, and of equal ones the first
      {"2001 0000 0000 0001 0000 0000 0000 0001", "2001:0:0:1::1"},
      {"2001 0db8 0000 0000 0001 0000 0000 0001", "2001:db8::1:0:0:1"},
      {"0000 0000 0001 0000 0000 0000 0000 0000", "0:0:1::"},
      {"0000 0001 0002 0003 0004 0005 0006 0007", "0:1:2:3:4:5:6:7"},
      {"0001 0002 0003 0004 0005 0006 0000 0000", "1:2:3:4:5:6::"},
  }));
  CHECK(address(v6(row.hex)) == row.text);
}

// --- numbers ---

TEST_CASE("64-bit numbers are written whole") {
  std::string out;
  append_number(out, std::numeric_limits<std::uint64_t>::max());
  out.push_back(' ');
  append_number(out, std::numeric_limits<std::int64_t>::min());
  CHECK(out == "18446744073709551615 -9223372036854775808");
}

TEST_CASE("floating point numbers are the shortest that read back") {
  CHECK(floating(0.1) == "0.1");
  CHECK(floating(1.0 / 3) == "0.3333333333333333");
  CHECK(floating(5e-324) == "5e-324");
  // A float widened to double has digits that nobody sent.
  CHECK(floating(static_cast<double>(0.1F), true) == "0.1");
  CHECK(floating(static_cast<double>(3.4028235e38F), true) == "3.4028235e+38");
}

TEST_CASE("whole floating point numbers are told from integers") {
  CHECK(floating(50) == "50.0");
  CHECK(floating(-0.0) == "-0.0");
  CHECK(floating(1e22) == "1e+22");
}

TEST_CASE("floating point values that are no numbers have names") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const bool single : {false, true}) {
    CHECK(floating(kInfinity, single) == "Infinity");
    CHECK(floating(-kInfinity, single) == "-Infinity");
    CHECK(floating(std::nan(""), single) == "NaN");
    CHECK(floating(-std::nan(""), single) == "NaN");
  }
}

TEST_CASE("hex is lower case with both digits") {
  std::string out;
  append_hex(out, test::hex("00 0f f0 ff"));
  CHECK(out == "000ff0ff");
}

// --- object identifiers ---

TEST_CASE("object identifiers are dotted") {
  CHECK(oid("28 ca 22 02 01") == "1.0.9506.2.1");  // MMS abstract syntax
  CHECK(oid("51 01") == "2.1.1");                  // BER
  CHECK(oid("2b") == "1.3");
  CHECK(oid("00") == "0.0");
  CHECK(oid("27") == "0.39");
  CHECK(oid("28") == "1.0");
}

TEST_CASE("arcs below root 2 may be greater than 39") { CHECK(oid("88 37") == "2.999"); }

TEST_CASE("an object identifier that ends inside an arc is none") {
  CHECK(oid("").empty());
  CHECK(oid("28 ca").empty());
}

TEST_CASE("an arc of any length does no harm") {
  const std::string out = oid("28 ff ff ff ff ff ff ff ff ff ff ff ff ff ff 7f 01");
  CHECK(out.substr(0, 4) == "1.0.");
  CHECK(out.substr(out.size() - 2) == ".1");
}

// --- JSON ---

TEST_CASE("plain text stays as it is in JSON") {
  CHECK(json("") == "\"\"");
  CHECK(json("IED1LD0/MMXU1$MX$TotW") == "\"IED1LD0/MMXU1$MX$TotW\"");
}

TEST_CASE("JSON's own characters are escaped") { CHECK(json("a\"b\\c/d") == R"("a\"b\\c/d")"); }

TEST_CASE("control characters are escaped in JSON") {
  CHECK(json(std::string_view("\0\x1b\n\x7f", 4)) == R"("\u0000\u001b\u000a\u007f")");
  // C1 as UTF-8: U+009B is a terminal's CSI
  CHECK(json("\xc2\x9b") == R"("\u009b")");
}

TEST_CASE("UTF-8 stays in JSON") {
  CHECK(json("\xc3\xa4 \xe6\xb8\xac \xf0\x9f\x98\x80") ==
        "\"\xc3\xa4 \xe6\xb8\xac \xf0\x9f\x98\x80\"");
}

TEST_CASE("characters that reorder or hide text are escaped in JSON") {
  CHECK(json("\xe2\x80\xae") == R"("\u202e")");            // right-to-left override
  CHECK(json("\xe2\x81\xa6") == R"("\u2066")");            // left-to-right isolate
  CHECK(json("\xd8\x9c") == R"("\u061c")");                // Arabic letter mark
  CHECK(json("\xe2\x80\x8b") == R"("\u200b")");            // zero width space
  CHECK(json("\xe2\x80\xa8") == R"("\u2028")");            // line separator
  CHECK(json("\xef\xbb\xbf") == R"("\ufeff")");            // byte order mark
  CHECK(json("\xf3\xa0\x81\x81") == R"("\udb40\udc41")");  // tag, a surrogate pair
}

TEST_CASE("what is no UTF-8 is read as ISO 8859-1 in JSON") {
  CHECK(json("St\xf6rung") == R"("St\u00f6rung")");
  CHECK(json("\xff\x80") == R"("\u00ff\u0080")");
}

// --- what writers that escape by themselves get ---

TEST_CASE("valid UTF-8 is handed on, everything else converted") {
  CHECK(utf8("\xc3\xa4\n") == "\xc3\xa4\n");
  CHECK(utf8("St\xf6rung") == "St\xc3\xb6rung");
  CHECK(utf8("\xff") == "\xc3\xbf");
}

TEST_CASE("UTF-8 is checked strictly") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("\x7f\xc2\x80\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
  const char* bad = GENERATE("\x80",              // a continuation alone
                             "\xc3",              // cut off
                             "\xe2\x82",          // cut off
                             "\xf0\x9f\x98",      // cut off
                             "\xc3(",             // no continuation
                             "\xc0\xaf",          // overlong
                             "\xe0\x80\xaf",      // overlong
                             "\xf0\x80\x80\xaf",  // overlong
                             "\xed\xa0\x80",      // surrogate
                             "\xf4\x90\x80\x80",  // above U+10FFFF
                             "\xf8\x88\x80\x80\x80", "\xff");
  CHECK_FALSE(is_utf8(bad));
}

// --- terminals ---

TEST_CASE("printable text stays as it is") {
  CHECK(printable("a \"b\" $ \xc3\xa4 \xe6\xb8\xac") == "a \"b\" $ \xc3\xa4 \xe6\xb8\xac");
}

TEST_CASE("what steers a terminal is escaped") {
  CHECK(printable("\x1b[31m") == "\\x1b[31m");
  CHECK(printable("a\r\nb\tc") == "a\\x0d\\x0ab\\x09c");
  CHECK(printable("\x7f") == "\\x7f");
  CHECK(printable("\xc2\x9b") == "\\u{009b}");
  CHECK(printable("\xe2\x80\xae") == "\\u{202e}");
  CHECK(printable("\xf3\xa0\x81\x81") == "\\u{0e0041}");
}

TEST_CASE("a backslash is escaped, so that escapes can be told from text") {
  CHECK(printable("\\x1b") == "\\x5cx1b");
}

TEST_CASE("octets that are no UTF-8 are escaped one by one") {
  CHECK(printable("St\xf6rung") == "St\\xf6rung");
  CHECK(printable("\xe2\x82") == "\\xe2\\x82");
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE("no octet of any kind gets through to a terminal unescaped") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char wire[] = {static_cast<char>(first), static_cast<char>(second)};
      const std::string out = printable({wire, 2});
      CAPTURE(first, second);
      REQUIRE(is_utf8(out));
      for (const char c : out) {
        const auto octet = static_cast<unsigned char>(c);
        REQUIRE((octet >= 0x20 && octet != 0x7f));
      }
      REQUIRE(out.find("\xc2\x9b") == std::string::npos);
    }
  }
}

}  // namespace
}  // namespace mmsa::text
