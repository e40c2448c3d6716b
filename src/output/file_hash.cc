#include "output/file_hash.h"

#include <sha2.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace mmsa::output {

std::optional<FileHash> sha256_of_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  SHA2_CTX context;
  SHA256Init(&context);
  FileHash hash;
  std::vector<char> block(1 << 16);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    const auto octets = static_cast<std::size_t>(file.gcount());
    SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(block.data()), octets);
    hash.octets += octets;
  }
  if (file.bad()) return std::nullopt;
  char hex[SHA256_DIGEST_STRING_LENGTH];
  SHA256End(&context, hex);
  hash.hex = hex;
  return hash;
}

}  // namespace mmsa::output
