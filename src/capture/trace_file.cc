// What a file is, by its first octets: compressed or not, then pcap or pcapng.
#include "capture/trace_file.h"

#include <fmt/core.h>

#include "capture/capture_reader.h"
#include "capture/octets.h"
#include "capture/pcap_file.h"
#include "capture/pcapng_file.h"

namespace mmsa::capture {
namespace {

// Enough for every magic number here.
constexpr std::size_t kPeek = 4;

bool is_pcapng(Bytes start) {
  constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;  // the same in both byte orders
  return start.size() >= 4 && be32(start.data()) == kSectionHeader;
}

}  // namespace

OpenedOctets open_octets(const std::string& path) {
  OpenedFile opened = open_plain(path);
  OpenedOctets octets{std::move(opened.source), "", opened.regular, opened.size};
  const Bytes start = octets.source->peek(kPeek);
  if (is_gzip(start)) {
    octets.suffix = ".gz";
    octets.source = open_gzip(std::move(octets.source));
  } else if (is_zstd(start)) {
    octets.suffix = ".zst";
    octets.source = open_zstd(std::move(octets.source));
  }
  return octets;
}

OpenedTrace open_trace(const std::string& path) {
  OpenedOctets opened = open_octets(path);
  OpenedTrace trace{nullptr, "", opened.regular, opened.size};
  std::unique_ptr<ByteSource> source = std::move(opened.source);
  const std::string& suffix = opened.suffix;
  // A plain file was looked at already, and gives the same again.
  const Bytes start = source->peek(kPeek);
  if (is_pcap(start)) {
    trace.format = "pcap" + suffix;
    trace.file = open_pcap(std::move(source), path);
  } else if (is_pcapng(start)) {
    trace.format = "pcapng" + suffix;
    trace.file = open_pcapng(std::move(source), path);
  } else if (!source->damage().empty()) {
    throw CaptureError(fmt::format("{}: {}", path, source->damage()));
  } else if (source->cut_short()) {
    throw CaptureError(fmt::format("{}: compressed data ends before the first packet", path));
  } else if (start.empty()) {
    throw CaptureError(fmt::format("{}: file is empty", path));
  } else {
    throw CaptureError(fmt::format("{}: not a pcap or pcapng file", path));
  }
  return trace;
}

}  // namespace mmsa::capture
