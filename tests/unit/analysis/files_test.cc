#include "analysis/files/files.h"

#include "exchange.h"

namespace mmsa::analysis {
namespace {

using wire::element;
using wire::hex;
using wire::join;
using wire::Octets;
using wire::request;
using wire::response;
using wire::text_element;
using Dialogue = Exchange<FileTracker>;

// fileOpen [72] { fileName [0], initialPosition [1] }; answer { frsmID [0], fileAttributes [1]
// { sizeOfFile [0] } }
Octets open(std::string_view name) {
  return request(
      element("BF 48", join({element("A0", text_element("19", name)), hex("81 01 00")})));
}
Octets opened(std::string_view id, std::string_view size) {
  return response(element(
      "BF 48", join({hex("80 01 " + std::string(id)), element("A1", element("80", hex(size)))})));
}
// fileRead [73] frsmID; answer { fileData [0], moreFollows [1] }
Octets read_block(std::string_view id) { return request(element("9F 49", hex(id))); }
Octets block(std::size_t octets, bool more) {
  return response(element(
      "BF 49", join({element("80", Octets(octets, 0x55)), hex(more ? "81 01 FF" : "81 01 00")})));
}
// fileClose [74] frsmID
Octets close_file(std::string_view id) { return request(element("9F 4A", hex(id))); }
Octets closed() { return response(hex("9F 4A 00")); }

void fetch(Dialogue& d, std::string_view id = "01") {
  d.exchange(open("a/b.dat"), opened(id, "03"));
  d.exchange(read_block(id), block(2, true));
  d.exchange(read_block(id), block(1, false));
}

TEST_CASE("a file that is fetched is one complete transfer") {
  Dialogue d;
  fetch(d);
  d.exchange(close_file("01"), closed());
  d.close();
  CHECK(d.findings().empty());
  REQUIRE(d.report().files.size() == 1);
  CHECK(d.report().files_total == 1);
  const FileResult& file = d.report().files[0];
  CHECK(file.name == "a/b.dat");
  CHECK(file.direction == "get");
  CHECK(file.size == 3u);
  CHECK(file.octets == 3);
  CHECK(file.reads == 2);
  CHECK(file.opened.number == 1);
  CHECK(file.closed.number == 8);
  CHECK(file.outcome == "complete");
}

TEST_CASE("a file that is closed before its end is incomplete, which is no fault") {
  Dialogue d;
  d.exchange(open("f"), opened("01", "03"));
  d.exchange(read_block("01"), block(2, true));
  d.exchange(close_file("01"), closed());
  d.close();
  CHECK(d.findings().empty());
  CHECK(d.report().files.at(0).outcome == "incomplete");
}

TEST_CASE("files that the server fetches from the client are sent to it") {
  Dialogue d;
  d.exchange(open("f"), opened("01", "01"), Side::b);
  d.exchange(read_block("01"), block(1, false), Side::b);
  d.exchange(close_file("01"), closed(), Side::b);
  d.close();
  CHECK(d.report().files.at(0).direction == "set");
}

TEST_CASE("the same number at both sides is two files") {
  Dialogue d;
  d.exchange(open("x"), opened("01", "05"));
  d.exchange(open("y"), opened("01", "06"), Side::b);
  d.exchange(read_block("01"), block(6, false), Side::b);
  d.exchange(read_block("01"), block(5, false));
  d.exchange(close_file("01"), closed());
  d.exchange(close_file("01"), closed(), Side::b);
  d.close();
  CHECK(d.findings().empty());
  REQUIRE(d.report().files.size() == 2);
  CHECK(d.report().files[0].octets == 5);
  CHECK(d.report().files[1].octets == 6);
}

TEST_CASE("a transfer that began before the capture is listed") {
  Dialogue d;
  d.exchange(read_block("07"), block(4, false));
  d.exchange(close_file("07"), closed());
  d.close();
  CHECK(d.findings().empty());
  REQUIRE(d.report().files.size() == 1);
  CHECK(d.report().files[0].octets == 4);
  CHECK(d.report().files[0].opened.number == 0);
  CHECK(contains(d.report().files[0].name, "before the capture"));
}

TEST_CASE("a file that can not be opened fails with its name and what to do") {
  Dialogue d;
  d.exchange(open("x.dat"), error("8B", "07"));  // file / file-non-existent
  d.close();
  const Finding& f = d.only("file-failed");
  CHECK(f.object == "x.dat");
  CHECK(f.message == "FileOpen of x.dat failed: file-non-existent.");
  CHECK(figure(f, "error_class") == "file");
  CHECK(figure(f, "error_code") == "file-non-existent");
  CHECK(contains(f.cause, "no file of this name"));
  CHECK(f.frames == std::vector<std::uint64_t>{1, 2});
  CHECK(d.report().files.at(0).outcome == "failed: file-non-existent");
}

TEST_CASE("a read that fails is told with the name of the file, and fails the transfer") {
  Dialogue d;
  d.exchange(open("x.dat"), opened("02", "03"));
  d.exchange(read_block("02"), error("83", "00"));  // resource / other
  d.exchange(close_file("02"), closed());
  d.close();
  const Finding& f = d.only("file-failed");
  CHECK(f.object == "x.dat");
  CHECK(contains(f.cause, "too many are open"));
  CHECK(d.report().files.at(0).outcome == "failed: resource/other");
}

TEST_CASE("a second close is told with the name of the file") {
  Dialogue d;
  fetch(d);
  d.exchange(close_file("01"), closed());
  d.exchange(close_file("01"), error("8B", "00"));
  d.close();
  CHECK(d.only("file-failed").object == "a/b.dat");
}

TEST_CASE("every file service that fails is told") {
  Dialogue d;
  const Octets name = text_element("19", "x");
  // obtainFile { sourceFile [1], destinationFile [2] }
  d.exchange(request(element("BF 2E", join({element("A1", name), element("A2", name)}))),
             error("8B", "06"));
  d.exchange(request(element("BF 4B", join({element("A0", name), element("A1", name)}))),
             error("8B", "06"));                                                  // fileRename
  d.exchange(request(element("BF 4C", name)), error("8B", "06"));                 // fileDelete
  d.exchange(request(element("BF 4D", element("A0", name))), error("8B", "06"));  // fileDirectory
  d.close();
  REQUIRE(d.findings().size() == 4);
  for (const Finding& f : d.findings()) {
    CHECK(f.rule == "file-failed");
    CHECK(f.object == "x");
    CHECK(contains(f.cause, "right"));
  }
}

TEST_CASE("a file service that is rejected is told") {
  Dialogue d;
  // rejectPDU { originalInvokeID 5, confirmed-requestPDU unrecognized-service }
  d.exchange(request(element("BF 4C", text_element("19", "x"))), hex("A4 06 80 01 05 81 01 01"));
  d.close();
  CHECK(contains(d.only("file-failed").cause, "does not support"));
}

TEST_CASE("a file that is not closed when the association ends is told") {
  Dialogue d;
  fetch(d);
  d.close();
  const Finding& f = d.only("file-unclosed");
  CHECK(f.severity == Severity::note);
  CHECK(f.object == "a/b.dat");
  CHECK(figure(f, "octets") == "3");
  CHECK(figure(f, "read_to_end") == "true");
  CHECK(d.report().files.at(0).outcome == "unclosed");
}

TEST_CASE("a file that is read when the capture ends is not told") {
  Dialogue d;
  fetch(d);
  d.close(CloseKind::capture_end);
  CHECK(d.findings().empty());
}

TEST_CASE("a file that was left open long before the capture ends is told") {
  Dialogue d;
  fetch(d);
  d.wait(60 * kNsPerSecond);
  d.close(CloseKind::capture_end);
  CHECK(d.only("file-unclosed").object == "a/b.dat");
}

TEST_CASE("a close that may lie in a hole is not missed") {
  Dialogue d;
  fetch(d);
  d.lose(Side::a);
  d.close();
  CHECK(d.findings().empty());
}

TEST_CASE("a number that is opened again was never closed") {
  Dialogue d;
  fetch(d);
  fetch(d);
  d.exchange(close_file("01"), closed());
  d.close();
  CHECK(d.only("file-unclosed").count == 1);
  REQUIRE(d.report().files.size() == 2);
  CHECK(d.report().files[0].outcome == "unclosed");
  CHECK(d.report().files[1].outcome == "complete");
}

TEST_CASE("very many transfers are counted but not all listed") {
  Dialogue d;
  for (int i = 0; i < 1200; ++i) {
    d.exchange(open("f"), opened("01", "01"));
    d.exchange(close_file("01"), closed());
  }
  d.close();
  CHECK(d.report().files_total == 1200);
  CHECK(d.report().files.size() == 1000);
}

// --- requests whose octets were not kept ---

TEST_CASE("a close that could not be kept leaves no file unclosed") {
  Dialogue d;
  fetch(d);
  d.ask(close_file("01"));
  SECTION("kept") {
    d.wait(600 * kNsPerSecond);
    d.close();
    d.only("file-unclosed");  // not answered
  }
  SECTION("not kept") {
    d.answer_unkept(closed());
    d.wait(600 * kNsPerSecond);
    d.close();
    CHECK(d.findings().empty());
  }
}

TEST_CASE("a file whose name could not be kept is listed by its number") {
  Dialogue d;
  d.ask(open("a/b.dat"));
  d.answer_unkept(opened("07", "03"));
  d.exchange(read_block("07"), block(3, false));
  d.exchange(close_file("07"), closed());
  d.close();
  CHECK(d.findings().empty());
  REQUIRE(d.report().files.size() == 1);
  CHECK(d.report().files[0].name == "(name not kept, frsmID 7)");
  CHECK(d.report().files[0].outcome == "complete");
}

// --- what the capture lost ---

TEST_CASE("a transfer of which blocks are missing is not complete") {
  Dialogue d;
  d.exchange(open("a/b.dat"), opened("01", "05"));
  d.exchange(read_block("01"), block(2, true));
  d.lose(Side::b);
  d.exchange(read_block("01"), block(1, false));
  d.exchange(close_file("01"), closed());
  d.close();
  CHECK(d.findings().empty());
  CHECK(d.report().files.at(0).outcome == "incomplete");
}

TEST_CASE("a directory that goes on behind a name is no file with a destination") {
  Dialogue d;
  // fileDirectory [77] { fileSpecification [0], continueAfter [1] }
  d.exchange(request(element("BF 4D", join({element("A0", text_element("19", "x")),
                                            element("A1", text_element("19", "x/a"))}))),
             error("8B", "06"));
  d.close();
  CHECK(figure(d.only("file-failed"), "destination") == "-");
  CHECK(figure(d.only("file-failed"), "error_code") == "file-access-denied");
}

TEST_CASE("more than 256 open files are not followed, which is said") {
  Dialogue d;
  for (int i = 0; i < 257; ++i) {
    const Octets id{0x80, 2, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
    d.exchange(open("f"), response(element("BF 48", join({id, hex("A1 03 80 01 04")}))));
  }
  d.close(CloseKind::capture_end);
  CHECK(figure(d.only("limit-reached"), "limit") == "open files");
  CHECK(d.report().files_total == 257);
}

}  // namespace
}  // namespace mmsa::analysis
