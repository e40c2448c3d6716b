// A tracker that most associations never need: made when it is first asked for.
#pragma once

#include <memory>

namespace mmsa::analysis {

template <typename T>
class Lazy {
 public:
  bool made() const { return value_ != nullptr; }
  T& operator*() {
    if (value_ == nullptr) value_ = std::make_unique<T>();
    return *value_;
  }
  T* operator->() { return &**this; }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace mmsa::analysis
