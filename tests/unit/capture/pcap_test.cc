// Classic pcap, compression, and what is no capture.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "unit/capture/capture_files.h"

namespace mmsa::test {
namespace {

using capture::CaptureReader;

const Octets kFrame = text("a frame");

Octets small_pcap(Order order = kLittle) {
  return join({pcap_header(order, 0xa1b2c3d4), pcap_record(order, 1, 500'000, kFrame),
               pcap_record(order, 2, 0, kFrame, 99)});
}

TEST_CASE("pcap: both byte orders, microseconds and nanoseconds") {
  struct Row {
    Order order;
    std::uint32_t magic;
    TimeNs time;  // of 3000000000 s, beyond what signed 32 bits hold, and 7 units
  };
  const Row row = GENERATE(Row{kLittle, 0xa1b2c3d4, 3'000'000'000'000'007'000},
                           Row{kBig, 0xa1b2c3d4, 3'000'000'000'000'007'000},
                           Row{kLittle, 0xa1b23c4d, 3'000'000'000'000'000'007},
                           Row{kBig, 0xa1b23c4d, 3'000'000'000'000'000'007});
  TempDir dir;
  const std::string path =
      dir.write("a", join({pcap_header(row.order, row.magic),
                           pcap_record(row.order, 3'000'000'000, 7, kFrame, 100)}));
  CaptureReader reader({path});
  const std::vector<Read> all = read_all(reader);
  REQUIRE(all.size() == 1);
  CHECK(all[0].packet.frame.number == 1);
  CHECK(all[0].packet.frame.time == row.time);
  CHECK(all[0].packet.link_type == 1);
  CHECK(all[0].packet.original_length == 100);
  CHECK(all[0].data == kFrame);
  CHECK(reader.facts().files[0].format == "pcap");
  CHECK_FALSE(reader.facts().files[0].cut_short);
  CHECK(reader.facts().files[0].damage.empty());
}

TEST_CASE("pcap: the records of the modified format are longer") {
  // Behind the usual fields: interface (4), protocol (2), packet type (1), padding (1).
  TempDir dir;
  const Octets record =
      join({kLittle.u32(5), kLittle.u32(0), kLittle.u32(7), kLittle.u32(7), Octets(8), kFrame});
  CaptureReader reader({dir.write("a", join({pcap_header(kLittle, 0xa1b2cd34), record, record}))});
  const std::vector<Read> all = read_all(reader);
  REQUIRE(all.size() == 2);
  CHECK(all[1].data == kFrame);
}

TEST_CASE("pcap: old versions wrote the lengths the other way round") {
  TempDir dir;
  const auto read = [&dir](std::uint16_t minor) {
    Octets header = pcap_header(kLittle, 0xa1b2c3d4);
    header[6] = static_cast<std::uint8_t>(minor);
    const Octets record =
        join({kLittle.u32(5), kLittle.u32(0), kLittle.u32(99), kLittle.u32(7), kFrame});
    CaptureReader reader({dir.write("a", join({header, record, record}))});
    return read_all(reader).size();
  };
  CHECK(read(2) == 2);
  CHECK(read(3) == 2);
  CHECK(read(4) == 0);
}

TEST_CASE("pcap: damage is located") {
  TempDir dir;
  const Octets monster = join(
      {kLittle.u32(3), kLittle.u32(0), kLittle.u32(0x7fffffff), kLittle.u32(0x7fffffff), kFrame});
  CaptureReader reader({dir.write("a", join({small_pcap(), monster}))});
  read_all(reader);
  CHECK(reader.facts().files[0].damage ==
        "packet 3: its captured length 2147483647 is over 262144 (record at octet 70)");
  CHECK(reader.facts().files[0].last.number == 2);
}

TEST_CASE("the last frame of a file is known where the filter drops it") {
  TempDir dir;
  CaptureReader reader({dir.write("a", small_pcap())}, {"tcp port 1"});
  CHECK(read_all(reader).empty());
  CHECK(reader.facts().files[0].last.number == 2);
}

TEST_CASE("pcap: link types are numbered as in the file") {
  const std::uint32_t link_type = GENERATE(0u, 1u, 101u, 108u, 113u, 228u, 276u);
  TempDir dir;
  CaptureReader reader({dir.write("a", join({pcap_header(kLittle, 0xa1b2c3d4, link_type),
                                             pcap_record(kLittle, 1, 0, kFrame)}))});
  const std::vector<Read> all = read_all(reader);
  REQUIRE(all.size() == 1);
  CHECK(all[0].packet.link_type == link_type);
}

TEST_CASE("facts count what was handed on") {
  TempDir dir;
  CaptureReader reader({dir.write("a", small_pcap())});
  read_all(reader);
  const capture::CaptureFacts& facts = reader.facts();
  CHECK(facts.packets == 2);
  CHECK(facts.files[0].packets == 2);
  CHECK(facts.octets == 14);
  CHECK(facts.first == 1'500'000'000);
  CHECK(facts.last == 2'000'000'000);
  CHECK(facts.truncated_packets == 1);
  CHECK(facts.filtered == 0);
  CHECK(reader.octets_total() == small_pcap().size());
  CHECK(reader.octets_read() == reader.octets_total());
}

TEST_CASE("compressed files are known by content, and of several parts") {
  const Octets plain = small_pcap();
  const Octets first(plain.begin(), plain.begin() + 30);
  const Octets rest(plain.begin() + 30, plain.end());
  TempDir dir;
  struct Row {
    Octets content;
    std::string format;
  };
  const Row row = GENERATE_COPY(
      Row{gzip(plain), "pcap.gz"}, Row{zstd(plain), "pcap.zst"},
      Row{join({gzip(first), gzip(rest)}), "pcap.gz"},
      Row{join({gzip(plain), Octets(512)}), "pcap.gz"},
      Row{join({zstd(first), zstd(rest)}), "pcap.zst"},
      // a skippable frame of 3 octets before the data
      Row{join({{0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9}, zstd(plain)}), "pcap.zst"});
  CaptureReader reader({dir.write("capture", row.content)});
  CHECK(read_all(reader).size() == 2);
  CHECK(reader.facts().files[0].format == row.format);
  CHECK_FALSE(reader.facts().files[0].cut_short);
  CHECK(reader.facts().files[0].damage.empty());
  CHECK(reader.octets_read() == row.content.size());
}

TEST_CASE("compressed data that ends early cuts the capture short") {
  Octets large = small_pcap();
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const Octets record = pcap_record(kLittle, 3 + i, i * 7919 % 1'000'000, u32(i * 2654435761u));
    large.insert(large.end(), record.begin(), record.end());
  }
  Octets packed = GENERATE_COPY(gzip(large), zstd(large));
  packed.resize(packed.size() - 20);
  TempDir dir;
  CaptureReader reader({dir.write("a", packed)});
  CHECK(read_all(reader).size() > 2);
  CHECK(reader.facts().files[0].cut_short);
  CHECK(reader.facts().files[0].damage.empty());
}

TEST_CASE("damaged compressed data is told from a short file") {
  TempDir dir;
  SECTION("a bit is wrong in the checksum of gzip") {
    Octets packed = gzip(small_pcap());
    packed[packed.size() - 6] ^= 1;
    CaptureReader reader({dir.write("a", packed)});
    read_all(reader);
    CHECK(reader.facts().files[0].damage.starts_with("gzip data is damaged: "));
    CHECK_FALSE(reader.facts().files[0].cut_short);
  }
  SECTION("something else follows the gzip data") {
    CaptureReader reader({dir.write("a", join({gzip(small_pcap()), text("junk")}))});
    CHECK(read_all(reader).size() == 2);
    CHECK_FALSE(reader.facts().files[0].damage.empty());
  }
  SECTION("something else follows the zstd data") {
    CaptureReader reader({dir.write("a", join({zstd(small_pcap()), text("junk")}))});
    CHECK(read_all(reader).size() == 2);
    CHECK(reader.facts().files[0].damage.starts_with("zstd data is damaged: "));
  }
}

TEST_CASE("standard input") {
  TempDir dir;
  const std::string path = dir.write("a", gzip(small_pcap()));
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open(path.c_str(), O_RDONLY);
  REQUIRE(::dup2(file, STDIN_FILENO) >= 0);
  {
    CaptureReader reader({"-"});
    CHECK(read_all(reader).size() == 2);
    CHECK(reader.facts().files[0].path == "-");
    CHECK(reader.octets_total() == 0);
  }
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
  CHECK(error_of({"-", "-"}) == "-: standard input can be read only once");
}

TEST_CASE("a pipe is read once, together with files") {
  TempDir dir;
  const std::string pipe = dir.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int both_ends = ::open(pipe.c_str(), O_RDWR);
  const Octets content = small_pcap();
  REQUIRE(::write(both_ends, content.data(), content.size()) ==
          static_cast<ssize_t>(content.size()));
  const std::string file = dir.write("a", small_pcap(kBig));
  // The reader opens the pipe before this end is closed, so that it then sees the end of it.
  std::unique_ptr<CaptureReader> reader =
      std::make_unique<CaptureReader>(std::vector<std::string>{file, pipe});
  ::close(both_ends);
  CHECK(read_all(*reader).size() == 4);
  CHECK(reader->octets_total() == 0);
}

TEST_CASE("what can not be read is named in one line") {
  TempDir dir;
  const auto error_for = [&](const Octets& content) {
    const std::string path = dir.write("file", content);
    const std::string error = error_of({path});
    REQUIRE(error.starts_with(path + ": "));
    CHECK(error.find('\n') == std::string::npos);
    return error.substr(path.size() + 2);
  };
  CHECK(error_for({}) == "file is empty");
  CHECK(error_for(gzip({})) == "file is empty");
  CHECK(error_for({0xd4, 0xc3}) == "not a pcap or pcapng file");
  CHECK(error_for(text("snoop\0\0\0 and more")) == "not a pcap or pcapng file");
  CHECK(error_for(gzip(text("plain text"))) == "not a pcap or pcapng file");
  CHECK(error_for({0x1f, 0x8b, 0x08, 0x00}) == "compressed data ends before the first packet");
  CHECK(error_for({0x1f, 0x8b, 0x08, 0xff, 1, 2, 3}).starts_with("gzip data is damaged: "));
  CHECK(error_for({0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0}) == "file ends within the pcap file header");
  CHECK(error_of({dir.path("missing")}) == dir.path("missing") + ": No such file or directory");
  CHECK(error_of({dir.path("")}) == dir.path("") + ": is a directory");
  // One that is good does not hide one that is bad.
  CHECK(error_of({dir.write("good", small_pcap()), dir.path("missing")}) ==
        dir.path("missing") + ": No such file or directory");
}

TEST_CASE("a file that may not be read") {
  if (::geteuid() == 0) {
    WARN("skipped: root may read every file");
    return;
  }
  TempDir dir;
  const std::string path = dir.write("a", small_pcap());
  ::chmod(path.c_str(), 0);
  CHECK(error_of({path}) == path + ": Permission denied");
}

TEST_CASE("pcap: a record that claims too much is damage, what precedes it is read") {
  TempDir dir;
  const Octets monster = join(
      {kLittle.u32(3), kLittle.u32(0), kLittle.u32(0x7fffffff), kLittle.u32(0x7fffffff), kFrame});
  CaptureReader reader({dir.write("a", join({small_pcap(), monster}))});
  CHECK(read_all(reader).size() == 2);
  CHECK(reader.facts().files[0].damage.starts_with("packet 3: "));
  CHECK_FALSE(reader.facts().files[0].cut_short);
  Packet packet;
  CHECK_FALSE(reader.next(packet));  // and it stays so
}

}  // namespace
}  // namespace mmsa::test
