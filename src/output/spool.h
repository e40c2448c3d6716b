// Text that can not be printed before the end of the capture, because a number in it is known only
// then: in memory while it is short, else in a temporary file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "output/output.h"

namespace mmsa::output {

class Spool {
 public:
  Spool() = default;
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Appended to; call flush_if_full() between records.
  std::string& buffer() { return buffer_; }
  void flush_if_full();
  // At the end of what was appended, the text that `number` stands for is to be put in.
  void leave_gap(std::uint32_t number);

  // Gives all to `out`, with what `fill` appends for each number.
  void drain(Output& out, const std::function<void(std::uint32_t, std::string&)>& fill);

 private:
  static constexpr std::size_t kInMemory = 8u << 20;
  struct Gap {
    std::uint64_t at;
    std::uint32_t number;
  };

  std::string buffer_;
  std::FILE* file_ = nullptr;
  std::uint64_t in_file_ = 0;
  std::vector<Gap> gaps_;
};

}  // namespace mmsa::output
