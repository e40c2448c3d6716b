// SHA-256 of files that outputs refer to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mmsa::output {

struct FileHash {
  std::string hex;           // 64 digits
  std::uint64_t octets = 0;  // size of the file
};

// None where it can not be read twice: standard input, pipes, files that are gone.
std::optional<FileHash> sha256_of_file(const std::string& path);

}  // namespace mmsa::output
