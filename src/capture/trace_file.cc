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

OpenedTrace open_trace(const std::string& path) {
  OpenedFile opened = open_plain(path);
  OpenedTrace trace{nullptr, "", opened.regular, opened.size};
  std::unique_ptr<ByteSource> source = std::move(opened.source);
  Bytes start = source->peek(kPeek);
  std::string suffix;
  if (is_gzip(start)) {
    suffix = ".gz";
    source = open_gzip(std::move(source));
    start = source->peek(kPeek);
  } else if (is_zstd(start)) {
    suffix = ".zst";
    source = open_zstd(std::move(source));
    start = source->peek(kPeek);
  }
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
