#include "mms/outstanding.h"

#include "mmsanalyze/limits.h"

namespace mmsa::mms {
namespace {

// Buffers up to this capacity stay with their slots: nearly all requests are shorter.
constexpr std::size_t kKeptOctets = 4096;

}  // namespace

OutstandingRequests::~OutstandingRequests() {
  for (const Slot& slot : slots_) held_.octets -= slot.storage.capacity();
  held_.slots -= slots_.size();
}

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

void OutstandingRequests::keep(Slot& slot, Bytes octets) {
  const std::size_t before = slot.storage.capacity();
  if (octets.size() > before && held_.octets - before + octets.size() > limits::kMaxHeldRequests) {
    slot.storage.clear();
    slot.request.cut = true;
  } else {
    slot.storage.assign(octets.begin(), octets.end());
    held_.octets += slot.storage.capacity() - before;
  }
  slot.request.octets = slot.storage;
}

// What the pools of idle associations keep must leave room for requests that wait. The octets stay
// where they are.
void OutstandingRequests::give_back(Slot& slot) {
  const std::size_t capacity = slot.storage.capacity();
  if (capacity <= kKeptOctets && held_.octets <= limits::kMaxHeldRequests / 2) return;
  held_.octets -= capacity;
  held_.taken = std::move(slot.storage);
  slot.storage = std::vector<std::uint8_t>();
}

PendingRequest& OutstandingRequests::insert(const PendingRequest& request, Bytes octets) {
  if ((size_ + 1) * 2 > index_.size()) grow();
  std::uint32_t slot = free_;
  if (slot != kNil) {
    free_ = links_[slot].next;
  } else {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
    ++held_.slots;
    links_.emplace_back();
  }
  Slot& s = slots_[slot];
  s.request = request;
  keep(s, octets);
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
  give_back(slots_[slot]);
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

}  // namespace mmsa::mms
