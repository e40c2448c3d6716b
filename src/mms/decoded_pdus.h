// Many decoded PDUs, one behind the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mms/pdu.h"

namespace mmsa::mms {

// PDUs that are decoded some time before they are told. Their nodes lie in one piece of memory that
// is used again: trees with memory of their own would each grow to the size of the largest.
class DecodedPdus {
 public:
  // Forgets all PDUs, and makes room for those of so many octets together.
  void reset(std::size_t pdus, std::size_t octets);
  // Decodes the next PDU. What is kept refers to the octets.
  void add(Bytes octets);
  std::size_t size() const { return size_; }
  // In the order of add(). Valid until the next reset().
  const DecodedPdu& operator[](std::size_t i) const { return pdus_[i]; }

 private:
  // Memory for the lists of all trees, one behind the other.
  template <typename T>
  class Room {
   public:
    void reset(std::size_t capacity);
    std::span<T> rest() { return {reinterpret_cast<T*>(memory_.get()) + used_, capacity_ - used_}; }
    // The list that began in the rest has all its values.
    void close(const GrowingList<T>& list);

   private:
    std::unique_ptr<std::byte[]> memory_;
    std::size_t capacity_ = 0;
    std::size_t used_ = 0;
  };

  std::vector<DecodedPdu> pdus_;  // those of before, too
  std::size_t size_ = 0;
  Room<asn1::Node> nodes_;
  Room<std::uint32_t> objects_;
  Room<std::uint32_t> values_;
};

}  // namespace mmsa::mms
