// Several files as one trace; filters.
#include <algorithm>
#include <catch2/catch.hpp>

#include "unit/capture/capture_files.h"

namespace mmsa::test {
namespace {

using capture::CaptureReader;

// One packet for each second, named after it.
Octets file_of(std::initializer_list<std::uint32_t> seconds, const std::string& name) {
  Octets content = pcap_header(kLittle, 0xa1b2c3d4);
  for (const std::uint32_t second : seconds) {
    content = join({content, pcap_record(kLittle, second, 0, text(name))});
  }
  return content;
}

std::string story(CaptureReader& reader) {
  std::string told;
  std::uint64_t number = 0;
  for (const Read& read : read_all(reader)) {
    CHECK(read.packet.frame.number == ++number);
    told += std::string(read.data.begin(), read.data.end()) +
            std::to_string(read.packet.frame.time / kNsPerSecond) + " ";
  }
  return told;
}

TEST_CASE("files are merged by time whatever their order on the command line") {
  TempDir dir;
  std::vector<std::string> paths{
      dir.write("c", file_of({1, 4, 9}, "c")), dir.write("a", file_of({2, 4, 4, 5}, "a")),
      dir.write("b", file_of({20, 21}, "b")), dir.write("empty", file_of({}, "e"))};
  std::sort(paths.begin(), paths.end());
  do {
    CaptureReader reader(paths);
    CHECK(story(reader) == "c1 a2 c4 a4 a4 a5 c9 b20 b21 ");
    const capture::CaptureFacts& facts = reader.facts();
    REQUIRE(facts.files.size() == 4);
    CHECK(facts.files[0].path == dir.path("c"));
    CHECK(facts.files[1].path == dir.path("a"));
    CHECK(facts.files[2].path == dir.path("b"));
    CHECK(facts.files[3].path == dir.path("empty"));
    CHECK(facts.files[1].packets == 4);
    CHECK(facts.files[3].packets == 0);
    CHECK(reader.octets_read() == reader.octets_total());
  } while (std::next_permutation(paths.begin(), paths.end()));
}

TEST_CASE("equal times: by name; a clock that steps back keeps the order of its file") {
  TempDir dir;
  const std::string a = dir.write("a", file_of({5, 3, 7}, "a"));
  const std::string b = dir.write("b", file_of({5, 6}, "b"));
  CaptureReader reader({b, a});
  CHECK(story(reader) == "a5 a3 b5 b6 a7 ");
  CHECK(reader.facts().first == 3 * kNsPerSecond);
  CHECK(reader.facts().last == 7 * kNsPerSecond);
}

TEST_CASE("the same file twice is what was asked for") {
  TempDir dir;
  const std::string a = dir.write("a", file_of({1, 2}, "a"));
  CaptureReader reader({a, a});
  CHECK(story(reader) == "a1 a1 a2 a2 ");
}

TEST_CASE("a file that vanishes while others are read is told") {
  TempDir dir;
  const std::string a = dir.write("a", file_of({1}, "a"));
  const std::string b = dir.write("b", file_of({2}, "b"));
  CaptureReader reader({a, b});
  std::filesystem::remove(b);
  CHECK(story(reader) == "a1 ");
  CHECK_THAT(reader.facts().files[1].damage, Catch::Contains("No such file"));
}

TEST_CASE("damage in one file does not end the others") {
  TempDir dir;
  Octets cut = file_of({1, 3}, "a");
  cut.pop_back();
  const std::string a = dir.write("a", cut);
  const std::string b = dir.write("b", file_of({2, 4}, "b"));
  CaptureReader reader({a, b});
  CHECK(story(reader) == "a1 b2 b4 ");
  CHECK(reader.facts().files[0].cut_short);
  CHECK_FALSE(reader.facts().files[1].cut_short);
}

TEST_CASE("a thousand files need few descriptors") {
  TempDir dir;
  std::vector<std::string> paths;
  for (std::uint32_t i = 0; i < 1100; ++i) {  // the usual limit is 1024
    paths.push_back(dir.write("ring" + std::to_string(i), file_of({2 * i, 2 * i + 1}, "r")));
  }
  CaptureReader reader(paths);
  CHECK(read_all(reader).size() == 2200);
}

TEST_CASE("a filter drops frames, and numbers stay") {
  const Octets to_102 = ethernet(0x0800, ipv4(tcp(text("x"))));
  const Octets other = ethernet(0x0806, Octets(28));
  TempDir dir;
  const std::string path =
      dir.write("a", join({pcap_header(kLittle, 0xa1b2c3d4), pcap_record(kLittle, 1, 0, other),
                           pcap_record(kLittle, 2, 0, to_102), pcap_record(kLittle, 3, 0, other),
                           pcap_record(kLittle, 4, 0, to_102), pcap_record(kLittle, 5, 0, other)}));
  CaptureReader reader({path}, {"tcp port 102"});
  const std::vector<Read> all = read_all(reader);
  REQUIRE(all.size() == 2);
  CHECK(all[0].packet.frame.number == 2);
  CHECK(all[1].packet.frame.number == 4);
  const capture::CaptureFacts& facts = reader.facts();
  CHECK(facts.packets == 2);
  CHECK(facts.files[0].packets == 2);
  CHECK(facts.filtered == 3);
  CHECK(facts.octets == 2 * to_102.size());
  CHECK(facts.first == 2 * kNsPerSecond);
  CHECK(facts.last == 4 * kNsPerSecond);
}

TEST_CASE("a filter is compiled for each link type") {
  const Octets ip = ipv4(tcp(text("x")));
  TempDir dir;
  const std::string path =
      dir.write("a", join({section(kLittle), interface(kLittle, 1), interface(kLittle, 101),
                           enhanced_packet(kLittle, 0, 1, ethernet(0x0800, ip)),
                           enhanced_packet(kLittle, 1, 2, ip)}));
  SECTION("that understand it") {
    CaptureReader reader({path}, {"host 10.0.0.1"});
    CHECK(read_all(reader).size() == 2);
    CHECK(reader.facts().files[0].filter_error.empty());
  }
  SECTION("and one that does not is told") {
    CaptureReader reader({path}, {"ether src 02:00:00:00:00:01"});
    CHECK(read_all(reader).size() == 1);
    CHECK(reader.facts().filtered == 1);
    CHECK(reader.facts().files[0].filter_error.starts_with("link type 101: "));
  }
}

TEST_CASE("a filter that can not be used is the operator's mistake") {
  TempDir dir;
  const std::string ethernet_file = dir.write("a", file_of({1}, "a"));
  CHECK(error_of({ethernet_file}, "port and").starts_with("filter 'port and': "));
  CHECK(error_of({dir.path("missing")}, "port and").starts_with("filter 'port and': "));
  CHECK(error_of({ethernet_file}, "tcp port 102").empty());
  // Right for cooked captures, but the file is none.
  CHECK(error_of({ethernet_file}, "outbound").starts_with(ethernet_file + ": filter 'outbound': "));
}

}  // namespace
}  // namespace mmsa::test
