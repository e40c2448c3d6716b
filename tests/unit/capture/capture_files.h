// Capture files built by hand in a directory that goes with the test.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "capture/capture_reader.h"
#include "unit/capture/frames.h"

namespace mmsa::test {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string path(const std::string& name) const { return (root_ / name).string(); }
  // Gives the path of the new file.
  std::string write(const std::string& name, const Octets& content) const;

 private:
  std::filesystem::path root_;
};

// Integers of a file in either byte order.
struct Order {
  bool big = false;
  Octets u16(std::uint16_t value) const;
  Octets u32(std::uint32_t value) const;
  Octets u64(std::uint64_t value) const;
};
inline constexpr Order kLittle{false};
inline constexpr Order kBig{true};

Octets pcap_header(Order order, std::uint32_t magic, std::uint32_t link_type = 1);
Octets pcap_record(Order order, std::uint32_t seconds, std::uint32_t fraction, const Octets& data,
                   std::uint32_t original = 0);

// A pcapng block around its body, padded.
Octets block(Order order, std::uint32_t type, const Octets& body);
Octets option(Order order, std::uint16_t code, const Octets& value);
Octets section(Order order);
Octets interface(Order order, std::uint16_t link_type = 1, std::uint32_t snap_length = 0,
                 const Octets& options = {});
Octets enhanced_packet(Order order, std::uint32_t interface_id, std::uint64_t ticks,
                       const Octets& data, std::uint32_t original = 0);

Octets gzip(const Octets& content);
Octets zstd(const Octets& content);

// A packet and what it pointed to.
struct Read {
  Packet packet;
  Octets data;
};
std::vector<Read> read_all(capture::CaptureReader& reader);
// The text of the CaptureError that opening these gives; empty where they open.
std::string error_of(const std::vector<std::string>& paths, const std::string& filter = "");

}  // namespace mmsa::test
