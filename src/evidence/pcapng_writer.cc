#include "evidence/pcapng_writer.h"

#include "evidence/pcapng_octets.h"

namespace mmsa::evidence {
namespace {

constexpr bool kOtherOrder = false;  // we write in the order of this machine

// The length stands on both sides of what a block holds.
template <typename Put>
void put_block(std::string& out, std::uint32_t type, Put put_body) {
  const std::size_t begin = out.size();
  put_u32(out, type, kOtherOrder);
  put_u32(out, 0, kOtherOrder);
  put_body();
  const auto length = static_cast<std::uint32_t>(out.size() - begin + 4);
  put_u32(out, length, kOtherOrder);
  set_u32(out, begin + 4, length, kOtherOrder);
}

}  // namespace

void PcapngWriter::put_header(std::string& out, std::string_view comment) {
  put_block(out, kSectionHeaderBlock, [&] {
    put_u32(out, kByteOrderMagic, kOtherOrder);
    put_u16(out, 1, kOtherOrder);  // version 1.0
    put_u16(out, 0, kOtherOrder);
    put_u32(out, 0xFFFF'FFFF, kOtherOrder);  // length of the section: not told
    put_u32(out, 0xFFFF'FFFF, kOtherOrder);
    if (comment.empty()) return;
    put_comment(out, comment, kOtherOrder);
    put_end_of_options(out, kOtherOrder);
  });
}

void PcapngWriter::put_packet(std::string& out, const Packet& packet, std::string_view comment) {
  const auto next = static_cast<std::uint32_t>(interface_of_.size());
  const auto [interface, is_new] = interface_of_.emplace(packet.link_type, next);
  if (is_new) {
    put_block(out, kInterfaceBlock, [&] {
      put_u16(out, static_cast<std::uint16_t>(packet.link_type), kOtherOrder);
      put_u16(out, 0, kOtherOrder);
      put_u32(out, 0, kOtherOrder);             // no snap length
      constexpr std::uint16_t kResolution = 9;  // if_tsresol
      put_option(out, kResolution, std::string_view("\x09", 1), kOtherOrder);
      put_end_of_options(out, kOtherOrder);
    });
  }
  put_block(out, kEnhancedPacketBlock, [&] {
    const auto time = static_cast<std::uint64_t>(packet.frame.time);
    put_u32(out, interface->second, kOtherOrder);
    put_u32(out, static_cast<std::uint32_t>(time >> 32), kOtherOrder);
    put_u32(out, static_cast<std::uint32_t>(time), kOtherOrder);
    put_u32(out, static_cast<std::uint32_t>(packet.data.size()), kOtherOrder);
    put_u32(out, packet.original_length, kOtherOrder);
    put_padded(out, {reinterpret_cast<const char*>(packet.data.data()), packet.data.size()});
    if (comment.empty()) return;
    put_comment(out, comment, kOtherOrder);
    put_end_of_options(out, kOtherOrder);
  });
}

}  // namespace mmsa::evidence
