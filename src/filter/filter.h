// Wireshark's display filters on messages. docs/filters.md has the syntax.
#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "filter/field.h"

namespace mmsa::filter {

// What is wrong with a filter, and where: octets [column, column + length) of its text.
class FilterError : public std::runtime_error {
 public:
  FilterError(const std::string& what, std::size_t at, std::size_t octets)
      : std::runtime_error(what), column(at), length(octets) {}
  // The filter, and a line that marks the place beneath it: "mms.fo == 1\n^~~~~~".
  std::string marked(std::string_view filter) const;

  std::size_t column;  // from 0
  std::size_t length;
};

struct Expression;

// A filter that was read once, to be asked for each message.
class Filter {
 public:
  // Throws FilterError.
  explicit Filter(std::string_view text);
  ~Filter();
  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;

  // Never allocates once `subject.scratch` has grown, but for `matches`.
  bool matches(const Subject& subject) const;
  // It asks for what Subject::frames knows.
  bool needs_frames() const;
  // How often a regular expression was given up, being too much work; it did not match there.
  std::uint64_t given_up() const;

 private:
  std::unique_ptr<Expression> root_;
};

}  // namespace mmsa::filter
