// The texts of names, each kept once for all servers: those of one make have the same thousands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmsa::iec61850 {

class NameTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  // The number that stands for the text; kNone where it is not in the table.
  std::uint32_t find(std::string_view text) const;
  // The same, put in where it is not there; kNone where limits::kMaxNameText is reached, or where
  // too many texts have the same hash, which only happens on purpose.
  std::uint32_t put(std::string_view text);
  // Of a number that put() has given. Valid until the next put().
  std::string_view text(std::uint32_t number) const {
    return std::string_view(text_).substr(entries_[number].offset, entries_[number].length);
  }

 private:
  struct Entry {
    std::uint32_t hash;
    std::uint32_t offset;  // in text_
    std::uint32_t length;
  };

  // In index_.
  std::size_t home(std::uint32_t hash) const { return hash & (index_.size() - 1); }
  std::size_t behind(std::size_t place) const { return (place + 1) & (index_.size() - 1); }
  // Null where the search was given up.
  const std::uint32_t* place(std::uint32_t hash, std::string_view text) const;
  std::uint32_t look_up_or_add(std::string_view text);
  void grow();

  std::string text_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> index_;  // of entries_; open addressing, a power of two
  std::uint32_t next_ = 0;            // behind the number that put() gave last
};

}  // namespace mmsa::iec61850
