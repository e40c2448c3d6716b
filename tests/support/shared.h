// Where the captures are that checkouts share: ../shared beside the repository, or where the
// environment variable MMSA_SHARED says. They may be absent: tests then skip themselves.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace mmsa::test {

inline std::filesystem::path shared_captures() {
  if (const char* moved = std::getenv("MMSA_SHARED")) {
    return std::filesystem::path(moved) / "captures";
  }
  return std::filesystem::path(__FILE__).parent_path() / "../../../shared/captures";
}

}  // namespace mmsa::test
