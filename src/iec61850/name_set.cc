#include "iec61850/name_set.h"

#include <cstring>

namespace mmsa::iec61850 {
namespace {

constexpr std::uint64_t kMix = 0x9E37'79B9'7F4A'7C15u;

// Eight characters at a time: names come by the ten thousand.
std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  std::uint64_t word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    hash = (hash ^ word) * kMix;
    hash ^= hash >> 29;
  }
  word = text.size();
  for (const char c : text) word = word << 8 | static_cast<std::uint8_t>(c);
  hash = (hash ^ word) * kMix;
  return hash ^ hash >> 32;
}

std::uint32_t hash_of(std::string_view domain, std::string_view item) {
  return static_cast<std::uint32_t>(mixed(mixed(kMix, domain), item));
}

}  // namespace

// Where the name stands in the index, or the free place where it would.
std::size_t NameSet::place(std::uint32_t hash, std::string_view domain,
                           std::string_view item) const {
  const std::size_t mask = index_.size() - 1;
  std::size_t i = hash & mask;
  for (; index_[i] != kFree; i = (i + 1) & mask) {
    const Entry& entry = entries_[index_[i]];
    if (entry.hash != hash || entry.length != domain.size() + 1 + item.size()) continue;
    const std::string_view name = text(entry);
    if (name.starts_with(domain) && name[domain.size()] == '/' && name.ends_with(item)) break;
  }
  return i;
}

void NameSet::grow() {
  constexpr std::size_t kFirst = 16;
  index_.assign(index_.empty() ? kFirst : index_.size() * 2, kFree);
  const std::size_t mask = index_.size() - 1;
  for (std::uint32_t e = 0; e < entries_.size(); ++e) {
    std::size_t i = entries_[e].hash & mask;
    while (index_[i] != kFree) i = (i + 1) & mask;
    index_[i] = e;
  }
}

bool NameSet::contains(std::string_view domain, std::string_view item) const {
  return !index_.empty() && index_[place(hash_of(domain, item), domain, item)] != kFree;
}

bool NameSet::insert(std::string_view domain, std::string_view item) {
  if ((entries_.size() + 1) * 2 > index_.size()) grow();
  const std::uint32_t hash = hash_of(domain, item);
  const std::size_t i = place(hash, domain, item);
  if (index_[i] != kFree) return false;
  index_[i] = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({hash, static_cast<std::uint32_t>(text_.size()),
                      static_cast<std::uint32_t>(domain.size() + 1 + item.size())});
  text_ += domain;
  text_ += '/';
  text_ += item;
  return true;
}

}  // namespace mmsa::iec61850
