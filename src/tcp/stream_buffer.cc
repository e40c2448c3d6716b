#include "tcp/stream_buffer.h"

#include <algorithm>

namespace mmsa::tcp {

FrameRef SpanIndex::frames_of(std::uint64_t begin, std::uint64_t end,
                              std::vector<std::uint64_t>& frames) const {
  if (spans_.size() == 1) {  // nearly always
    frames.push_back(spans_[0].frame.number);
    return spans_[0].frame;
  }
  FrameRef last;
  auto span = std::upper_bound(spans_.begin(), spans_.end(), begin,
                               [](std::uint64_t at, const FrameSpan& s) { return at < s.begin; });
  if (span != spans_.begin()) --span;
  const auto first_new = static_cast<std::ptrdiff_t>(frames.size());
  bool ascending = true;
  for (; span != spans_.end() && (span->begin < end || span->begin <= begin); ++span) {
    if (span->frame.number > last.number) {
      last = span->frame;
    } else {
      ascending = false;
    }
    frames.push_back(span->frame.number);
  }
  if (!ascending) {
    std::sort(frames.begin() + first_new, frames.end());
    frames.erase(std::unique(frames.begin() + first_new, frames.end()), frames.end());
  }
  return last;
}

void StreamBuffer::append(Bytes octets, std::uint64_t offset, FrameRef frame) {
  if (octets.empty()) return;
  if (empty()) {
    clear();
    begin_ = offset;
  } else if (head_ >= size()) {
    octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  if (span_head_ != 0 && span_head_ >= spans_.size() - span_head_) {
    spans_.erase(spans_.begin(), spans_.begin() + static_cast<std::ptrdiff_t>(span_head_));
    span_head_ = 0;
  }
  octets_.insert(octets_.end(), octets.begin(), octets.end());
  if (spans_.empty() || spans_.back().frame != frame) spans_.push_back({offset, frame});
}

void StreamBuffer::consume(std::size_t count) {
  head_ += count;
  begin_ += count;
  while (span_head_ + 1 < spans_.size() && spans_[span_head_ + 1].begin <= begin_) ++span_head_;
}

void StreamBuffer::clear() {
  octets_.clear();
  spans_.clear();
  head_ = 0;
  span_head_ = 0;
}

std::unique_ptr<StreamBuffer> BufferPool::take() {
  if (free_.empty()) return std::make_unique<StreamBuffer>();
  auto buffer = std::move(free_.back());
  free_.pop_back();
  return buffer;
}

void BufferPool::give_back(std::unique_ptr<StreamBuffer> buffer) {
  if (free_.size() >= kKept || buffer->capacity() > kLargestKept) return;
  buffer->clear();
  free_.push_back(std::move(buffer));
}

}  // namespace mmsa::tcp
