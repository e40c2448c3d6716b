// Plain files and pipes.
#include "capture/byte_source.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "capture/capture_reader.h"

namespace mmsa::capture {
namespace {

std::string error_text(int error) { return std::generic_category().message(error); }

class FileSource final : public ByteSource {
 public:
  explicit FileSource(int descriptor) : descriptor_(descriptor) {}
  ~FileSource() override { ::close(descriptor_); }

  std::uint64_t octets_read() const override { return octets_read_; }

 private:
  std::size_t read_some(std::span<std::uint8_t> to) override {
    ssize_t got = 0;
    do {
      got = ::read(descriptor_, to.data(), to.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
      set_damage(fmt::format("read error: {}", error_text(errno)));
      return 0;
    }
    octets_read_ += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }

  int descriptor_;
  std::uint64_t octets_read_ = 0;
};

}  // namespace

std::size_t ByteSource::read(std::span<std::uint8_t> to) {
  if (peeked_taken_ < peeked_.size()) {
    const std::size_t count = std::min(to.size(), peeked_.size() - peeked_taken_);
    std::memcpy(to.data(), peeked_.data() + peeked_taken_, count);
    peeked_taken_ += count;
    return count;
  }
  return read_some(to);
}

Bytes ByteSource::peek(std::size_t count) {
  std::size_t have = peeked_.size();
  if (have >= count) return Bytes(peeked_).first(count);
  peeked_.resize(count);
  while (have < count) {
    const std::size_t got = read_some(std::span(peeked_).subspan(have));
    if (got == 0) break;
    have += got;
  }
  peeked_.resize(have);
  return peeked_;
}

OpenedFile open_plain(const std::string& path) {
  const int descriptor =
      path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw CaptureError(fmt::format("{}: {}", path, error_text(errno)));
  OpenedFile opened;
  opened.source = std::make_unique<FileSource>(descriptor);
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) {
    throw CaptureError(fmt::format("{}: {}", path, error_text(errno)));
  }
  if (S_ISDIR(status.st_mode)) throw CaptureError(fmt::format("{}: is a directory", path));
  if (S_ISREG(status.st_mode) && path != "-") {
    opened.regular = true;
    opened.size = static_cast<std::uint64_t>(status.st_size);
  }
  return opened;
}

}  // namespace mmsa::capture
