// The octets of one input file, whatever holds them: plain file, pipe, gzip or zstd data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mmsanalyze/bytes.h"

namespace mmsa::capture {

class ByteSource {
 public:
  ByteSource() = default;
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // At least one octet, or none at the end. Does not wait for `to` to be full, so that what a pipe
  // delivers is seen at once.
  std::size_t read(std::span<std::uint8_t> to);
  // The next octets, `count` of them or what is left; they stay to be read. To be called
  // before the first read(); again, it gives the same.
  Bytes peek(std::size_t count);

  // Octets taken from the file itself: the compressed ones where it is compressed.
  virtual std::uint64_t octets_read() const = 0;

  // How it ended, known once read() has returned 0. Damage is one phrase.
  bool cut_short() const { return cut_short_; }
  const std::string& damage() const { return damage_; }

 protected:
  virtual std::size_t read_some(std::span<std::uint8_t> to) = 0;
  void set_cut_short() { cut_short_ = true; }
  void set_damage(std::string text) { damage_ = std::move(text); }

 private:
  std::vector<std::uint8_t> peeked_;
  std::size_t peeked_taken_ = 0;
  bool cut_short_ = false;
  std::string damage_;
};

struct OpenedFile {
  std::unique_ptr<ByteSource> source;
  bool regular = false;    // can be closed and opened again
  std::uint64_t size = 0;  // 0 where not a regular file
};

// "-" is standard input. Throws CaptureError where it can not be read.
OpenedFile open_plain(const std::string& path);

// Recognised by their first octets. The decompressor owns the source it reads.
bool is_gzip(Bytes start);
bool is_zstd(Bytes start);
std::unique_ptr<ByteSource> open_gzip(std::unique_ptr<ByteSource> compressed);
std::unique_ptr<ByteSource> open_zstd(std::unique_ptr<ByteSource> compressed);

}  // namespace mmsa::capture
