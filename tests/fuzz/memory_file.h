// Octets as a file that can be opened by its name and never touches a disk.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "fuzz/properties.h"
#include "mmsanalyze/bytes.h"

namespace mmsa::fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(Bytes octets) : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    require(descriptor_ >= 0, "memfd_create works");
    while (!octets.empty()) {
      const ssize_t written = ::write(descriptor_, octets.data(), octets.size());
      require(written > 0, "a memory file can be written");
      octets = octets.subspan(static_cast<std::size_t>(written));
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace mmsa::fuzz
