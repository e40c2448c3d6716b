#include "iec61850/file_view.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using wire::hex;
using wire::Message;
using wire::Octets;

std::string name_of(asn1::NodeRef node) {
  std::string text;
  append_file_name(text, node);
  return text;
}

FileView view_of(const Message& message) {
  FileView view;
  REQUIRE(read_file(*message, view));
  return view;
}

const Octets kOpen = hex("A0 12 02 01 03 BF 48 0C A0 07 19 05 {a.cfg} 81 01 07");

TEST_CASE("opening a file names it, and the answer its handle and size") {
  const Message open(kOpen);
  CHECK(name_of(view_of(open).name) == "a.cfg");
  CHECK(view_of(open).position == 7);
  const Message answer(
      hex("A1 24 02 01 03 BF 48 1E 80 01 02 A1 19 80 02 01 E6 81 13 {20261122084715.000Z}"), kOpen);
  const FileView view = view_of(answer);
  CHECK(view.answer);
  CHECK(name_of(view.name) == "a.cfg");
  CHECK(view.frsm_id == 2);
  CHECK(view.size == 486);
  CHECK(view.last_modified == "20261122084715.000Z");
}

TEST_CASE("a read without moreFollows has more to follow") {
  const Octets request = hex("A0 07 02 01 04 9F 49 01 02");
  CHECK(view_of(Message(request)).frsm_id == 2);
  const FileView more = view_of(Message(hex("A1 0B 02 01 04 BF 49 05 80 03 01 02 03"), request));
  CHECK(more.frsm_id == 2);
  CHECK(more.data_octets == 3);
  CHECK(more.more_follows == true);
  const FileView last =
      view_of(Message(hex("A1 0E 02 01 04 BF 49 08 80 03 01 02 03 81 01 00"), request));
  CHECK(last.more_follows == false);
}

TEST_CASE("closing, deleting and renaming name their file") {
  CHECK(view_of(Message(hex("A0 07 02 01 05 9F 4A 01 02"))).frsm_id == 2);
  const Message erase(hex("A0 0A 02 01 05 BF 4C 04 19 02 {ab}"));
  CHECK(name_of(view_of(erase).name) == "ab");
  const Message rename(hex("A0 10 02 01 05 BF 4B 0A A0 03 19 01 {a} A1 03 19 01 {b}"));
  CHECK(name_of(view_of(rename).name) == "a");
  CHECK(name_of(view_of(rename).second_name) == "b");
  const Message obtain(hex("A0 10 02 01 05 BF 2E 0A A1 03 19 01 {a} A2 03 19 01 {b}"));
  CHECK(name_of(view_of(obtain).name) == "a");
  CHECK(name_of(view_of(obtain).second_name) == "b");
}

TEST_CASE("a directory answer without moreFollows is the last one") {
  const Octets request = hex("A0 12 02 01 02 BF 4D 0C A0 0A 19 08 {COMTRADE}");
  CHECK(name_of(view_of(Message(request)).name) == "COMTRADE");
  const Message answer(hex("A1 0A 02 01 02 BF 4D 04 A0 02 30 00"), request);
  CHECK(view_of(answer).more_follows == false);
}

TEST_CASE("components of a name are joined once") {
  const Message plain(hex("A0 0D 02 01 05 BF 4C 07 19 02 {ab} 19 01 {c}"));
  CHECK(name_of(view_of(plain).name) == "ab/c");
  const Message slash(hex("A0 0D 02 01 05 BF 4C 07 19 02 {a/} 19 01 {c}"));
  CHECK(name_of(view_of(slash).name) == "a/c");
  const Message backslash(hex("A0 0D 02 01 05 BF 4C 07 19 02 61 5C 19 01 {c}"));
  CHECK(name_of(view_of(backslash).name) == "a\\c");
  CHECK(name_of({}).empty());
}

TEST_CASE("errors of file services keep the name of the request") {
  const Message error(hex("A2 0A 80 01 03 A2 05 A0 03 8B 01 07"), kOpen);
  CHECK(view_of(error).answer);
  CHECK(name_of(view_of(error).name) == "a.cfg");
  CHECK_FALSE(view_of(error).frsm_id);
}

TEST_CASE("other services are no file services") {
  FileView view;
  CHECK_FALSE(read_file(*Message(wire::read({"LD/A$ST$x"})), view));
  CHECK_FALSE(read_file(*Message(hex("8B 00")), view));
}

}  // namespace
}  // namespace mmsa::iec61850
