#include "iec61850/name_table.h"

#include <cstring>

#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {
namespace {

// Eight characters at a time: names come by the ten thousand.
std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t kMix = 0x9E37'79B9'7F4A'7C15u;
  std::uint64_t hash = kMix;
  std::uint64_t word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    hash = (hash ^ word) * kMix;
    hash ^= hash >> 29;
  }
  word = text.size();
  for (const char c : text) word = word << 8 | static_cast<std::uint8_t>(c);
  hash = (hash ^ word) * kMix;
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

}  // namespace

// Where the number of the text stands, or the free place where it would.
const std::uint32_t* NameTable::place(std::uint32_t hash, std::string_view wanted) const {
  // Half of the places are free: names that were not chosen for it need a handful.
  constexpr int kMostSteps = 256;
  std::size_t i = home(hash);
  for (int step = 0; step < kMostSteps; ++step, i = behind(i)) {
    const std::uint32_t number = index_[i];
    if (number == kNone) return &index_[i];
    if (entries_[number].hash == hash && text(number) == wanted) return &index_[i];
  }
  return nullptr;
}

void NameTable::grow() {
  constexpr std::size_t kFirst = 1024;
  index_.assign(index_.empty() ? kFirst : index_.size() * 2, kNone);
  for (std::uint32_t e = 0; e < entries_.size(); ++e) {
    std::size_t i = home(entries_[e].hash);
    while (index_[i] != kNone) i = behind(i);
    index_[i] = e;
  }
}

std::uint32_t NameTable::find(std::string_view text) const {
  if (index_.empty()) return kNone;
  const std::uint32_t* const found = place(hash_of(text), text);
  return found != nullptr ? *found : kNone;
}

std::uint32_t NameTable::put(std::string_view wanted) {
  // Servers of one make tell the same names in the same order.
  if (next_ < entries_.size() && text(next_) == wanted) return next_++;
  const std::uint32_t number = look_up_or_add(wanted);
  next_ = number + 1;
  return number;
}

std::uint32_t NameTable::look_up_or_add(std::string_view text) {
  if ((entries_.size() + 1) * 2 > index_.size()) grow();
  const std::uint32_t hash = hash_of(text);
  const std::uint32_t* const found = place(hash, text);
  if (found == nullptr || *found != kNone) return found != nullptr ? *found : kNone;
  if (text_.size() + text.size() > limits::kMaxNameText) return kNone;
  const auto number = static_cast<std::uint32_t>(entries_.size());
  index_[static_cast<std::size_t>(found - index_.data())] = number;
  entries_.push_back(
      {hash, static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())});
  text_ += text;
  return number;
}

}  // namespace mmsa::iec61850
