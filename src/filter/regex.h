// PCRE2, as Wireshark uses it for `matches`: letters of either case, octets as they are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "mmsanalyze/bytes.h"

namespace mmsa::filter {

class Regex {
 public:
  // Throws std::invalid_argument with PCRE2's words.
  explicit Regex(const std::string& pattern);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  // False too where it was given up.
  bool search(Bytes octets) const;
  std::uint64_t given_up() const { return given_up_; }

 private:
  struct State;
  std::unique_ptr<State> state_;
  mutable std::uint64_t given_up_ = 0;
};

}  // namespace mmsa::filter
