#include "mmsanalyze/data.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "support/hex.h"

namespace mmsa {
namespace {

UtcTime utc(std::string_view text) {
  UtcTime time;
  REQUIRE(read_utc_time(test::hex(text), time));
  return time;
}

TEST_CASE("UtcTime: seconds, fraction, quality") {
  const UtcTime time = utc("65 d6 61 33  53 74 bc  00");
  CHECK(time.seconds == 1'708'548'403);  // 2024-02-21 20:46:43
  CHECK(time.time() == 1'708'548'403'325'999'975);
  CHECK(time.is_set());
  CHECK(time.quality == 0);

  const UtcTime flags = utc("65 d6 61 33  00 00 00  ea");
  CHECK((flags.quality & UtcTime::kLeapSecondsKnown) != 0);
  CHECK((flags.quality & UtcTime::kClockFailure) != 0);
  CHECK((flags.quality & UtcTime::kClockNotSynchronized) != 0);
  CHECK(flags.accuracy() == 10);
}

TEST_CASE("UtcTime: the fraction is rounded to the nearest nanosecond") {
  CHECK(utc("00 00 00 01  80 00 00  00").time() == 1'500'000'000);
  CHECK(utc("00 00 00 00  00 00 01  00").time() == 60);           // 59.6
  CHECK(utc("00 00 00 00  00 00 02  00").time() == 119);          // 119.2
  CHECK(utc("00 00 00 00  ff ff ff  00").time() == 999'999'940);  // 999999940.4
  CHECK(utc("ff ff ff ff  ff ff ff  00").time() == 4'294'967'295'999'999'940);
}

TEST_CASE("UtcTime: zero means never set, and other lengths are no UtcTime") {
  CHECK_FALSE(utc("00 00 00 00 00 00 00 0a").is_set());
  UtcTime time;
  CHECK_FALSE(read_utc_time({}, time));
  CHECK_FALSE(read_utc_time(test::hex("00 00 00 01 00 00 00"), time));
  CHECK_FALSE(read_utc_time(test::hex("00 00 00 01 00 00 00 00 00"), time));
  CHECK(time.seconds == 0);
}

TEST_CASE("BinaryTime: with and without a date") {
  BinaryTime time;
  REQUIRE(read_binary_time(test::hex("04 74 ae d7 39 45"), time));
  CHECK(time.has_date);
  CHECK(time.milliseconds == 74'755'799);
  CHECK(time.days == 14'661);
  CHECK(time.time() == 1'708'548'355'799 * kNsPerMs);  // 2024-02-21 20:45:55.799

  REQUIRE(read_binary_time(test::hex("04 74 ae d7"), time));
  CHECK_FALSE(time.has_date);
  CHECK(time.days == 0);

  REQUIRE(read_binary_time(test::hex("00 00 00 00 00 00"), time));
  CHECK_FALSE(time.is_set());
  CHECK(time.time() == 441'763'200 * kNsPerSecond);  // 1984-01-01

  CHECK_FALSE(read_binary_time(test::hex("04 74 ae d7 39"), time));
  CHECK_FALSE(read_binary_time({}, time));
}

TEST_CASE("floating point: single, double, and neither") {
  bool single = false;
  CHECK(read_floating_point(test::hex("08 41 48 00 00"), single) == 12.5);
  CHECK(single);
  CHECK(read_floating_point(test::hex("0b c0 29 00 00 00 00 00 00"), single) == -12.5);
  CHECK_FALSE(single);
  CHECK(std::isinf(read_floating_point(test::hex("08 7f 80 00 00"), single)));
  CHECK(std::isnan(read_floating_point(test::hex("08 7f c0 00 00"), single)));
  CHECK(std::isnan(read_floating_point(test::hex("0b 41 48 00 00"), single)));  // width and length
  CHECK(std::isnan(read_floating_point(test::hex("08 41 48 00"), single)));
  CHECK(std::isnan(read_floating_point({}, single)));
}

TEST_CASE("BitString: bits from the most significant one on") {
  const std::vector<std::uint8_t> octets = test::hex("03 41 08");
  const BitString bits{octets};
  CHECK(bits.size() == 13);
  CHECK_FALSE(bits[0]);
  CHECK(bits[1]);
  CHECK(bits[7]);
  CHECK(bits[12]);
  CHECK_FALSE(bits[13]);
  CHECK_FALSE(bits[1000]);
  CHECK(bits.count() == 3);
}

TEST_CASE("BitString: padding is not counted, and odd unused-bits octets are survived") {
  const auto size = [](std::string_view text) {
    const std::vector<std::uint8_t> octets = test::hex(text);
    return BitString{octets}.size();
  };
  const std::vector<std::uint8_t> padded = test::hex("06 7f");
  CHECK(BitString{padded}.size() == 2);
  CHECK(BitString{padded}.count() == 1);
  CHECK(size("") == 0);
  CHECK(size("00") == 0);
  CHECK(size("05") == 0);
  CHECK(size("08 ff") == 8);
  CHECK(size("ff ff ff") == 16);
}

TEST_CASE("names of types") {
  CHECK(data_type_name(DataType::failure) == "failure");
  CHECK(data_type_name(DataType::bit_string) == "bit-string");
  CHECK(data_type_name(DataType::boolean_array) == "boolean-array");
  CHECK(data_type_name(DataType::object_id) == "object-id");
  CHECK(data_type_name(DataType::utc_time) == "utc-time");
  CHECK(data_type_name(static_cast<DataType>(18)) == "unknown");
}

TEST_CASE("names of data access errors") {
  CHECK(data_access_error_name(0) == "object-invalidated");
  CHECK(data_access_error_name(10) == "object-non-existent");
  CHECK(data_access_error_name(11) == "object-value-invalid");
  CHECK(data_access_error_name(12).empty());
  CHECK(data_access_error_name(-1).empty());
}

}  // namespace
}  // namespace mmsa
