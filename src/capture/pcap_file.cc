// The classic file format of libpcap (draft-ietf-opsawg-pcap): a file header, then records of a
// header and the captured octets each. Packets are views into the read buffer.
#include "capture/pcap_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "capture/capture_reader.h"
#include "capture/octets.h"
#include "mmsanalyze/limits.h"

namespace mmsa::capture {
namespace {

constexpr std::size_t kFileHeader = 24;
// Seconds, fraction, captured length, original length.
constexpr std::size_t kRecordFields = 16;
// Fits a second-level cache and takes few system calls.
constexpr std::size_t kReadBuffer = 256 * 1024;

struct Variant {
  std::uint32_t magic;
  TimeNs fraction;            // nanoseconds in a unit of it
  std::size_t record_header;  // octets
};
constexpr Variant kVariants[] = {
    {0xa1b2c3d4, 1'000, kRecordFields},
    {0xa1b23c4d, 1, kRecordFields},
    // Patched systems of the nineties: interface index, protocol, packet type and a pad octet
    // follow.
    {0xa1b2cd34, 1'000, kRecordFields + 8},
};

struct Recognised {
  const Variant* variant = nullptr;  // null: no pcap file
  bool other_order = false;
};

Recognised recognise(Bytes start) {
  if (start.size() < 4) return {};
  const auto magic = in_file_order<std::uint32_t>(start.data(), false);
  for (const Variant& variant : kVariants) {
    if (magic == variant.magic) return {&variant, false};
    if (swapped(magic) == variant.magic) return {&variant, true};
  }
  return {};
}

class PcapFile final : public TraceFile {
 public:
  PcapFile(std::unique_ptr<ByteSource> bytes, const std::string& path)
      : TraceFile(std::move(bytes)), buffer_(kReadBuffer) {
    if (!fill_to(kFileHeader)) {
      throw CaptureError(fmt::format("{}: file ends within the pcap file header", path));
    }
    const Recognised format = recognise({here(), kFileHeader});
    if (format.variant == nullptr) throw CaptureError(fmt::format("{}: not a pcap file", path));
    variant_ = *format.variant;
    other_order_ = format.other_order;
    const auto major = in_file_order<std::uint16_t>(here() + 4, other_order_);
    minor_ = in_file_order<std::uint16_t>(here() + 6, other_order_);
    constexpr std::uint16_t kDgUx = 543;
    if (major != 2 && major != kDgUx) {
      throw CaptureError(fmt::format("{}: version {}.{} of pcap is unknown", path, major, minor_));
    }
    // The upper bits say whether frames end with a check sequence, which IP's length tells too.
    constexpr std::uint32_t kLinkTypeBits = 0x03ff'ffff;
    link_type_ = u32(here() + 20) & kLinkTypeBits;
    // As libpcap: up to version 2.2, and on DG/UX, the lengths stand the other way round; in 2.3
    // either way.
    exchanged_ = minor_ < 3;
    begin_ += kFileHeader;
  }

  bool next(Packet& packet) override {
    if (ended_) return false;
    if (!fill_to(variant_.record_header)) return end_of_file();
    const std::uint8_t* at = here();
    std::uint32_t captured = u32(at + 8);
    std::uint32_t original = u32(at + 12);
    if (exchanged_ || (minor_ == 3 && captured > original)) std::swap(captured, original);
    if (captured > limits::kMaxPacket) {
      return damaged(
          fmt::format("its captured length {} is over {}", captured, limits::kMaxPacket));
    }
    const std::size_t length = variant_.record_header + captured;
    if (buffered() < length) {
      if (!fill_to(length)) return end_of_file();
      at = here();
    }
    packet.frame.time = TimeNs{u32(at)} * kNsPerSecond + TimeNs{u32(at + 4)} * variant_.fraction;
    packet.link_type = link_type_;
    packet.original_length = original;
    packet.data = {at + variant_.record_header, captured};
    begin_ += length;
    ++packets_;
    return true;
  }

 private:
  std::size_t buffered() const { return end_ - begin_; }
  const std::uint8_t* here() const { return buffer_.data() + begin_; }
  std::uint32_t u32(const std::uint8_t* at) const {
    return in_file_order<std::uint32_t>(at, other_order_);
  }

  // Makes sure that `count` octets are buffered. Moves them, so views end here.
  bool fill_to(std::size_t count) {
    if (buffered() >= count) return true;
    buffer_offset_ += begin_;
    std::memmove(buffer_.data(), here(), buffered());
    end_ -= begin_;
    begin_ = 0;
    if (count > buffer_.size()) buffer_.resize(count);
    while (end_ < count) {
      const std::size_t got = source().read(std::span(buffer_).subspan(end_));
      if (got == 0) return false;
      end_ += got;
    }
    return true;
  }

  bool end_of_file() {
    ended_ = true;
    if (buffered() != 0) set_cut_short();
    end_with_source();
    return false;
  }

  bool damaged(std::string_view what) {
    ended_ = true;
    set_damage(fmt::format("packet {}: {} (record at octet {})", packets_ + 1, what,
                           buffer_offset_ + begin_));
    return false;
  }

  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;  // what is buffered: [begin_, end_)
  std::size_t end_ = 0;
  std::uint64_t buffer_offset_ = 0;  // of buffer_[0] in the file
  Variant variant_{};
  bool other_order_ = false;
  std::uint16_t minor_ = 0;
  bool exchanged_ = false;
  std::uint32_t link_type_ = 0;
  std::uint64_t packets_ = 0;
  bool ended_ = false;
};

}  // namespace

bool is_pcap(Bytes start) { return recognise(start).variant != nullptr; }

std::unique_ptr<TraceFile> open_pcap(std::unique_ptr<ByteSource> source, const std::string& path) {
  return std::make_unique<PcapFile>(std::move(source), path);
}

}  // namespace mmsa::capture
