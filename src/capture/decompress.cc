// gzip (RFC 1952) and zstd (RFC 8878) while reading. Files of several members or frames are
// one stream, as their own tools have it.
#include <fmt/core.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>

#include "capture/byte_source.h"
#include "capture/octets.h"

namespace mmsa::capture {
namespace {

constexpr std::size_t kInputBuffer = 64 * 1024;

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> compressed)
      : compressed_(std::move(compressed)), input_(kInputBuffer) {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  std::uint64_t octets_read() const override { return compressed_->octets_read(); }

 private:
  std::size_t read_some(std::span<std::uint8_t> to) override {
    const auto room = static_cast<uInt>(std::min<std::size_t>(to.size(), 1u << 30));
    stream_.next_out = to.data();
    stream_.avail_out = room;
    while (!ended_ && stream_.avail_out == room) {
      if (stream_.avail_in == 0 && !refill()) {
        ended_ = true;
        if (inside_member_ && damage().empty()) set_cut_short();
      } else if (inside_member_) {
        inflate_some();
      } else {
        begin_member();
      }
    }
    return room - stream_.avail_out;
  }

  bool refill() {
    const std::size_t got = compressed_->read(input_);
    if (got == 0 && !compressed_->damage().empty()) set_damage(compressed_->damage());
    stream_.next_in = input_.data();
    stream_.avail_in = static_cast<uInt>(got);
    return got != 0;
  }

  void inflate_some() {
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      inside_member_ = false;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      ended_ = true;
      set_damage(fmt::format("gzip data is damaged: {}",
                             stream_.msg != nullptr ? stream_.msg : "unknown reason"));
    }
  }

  // Tape tools fill up the last block with zeros; gzip itself passes over them.
  void begin_member() {
    while (stream_.avail_in != 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return;
    constexpr std::uint8_t kFirstOctet = 0x1f;
    if (*stream_.next_in != kFirstOctet) {
      ended_ = true;
      set_damage("octets follow the gzip data that are none");
      return;
    }
    inflateReset(&stream_);
    inside_member_ = true;
  }

  std::unique_ptr<ByteSource> compressed_;
  std::vector<std::uint8_t> input_;
  z_stream stream_{};
  bool inside_member_ = true;
  bool ended_ = false;
};

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> compressed)
      : compressed_(std::move(compressed)), input_(kInputBuffer), context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
  }
  ~ZstdSource() override { ZSTD_freeDCtx(context_); }

  std::uint64_t octets_read() const override { return compressed_->octets_read(); }

 private:
  std::size_t read_some(std::span<std::uint8_t> to) override {
    ZSTD_outBuffer out{to.data(), to.size(), 0};
    while (!ended_ && out.pos == 0) {
      // What the library still holds back comes out before more input is needed.
      if (in_.pos == in_.size && !output_waits_ && !refill()) {
        ended_ = true;
        if (inside_frame_ && damage().empty()) set_cut_short();
        break;
      }
      const std::size_t result = ZSTD_decompressStream(context_, &out, &in_);
      if (ZSTD_isError(result) != 0) {
        ended_ = true;
        set_damage(fmt::format("zstd data is damaged: {}", ZSTD_getErrorName(result)));
        break;
      }
      inside_frame_ = result != 0;
      output_waits_ = inside_frame_ && out.pos == out.size;
    }
    return out.pos;
  }

  bool refill() {
    const std::size_t got = compressed_->read(input_);
    if (got == 0 && !compressed_->damage().empty()) set_damage(compressed_->damage());
    in_ = {input_.data(), got, 0};
    return got != 0;
  }

  std::unique_ptr<ByteSource> compressed_;
  std::vector<std::uint8_t> input_;
  ZSTD_DCtx* context_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool inside_frame_ = true;
  bool output_waits_ = false;
  bool ended_ = false;
};

}  // namespace

bool is_gzip(Bytes start) {
  return start.size() >= 3 && start[0] == 0x1f && start[1] == 0x8b && start[2] == Z_DEFLATED;
}

bool is_zstd(Bytes start) {
  constexpr std::uint32_t kFrame = 0x28b52ffd;
  constexpr std::uint32_t kSkippableFrame = 0x502a4d18;  // its first octet is 0x50..0x5f
  constexpr std::uint32_t kSkippableMask = 0xf0ffffff;
  if (start.size() < 4) return false;
  const std::uint32_t magic = be32(start.data());
  return magic == kFrame || (magic & kSkippableMask) == kSkippableFrame;
}

std::unique_ptr<ByteSource> open_gzip(std::unique_ptr<ByteSource> compressed) {
  return std::make_unique<GzipSource>(std::move(compressed));
}

std::unique_ptr<ByteSource> open_zstd(std::unique_ptr<ByteSource> compressed) {
  return std::make_unique<ZstdSource>(std::move(compressed));
}

}  // namespace mmsa::capture
