// draft-ietf-opsawg-pcapng: 3.1 block structure, 3.5 options, 4.1 section header, 4.2 interface
// description, 4.3 enhanced packet, 4.4 simple packet, 4.6 interface statistics, A packet
// (obsolete). All other blocks are passed over. Packets are views into the read buffer.
#include "capture/pcapng_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "capture/capture_reader.h"
#include "capture/octets.h"
#include "capture/timestamps.h"
#include "mmsanalyze/limits.h"

namespace mmsa::capture {
namespace {

constexpr std::uint32_t kSectionHeaderBlock = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceBlock = 1;
constexpr std::uint32_t kObsoletePacketBlock = 2;
constexpr std::uint32_t kSimplePacketBlock = 3;
constexpr std::uint32_t kStatisticsBlock = 5;
constexpr std::uint32_t kEnhancedPacketBlock = 6;

constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::size_t kBlockHeader = 8;   // type, length
constexpr std::size_t kBlockTrailer = 4;  // the length again
constexpr std::size_t kBlockFrame = kBlockHeader + kBlockTrailer;
constexpr std::size_t kPacketFields = 20;  // of packet blocks other than the simple one

constexpr std::size_t kReadBuffer = 256 * 1024;
// Blocks that are looked into are held whole: the largest packet and plenty of options.
constexpr std::size_t kMaxHeldBlock = 4 * std::size_t{limits::kMaxPacket};

struct Interface {
  std::uint32_t link_type = 0;
  std::uint32_t snap_length = 0;  // 0: no limit
  Timestamps clock;
  std::uint64_t dropped = 0;  // by its last statistics block
};

class PcapngFile final : public TraceFile {
 public:
  PcapngFile(std::unique_ptr<ByteSource> bytes, const std::string& path)
      : TraceFile(std::move(bytes)), buffer_(kReadBuffer) {
    const Block block = next_block();
    if (block.outcome == Outcome::parsed) return;
    if (!damage().empty()) throw CaptureError(fmt::format("{}: {}", path, damage()));
    throw CaptureError(fmt::format("{}: file ends within the pcapng section header", path));
  }

  bool next(Packet& packet) override {
    while (!ended_) {
      const Block block = next_block();
      if (block.outcome != Outcome::packet) continue;
      if (!(block.type == kSimplePacketBlock ? simple_packet(block.body, packet)
                                             : timed_packet(block, packet))) {
        break;
      }
      return true;
    }
    return false;
  }

  std::uint64_t dropped() const override {
    std::uint64_t sum = dropped_before_;
    for (const Interface& interface : interfaces_) sum += interface.dropped;
    return sum;
  }

 private:
  enum class Outcome : std::uint8_t { packet, parsed, ended };
  struct Block {
    Outcome outcome = Outcome::ended;
    std::uint32_t type = 0;
    Bytes body;  // without header and trailer; valid until the buffer is filled again
  };

  Block next_block();
  Block read_held(std::uint32_t type, std::uint32_t length);
  Outcome read_skipped(std::uint32_t length);
  bool find_byte_order();
  bool fill_to(std::size_t count);
  Outcome end_of_file();
  Outcome damaged(std::string_view what);

  Outcome section_header(Bytes body);
  Outcome interface_description(Bytes body);
  Outcome statistics(Bytes body);
  bool timed_packet(const Block& block, Packet& packet);
  bool simple_packet(Bytes body, Packet& packet);

