// A std::vector of plain values for the hot path: appending is a comparison and a store, because
// growing is kept out of line, and clearing keeps the memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <type_traits>

namespace mmsa {

template <typename T>
class GrowingList {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  GrowingList() = default;
  GrowingList(GrowingList&& other) noexcept { swap(other); }
  GrowingList& operator=(GrowingList&& other) noexcept {
    GrowingList taken(std::move(other));
    swap(taken);
    return *this;
  }
  GrowingList(const GrowingList&) = delete;
  GrowingList& operator=(const GrowingList&) = delete;
  ~GrowingList() = default;

  // Returns the index of the value.
  std::uint32_t push_back(const T& value) {
    if (size_ == capacity_) grow();
    items_.get()[size_] = value;
    return size_++;
  }
  void clear() { size_ = 0; }

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // An index that is none ends the program, as it does for the containers of the standard library
  // in every build of this one (_GLIBCXX_ASSERTIONS).
  T& operator[](std::size_t i) {
    if (i >= size_) std::abort();
    return items_.get()[i];
  }
  const T& operator[](std::size_t i) const {
    if (i >= size_) std::abort();
    return items_.get()[i];
  }
  const T& front() const { return (*this)[0]; }
  const T* begin() const { return items_.get(); }
  const T* end() const { return items_.get() + size_; }

 private:
  [[gnu::noinline, gnu::cold]] void grow() {
    const std::uint32_t capacity = capacity_ == 0 ? 64 : capacity_ * 2;
    auto items = std::make_unique<T[]>(capacity);
    std::copy_n(items_.get(), size_, items.get());
    items_ = std::move(items);
    capacity_ = capacity;
  }
  void swap(GrowingList& other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  std::unique_ptr<T[]> items_;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace mmsa
