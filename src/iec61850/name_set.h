// The names that a server's traffic has shown.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "iec61850/name_table.h"

namespace mmsa::iec61850 {

// A set of pairs of domain and item, whose texts are in a table that others share.
class NameSet {
 public:
  // `texts` outlives the set.
  explicit NameSet(NameTable& texts) : texts_(&texts) {}

  std::size_t size() const { return size_; }
  bool contains(std::string_view domain, std::string_view item) const;
  // False where the table is full.
  bool insert(std::string_view domain, std::string_view item);

  // Calls f(domain, item) for each name, in no order that means anything, until it returns false.
  template <typename F>
  void for_each(F&& f) const {
    for (const Name& name : places_) {
      if (!name.is_free() && !f(texts_->text(name.domain), texts_->text(name.item))) return;
    }
  }

 private:
  struct Name {
    std::uint32_t domain = NameTable::kNone;  // numbers in texts_
    std::uint32_t item = NameTable::kNone;

    bool is_free() const { return item == NameTable::kNone; }
    friend bool operator==(const Name&, const Name&) = default;
  };

  bool is_last_domain(std::string_view domain) const {
    return last_domain_ != NameTable::kNone && texts_->text(last_domain_) == domain;
  }
  std::size_t place(const Name& name) const;
  void grow();

  NameTable* texts_;
  std::vector<Name> places_;  // open addressing, a power of two
  std::size_t size_ = 0;
  std::uint32_t last_domain_ = NameTable::kNone;  // that a name was put into: most often the next's
};

}  // namespace mmsa::iec61850
