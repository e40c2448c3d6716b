#include "iec61850/name_set.h"

namespace mmsa::iec61850 {

// Where the name stands, or the free place where it would.
std::size_t NameSet::place(const Name& name) const {
  // Numbers count up, so the upper half of the product spreads them best.
  constexpr std::uint64_t kMix = 0x9E37'79B9'7F4A'7C15u;
  const std::uint64_t hash = ((std::uint64_t{name.domain} << 32 | name.item) * kMix) >> 32;
  const std::size_t mask = places_.size() - 1;
  std::size_t i = hash & mask;
  while (!places_[i].is_free() && places_[i] != name) i = (i + 1) & mask;
  return i;
}

void NameSet::grow() {
  constexpr std::size_t kFirst = 64;
  std::vector<Name> old(places_.empty() ? kFirst : places_.size() * 2);
  old.swap(places_);
  for (const Name& name : old) {
    if (!name.is_free()) places_[place(name)] = name;
  }
}

bool NameSet::contains(std::string_view domain, std::string_view item) const {
  if (size_ == 0) return false;
  const Name name{is_last_domain(domain) ? last_domain_ : texts_->find(domain), texts_->find(item)};
  return !name.is_free() && !places_[place(name)].is_free();
}

bool NameSet::insert(std::string_view domain, std::string_view item) {
  if (!is_last_domain(domain)) last_domain_ = texts_->put(domain);
  const Name name{last_domain_, texts_->put(item)};
  if (name.domain == NameTable::kNone || name.is_free()) return false;
  if ((size_ + 1) * 3 > places_.size() * 2) grow();
  Name& at = places_[place(name)];
  if (at.is_free()) ++size_;
  at = name;
  return true;
}

}  // namespace mmsa::iec61850
