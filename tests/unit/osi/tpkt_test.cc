#include "osi/tpkt.h"

#include <catch2/catch.hpp>

#include "support.h"

using namespace mmsa::osi;
using namespace mmsa::osi::test;

TEST_CASE("a TPKT is whole, incomplete, or none") {
  const Octets whole = mms(3, request());
  CHECK(next_tpkt(whole).kind == Framing::Kind::frame);
  CHECK(next_tpkt(whole).length == whole.size());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CHECK(next_tpkt(mmsa::Bytes(whole).first(n)).kind == Framing::Kind::need_more);
  }
  CHECK(next_tpkt(hex("04")).kind == Framing::Kind::damaged);
  CHECK(std::string(next_tpkt(hex("02 00 00 20")).field) == "version");
  CHECK(std::string(next_tpkt(hex("03 00 00 06")).field) == "length");
  CHECK(next_tpkt(hex("03 7F 00 07 02 F0 80")).kind == Framing::Kind::frame);  // reserved: ignored
}

TEST_CASE("what can be a TPKT is judged octet by octet") {
  for (const Octets& good : {connect_request(), connect_confirm(), mms(3, request())}) {
    for (std::size_t n = 0; n < 7; ++n) {
      CHECK(plausible_tpkt(mmsa::Bytes(good).first(n)) == Plausible::so_far);
    }
    CHECK(plausible_tpkt(good) == Plausible::yes);
  }
  CHECK(plausible_tpkt(hex("03 01")) == Plausible::no);              // reserved octet
  CHECK(plausible_tpkt(hex("03 00 00 06")) == Plausible::no);        // too short
  CHECK(plausible_tpkt(hex("03 00 00 07 03")) == Plausible::no);     // LI behind the end
  CHECK(plausible_tpkt(hex("03 00 00 20 01")) == Plausible::no);     // LI below the shortest header
  CHECK(plausible_tpkt(hex("03 00 00 20 02 30")) == Plausible::no);  // no such TPDU
  CHECK(plausible_tpkt(hex("03 00 00 20 02 E0")) == Plausible::no);  // CR without its fixed part
  CHECK(plausible_tpkt(hex("03 00 00 20 02 F0 81")) == Plausible::no);  // TPDU-NR in class 0
}

TEST_CASE("the search finds the TPKT that another one follows") {
  const Octets one = mms(3, request(1));
  const Octets two = mms(3, response(2));
  const Octets junk = hex("A1 03 00 00 03 03 00 00 07 30");
  CHECK(find_tpkt(join({junk, one, two})).found);
  CHECK(find_tpkt(join({junk, one, two})).skip == junk.size());
  CHECK(find_tpkt(join({junk, one})).found);  // nothing behind it either

  SECTION("a header inside file data leads nowhere") {
    const Octets fake = hex("03 00 00 09 02 F0 80 01 00 00 11 22");
    const Search search = find_tpkt(join({fake, one, two}));
    CHECK(search.found);
    CHECK(search.skip == fake.size());
  }
  SECTION("what may still become one is kept") {
    const Search search = find_tpkt(join({junk, {one.begin(), one.begin() + 9}}));
    CHECK_FALSE(search.found);
    CHECK(search.skip == junk.size());
  }
  SECTION("nothing there") {
    const Octets zeros(100, 0);
    CHECK_FALSE(find_tpkt(zeros).found);
    CHECK(find_tpkt(zeros).skip == zeros.size());
  }
}

TEST_CASE("a TPKT is cut short by the next one") {
  const Octets one = mms(3, request(1));
  const Octets half(one.begin(), one.begin() + 12);
  const Octets two = mms(3, response(2));
  const Octets stream = join({half, two, two});
  CHECK(cut_short_at(stream, one.size()) == half.size());
  CHECK(cut_short_at(one, one.size()) == 0);                           // nothing behind it
  CHECK(cut_short_at(join({one, two}), one.size()) == 0);              // another one behind it
  CHECK(cut_short_at(join({one, hex("11 22 33")}), one.size()) == 0);  // damage behind it
}
