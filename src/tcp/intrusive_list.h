// A doubly linked list through hooks inside its elements: no allocation, O(1) everywhere.
#pragma once

namespace mmsa::tcp {

template <typename T>
struct ListHook {
  T* previous = nullptr;
  T* next = nullptr;
};

// Elements are owned elsewhere and must be removed before they die.
template <typename T, ListHook<T> T::*kHook>
class IntrusiveList {
 public:
  bool empty() const { return head_ == nullptr; }
  T* front() const { return head_; }

  bool contains(const T& element) const {
    return head_ == &element || (element.*kHook).previous != nullptr;
  }

  void push_back(T& element) {
    ListHook<T>& hook = element.*kHook;
    hook = {tail_, nullptr};
    (tail_ != nullptr ? (tail_->*kHook).next : head_) = &element;
    tail_ = &element;
  }

  void remove(T& element) {
    ListHook<T>& hook = element.*kHook;
    (hook.previous != nullptr ? (hook.previous->*kHook).next : head_) = hook.next;
    (hook.next != nullptr ? (hook.next->*kHook).previous : tail_) = hook.previous;
    hook = {};
  }

  void move_to_back(T& element) {
    if (tail_ == &element) return;
    remove(element);
    push_back(element);
  }

 private:
  T* head_ = nullptr;
  T* tail_ = nullptr;
};

}  // namespace mmsa::tcp
