// The names that a server's traffic has shown: a set of strings that holds a model of thousands of
// them in two blocks of memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmsa::iec61850 {

class NameSet {
 public:
  std::size_t size() const { return entries_.size(); }
  // Of `domain` + '/' + `item`. Names together are limited to 4 GiB by their users' caps.
  bool contains(std::string_view domain, std::string_view item) const;
  // False where it was there.
  bool insert(std::string_view domain, std::string_view item);

  // Calls f(std::string_view) for each name in the order of insertion, until it returns false.
  template <typename F>
  void for_each(F&& f) const {
    for (const Entry& entry : entries_) {
      if (!f(text(entry))) return;
    }
  }

 private:
  struct Entry {
    std::uint32_t hash;
    std::uint32_t offset;  // in text_
    std::uint32_t length;
  };
  static constexpr std::uint32_t kFree = 0xFFFF'FFFF;

  std::string_view text(const Entry& entry) const {
    return std::string_view(text_).substr(entry.offset, entry.length);
  }
  std::size_t place(std::uint32_t hash, std::string_view domain, std::string_view item) const;
  void grow();

  std::string text_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> index_;  // of entries_; open addressing, a power of two
};

}  // namespace mmsa::iec61850
