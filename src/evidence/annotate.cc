#include "evidence/annotate.h"

#include <map>
#include <memory>

#include "capture/byte_source.h"
#include "capture/octets.h"
#include "capture/pcapng_file.h"
#include "capture/trace_file.h"
#include "evidence/comments.h"
#include "evidence/pcapng_octets.h"
#include "evidence/pcapng_writer.h"
#include "output/output.h"

namespace mmsa::evidence {
namespace {

using Comments = std::map<std::uint64_t, std::vector<const Finding*>>;

// All findings of a frame, a line each; empty where it proves none.
std::string comment(const Comments& comments, std::uint64_t frame) {
  std::string out;
  const auto found = comments.find(frame);
  if (found == comments.end()) return out;
  for (const Finding* finding : found->second) {
    if (!out.empty()) out += '\n';
    out += comment_of(*finding);
  }
  return out;
}

// The blocks of one pcapng file, copied. It was read to its end before: where it is damaged or
// cut, the copy ends there as well.
class BlockCopier {
 public:
  BlockCopier(capture::ByteSource& source, const Comments& comments, output::Output& out)
      : source_(source), comments_(comments), out_(out) {}

  void run() {
    while (next_block()) out_.flush_if_full();
  }

 private:
  bool fill(std::size_t count) {
    while (block_.size() < count) {
      const std::size_t before = block_.size();
      block_.resize(count);
      const std::size_t got = source_.read(std::span(block_).subspan(before));
      block_.resize(before + got);
      if (got == 0) return false;
    }
    return true;
  }

  std::uint32_t u32(std::size_t at) const {
    return capture::in_file_order<std::uint32_t>(block_.data() + at, other_order_);
  }

  bool next_block() {
    constexpr std::size_t kHeader = 12;  // type, length, and the magic of a section
    constexpr std::uint32_t kLargest = 64 << 20;
    block_.clear();
    if (!fill(kHeader)) return false;
    if (u32(0) == kSectionHeaderBlock) {  // reads the same in both orders
      other_order_ = false;
      other_order_ = u32(8) != kByteOrderMagic;
    }
    const std::uint32_t length = u32(4);
    if (length < kHeader || length % 4 != 0 || length > kLargest || !fill(length)) return false;
    put(u32(0));
    return true;
  }

  void put(std::uint32_t type) {
    std::string& out = out_.buffer();
    const std::string_view whole(reinterpret_cast<const char*>(block_.data()), block_.size());
    std::string text;
    if (is_frame(type)) text = comment(comments_, ++frame_);
    const bool has_options = type == kEnhancedPacketBlock || type == kObsoletePacketBlock;
    constexpr std::size_t kFields = 28;  // of these blocks, with type and length
    if (text.empty() || !has_options || block_.size() < kFields + 4) {
      out += whole;
      return;
    }
    const std::size_t captured = u32(20);
    const std::size_t options = kFields + (captured + 3) / 4 * 4;
    if (options > block_.size() - 4) {
      out += whole;
      return;
    }
    const std::size_t begin = out.size();
    const std::string_view rest = whole.substr(options, block_.size() - 4 - options);
    out += whole.substr(0, options);
    put_comment(out, text, other_order_);
    out += rest;
    if (rest.empty()) put_end_of_options(out, other_order_);
    const auto length = static_cast<std::uint32_t>(out.size() - begin + 4);
    put_u32(out, length, other_order_);
    set_u32(out, begin + 4, length, other_order_);
  }

  // What takes a frame number: as in the reader.
  static bool is_frame(std::uint32_t type) {
    return type == kEnhancedPacketBlock || type == kObsoletePacketBlock ||
           type == kSimplePacketBlock || capture::is_frame_to_wireshark(type);
  }

  capture::ByteSource& source_;
  const Comments& comments_;
  output::Output& out_;
  std::vector<std::uint8_t> block_;
  bool other_order_ = false;
  std::uint64_t frame_ = 0;
};

bool is_one_pcapng(const Result& result) {
  return result.capture.files.size() == 1 && result.capture.files[0].format.starts_with("pcapng");
}

}  // namespace

void annotate(const std::vector<std::string>& captures, const Result& result,
              const std::string& path) {
  const Comments comments = findings_of_frames(result.findings);
  output::Output out(path);
  if (is_one_pcapng(result)) {
    const capture::OpenedOctets opened = capture::open_octets(captures.front());
    BlockCopier(*opened.source, comments, out).run();
  } else {
    capture::CaptureReader reader(captures);
    PcapngWriter writer;
    PcapngWriter::put_header(out.buffer(), "");
    Packet packet;
    while (reader.next(packet)) {
      writer.put_packet(out.buffer(), packet, comment(comments, packet.frame.number));
      out.flush_if_full();
    }
  }
  out.finish();
}

}  // namespace mmsa::evidence
