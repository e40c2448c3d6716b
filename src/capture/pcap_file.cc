// libpcap reads from a stdio stream: the file itself, or, for what is compressed or comes through a
// pipe and was peeked at, a stream that reads from our ByteSource.
#include "capture/pcap_file.h"

#include <fmt/core.h>
#include <pcap/pcap.h>
#include <stdio_ext.h>

#include <array>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

#include "capture/capture_reader.h"
#include "mmsanalyze/limits.h"

namespace mmsa::capture {
namespace {

// Fits a second-level cache and takes few system calls.
constexpr std::size_t kStreamBuffer = 256 * 1024;
// libpcap's words for a file that ends inside its header or a packet; there is no code for it.
constexpr std::string_view kEndsEarly = "truncated dump file";

ssize_t read_from_source(void* cookie, char* to, std::size_t count) {
  auto* source = static_cast<ByteSource*>(cookie);
  return static_cast<ssize_t>(source->read({reinterpret_cast<std::uint8_t*>(to), count}));
}

std::FILE* stream_over(ByteSource& source, std::span<char> buffer) {
  std::FILE* stream = source.stream();
  if (stream == nullptr) {
    cookie_io_functions_t functions = {};
    functions.read = read_from_source;
    stream = fopencookie(&source, "rb", functions);
  }
  if (stream == nullptr) return nullptr;
  std::setvbuf(stream, buffer.data(), _IOFBF, buffer.size());
  // libpcap reads twice for each packet, and nobody else reads: no locks.
  ::__fsetlocking(stream, FSETLOCKING_BYCALLER);
  return stream;
}

struct LinkTypeRow {
  std::uint32_t link_type;
  int dlt;
};

// Where the LINKTYPE_ number in files is not the DLT_ number that libpcap gives for it: systems had
// given these to several links.
constexpr std::array<LinkTypeRow, 5> kDifferent{{
    {100, DLT_ATM_RFC1483},
    {101, DLT_RAW},
    {102, DLT_SLIP_BSDOS},
    {103, DLT_PPP_BSDOS},
    {108, DLT_LOOP},
}};

std::uint32_t link_type_of_dlt(int dlt) {
  for (const LinkTypeRow& row : kDifferent) {
    if (row.dlt == dlt) return row.link_type;
  }
  return static_cast<std::uint32_t>(dlt);
}

class PcapFile final : public TraceFile {
 public:
  PcapFile(std::unique_ptr<ByteSource> bytes, const std::string& path)
      : TraceFile(std::move(bytes)), buffer_(kStreamBuffer) {
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    std::FILE* stream = stream_over(source(), buffer_);
    if (stream == nullptr) throw CaptureError(fmt::format("{}: out of memory", path));
    pcap_ =
        pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, error.data());
    if (pcap_ == nullptr) {
      std::fclose(stream);
      const std::string_view reason = error.data();
      throw CaptureError(fmt::format(
          "{}: {}", path,
          reason.starts_with(kEndsEarly) ? "file ends within the pcap file header" : reason));
    }
    link_type_ = link_type_of_dlt(pcap_datalink(pcap_));
  }
  ~PcapFile() override { pcap_close(pcap_); }

  bool next(Packet& packet) override {
    if (ended_) return false;
    pcap_pkthdr* header = nullptr;
    const std::uint8_t* data = nullptr;
    if (pcap_next_ex(pcap_, &header, &data) != 1) return end();
    if (header->caplen > limits::kMaxPacket) {
      ended_ = true;
      set_damage(fmt::format("packet {}: its captured length {} is over {}", packets_ + 1,
                             header->caplen, limits::kMaxPacket));
      return false;
    }
    ++packets_;
    // The file has unsigned seconds; libpcap takes them for signed.
    const auto seconds = static_cast<std::uint32_t>(header->ts.tv_sec);
    packet.frame.time = TimeNs{seconds} * kNsPerSecond + TimeNs{header->ts.tv_usec};
    packet.link_type = link_type_;
    packet.original_length = header->len;
    packet.data = {data, header->caplen};
    return true;
  }

 private:
  bool end() {
    ended_ = true;
    const std::string_view error = pcap_geterr(pcap_);
    if (error.starts_with(kEndsEarly)) {
      set_cut_short();
    } else if (!error.empty()) {
      set_damage(fmt::format("packet {}: {}", packets_ + 1, error));
    }
    end_with_source();
    return false;
  }

  std::vector<char> buffer_;  // of the stream that pcap_ owns
  pcap_t* pcap_ = nullptr;
  std::uint32_t link_type_ = 0;
  std::uint64_t packets_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<TraceFile> open_pcap(std::unique_ptr<ByteSource> source, const std::string& path) {
  return std::make_unique<PcapFile>(std::move(source), path);
}

}  // namespace mmsa::capture
