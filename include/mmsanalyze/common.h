// A value that the copies of its owner have in common until one of them changes it.
#pragma once

#include <memory>

namespace mmsa {

// Facts about an association are read often, changed rarely, and held by several stages, of which
// one runs in another thread: a change never shows in another copy.
template <typename T>
class Common {
 public:
  const T& operator*() const { return value_ != nullptr ? *value_ : empty(); }
  const T* operator->() const { return &**this; }

  // A copy of its own, to be changed. Valid until the next edit().
  T& edit() {
    auto own = std::make_shared<T>(**this);
    T& value = *own;
    value_ = std::move(own);
    return value;
  }

 private:
  static const T& empty() {
    static const T value{};
    return value;
  }
  std::shared_ptr<const T> value_;
};

}  // namespace mmsa
