#include <algorithm>
#include <cassert>

#include "mmsanalyze/finding.h"

namespace mmsa {

void Evidence::set(std::string_view key, EvidenceValue value) {
  for (auto& [name, old] : entries_) {
    if (name == key) {
      old = std::move(value);
      return;
    }
  }
  if (checked_) {
    const auto row = std::find_if(declared_.begin(), declared_.end(),
                                  [&](const EvidenceKey& each) { return each.key == key; });
    assert(row != declared_.end() && "evidence that the rule does not declare");
    assert(static_cast<std::size_t>(row->type) == value.index() && "evidence of another type");
    if (row != declared_.end()) key = row->key;
  }
  entries_.emplace_back(key, std::move(value));
}

std::int64_t Evidence::add(std::string_view key, std::uint64_t number) {
  const EvidenceValue* old = find(key);
  const std::int64_t sum =
      (old != nullptr ? std::get<std::int64_t>(*old) : 0) + static_cast<std::int64_t>(number);
  set(key, sum);
  return sum;
}

double Evidence::keep_maximum(std::string_view key, double number) {
  const EvidenceValue* old = find(key);
  const double greatest = old != nullptr ? std::max(std::get<double>(*old), number) : number;
  set(key, EvidenceValue(greatest));
  return greatest;
}

const EvidenceValue* Evidence::find(std::string_view key) const {
  for (const auto& [name, value] : entries_) {
    if (name == key) return &value;
  }
  return nullptr;
}

}  // namespace mmsa
