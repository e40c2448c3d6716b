// The confirmed requests of one direction that wait for their answers, by invoke id. ISO 9506-2
// clause 5.5: an invoke id is unique among the outstanding requests of its requester, so the two
// directions of an association have one table each.
#pragma once

#include <cstdint>
#include <vector>

#include "mmsanalyze/events.h"

namespace mmsa::mms {

// What all tables hold together, and the long buffer of the request that was last taken from any.
struct HeldRequests {
  std::size_t octets = 0;  // of memory, also of slots that are free
  std::size_t slots = 0;
  std::vector<std::uint8_t> taken;
};

// Open addressing over pooled slots: requests come and go without allocation once warm.
class OutstandingRequests {
 public:
  struct Slot {
    PendingRequest request;  // octets views `storage`
    std::vector<std::uint8_t> storage;
  };

  // `held` is shared by all tables and outlives them.
  explicit OutstandingRequests(HeldRequests& held) : held_(held) {}
  ~OutstandingRequests();
  OutstandingRequests(const OutstandingRequests&) = delete;
  OutstandingRequests& operator=(const OutstandingRequests&) = delete;

  std::size_t size() const { return size_; }

  // Copies `octets`, or keeps none of them and says that they are cut where
  // limits::kMaxHeldRequests is reached. The id must not be waiting. The reference is valid until
  // the next insert or take.
  PendingRequest& insert(const PendingRequest& request, Bytes octets);
  // Null where the id is not waiting. Valid until the next insert or take.
  PendingRequest* find(std::uint32_t invoke_id);
  // Removes the request; the returned one is valid until the next insert, its octets until the next
  // insert or take of any table.
  const PendingRequest* take(std::uint32_t invoke_id);
  // Removes the request that waits longest.
  const PendingRequest* take_oldest();

  // In the order of the requests.
  template <typename F>
  void for_each(F&& f) {
    for (std::uint32_t i = head_; i != kNil; i = links_[i].next) f(slots_[i].request);
  }

 private:
  static constexpr std::uint32_t kNil = 0xFFFF'FFFF;
  struct Link {
    std::uint32_t previous = kNil;
    std::uint32_t next = kNil;
  };

  std::size_t position(std::uint32_t invoke_id) const;  // in index_; of a free entry if absent
  void grow();
  void keep(Slot& slot, Bytes octets);
  void give_back(Slot& slot);
  const PendingRequest* remove_at(std::size_t position);

  HeldRequests& held_;
  std::vector<Slot> slots_;           // pool
  std::vector<Link> links_;           // of slots in use: oldest first; of free ones: next free
  std::vector<std::uint32_t> index_;  // slot numbers by invoke id; size is a power of two
  std::uint32_t head_ = kNil;
  std::uint32_t tail_ = kNil;
  std::uint32_t free_ = kNil;
  std::size_t size_ = 0;
};

}  // namespace mmsa::mms
