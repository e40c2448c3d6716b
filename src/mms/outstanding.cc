#include "mms/outstanding.h"

namespace mmsa::mms {

// Invoke ids mostly count up, so the id itself is the best hash.
std::size_t OutstandingRequests::position(std::uint32_t invoke_id) const {
  const std::size_t mask = index_.size() - 1;
  std::size_t i = invoke_id & mask;
  while (index_[i] != kNil && slots_[index_[i]].request.invoke_id != invoke_id) i = (i + 1) & mask;
  return i;
}

void OutstandingRequests::grow() {
  std::vector<std::uint32_t> old(index_.empty() ? 8 : index_.size() * 2, kNil);
  old.swap(index_);
  for (const std::uint32_t slot : old) {
    if (slot != kNil) index_[position(slots_[slot].request.invoke_id)] = slot;
  }
}

PendingRequest& OutstandingRequests::insert(const PendingRequest& request, Bytes octets) {
  if ((size_ + 1) * 2 > index_.size()) grow();
  std::uint32_t slot = free_;
  if (slot != kNil) {
    free_ = links_[slot].next;
  } else {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
    links_.emplace_back();
  }
  Slot& s = slots_[slot];
  s.request = request;
  s.storage.assign(octets.begin(), octets.end());
  s.request.octets = s.storage;
  index_[position(request.invoke_id)] = slot;
  links_[slot] = {tail_, kNil};
  (tail_ == kNil ? head_ : links_[tail_].next) = slot;
  tail_ = slot;
  ++size_;
  return s.request;
}

PendingRequest* OutstandingRequests::find(std::uint32_t invoke_id) {
  if (size_ == 0) return nullptr;
  const std::uint32_t slot = index_[position(invoke_id)];
  return slot == kNil ? nullptr : &slots_[slot].request;
}

const PendingRequest* OutstandingRequests::remove_at(std::size_t i) {
  const std::uint32_t slot = index_[i];
  const Link link = links_[slot];
  (link.previous == kNil ? head_ : links_[link.previous].next) = link.next;
  (link.next == kNil ? tail_ : links_[link.next].previous) = link.previous;
  links_[slot].next = free_;
  free_ = slot;
  --size_;
  // Close the hole: move back what probed past it.
  const std::size_t mask = index_.size() - 1;
  index_[i] = kNil;
  for (std::size_t j = (i + 1) & mask; index_[j] != kNil; j = (j + 1) & mask) {
    const std::uint32_t moved = index_[j];
    index_[j] = kNil;
    index_[position(slots_[moved].request.invoke_id)] = moved;
  }
  return &slots_[slot].request;
}

const PendingRequest* OutstandingRequests::take(std::uint32_t invoke_id) {
  if (size_ == 0) return nullptr;
  const std::size_t i = position(invoke_id);
  return index_[i] == kNil ? nullptr : remove_at(i);
}

const PendingRequest* OutstandingRequests::take_oldest() {
  return head_ == kNil ? nullptr : take(slots_[head_].request.invoke_id);
}

void OutstandingRequests::clear() { *this = OutstandingRequests(); }

}  // namespace mmsa::mms
