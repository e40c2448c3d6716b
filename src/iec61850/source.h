// Where a fact about a server is known from.
#pragma once

#include <cstdint>
#include <string_view>

#include "mmsanalyze/packet.h"

namespace mmsa::iec61850 {

struct Source {
  FrameRef frame{};         // the message of the capture that told it; number 0: none did
  std::string_view file{};  // the SCL file that tells it; empty: none does
  std::uint32_t line = 0;   // in the file, from 1

  bool from_capture() const { return frame.number != 0; }
};

// A fact, or nothing where it is not known.
template <typename T>
struct Known {
  T value{};
  Source source{};
  bool known = false;

  explicit operator bool() const { return known; }
  const T& operator*() const { return value; }
  // Returns whether that is news.
  bool set(T told, Source from) {
    const bool is_new = !known || value != told;
    value = std::move(told);
    source = from;
    known = true;
    return is_new;
  }
};

}  // namespace mmsa::iec61850
