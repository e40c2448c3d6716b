// The octets of a TSDU or SSDU of which the end is still to come. A capture may begin a hundred
// thousand of them, so what all buffers hold together is bounded as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mmsanalyze/bytes.h"
#include "mmsanalyze/limits.h"

namespace mmsa::osi {

class JoinBuffer {
 public:
  // `total`: octets in all buffers of a StackFactory; outlives this object.
  explicit JoinBuffer(std::size_t& total) : total_(total) {}
  ~JoinBuffer() { total_ -= octets_.size(); }
  JoinBuffer(const JoinBuffer&) = delete;
  JoinBuffer& operator=(const JoinBuffer&) = delete;

  // False, and nothing is appended, where there would be more than a cap allows.
  bool append(Bytes octets) {
    if (octets_.size() + octets.size() > limits::kMaxTsdu ||
        total_ + octets.size() > limits::kMaxJoinedTotal) {
      return false;
    }
    octets_.insert(octets_.end(), octets.begin(), octets.end());
    total_ += octets.size();
    return true;
  }
  void clear() {
    total_ -= octets_.size();
    octets_.clear();
    // Not `= {}`: that would assign an empty list and keep the memory.
    if (octets_.capacity() > kKeptCapacity) octets_ = std::vector<std::uint8_t>();
  }

  bool empty() const { return octets_.empty(); }
  Bytes octets() const { return octets_; }  // valid until the next change
  std::size_t capacity() const { return octets_.capacity(); }

 private:
  static constexpr std::size_t kKeptCapacity = 256u << 10;

  std::size_t& total_;
  std::vector<std::uint8_t> octets_;
};

}  // namespace mmsa::osi
