// A std::vector of plain values for the hot path: appending is a comparison and a store, because
// growing is kept out of line, and clearing keeps the memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <type_traits>

namespace mmsa {

template <typename T>
class GrowingList {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  GrowingList() = default;
  GrowingList(GrowingList&& other) noexcept { swap(other); }
  GrowingList& operator=(GrowingList&& other) noexcept {
    swap(other);
    return *this;
  }
  GrowingList(const GrowingList&) = delete;
  GrowingList& operator=(const GrowingList&) = delete;
  ~GrowingList() = default;

  // Returns the index of the value.
  std::uint32_t push_back(const T& value) {
    if (size_ == capacity_) grow();
    items_[size_] = value;
    return size_++;
  }
  void clear() { size_ = 0; }
  // Empty, with the values that come next in this room; in memory of its own where that is too
  // small. The room outlives the values.
  void begin_in(std::span<T> room) {
    items_ = room.data();
    size_ = 0;
    capacity_ = static_cast<std::uint32_t>(room.size());
    own_.reset();
  }

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // An index that is none ends the program, as it does for the containers of the standard library
  // in every build of this one (_GLIBCXX_ASSERTIONS).
  T& operator[](std::size_t i) {
    if (i >= size_) std::abort();
    return items_[i];
  }
  const T& operator[](std::size_t i) const {
    if (i >= size_) std::abort();
    return items_[i];
  }
  const T& front() const { return (*this)[0]; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

 private:
  [[gnu::noinline, gnu::cold]] void grow() {
    capacity_ = std::max<std::uint32_t>(64, size_ * 2);
    auto grown = std::make_unique<T[]>(capacity_);
    std::copy_n(items_, size_, grown.get());
    own_ = std::move(grown);
    items_ = own_.get();
  }

  void swap(GrowingList& other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    std::swap(own_, other.own_);
  }

  T* items_ = nullptr;  // own_ or the room
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  std::unique_ptr<T[]> own_;
};

}  // namespace mmsa
