// Stream numbers are Wireshark's. Compared with tshark over all captures of ../shared, where both
// are there: the segments are those that tshark prints.
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "support/shared.h"
#include "unit/tcp/flow.h"

namespace mmsa::tcp::test {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 65'536> chunk{};
  for (std::size_t n = 0; (n = std::fread(chunk.data(), 1, chunk.size(), pipe)) != 0;) {
    text.append(chunk.data(), n);
  }
  pclose(pipe);
  return text;
}

// Any address will do, as long as different ones stay different.
IpAddress address_of(const std::string& text) {
  IpAddress address;
  std::uint64_t hash = 1469598103934665603u;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211u;
  for (std::size_t i = 0; i < 8; ++i) address.octets[i] = static_cast<std::uint8_t>(hash >> 8 * i);
  return address;
}

struct Row {
  Segment segment;
  std::uint32_t stream = 0;
  bool has_stream = true;  // Wireshark gives none to an ICMP redirect
};

Row parse(const std::string& line, std::string& payload) {
  std::istringstream in(line);
  std::array<std::string, 16> field;
  for (auto& f : field) std::getline(in, f, '\t');
  Row row;
  const auto number = [&](std::size_t i) { return std::strtoull(field[i].c_str(), nullptr, 0); };
  row.segment.frame = {number(0),
                       static_cast<TimeNs>(std::strtod(field[1].c_str(), nullptr) * 1e9)};
  row.segment.src = {address_of(field[2] + field[4]), static_cast<std::uint16_t>(number(6))};
  row.segment.dst = {address_of(field[3] + field[5]), static_cast<std::uint16_t>(number(7))};
  row.segment.seq = static_cast<std::uint32_t>(number(8));
  row.segment.ack = static_cast<std::uint32_t>(number(9));
  row.segment.flags = static_cast<std::uint8_t>(number(10));
  row.segment.quoted = !field[14].empty() || !field[15].empty();
  row.segment.window = 1000;
  payload.clear();
  for (std::size_t i = 0; i + 1 < field[13].size(); i += 2) {
    payload.push_back(static_cast<char>(std::stoi(field[13].substr(i, 2), nullptr, 16)));
  }
  row.segment.payload = as_bytes(payload);
  row.stream = static_cast<std::uint32_t>(number(12));
  row.has_stream = !field[12].empty();
  return row;
}

// Which stream the segment that was fed last belongs to.
std::uint32_t stream_of(const Flow& flow, std::uint64_t frame) {
  for (std::size_t i = flow.records.size(); i-- > 0;) {
    if (flow.records[i]->connection->last.number == frame) return flow.records[i]->stream;
  }
  return UINT32_MAX;
}

template <typename Use>
void for_each_segment(const fs::path& capture, Use use) {
  capture::CaptureClock clock;
  std::istringstream in(output_of(
      "tshark -n -r '" + capture.string() +
      "' -Y tcp -T fields -E occurrence=l -e frame.number -e frame.time_epoch -e ip.src -e ip.dst "
      "-e ipv6.src -e ipv6.dst -e tcp.srcport -e tcp.dstport -e tcp.seq_raw -e tcp.ack_raw "
      "-e tcp.flags -e tcp.len -e tcp.stream -e tcp.payload -e icmp.type -e icmpv6.type "
      "2>/dev/null"));
  std::string payload;
  for (std::string line; std::getline(in, line);) {
    Row row = parse(line, payload);
    clock.stamp(row.segment.frame);
    if (row.has_stream) use(row);
  }
}

void feed(Flow& flow, const std::string& name) {
  for_each_segment(mmsa::test::shared_captures() / "lab" / name,
                   [&](const Row& row) { flow.table.feed(row.segment); });
  flow.finish();
}

bool usable() {
  const bool both = fs::exists(mmsa::test::shared_captures()) &&
                    std::system("tshark --version >/dev/null 2>&1") == 0;
  if (!both) WARN("skipped: needs tshark and the captures of ../shared");
  return both;
}

}  // namespace

TEST_CASE("stream numbers are those of Wireshark") {
  if (!usable()) return;
  int rows = 0;
  int quoted = 0;
  int held = 0;
  for (const auto& entry : fs::recursive_directory_iterator(mmsa::test::shared_captures())) {
    const std::string name = entry.path().filename().string();
    if (name.find(".pcap") == std::string::npos) continue;
    CAPTURE(name);
    Flow flow;
    for_each_segment(entry.path(), [&](const Row& row) {
      CAPTURE(row.segment.frame.number);
      flow.table.feed(row.segment);
      ++rows;
      if (row.segment.quoted) {
        ++quoted;
        REQUIRE(row.stream < flow.table.connections());
        return;
      }
      // A segment whose numbers jump waits for the next one.
      const std::uint32_t stream = stream_of(flow, row.segment.frame.number);
      held += stream == UINT32_MAX ? 1 : 0;
      if (stream != UINT32_MAX) REQUIRE(stream == row.stream);
    });
    flow.finish();
  }
  CHECK(rows > 10'000);
  CHECK(quoted == 13);
  CHECK(held == 1);
}

TEST_CASE("lab captures that were disturbed give the streams of the undisturbed one") {
  if (!usable()) return;
  Flow base;
  feed(base, "control_failures.pcapng");
  REQUIRE(base[0].octets[0].size() > 3000);
  REQUIRE(base[0].octets[1].size() > 3000);
  for (const char* name :
       {"tm_outoforder", "tm_retrans", "tm_overlap", "tm_span_dup", "tm_split_tiny",
        "tm_swap_adjacent", "tm_seqwrap", "tm_timeback", "tm_noack", "tm_ipv6"}) {
    CAPTURE(name);
    Flow flow;
    feed(flow, std::string(name) + ".pcapng");
    REQUIRE(flow.records.size() == base.records.size());
    CHECK(flow[0].octets[0] == base[0].octets[0]);
    CHECK(flow[0].octets[1] == base[0].octets[1]);
    CHECK(flow[0].gaps[0].empty());
    CHECK(flow[0].gaps[1].empty());
    CHECK(flow.undecoded[Undecoded::overlap_conflicts] == 0);
  }
}

TEST_CASE("a lab capture with late segments: answers still come after their requests") {
  if (!usable()) return;
  // How often the direction changes, and what had come of each one by then.
  const auto turns = [](const char* name) {
    Flow flow;
    feed(flow, name);
    std::vector<std::pair<char, std::size_t>> result;
    for (const std::string& event : flow[0].events) {
      if (event.size() < 2 || event[1] != ':') continue;
      if (result.empty() || result.back().first != event[0]) result.push_back({event[0], 0});
      result.back().second += event.size() - 2;
    }
    return result;
  };
  CHECK(turns("tm_outoforder.pcapng") == turns("control_failures.pcapng"));
  CHECK(turns("tm_swap_adjacent.pcapng") == turns("control_failures.pcapng"));
}

TEST_CASE("a lab capture of one direction is whole in that direction") {
  if (!usable()) return;
  Flow base;
  feed(base, "control_failures.pcapng");
  Flow client;
  feed(client, "tm_oneway_client.pcapng");
  CHECK(client[0].octets[0] == base[0].octets[0]);
  CHECK(client[0].gaps[0].empty());
  Flow server;
  feed(server, "tm_oneway_server.pcapng");
  CHECK(server[0].octets[0] == base[0].octets[1]);
  CHECK(server[0].gaps[0].empty());
}

}  // namespace mmsa::tcp::test