  std::size_t buffered() const { return end_ - begin_; }
  const std::uint8_t* here() const { return buffer_.data() + begin_; }
  std::uint16_t u16(const std::uint8_t* at) const {
    return in_file_order<std::uint16_t>(at, other_order_);
  }
  std::uint32_t u32(const std::uint8_t* at) const {
    return in_file_order<std::uint32_t>(at, other_order_);
  }
  std::uint64_t u64(const std::uint8_t* at) const {
    return in_file_order<std::uint64_t>(at, other_order_);
  }
  template <typename Use>
  void for_each_option(Bytes options, Use use) const;

  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;  // what is buffered: [begin_, end_)
  std::size_t end_ = 0;
  std::uint64_t buffer_offset_ = 0;  // of buffer_[0] in the file
  std::uint64_t block_offset_ = 0;   // of the block at hand
  bool ended_ = false;
  bool in_section_ = false;
  bool other_order_ = false;
  std::vector<Interface> interfaces_;  // of this section
  std::uint64_t dropped_before_ = 0;   // in earlier sections
  TimeNs last_time_ = 0;
};

// Makes sure that `count` octets are buffered. Moves them, so views end here.
bool PcapngFile::fill_to(std::size_t count) {
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

PcapngFile::Outcome PcapngFile::end_of_file() {
  ended_ = true;
  if (buffered() != 0 || !in_section_) set_cut_short();
  end_with_source();
  return Outcome::ended;
}

PcapngFile::Outcome PcapngFile::damaged(std::string_view what) {
  ended_ = true;
  set_damage(fmt::format("block at octet {}: {}", block_offset_, what));
  return Outcome::ended;
}

// The byte order of a section is known by the magic number behind its length, so it is looked at
// before the length can be read.
bool PcapngFile::find_byte_order() {
  const auto magic = in_file_order<std::uint32_t>(here() + kBlockHeader, false);
  if (magic != kByteOrderMagic && swapped(magic) != kByteOrderMagic) return false;
  other_order_ = magic != kByteOrderMagic;
  return true;
}

PcapngFile::Block PcapngFile::next_block() {
  Block ended;
  if (!fill_to(kBlockFrame)) {
    ended.outcome = end_of_file();
    return ended;
  }
  block_offset_ = buffer_offset_ + begin_;
  const std::uint32_t type = u32(here());
  if (type == kSectionHeaderBlock && !find_byte_order()) {
    ended.outcome = damaged("its byte order is unknown");
    return ended;
  }
  const std::uint32_t length = u32(here() + 4);
  if (length < kBlockFrame) {
    ended.outcome = damaged(fmt::format("its length {} is less than its header's", length));
  } else if (length % 4 != 0) {
    ended.outcome = damaged(fmt::format("its length {} is not a multiple of 4", length));
  } else if (length > limits::kMaxBlock) {
    ended.outcome = damaged(fmt::format("its length {} is over {}", length, limits::kMaxBlock));
  } else {
    switch (type) {
      case kSectionHeaderBlock:
      case kInterfaceBlock:
      case kObsoletePacketBlock:
      case kSimplePacketBlock:
      case kStatisticsBlock:
      case kEnhancedPacketBlock:
        return read_held(type, length);
      default:
        ended.outcome = read_skipped(length);
        if (ended.outcome == Outcome::parsed && is_frame_to_wireshark(type)) count_other_record();
    }
  }
  return ended;
}

PcapngFile::Block PcapngFile::read_held(std::uint32_t type, std::uint32_t length) {
  Block block;
  if (length > kMaxHeldBlock) {
    block.outcome = damaged(fmt::format("its length {} is over {}", length, kMaxHeldBlock));
    return block;
  }
  if (!fill_to(length)) {
    block.outcome = end_of_file();
    return block;
  }
  const std::uint32_t trailer = u32(here() + length - kBlockTrailer);
  if (trailer != length) {
    block.outcome =
        damaged(fmt::format("its length is {} at the front and {} at the back", length, trailer));
    return block;
  }
  block.type = type;
  block.body = {here() + kBlockHeader, length - kBlockFrame};
  begin_ += length;
  switch (type) {
    case kSectionHeaderBlock:
      block.outcome = section_header(block.body);
      break;
    case kInterfaceBlock:
      block.outcome = interface_description(block.body);
      break;
    case kStatisticsBlock:
      block.outcome = statistics(block.body);
      break;
    default:
      block.outcome = Outcome::packet;
  }
  return block;
}

PcapngFile::Outcome PcapngFile::read_skipped(std::uint32_t length) {
  std::size_t left = length - kBlockTrailer;
  while (left > buffered()) {
    left -= buffered();
    begin_ = end_;
    if (!fill_to(1)) {
      set_cut_short();  // whole blocks are gone already, nothing is buffered that would say so
      return end_of_file();
    }
  }
  begin_ += left;
  if (!fill_to(kBlockTrailer)) {
    set_cut_short();
    return end_of_file();
  }
  const std::uint32_t trailer = u32(here());
  begin_ += kBlockTrailer;
  if (trailer == length) return Outcome::parsed;
  return damaged(fmt::format("its length is {} at the front and {} at the back", length, trailer));
}

template <typename Use>
void PcapngFile::for_each_option(Bytes options, Use use) const {
  constexpr std::size_t kOptionHeader = 4;  // code, length of the value
  while (options.size() >= kOptionHeader) {
    const std::uint16_t code = u16(options.data());
    const std::size_t length = u16(options.data() + 2);
    if (code == 0 || options.size() - kOptionHeader < length) return;
    use(code, options.subspan(kOptionHeader, length));
    const std::size_t padded = kOptionHeader + (length + 3) / 4 * 4;
    options = options.subspan(std::min(padded, options.size()));
  }
}

PcapngFile::Outcome PcapngFile::section_header(Bytes body) {
  constexpr std::size_t kFields = 16;  // magic, major and minor version, section length
  if (body.size() < kFields) return damaged("the section header is too short");
  const std::uint16_t major = u16(body.data() + 4);
  if (major != 1) return damaged(fmt::format("version {} of pcapng is unknown", major));
  dropped_before_ = dropped();
  interfaces_.clear();
  in_section_ = true;
  return Outcome::parsed;
}

PcapngFile::Outcome PcapngFile::interface_description(Bytes body) {
  constexpr std::size_t kFields = 8;  // link type, reserved, snap length
  constexpr std::uint16_t kTimeResolution = 9;
  constexpr std::uint16_t kTimeOffset = 14;
  if (body.size() < kFields) return damaged("the interface description is too short");
  if (interfaces_.size() == limits::kMaxInterfaces) {
    return damaged(fmt::format("more than {} interfaces", limits::kMaxInterfaces));
  }
  Interface interface;
  interface.link_type = u16(body.data());
  interface.snap_length = u32(body.data() + 4);
  for_each_option(body.subspan(kFields), [&](std::uint16_t code, Bytes value) {
    if (code == kTimeResolution && value.size() == 1) interface.clock.set_resolution(value[0]);
    if (code == kTimeOffset && value.size() == 8) {
      interface.clock.set_offset(static_cast<std::int64_t>(u64(value.data())));
    }
  });
  interfaces_.push_back(interface);
  return Outcome::parsed;
}

PcapngFile::Outcome PcapngFile::statistics(Bytes body) {
  constexpr std::size_t kFields = 12;  // interface, time in two halves
  constexpr std::uint16_t kDroppedByInterface = 5;
  constexpr std::uint16_t kDroppedBySystem = 7;
  if (body.size() < kFields) return damaged("the interface statistics are too short");
  const std::uint32_t id = u32(body.data());
  if (id >= interfaces_.size()) return damaged(fmt::format("interface {} is not described", id));
  std::uint64_t by_interface = 0;
  std::uint64_t by_system = 0;
  for_each_option(body.subspan(kFields), [&](std::uint16_t code, Bytes value) {
    if (value.size() != 8) return;
    if (code == kDroppedByInterface) by_interface = u64(value.data());
    if (code == kDroppedBySystem) by_system = u64(value.data());
  });
  interfaces_[id].dropped = by_interface + by_system;
  return Outcome::parsed;
}

bool PcapngFile::timed_packet(const Block& block, Packet& packet) {
  if (block.body.size() < kPacketFields) {
    damaged("the packet block is too short");
    return false;
  }
  const std::uint8_t* at = block.body.data();
  // The obsolete block has a drop counter where the upper half of the interface is now.
  const std::uint32_t id = block.type == kObsoletePacketBlock ? u16(at) : u32(at);
  const std::uint64_t ticks = std::uint64_t{u32(at + 4)} << 32 | u32(at + 8);
  const std::uint32_t captured = u32(at + 12);
  if (id >= interfaces_.size()) {
    damaged(fmt::format("interface {} is not described", id));
    return false;
  }
  if (captured > limits::kMaxPacket || captured > block.body.size() - kPacketFields) {
    damaged(fmt::format("the captured length {} is more than the block can hold", captured));
    return false;
  }
  const Interface& interface = interfaces_[id];
  last_time_ = interface.clock.to_ns(ticks);
  packet.frame.time = last_time_;
  packet.link_type = interface.link_type;
  packet.original_length = u32(at + 16);
  packet.data = block.body.subspan(kPacketFields, captured);
  return true;
}

// Has neither time nor interface: it is of the first interface, and its time is that of the packet
// before it.
bool PcapngFile::simple_packet(Bytes body, Packet& packet) {
  constexpr std::size_t kFields = 4;  // original length
  if (interfaces_.empty() || body.size() < kFields) {
    damaged(interfaces_.empty() ? "interface 0 is not described" : "the packet block is too short");
    return false;
  }
  const Interface& interface = interfaces_.front();
  const std::uint32_t original = u32(body.data());
  std::uint32_t captured = original;
  if (interface.snap_length != 0) captured = std::min(captured, interface.snap_length);
  if (captured > limits::kMaxPacket || captured > body.size() - kFields) {
    damaged(fmt::format("the captured length {} is more than the block can hold", captured));
    return false;
  }
  packet.frame.time = last_time_;
  packet.link_type = interface.link_type;
  packet.original_length = original;
  packet.data = body.subspan(kFields, captured);
  return true;
}

}  // namespace

bool is_frame_to_wireshark(std::uint32_t type) {
  constexpr std::uint32_t kJournalBlock = 9;
  constexpr std::uint32_t kCustomBlock = 0x00000bad;
  constexpr std::uint32_t kCustomBlockNotToCopy = 0x40000bad;
  return type == kJournalBlock || type == kCustomBlock || type == kCustomBlockNotToCopy;
}

std::unique_ptr<TraceFile> open_pcapng(std::unique_ptr<ByteSource> source,
                                       const std::string& path) {
  return std::make_unique<PcapngFile>(std::move(source), path);
}

}  // namespace mmsa::capture
