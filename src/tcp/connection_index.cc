#include "tcp/connection_index.h"

#include <random>
#include <utility>

namespace mmsa::tcp {
namespace {

__extension__ typedef unsigned __int128 Wide;

// Both halves of the product depend on all bits of both factors.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::size_t kFirstSlots = 1024;

}  // namespace

KeyHash::KeyHash() {
  std::random_device random;
  for (auto& secret : secret_) secret = std::uint64_t{random()} << 32 | random() | 1;
}

std::uint32_t KeyHash::operator()(const ConnectionKey& key) const {
  const std::uint64_t low = mix(key.address[0] ^ secret_[0], key.address[1] ^ secret_[1]);
  const std::uint64_t high = mix(key.address[2] ^ secret_[2], key.address[3] ^ secret_[3]);
  const std::uint64_t all = mix(low ^ key.ports ^ secret_[3], high ^ secret_[0]);
  return static_cast<std::uint32_t>(all ^ all >> 32);
}

ConnectionIndex::ConnectionIndex() : slots_(kFirstSlots) {}

LiveConnection* ConnectionIndex::find(const ConnectionKey& key) const {
  const std::uint32_t hash = hash_(key);
  for (std::size_t at = hash & mask(); slots_[at].connection; at = (at + 1) & mask()) {
    const Slot& slot = slots_[at];
    if (slot.hash != hash) continue;
    slot.connection->prefetch();
    if (slot.connection->key() == key) return slot.connection.get();
  }
  return nullptr;
}

void ConnectionIndex::insert(std::unique_ptr<LiveConnection> connection) {
  if ((size_ + 1) * 2 > slots_.size()) grow();
  const std::uint32_t hash = hash_(connection->key());
  std::size_t at = hash & mask();
  while (slots_[at].connection) at = (at + 1) & mask();
  slots_[at] = {std::move(connection), hash};
  ++size_;
}

void ConnectionIndex::erase(const ConnectionKey& key) {
  const std::uint32_t hash = hash_(key);
  std::size_t hole = hash & mask();
  while (slots_[hole].connection &&
         !(slots_[hole].hash == hash && slots_[hole].connection->key() == key)) {
    hole = (hole + 1) & mask();
  }
  if (!slots_[hole].connection) return;
  slots_[hole].connection.reset();
  --size_;
  // Whatever was pushed past the hole by it moves back, so that probing needs no tombstones.
  for (std::size_t at = (hole + 1) & mask(); slots_[at].connection; at = (at + 1) & mask()) {
    const std::size_t home = slots_[at].hash & mask();
    if (((at - home) & mask()) < ((at - hole) & mask())) continue;
    slots_[hole] = std::move(slots_[at]);
    hole = at;
  }
}

std::vector<LiveConnection*> ConnectionIndex::all() const {
  std::vector<LiveConnection*> result;
  result.reserve(size_);
  for (const Slot& slot : slots_) {
    if (slot.connection) result.push_back(slot.connection.get());
  }
  return result;
}

void ConnectionIndex::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (Slot& slot : old) {
    if (!slot.connection) continue;
    std::size_t at = slot.hash & mask();
    while (slots_[at].connection) at = (at + 1) & mask();
    slots_[at] = std::move(slot);
  }
}

}  // namespace mmsa::tcp
