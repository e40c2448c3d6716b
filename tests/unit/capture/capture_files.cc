#include "unit/capture/capture_files.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace mmsa::test {

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "mmsa_capture_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string TempDir::write(const std::string& name, const Octets& content) const {
  std::ofstream file(root_ / name, std::ios::binary);
  file.write(reinterpret_cast<const char*>(content.data()),
             static_cast<std::streamsize>(content.size()));
  return path(name);
}

Octets Order::u16(std::uint16_t value) const {
  Octets octets = test::u16(value);
  if (!big) std::reverse(octets.begin(), octets.end());
  return octets;
}

Octets Order::u32(std::uint32_t value) const {
  Octets octets = test::u32(value);
  if (!big) std::reverse(octets.begin(), octets.end());
  return octets;
}

Octets Order::u64(std::uint64_t value) const {
  const Octets high = u32(static_cast<std::uint32_t>(value >> 32));
  const Octets low = u32(static_cast<std::uint32_t>(value));
  return big ? join({high, low}) : join({low, high});
}

Octets pcap_header(Order order, std::uint32_t magic, std::uint32_t link_type) {
  return join({order.u32(magic), order.u16(2), order.u16(4), order.u32(0), order.u32(0),
               order.u32(262144), order.u32(link_type)});
}

Octets pcap_record(Order order, std::uint32_t seconds, std::uint32_t fraction, const Octets& data,
                   std::uint32_t original) {
  const auto captured = static_cast<std::uint32_t>(data.size());
  return join({order.u32(seconds), order.u32(fraction), order.u32(captured),
               order.u32(std::max(original, captured)), data});
}

Octets block(Order order, std::uint32_t type, const Octets& body) {
  const Octets padding((4 - body.size() % 4) % 4);
  const Octets length = order.u32(static_cast<std::uint32_t>(12 + body.size() + padding.size()));
  return join({order.u32(type), length, body, padding, length});
}

Octets option(Order order, std::uint16_t code, const Octets& value) {
  const Octets padding((4 - value.size() % 4) % 4);
  return join(
      {order.u16(code), order.u16(static_cast<std::uint16_t>(value.size())), value, padding});
}

Octets section(Order order) {
  return block(order, 0x0a0d0d0a,
               join({order.u32(0x1a2b3c4d), order.u16(1), order.u16(0),
                     order.u64(0xffffffffffffffff)}));  // length of the section: not known
}

Octets interface(Order order, std::uint16_t link_type, std::uint32_t snap_length,
                 const Octets& options) {
  return block(order, 1,
               join({order.u16(link_type), order.u16(0), order.u32(snap_length), options}));
}

Octets enhanced_packet(Order order, std::uint32_t interface_id, std::uint64_t ticks,
                       const Octets& data, std::uint32_t original) {
  const auto captured = static_cast<std::uint32_t>(data.size());
  return block(order, 6,
               join({order.u32(interface_id), order.u32(static_cast<std::uint32_t>(ticks >> 32)),
                     order.u32(static_cast<std::uint32_t>(ticks)), order.u32(captured),
                     order.u32(std::max(original, captured)), data}));
}

Octets gzip(const Octets& content) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  Octets packed(deflateBound(&stream, content.size()) + 64);
  Octets input = content;
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

Octets zstd(const Octets& content) {
  Octets packed(ZSTD_compressBound(content.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), content.data(), content.size(), 3));
  return packed;
}

std::vector<Read> read_all(capture::CaptureReader& reader) {
  std::vector<Read> all;
  Packet packet;
  while (reader.next(packet)) {
    all.push_back({packet, Octets(packet.data.begin(), packet.data.end())});
  }
  return all;
}

std::string error_of(const std::vector<std::string>& paths, const std::string& filter) {
  try {
    const capture::CaptureReader reader(paths, {filter});
  } catch (const capture::CaptureError& error) {
    return error.what();
  }
  return "";
}

}  // namespace mmsa::test
