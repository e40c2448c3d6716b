// The contiguous octets of one direction that its consumer has left for later, and which frame
// carried which of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "mmsanalyze/flow.h"

namespace mmsa::tcp {

// The octets from `begin` on, up to the next span, came in this frame.
struct FrameSpan {
  std::uint64_t begin = 0;
  FrameRef frame;
};

// FrameIndex over spans that somebody else holds; they must outlive it.
class SpanIndex final : public FrameIndex {
 public:
  explicit SpanIndex(std::span<const FrameSpan> spans) : spans_(spans) {}
  FrameRef frames_of(std::uint64_t begin, std::uint64_t end,
                     std::vector<std::uint64_t>& frames) const override;

 private:
  std::span<const FrameSpan> spans_;
};

// A vector with a read offset. Consumed octets are cut off when they are at least half of it, so
// the work is linear in what passes through.
class StreamBuffer {
 public:
  bool empty() const { return head_ == octets_.size(); }
  std::size_t size() const { return octets_.size() - head_; }
  std::size_t cost() const { return size() + sizeof(FrameSpan) * (spans_.size() - span_head_); }

  // `offset` is the stream offset of octets[0] and must continue what is there.
  void append(Bytes octets, std::uint64_t offset, FrameRef frame);
  void consume(std::size_t count);
  void clear();

  // Both valid until the next change.
  Bytes octets() const { return Bytes(octets_).subspan(head_); }
  std::span<const FrameSpan> spans() const {
    return std::span<const FrameSpan>(spans_).subspan(span_head_);
  }
  std::uint64_t begin() const { return begin_; }  // stream offset of the first octet

  std::size_t capacity() const { return octets_.capacity(); }

 private:
  std::vector<std::uint8_t> octets_;
  std::size_t head_ = 0;
  std::vector<FrameSpan> spans_;
  std::size_t span_head_ = 0;
  std::uint64_t begin_ = 0;
};

// Empty buffers between two uses, so that idle connections hold none and busy ones allocate none.
class BufferPool {
 public:
  std::unique_ptr<StreamBuffer> take();
  void give_back(std::unique_ptr<StreamBuffer> buffer);

 private:
  static constexpr std::size_t kKept = 64;
  static constexpr std::size_t kLargestKept = 128u << 10;  // two TPKTs
  std::vector<std::unique_ptr<StreamBuffer>> free_;
};

}  // namespace mmsa::tcp
